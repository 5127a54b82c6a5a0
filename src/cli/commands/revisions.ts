import type { Environment, RevisionDocument } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import { drawn, meetings } from "../graph-lines.ts";
import type { GlobalOptions, Output } from "../output.ts";
import { markedLine, printGraph, revisionDetail } from "../revision-lines.ts";

function print(revisions: readonly RevisionDocument[], options: GlobalOptions, output: Output): void {
  const draw = options.verbose === true ? revisionDetail : markedLine;
  for (const revision of revisions) output.result(draw(revision, output));
}

/** The revisions the database is at. */
export const current: Action<{ checkHeads?: boolean }> = (_args, options, output) =>
  withProject(options, output, async ({ environment }) => {
    const document = await environment.current();
    output.document(document);
    print(document.revisions, options, output);
    for (const revision of document.unknown) output.result(`${revision} (no file)`);
    if (document.revisions.length + document.unknown.length === 0)
      output.line("<base>: no migration is applied.");
    if (options.checkHeads !== true || document.upToDate) return 0;
    output.note(`${output.style("red", "not at every head", process.stderr)}: \`athanor status\` says more.`);
    return 1;
  });

/** Every revision, as a graph. */
export const history: Action<{ range?: string; revRange?: string }> = async (_args, options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const range = options.range ?? options.revRange;
    const document = await environment.history(range === undefined ? {} : { range });
    output.document(document);
    printGraph(drawn(document.revisions), output);
    if (document.revisions.length === 0) output.line("There are no migrations yet: athanor makemigrations");
  });
  return undefined;
};

/** The revisions that nothing follows; exit 1 where there is to be one and are several. */
export const heads: Action<{ single?: boolean; resolveDependencies?: boolean }> = (_args, options, output) =>
  withProject(
    options,
    output,
    async ({ environment }) => {
      const { resolveDependencies = false } = options;
      const document = await environment.heads({ resolveDependencies });
      output.document(document);
      await printHeads(environment, document.revisions, output);
      if (options.single !== true || document.problems.length === 0) return 0;
      for (const { message, remedy, files } of document.problems) {
        for (const file of files) output.annotate("error", `${message}\n${remedy}`, { file });
        output.note(`${output.style("red", "several heads", process.stderr)}: ${message}`);
        output.note(`  what to do: ${remedy}`);
      }
      return 1;
    },
    { database: options.single !== true },
  );

/** The heads; of several, with where their lines meet. */
async function printHeads(
  environment: Environment,
  heads: readonly RevisionDocument[],
  output: Output,
): Promise<void> {
  const names = new Set(heads.map(({ revision }) => revision));
  if (names.size < 2 || output.options.json === true) return printGraph(drawn(heads, names), output);
  const { revisions } = await environment.history();
  printGraph(drawn(revisions, meetings(revisions, names)), output);
}

/** The revisions that several follow, and those. */
export const branches: Action<object> = async (_args, options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.branches();
    output.document(document);
    if (document.revisions.length === 0) return output.line("The history has no branches.");
    if (options.json === true) return;
    const { revisions: all } = await environment.history();
    const points = new Set(document.revisions.map(({ revision }) => revision));
    const from = (revision: RevisionDocument): boolean => revision.downRevisions.some((id) => points.has(id));
    const shown = all.filter((revision) => points.has(revision.revision) || from(revision));
    printGraph(drawn(all, new Set(shown.map(({ revision }) => revision))), output);
  });
  return undefined;
};

/** Revisions in the order in which they are applied. */
export const list: Action<{ pendingOnly?: boolean; appliedOnly?: boolean }> = async (
  _args,
  options,
  output,
) => {
  const only =
    options.pendingOnly === true ? "pending" : options.appliedOnly === true ? "applied" : undefined;
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.list(only);
    output.document(document);
    print(document.revisions, options, output);
  });
  return undefined;
};

/** One revision, header and source. */
export const show: Action<object> = async ([identifier = "head"], options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.show(identifier);
    output.document(document);
    output.result(revisionDetail(document.revision, output));
    output.result("");
    output.result(document.source.trimEnd());
  });
  return undefined;
};
