import { AthanorError } from "../errors/index.ts";
import { link } from "./build.ts";
import { toApply, toTakeBack } from "./collect.ts";
import { type Identifier, isFloating, parseIdentifier } from "./identifier.ts";
import { propagateLabels } from "./labels.ts";
import { childrenOf, closure, lineage, parentsOf, reach } from "./lineage.ts";
import { type Ends, findAll, findExact, withEnds } from "./names.ts";
import { dependants, type GraphNode, ids, type RevisionInput, requirements } from "./node.ts";
import { type Plan, plan } from "./plan.ts";
import { collectRange, downFrom } from "./range.ts";
import { planStamp, type StampPlan } from "./stamp.ts";
import { certainDowngradeTarget, downgradeTarget, isWalk, upgradeTargets } from "./walk.ts";

/** Where a database stands, for identifiers that count from there. */
export interface Position {
  /** The rows of its version table; none where nothing is applied. Left out where no database is asked. */
  readonly current?: readonly string[] | undefined;
}

/** How a question about what is above or below is meant. */
export interface RelationOptions {
  /** Whether `dependsOn` counts. Default true. */
  readonly dependencies?: boolean;
}

/**
 * The history of a schema as a graph of revisions, without files and without a database. Immutable. Identifiers
 * are Alembic's; so are the answers, but for those that Alembic itself has wrong. Wherever several revisions are
 * given back they are in one order: each after all it needs, and else as they were declared.
 *
 * The algorithms are those of Alembic's `RevisionMap` and `HeadMaintainer` (alembic/script/revision.py and
 * alembic/runtime/migration.py, version 1.20), put as operations on sets; none recurs, so that long histories
 * do not exhaust the stack.
 */
export class RevisionGraph<R extends RevisionInput = RevisionInput> {
  readonly #graph: Ends;
  readonly #rank: ReadonlyMap<GraphNode, number>;
  readonly #inputs: ReadonlyMap<string, R>;
  #labels: ReadonlyMap<GraphNode, ReadonlySet<string>> | undefined;

  private constructor(revisions: readonly R[]) {
    this.#graph = withEnds(link(revisions));
    this.#rank = new Map(this.#graph.nodes.map((node, i) => [node, i]));
    this.#inputs = new Map(revisions.map((input) => [input.revision, input]));
  }

  /**
   * The graph of these revisions. Throws `REVISION.ILLEGAL_ID`, `ILLEGAL_LABEL`, `DUPLICATE_REVISION`,
   * `DUPLICATE_LABEL`, `SELF_LOOP`, `DEPENDENCY_SELF_LOOP`, `MISSING_PARENT`, `CYCLE` or `DEPENDENCY_CYCLE`.
   */
  static from<R extends RevisionInput>(revisions: Iterable<R>): RevisionGraph<R> {
    return new RevisionGraph([...revisions]);
  }

  /** How many revisions there are. */
  get size(): number {
    return this.#graph.nodes.length;
  }

  /** All ids, each after all it needs. */
  get order(): readonly string[] {
    return ids(this.#graph.nodes);
  }

  /** What no revision follows. */
  get heads(): readonly string[] {
    return ids(this.#graph.heads);
  }

  /** Heads that no revision depends on either: the version table's rows once everything is applied. */
  get realHeads(): readonly string[] {
    return ids(this.#graph.realHeads);
  }

  /** What follows no revision. */
  get bases(): readonly string[] {
    return ids(this.#graph.bases);
  }

  /** Branch points: what several revisions follow. */
  get branches(): readonly string[] {
    return ids(this.#graph.nodes.filter((node) => node.children.length > 1));
  }

  /** The revisions as they were given, each after all it needs. */
  *[Symbol.iterator](): IterableIterator<R> {
    for (const node of this.#graph.nodes) yield this.#inputs.get(node.id) as R;
  }

  /** Whether there is a revision with exactly this id. */
  has(id: string): boolean {
    return this.#inputs.has(id);
  }

  /** The revision with exactly this id or label, as it was given. Throws `REVISION.NOT_FOUND`. */
  get(name: string): R {
    return this.#inputs.get(this.#named(name).id) as R;
  }

  /** What it follows. */
  parents(name: string): readonly string[] {
    return this.#sorted(this.#named(name).parents);
  }

  /** What follows it. */
  children(name: string): readonly string[] {
    return this.#sorted(this.#named(name).children);
  }

  /** What it depends on besides what it follows; labels are resolved. */
  dependencies(name: string): readonly string[] {
    return this.#sorted(this.#named(name).dependencies);
  }

  /** What depends on it besides what follows it. */
  dependents(name: string): readonly string[] {
    return this.#sorted(this.#named(name).dependents);
  }

  /** Everything below it, itself left out. */
  ancestors(name: string, { dependencies = true }: RelationOptions = {}): readonly string[] {
    const node = this.#named(name);
    return this.#sorted(
      reach(dependencies ? requirements(node) : node.parents, dependencies ? requirements : parentsOf),
    );
  }

  /** Everything above it, itself left out. */
  descendants(name: string, { dependencies = true }: RelationOptions = {}): readonly string[] {
    const node = this.#named(name);
    return this.#sorted(
      reach(dependencies ? dependants(node) : node.children, dependencies ? dependants : childrenOf),
    );
  }

  /** A revision or a label with all it follows and all that follows it, dependencies aside: its branch. */
  lineage(name: string): readonly string[] {
    return this.#sorted(lineage(this.#named(name)));
  }

  /**
   * The labels a revision has: those written at it, at what it follows, and at what follows it alone, back to the
   * last branch point or merge. Sorted.
   */
  branchLabels(name: string): readonly string[] {
    this.#labels ??= propagateLabels(this.#graph.nodes);
    return [...(this.#labels.get(this.#named(name)) ?? [])].sort();
  }

  /**
   * The revisions an identifier stands for; none for `base`. Without `current` only names and `-N` (from each
   * head, ending at base) are understood; with it, everything that `upgrade` or `downgrade` takes. Throws
   * `REVISION.NOT_FOUND`, `AMBIGUOUS_PREFIX`, `MULTIPLE_HEADS`, `NOT_IN_BRANCH`, `NOT_ABSOLUTE`, and for walks
   * `WALK_TOO_FAR`, `AMBIGUOUS_WALK` or `BRANCH_NOT_APPLIED`.
   */
  resolve(identifier: string, position: Position = {}): readonly string[] {
    return this.#sorted(this.#resolve(this.#read(identifier), this.#current(position)));
  }

  /** The revisions that any of the identifiers stands for, each once. Throws as `resolve` does. */
  resolveAll(identifiers: Iterable<string>, position: Position = {}): readonly string[] {
    const current = this.#current(position);
    return this.#sorted(
      [...identifiers].flatMap((identifier) => this.#resolve(this.#read(identifier), current)),
    );
  }

  /** The one revision an identifier stands for; null for `base`. Throws as `resolve`, and `MULTIPLE_HEADS`. */
  resolveOne(identifier: string, position: Position = {}): string | null {
    const [only, ...others] = this.resolve(identifier, position);
    if (only === undefined) return null;
    if (others.length === 0) return only;
    throw new AthanorError("REVISION.MULTIPLE_HEADS", { identifier, heads: [only, ...others] });
  }

  /**
   * The one head an identifier stands for, for what is to follow it; null for `base`. Throws as `resolveOne`, and
   * `REVISION.NOT_A_HEAD`.
   */
  resolveHead(identifier: string): string | null {
    const revision = this.resolveOne(identifier);
    const children = revision === null ? [] : this.children(revision);
    if (revision === null || children.length === 0) return revision;
    throw new AthanorError("REVISION.NOT_A_HEAD", { revision, children });
  }

  /**
   * The way up from the rows `current` to one target or several. Everything they need comes with them, and
   * nothing is done where they are reached already. Throws as `resolve`, and `REVISION.OVERLAP` where rows or
   * targets lie below each other, `WRONG_DIRECTION` for `-N`.
   */
  upgrade(current: readonly string[], target: string | readonly string[]): Plan {
    const rows = this.#rows(current);
    const targets = [target]
      .flat()
      .flatMap((identifier) => upgradeTargets(this.#graph, this.#read(identifier), rows));
    return plan("upgrade", rows, this.#inOrder(toApply(targets, rows)));
  }

  /**
   * The way down from the rows `current` to a target, which stays applied; `base` takes everything back,
   * `label@base` that branch and what depends on it. Throws as `resolve`, and `REVISION.NOT_ANCESTOR`,
   * `NOT_IN_BRANCH`, `BRANCH_NOT_APPLIED`, `WRONG_DIRECTION` for `+N`.
   */
  downgrade(current: readonly string[], target: string): Plan {
    const rows = this.#rows(current);
    const goal = downgradeTarget(this.#graph, this.#read(target), rows);
    const nodes = this.#inOrder(toTakeBack(this.#graph, goal, rows)).toReversed();
    return plan("downgrade", rows, nodes, ids(goal.chosenFrom));
  }

  /**
   * The moves of the version table that put it at the targets without running anything; other branches stay.
   * `+N` and `-N` count from `current`. Pass no rows to purge. Throws as `resolve`.
   */
  stamp(current: readonly string[], targets: string | readonly string[]): StampPlan {
    const identifiers = [targets].flat().map((target) => this.#read(target));
    return planStamp(this.#graph, this.#rows(current), identifiers);
  }

  /**
   * The revisions of a range `from:to`, `:to` or `from:`, both ends included. An end such as `-3` counts from the
   * other one. Throws as `resolve`, and `REVISION.RANGE` or `NOT_ANCESTOR`.
   */
  range(range: string, position: Position = {}): readonly string[] {
    return this.#sorted(collectRange(this.#graph, range, this.#current(position)));
  }

  /** What is applied where the version table has these rows. Throws `REVISION.NOT_FOUND`. */
  applied(current: readonly string[]): readonly string[] {
    return this.#sorted(closure(this.#rows(current)));
  }

  /** What is not applied where the version table has these rows. Throws `REVISION.NOT_FOUND`. */
  pending(current: readonly string[]): readonly string[] {
    const applied = closure(this.#rows(current));
    return ids(this.#graph.nodes.filter((node) => !applied.has(node)));
  }

  #resolve(identifier: Identifier, current: readonly GraphNode[] | undefined): readonly GraphNode[] {
    if (!isWalk(identifier)) return findAll(this.#graph, identifier, current);
    const down = isFloating(identifier) && identifier.offset < 0;
    if (current === undefined) {
      if (down) return downFrom(this.#graph, identifier, this.#graph.realHeads);
      throw new AthanorError("REVISION.NOT_ABSOLUTE", { identifier: identifier.text });
    }
    if (!down) return upgradeTargets(this.#graph, identifier, current);
    const { place } = certainDowngradeTarget(this.#graph, identifier, current);
    return place === null ? [] : [place];
  }

  #read(identifier: string): Identifier {
    return parseIdentifier(identifier, (name) => this.#graph.byName.has(name));
  }

  #named(name: string): GraphNode {
    const node = this.#graph.byName.get(name);
    if (node === undefined) throw new AthanorError("REVISION.NOT_FOUND", { identifier: name });
    return node;
  }

  #current({ current }: Position): readonly GraphNode[] | undefined {
    return current === undefined ? undefined : this.#rows(current);
  }

  #rows(current: readonly string[]): readonly GraphNode[] {
    return [...new Set(current)].map((id) => findExact(this.#graph, id));
  }

  #inOrder(nodes: Iterable<GraphNode>): readonly GraphNode[] {
    const rank = (node: GraphNode) => this.#rank.get(node) ?? 0;
    return [...new Set(nodes)].sort((a, b) => rank(a) - rank(b));
  }

  #sorted(nodes: Iterable<GraphNode>): readonly string[] {
    return ids(this.#inOrder(nodes));
  }
}
