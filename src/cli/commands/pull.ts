import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { LoadedConfig } from "../../config/index.ts";
import { AthanorError } from "../../errors/index.ts";
import type { Environment, PullDocument } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { Output } from "../output.ts";
import { replaceFile } from "../write-files.ts";

interface PullFlags {
  readonly out?: string;
  readonly layout: "model" | "schema";
  readonly schema?: readonly string[];
  readonly table?: readonly string[];
  readonly grants?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Models for a database that is there. */
export const pull: Action<PullFlags> = (_args, options, output) =>
  withProject(options, output, async ({ config, environment }) => {
    const { layout, schema: schemas, table: tables, grants = false } = options;
    const pulled = await environment.pull({
      layout,
      grants,
      ...(schemas && { schemas }),
      ...(tables && { tables }),
    });
    const folder = folderOf(options, config);
    const { created, changed, unchanged } = compare(folder, pulled);
    const names = (files: PullDocument["files"]): readonly string[] =>
      files.map(({ path }) => relative(config.root, join(folder, path)));
    if (options.dryRun === true) {
      output.document(
        document(pulled, {
          created: names(created),
          changed: names(changed),
          unchanged: names(unchanged),
          agree: null,
        }),
      );
      for (const { path, source } of pulled.files) output.result(`// ${path}\n${source}`);
      return undefined;
    }
    if (changed.length > 0 && options.force !== true)
      throw new AthanorError("CLI.FILES_DIFFER", { files: names(changed) });
    for (const { path, source } of [...created, ...changed]) replaceFile(join(folder, path), source);
    const agree = pulled.files.length === 0 ? null : await agreement(environment, options);
    output.document(
      document(pulled, {
        created: names(created),
        changed: names(changed),
        unchanged: names(unchanged),
        agree,
      }),
    );
    for (const name of names([...created, ...changed]))
      output.line(`${output.style("green", "wrote")} ${name}`);
    if (unchanged.length > 0)
      output.line(`${output.style("dim", "kept ")} ${unchanged.length} files that say the same`);
    say(pulled, agree, output);
    return undefined;
  });

function folderOf(options: PullFlags, config: LoadedConfig): string {
  if (options.out !== undefined) return resolve(options.out);
  const [first] = config.values.discovery.MODEL_DISCOVERY_PATHS;
  const folder = first === undefined || /[*?{}[\]]|\.[mc]?[jt]s$/.test(first) ? "models" : first;
  return resolve(config.root, folder);
}

interface Compared {
  readonly created: PullDocument["files"];
  readonly changed: PullDocument["files"];
  readonly unchanged: PullDocument["files"];
}

/** What of the files is there, and says the same. */
function compare(folder: string, { files }: PullDocument): Compared {
  const there = files.filter(({ path }) => existsSync(join(folder, path)));
  const unchanged = there.filter(({ path, source }) => readFileSync(join(folder, path), "utf8") === source);
  return {
    created: files.filter((file) => !there.includes(file)),
    changed: there.filter((file) => !unchanged.includes(file)),
    unchanged,
  };
}

/** What still differs between the models, as they are found now, and the database; null where only a part was asked for. */
async function agreement(
  environment: Environment,
  { schema, table }: PullFlags,
): Promise<readonly string[] | null> {
  if (schema !== undefined || table !== undefined) return null;
  return (await environment.diff()).differences.map((each) => each.description);
}

function document(
  { tables, left }: PullDocument,
  rest: {
    readonly created: readonly string[];
    readonly changed: readonly string[];
    readonly unchanged: readonly string[];
    readonly agree: readonly string[] | null;
  },
): object {
  const { agree, ...files } = rest;
  return { ...files, tables, left, differences: agree };
}

function say({ tables, left }: PullDocument, agree: readonly string[] | null, output: Output): void {
  for (const each of left.slice(0, 20)) output.line(`${output.style("dim", "left ")} ${each}`);
  if (left.length > 20) output.line(`${output.style("dim", "left ")} ${left.length - 20} more`);
  if (agree !== null && agree.length > 0) {
    output.line(`${output.style("yellow", "differs")} the database, once more compared with all models:`);
    for (const each of agree) output.line(`  ${each}`);
  }
  const checked = agree?.length === 0 ? "; the database and the models agree" : "";
  output.result(`${tables.length} ${tables.length === 1 ? "table" : "tables"}${checked}.`);
}
