import { resolve } from "node:path";
import type { ComparisonSource, MakeMigrationsDocument, MakeMigrationsOptions } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { GlobalOptions, Output } from "../output.ts";
import { askRename, canAsk } from "../prompt.ts";

interface FileOptions extends GlobalOptions {
  readonly empty?: boolean;
  readonly module?: string;
  readonly head?: string;
  readonly splice?: boolean;
  readonly branchLabel?: string;
  readonly versionPath?: string;
  readonly revId?: string;
  readonly dependsOn?: readonly string[];
  readonly rename?: readonly string[];
  readonly drop?: readonly string[];
  readonly from?: ComparisonSource;
  readonly on?: string;
  readonly safe?: boolean;
  readonly dryRun?: boolean;
}

/** Compares the models and writes the migration. */
export const makemigrations: Action<FileOptions> = async (args, options, output) => {
  await make({ ...given(options), ...(args[0] === undefined ? {} : { message: args[0] }) }, options, output);
  return undefined;
};

/** Alembic's name for it, blank unless it is told to compare. */
export const revision: Action<FileOptions & { message?: string; autogenerate?: boolean }> = async (
  _args,
  options,
  output,
) => {
  const message = options.message === undefined ? {} : { message: options.message };
  await make({ ...given(options), ...message, empty: options.autogenerate !== true }, options, output);
  return undefined;
};

/** What was said, and nothing else: an absent option is not an undefined one. */
function given(options: FileOptions): MakeMigrationsOptions {
  const said = {
    empty: options.empty,
    module: options.module,
    head: options.head,
    splice: options.splice,
    branchLabel: options.branchLabel,
    versionPath: options.versionPath === undefined ? undefined : resolve(options.versionPath),
    revId: options.revId,
    dependsOn: options.dependsOn,
    renames: options.rename,
    drops: options.drop,
    from: options.from,
    safe: options.safe,
    on: options.on,
    dryRun: options.dryRun,
    answer: canAsk() && options.json !== true ? askRename : undefined,
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

async function make(options: MakeMigrationsOptions, globals: GlobalOptions, output: Output): Promise<void> {
  const needsDatabase = (options.from ?? "database") === "database" || options.on === "server";
  await withProject(
    globals,
    output,
    async ({ environment }) => printMade(await environment.makeMigrations(options), output),
    { database: needsDatabase, models: options.empty !== true },
  );
}

/** What was written, or that nothing was. */
export function printMade(document: MakeMigrationsDocument, output: Output): void {
  output.document(document);
  for (const { description } of document.differences) output.line(`  ${description}`);
  if (document.outcome === "no changes") output.line("No changes: the models are what the database has.");
  for (const { file, source } of document.files) {
    if (document.outcome === "dry run") output.result(source);
    else output.result(`${output.style("green", "wrote")} ${file}`);
  }
}
