import type { RevisionDocument } from "../migrate/index.ts";
import { type DrawnRevision, graphLines } from "./graph-lines.ts";
import type { Output } from "./output.ts";

/** A revision in one line, as `history` and its kin print it. */
export function revisionLine(revision: RevisionDocument, output: Output): string {
  const parents = revision.downRevisions.length === 0 ? "<base>" : revision.downRevisions.join(", ");
  const marks = [
    revision.isHead ? "head" : "",
    revision.isCurrent === true ? "current" : "",
    revision.isBranchPoint ? "branch point" : "",
    revision.isMerge ? "merge" : "",
    ...revision.branchLabels,
    revision.dependsOn.length === 0 ? "" : `needs ${revision.dependsOn.join(", ")}`,
  ].filter((mark) => mark !== "");
  const notes = marks.length === 0 ? "" : ` ${output.style("cyan", `(${marks.join(", ")})`)}`;
  return `${parents} -> ${output.style("yellow", revision.revision)}${notes}  ${revision.message}`;
}

/** Whether the database has it, and its line. */
export function markedLine(revision: RevisionDocument, output: Output): string {
  const { applied } = revision;
  const mark = applied === null ? "" : applied ? output.style("green", "● ") : "○ ";
  return `${mark}${revisionLine(revision, output)}`;
}

/** A revision with everything its header says. */
export function revisionDetail(revision: RevisionDocument, output: Output): string {
  return [markedLine(revision, output), ...detailLines(revision)].join("\n");
}

function detailLines(revision: RevisionDocument): readonly string[] {
  const rows: readonly (readonly [string, string])[] = [
    ["Revises", revision.downRevisions.join(", ") || "<base>"],
    ["Branch labels", revision.branchLabels.join(", ")],
    ["Depends on", revision.dependsOn.join(", ")],
    ["Created", revision.createdAt ?? ""],
    ["File", revision.file],
  ];
  return rows.filter(([, value]) => value !== "").map(([name, value]) => `    ${name}: ${value}`);
}

/** Revisions drawn as a graph, what is applied marked; with `--verbose` all that their headers say. */
export function printGraph(revisions: readonly DrawnRevision[], output: Output): void {
  const long = output.options.verbose === true;
  const lines = graphLines(revisions, {
    sign: ({ applied }) => (applied === null ? "*" : applied ? output.style("green", "●") : "○"),
    text: (revision) => [revisionLine(revision, output), ...(long ? detailLines(revision) : [])],
    skipped: (count) => output.style("dim", `${count} more`),
  });
  for (const line of lines) output.result(line);
  const [first] = revisions;
  if (first === undefined) return;
  const legend = first.revision.applied === null ? "* no database was asked" : "● applied  ○ pending";
  output.line(output.style("dim", legend));
}
