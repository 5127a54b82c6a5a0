import { Dependencies, type Standing, standingKey, tableNode } from "./dependencies.ts";
import { sameTable } from "./lookup.ts";
import { objectKinds, type SchemaObject } from "./object.ts";
import type { Schema } from "./schema.ts";
import type { ForeignKey, Table } from "./table.ts";

/** Tables and objects in an order in which each can be made, and the foreign keys that have to wait until all stand. */
export interface CreationOrder {
  /** Tables, without the foreign keys that wait, and what tables or each other need. */
  readonly made: readonly Standing[];
  readonly later: readonly { readonly table: Table; readonly foreignKey: ForeignKey }[];
  /** Objects that no table needs: they come when all tables and foreign keys are there. */
  readonly rest: readonly SchemaObject[];
}

/** What waits for what, while an order is found. */
interface Node {
  readonly standing: Standing;
  readonly rank: number;
  readonly place: number;
  /** What has to be there before; foreign keys can be left out, and what a text perhaps means. */
  readonly hard: Set<Node>;
  readonly soft: Set<Node>;
  readonly waiting: Node[];
}

const tableRank = objectKinds.indexOf("foreignTable");

/** Where a kind stands where nothing else tells: what others are made of goes first. */
export function rankOf(standing: Standing): number {
  return standing.kind === "table" ? tableRank - 0.5 : objectKinds.indexOf(standing.object.kind);
}

/** Whether a kind is what tables are made of, rather than made of tables. */
export function comesBeforeTables(object: SchemaObject): boolean {
  return objectKinds.indexOf(object.kind) < tableRank;
}

/**
 * What others stand on before those; among equals kinds in their usual order, and names. Where tables reference each
 * other in a circle, the foreign keys that close it wait. `schema` has all that is to be made, and more.
 */
export function creationOrder(
  tables: readonly Table[],
  objects: readonly SchemaObject[],
  schema: Pick<Schema, "tables" | "enums" | "objects">,
): CreationOrder {
  const nodes = nodesOf(tables, objects, schema);
  const later: { table: Table; foreignKey: ForeignKey }[] = [];
  const ordered: Node[] = [];
  const done = new Set<Node>();
  const open = new Open(nodes);
  for (let node = open.next(); node !== undefined; node = open.next()) {
    done.add(node);
    ordered.push(node);
    for (const each of node.waiting) if (each.hard.delete(node) || each.soft.delete(node)) open.changed(each);
  }
  const needed = neededByTables(nodes, tables, schema);
  const made = new Set<string>();
  const withoutLater = (table: Table): Table => {
    const waits = (key: ForeignKey): boolean =>
      !sameTable(key.references, table) &&
      tables.some((each) => sameTable(each, key.references)) &&
      !made.has(tableNode(key.references));
    const waiting = table.foreignKeys.filter(waits);
    made.add(tableNode(table));
    if (waiting.length === 0) return table;
    later.push(...waiting.map((foreignKey) => ({ table, foreignKey })));
    return { ...table, foreignKeys: table.foreignKeys.filter((key) => !waiting.includes(key)) };
  };
  return {
    made: ordered
      .filter(({ standing }) => standing.kind === "table" || needed.has(standingKey(standing)))
      .map(({ standing }) =>
        standing.kind === "table" ? { kind: "table", table: withoutLater(standing.table) } : standing,
      ),
    later,
    rest: ordered.flatMap(({ standing }) =>
      standing.kind === "object" && !needed.has(standingKey(standing)) ? [standing.object] : [],
    ),
  };
}

function nodesOf(
  tables: readonly Table[],
  objects: readonly SchemaObject[],
  schema: Pick<Schema, "tables" | "enums" | "objects">,
): ReadonlyMap<string, Node> {
  const standings: readonly Standing[] = [
    ...tables.map((table): Standing => ({ kind: "table", table })),
    ...objects.map((object): Standing => ({ kind: "object", object })),
  ];
  const nodes = new Map(
    standings.map((standing, place): [string, Node] => [
      standingKey(standing),
      { standing, rank: rankOf(standing), place, hard: new Set(), soft: new Set(), waiting: [] },
    ]),
  );
  const dependencies = new Dependencies(schema);
  for (const node of nodes.values()) {
    const { standing } = node;
    const below =
      standing.kind === "table"
        ? dependencies.ofTable(standing.table)
        : dependencies.ofObject(standing.object);
    const sure = standing.kind === "object" ? dependencies.certainly(standing.object) : below;
    for (const each of below) wait(node, nodes.get(standingKey(each)), sure.includes(each) ? "hard" : "soft");
    if (standing.kind === "object") {
      for (const each of dependencies.calledBy(standing.object))
        wait(node, nodes.get(standingKey(each)), "soft");
      continue;
    }
    for (const key of standing.table.foreignKeys) wait(node, nodes.get(tableNode(key.references)), "soft");
  }
  return nodes;
}

function wait(node: Node, other: Node | undefined, how: "hard" | "soft"): void {
  if (other === undefined || other === node || node[how].has(other)) return;
  node[how].add(other);
  other.waiting.push(node);
}

/** The nodes that are left, those that wait for nothing at hand. */
class Open {
  readonly #left: Set<Node>;
  #ready: Node[];

  constructor(nodes: ReadonlyMap<string, Node>) {
    const all = [...nodes.values()].sort(compareNodes);
    this.#left = new Set(all);
    this.#ready = all.filter(isFree);
  }

  /** Takes the first that waits for nothing; of a circle, what fewest others hold back. */
  next(): Node | undefined {
    const node = this.#ready.shift() ?? this.#leastBound();
    if (node !== undefined) this.#left.delete(node);
    return node;
  }

  changed(node: Node): void {
    if (!isFree(node) || !this.#left.has(node)) return;
    const at = this.#ready.findIndex((each) => compareNodes(node, each) < 0);
    this.#ready = at < 0 ? [...this.#ready, node] : this.#ready.toSpliced(at, 0, node);
  }

  #leastBound(): Node | undefined {
    let best: Node | undefined;
    for (const node of this.#left) {
      if (best === undefined || compareBonds(node, best) < 0) best = node;
    }
    return best;
  }
}

function isFree({ hard, soft }: Node): boolean {
  return hard.size === 0 && soft.size === 0;
}

function compareNodes(a: Node, b: Node): number {
  return a.rank - b.rank || a.place - b.place;
}

function compareBonds(a: Node, b: Node): number {
  return a.hard.size - b.hard.size || a.soft.size - b.soft.size || compareNodes(a, b);
}

/** The objects that tables stand on, directly or through others. */
function neededByTables(
  nodes: ReadonlyMap<string, Node>,
  tables: readonly Table[],
  schema: Pick<Schema, "tables" | "enums" | "objects">,
): ReadonlySet<string> {
  const dependencies = new Dependencies(schema);
  const needed = new Set<string>();
  const visit = (standing: Standing): void => {
    const key = standingKey(standing);
    if (standing.kind === "table" || needed.has(key) || !nodes.has(key)) return;
    needed.add(key);
    for (const each of dependencies.ofObject(standing.object)) visit(each);
    for (const each of dependencies.calledBy(standing.object)) visit(each);
  };
  for (const table of tables) for (const each of dependencies.ofTable(table)) visit(each);
  return needed;
}
