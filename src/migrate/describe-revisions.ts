import type { RevisionDocument } from "./documents.ts";
import type { History } from "./history.ts";

/** Revisions as documents, in the order given; `heads` are the database's, null where none was asked. */
export function describeRevisions(
  history: History,
  revisions: readonly string[],
  heads: readonly string[] | null,
): readonly RevisionDocument[] {
  const applied = heads === null ? null : new Set(history.applied(heads));
  const fileHeads = new Set(history.heads);
  return revisions.map((revision) => {
    const file = history.file(revision);
    return {
      revision,
      downRevisions: file.downRevisions,
      branchLabels: file.branchLabels,
      dependsOn: file.dependsOn,
      message: file.message,
      createdAt: file.createdAt,
      file: file.file,
      isHead: fileHeads.has(revision),
      isBase: file.downRevisions.length === 0,
      isBranchPoint: history.graph.children(revision).length > 1,
      isMerge: file.downRevisions.length > 1,
      applied: applied === null ? null : applied.has(revision),
      isCurrent: heads === null ? null : heads.includes(revision),
    };
  });
}
