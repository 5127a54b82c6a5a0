import type { RevisionDocument } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { GlobalOptions, Output } from "../output.ts";
import { graphLines, revisionDetail, revisionLine } from "../revision-lines.ts";

function print(revisions: readonly RevisionDocument[], options: GlobalOptions, output: Output): void {
  const draw = options.verbose === true ? revisionDetail : revisionLine;
  for (const revision of revisions) output.result(draw(revision, output));
}

/** The revisions the database is at. */
export const current: Action<object> = async (_args, options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.current();
    output.document(document);
    print(document.revisions, options, output);
    for (const revision of document.unknown) output.result(`${revision} (no file)`);
    if (document.revisions.length + document.unknown.length === 0)
      output.line("<base>: no migration is applied.");
  });
  return undefined;
};

/** Every revision, as a graph. */
export const history: Action<{ range?: string }> = async (_args, options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.history(options.range === undefined ? {} : { range: options.range });
    output.document(document);
    if (options.verbose === true) print(document.revisions, options, output);
    else for (const line of graphLines(document.revisions, output)) output.result(line);
    if (document.revisions.length === 0) output.line("There are no migrations yet: athanor makemigrations");
  });
  return undefined;
};

/** The revisions that nothing follows. */
export const heads: Action<object> = async (_args, options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.heads();
    output.document(document);
    print(document.revisions, options, output);
  });
  return undefined;
};

/** The revisions that several follow, and those. */
export const branches: Action<object> = async (_args, options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.branches();
    output.document(document);
    print(document.revisions, options, output);
    if (document.revisions.length === 0) output.line("The history has no branches.");
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
