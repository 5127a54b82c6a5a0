import type { RevisionDocument } from "../migrate/index.ts";
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
  ].filter((mark) => mark !== "");
  const applied = revision.applied === null ? "" : revision.applied ? output.style("green", "✓ ") : "· ";
  const notes = marks.length === 0 ? "" : ` ${output.style("cyan", `(${marks.join(", ")})`)}`;
  return `${applied}${parents} -> ${output.style("yellow", revision.revision)}${notes}  ${revision.message}`;
}

/** A revision with everything its header says. */
export function revisionDetail(revision: RevisionDocument, output: Output): string {
  const rows: readonly (readonly [string, string])[] = [
    ["Revises", revision.downRevisions.join(", ") || "<base>"],
    ["Branch labels", revision.branchLabels.join(", ")],
    ["Depends on", revision.dependsOn.join(", ")],
    ["Created", revision.createdAt ?? ""],
    ["File", revision.file],
  ];
  const lines = rows.filter(([, value]) => value !== "").map(([name, value]) => `    ${name}: ${value}`);
  return [revisionLine(revision, output), ...lines].join("\n");
}

/** Revisions, newest first, drawn as a graph: one column for each line of development that is open. */
export function graphLines(revisions: readonly RevisionDocument[], output: Output): string[] {
  const lanes: (string | null)[] = [];
  return revisions.map((revision) => {
    let lane = lanes.indexOf(revision.revision);
    if (lane < 0) lane = place(lanes, revision.revision);
    const drawn = lanes.map((id, at) => (at === lane ? "*" : id === null ? " " : "|")).join(" ");
    lanes.forEach((id, at) => {
      if (id === revision.revision && at !== lane) lanes[at] = null;
    });
    const [first, ...others] = revision.downRevisions;
    lanes[lane] = first !== undefined && !lanes.includes(first) ? first : null;
    for (const parent of others) if (!lanes.includes(parent)) place(lanes, parent);
    while (lanes.at(-1) === null) lanes.pop();
    return `${drawn}  ${revisionLine(revision, output)}`;
  });
}

/** The first free lane takes it. */
function place(lanes: (string | null)[], id: string): number {
  const free = lanes.indexOf(null);
  const at = free < 0 ? lanes.length : free;
  lanes[at] = id;
  return at;
}
