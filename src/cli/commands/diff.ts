import type { DiffDocument, DiffSideDocument, Environment } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { Output } from "../output.ts";

interface DiffFlags {
  readonly from?: string;
  readonly to?: string;
  readonly sql?: boolean;
  readonly grants?: boolean;
  readonly rename?: readonly string[];
  readonly exitCode?: boolean;
  readonly on?: string;
}

/** What turns one source into another. Exit 1 where something differs is for `--exit-code` alone. */
export const diff: Action<DiffFlags> = (_args, options, output) => {
  const { from = "database", to = "models" } = options;
  return withProject(
    options,
    output,
    async ({ environment }) => {
      const document = await compare(environment, { ...options, from, to }, output);
      return options.exitCode === true && !document.same ? 1 : 0;
    },
    { models: from === "models" || to === "models" },
  );
};

async function compare(environment: Environment, flags: DiffFlags, output: Output): Promise<DiffDocument> {
  const { from, to, sql, grants, on, rename: renames } = flags;
  const document = await environment.diff({
    ...(from && { from }),
    ...(to && { to }),
    ...(sql && { sql }),
    ...(grants && { grants }),
    ...(on && { on }),
    ...(renames && { renames }),
  });
  output.document(document);
  if (document.sql === null) print(document, output);
  else output.result(document.sql.trimEnd());
  // A script is for another program: what is said beside it must not get into it.
  const beside = (line: string): void => (document.sql === null ? output.line(line) : output.note(line));
  if (document.leftOut.length > 0) beside(output.style("dim", "not compared:"));
  for (const line of document.leftOut) beside(output.style("dim", `  ${line}`));
  return document;
}

function print(document: DiffDocument, output: Output): void {
  const sides = `${nameOf(document.from)} to ${nameOf(document.to)}`;
  output.line(output.style("bold", `from ${sides}`));
  for (const { description } of document.differences) output.result(`  ${description}`);
  if (document.same) output.line(`  ${output.style("green", "nothing differs")}`);
  for (const { from, to } of document.possibleRenames)
    output.line(output.style("yellow", `  ${from} may have become ${to}: --rename says so`));
}

function nameOf(side: DiffSideDocument): string {
  if (side.kind === "revision") return `revision ${side.name}`;
  return side.dialect === null || side.name.startsWith(side.dialect)
    ? side.name
    : `${side.name} (${side.dialect})`;
}
