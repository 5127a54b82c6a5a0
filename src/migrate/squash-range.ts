import { AthanorError } from "../errors/index.ts";
import type { History } from "./history.ts";

/** Revisions that one revision can take the place of. */
export interface SquashRange {
  /** Each after all it needs; the last is the one whose id the new file takes. */
  readonly members: readonly string[];
  readonly top: string;
  /** What the first of them follow, and need besides. */
  readonly downRevisions: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
}

/**
 * The revisions of a range as one: nothing outside may follow or need any of them but the last, since it would lose
 * its place. Throws `MIGRATE.SQUASH_RANGE`, and what ranges throw.
 */
export function squashRange(history: History, range: string): SquashRange {
  const { graph } = history;
  const refuse = (problem: string): never => {
    throw new AthanorError("MIGRATE.SQUASH_RANGE", { range, problem });
  };
  if (!range.includes(":")) refuse("a range has two ends, a:b");
  const members = graph.range(range);
  const inside = new Set(members);
  const top = members.at(-1);
  if (top === undefined || members.length < 2) return refuse("there is one revision in it at most");
  for (const member of members) {
    const above = [...graph.children(member), ...graph.dependents(member)];
    if (member !== top && above.length === 0) refuse(`it has several ends: ${member} and ${top}`);
    const other = above.find((id) => !inside.has(id));
    if (member !== top && other !== undefined)
      refuse(`${other} follows or depends on ${member}, which is not the last of it`);
  }
  const outer = (ids: (member: string) => readonly string[]): readonly string[] => [
    ...new Set(members.flatMap(ids).filter((id) => !inside.has(id))),
  ];
  const downRevisions = outer((id) => graph.parents(id));
  const dependsOn = outer((id) => graph.dependencies(id)).filter((id) => !downRevisions.includes(id));
  for (const below of [...downRevisions, ...dependsOn]) {
    const between = graph.ancestors(below).find((id) => inside.has(id));
    if (between !== undefined) refuse(`${below} is not in it, and lies between ${between} and ${top}`);
  }
  const branchLabels = [...new Set(members.flatMap((id) => history.file(id).branchLabels))];
  return { members, top, downRevisions, dependsOn, branchLabels };
}
