import { AthanorError } from "../errors/index.ts";
import { type Identifier, isFloating } from "./identifier.ts";
import { childrenOf, closure, lineage, parentsOf } from "./lineage.ts";
import { type Ends, findAll, findBranch, findOne } from "./names.ts";
import { type GraphNode, ids, type Place, requirements } from "./node.ts";

/** Walks need the offset. */
type Walk = Identifier & { readonly offset: number };

/** A place to downgrade to, with the branch the downgrade is limited to. */
export interface DowngradeTarget {
  readonly place: Place;
  /** The revision the branch is named after; null for no limit. */
  readonly branch: GraphNode | null;
  /** The heads among which a bare `-N` took the first; none where there was no choice. */
  readonly chosenFrom: readonly GraphNode[];
}

/** What happens at the end of the history: an error, or the walk stops there. */
export type AtEnd = "fail" | "stop";

/**
 * Goes `offset` revisions up or down from `start`. Up, `branch` says which way to take where there are several.
 * Throws `REVISION.AMBIGUOUS_WALK` and `REVISION.WALK_TOO_FAR`.
 */
export function walk(
  graph: Ends,
  { start, branch }: { readonly start: Place; readonly branch?: GraphNode | null },
  { text, offset }: Walk,
  atEnd: AtEnd = "fail",
): Place {
  const onBranch = branch == null || offset < 0 ? null : lineage(branch);
  let place = start;
  for (let done = 0; done < Math.abs(offset); done++) {
    const ways = waysOn(graph, place, offset).filter((way) => way === null || (onBranch?.has(way) ?? true));
    if (ways.length === 0) {
      if (atEnd === "stop") return place;
      throw new AthanorError("REVISION.WALK_TOO_FAR", { identifier: text, steps: offset, possible: done });
    }
    const [only = null, ...others] = ways;
    if (others.length > 0) throw ambiguous(text, ways);
    place = only;
  }
  return place;
}

/** Where one step leads: from base up to the bases, from a base down to base, from base down nowhere. */
function waysOn(graph: Ends, place: Place, direction: number): readonly Place[] {
  if (direction > 0) return place === null ? graph.bases : childrenOf(place);
  if (place === null) return [];
  return place.parents.length === 0 ? [null] : parentsOf(place);
}

function ambiguous(identifier: string, ways: readonly Place[]): AthanorError<"REVISION.AMBIGUOUS_WALK"> {
  const candidates = ids(ways.filter((way) => way !== null));
  return new AthanorError("REVISION.AMBIGUOUS_WALK", { identifier, candidates });
}

/** What an upgrade from `current` to `identifier` has to reach; nothing for `base`. */
export function upgradeTargets(
  graph: Ends,
  identifier: Identifier,
  current: readonly GraphNode[],
  atEnd: AtEnd = "fail",
): readonly GraphNode[] {
  if (!isWalk(identifier)) return findAll(graph, identifier, current);
  const { text, label, offset } = identifier;
  const branch = label === null ? null : findBranch(graph, label);
  let start: Place;
  if (!isFloating(identifier)) {
    start = findOne(graph, offset > 0 ? { ...identifier, label: null } : identifier, current);
  } else if (offset > 0) {
    start = standsAt(graph, identifier, current);
  } else {
    throw new AthanorError("REVISION.WRONG_DIRECTION", { identifier: text, direction: "upgrade" });
  }
  const place = walk(graph, { start, branch }, identifier, atEnd);
  return place === null ? [] : [place];
}

/** Whether the identifier has an offset. */
export function isWalk(identifier: Identifier): identifier is Walk {
  return identifier.offset !== null;
}

/**
 * The one revision from which `+N` counts. On a branch that has no row of its own, the uppermost applied
 * revision of it: what carries the branch may be a merge or a dependency. Base where nothing of it is applied.
 */
function standsAt(graph: Ends, { text, label }: Identifier, current: readonly GraphNode[]): Place {
  const starts = label === null ? current : startsOn(lineage(findBranch(graph, label)), current);
  const [only = null, ...others] = starts;
  if (others.length > 0) throw ambiguous(text, starts);
  return only;
}

function startsOn(branch: ReadonlySet<GraphNode>, current: readonly GraphNode[]): readonly GraphNode[] {
  const rows = current.filter((node) => branch.has(node));
  if (rows.length > 0) return rows;
  const applied = closure(current).intersection(branch);
  return [...applied.difference(new Set([...applied].flatMap(requirements)))];
}

/**
 * Where a downgrade from `current` to `identifier` has to end. A label in front of an absolute target limits the
 * downgrade and takes no part in finding the revision. A bare `-N` counts from the first of `current`.
 */
export function downgradeTarget(
  graph: Ends,
  identifier: Identifier,
  current: readonly GraphNode[],
): DowngradeTarget {
  const { text, label } = identifier;
  const branch = label === null ? null : findBranch(graph, label);
  if (!isWalk(identifier)) {
    return { place: findOne(graph, { ...identifier, label: null }, current), branch, chosenFrom: [] };
  }
  if (isFloating(identifier)) return downFromCurrent(graph, identifier, current, branch);
  if (identifier.offset >= 0) {
    const start = findOne(graph, { ...identifier, label: null }, current);
    return { place: walk(graph, { start, branch }, identifier), branch, chosenFrom: [] };
  }
  const start = findOne(graph, { text, label, anchor: identifier.anchor }, current);
  return { place: walk(graph, { start }, identifier), branch, chosenFrom: [] };
}

/** The same for who must not be given a choice that was made for him. Throws `REVISION.AMBIGUOUS_WALK`. */
export function certainDowngradeTarget(
  graph: Ends,
  identifier: Identifier,
  current: readonly GraphNode[],
): DowngradeTarget {
  const target = downgradeTarget(graph, identifier, current);
  if (target.chosenFrom.length === 0) return target;
  throw ambiguous(identifier.text, target.chosenFrom);
}

function downFromCurrent(
  graph: Ends,
  identifier: Walk,
  current: readonly GraphNode[],
  branch: GraphNode | null,
): DowngradeTarget {
  const { text, label, offset } = identifier;
  if (offset >= 0) {
    throw new AthanorError("REVISION.WRONG_DIRECTION", { identifier: text, direction: "downgrade" });
  }
  if (branch !== null) {
    const [start, ...others] = rowsOn(lineage(branch), current);
    if (start === undefined) {
      throw new AthanorError("REVISION.BRANCH_NOT_APPLIED", { identifier: text, branch: label ?? "" });
    }
    if (others.length > 0) throw ambiguous(text, [start, ...others]);
    return { place: walk(graph, { start }, identifier), branch, chosenFrom: [] };
  }
  const [start] = current;
  if (start === undefined) {
    throw new AthanorError("REVISION.WALK_TOO_FAR", { identifier: text, steps: offset, possible: 0 });
  }
  const chosenFrom = current.length > 1 ? current : [];
  return { place: walk(graph, { start }, identifier), branch: start, chosenFrom };
}

/** The rows on a branch; where it has none, the tips of what is applied of it because something depends on it. */
function rowsOn(branch: ReadonlySet<GraphNode>, current: readonly GraphNode[]): readonly GraphNode[] {
  const rows = current.filter((node) => branch.has(node));
  if (rows.length > 0) return rows;
  const applied = closure(current);
  return [...applied].filter(
    (node) => branch.has(node) && !node.children.some((child) => applied.has(child)),
  );
}
