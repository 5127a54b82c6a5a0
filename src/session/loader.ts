import type { Connection, DriverValue } from "../dialect/index.ts";
import { rolesOfTable } from "../model/index.ts";
import { inChunks } from "./chunks.ts";
import type { Cohort, Entry } from "./entry.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { MappedLink, MappedRelation } from "./mapped-relation.ts";
import type { Key, Mapper } from "./mapper.ts";
import { loadRelation } from "./relation-value.ts";
import type { Unit } from "./unit.ts";

/** What the loader asks of its Session. */
export interface LoaderHost {
  readonly unit: Unit;
  reading(): Promise<Connection>;
  /** The entry of a row that was read. */
  absorb(mapper: Mapper, row: readonly DriverValue[], cohort: Cohort): Entry;
  /** Whether a row, or an object that is here, may be seen. */
  sees(mapper: Mapper, row: readonly DriverValue[], evenDeleted?: boolean): boolean;
  seesEntry(entry: Entry, evenDeleted?: boolean): boolean;
}

/** Loads relations of many objects at once: one query for a relation, however many objects have it. */
export class Loader {
  /** Queries so far. */
  queries = 0;
  readonly #host: LoaderHost;

  constructor(host: LoaderHost) {
    this.#host = host;
  }

  /** Loads a relation of all `entries`; answers the entries each led to. */
  async load(
    entries: readonly Entry[],
    relation: MappedRelation,
  ): Promise<ReadonlyMap<Entry, readonly Entry[]>> {
    const found = await this.fetch(entries, relation);
    for (const entry of entries) {
      const others = found.get(entry) ?? [];
      const content =
        relation.meta.kind === "many" ? others.map((other) => other.instance) : (others[0]?.instance ?? null);
      this.#host.unit.rememberRead(entry);
      loadRelation(entry, relation.property, content);
      this.#host.unit.related.add(entry);
    }
    return found;
  }

  /** What a relation holds for each of `entries`, as the database has it; nothing is set. `evenDeleted` shows all. */
  async fetch(
    entries: readonly Entry[],
    relation: MappedRelation,
    evenDeleted = false,
  ): Promise<ReadonlyMap<Entry, readonly Entry[]>> {
    if (relation.link !== null) return this.#throughLink(entries, relation, relation.link, evenDeleted);
    const groups = new Groups(
      entries,
      relation.local.map((column) => ({ own: column, other: column })),
    );
    const isKey = sameColumns(relation.remote, relation.target.key);
    const missing = isKey
      ? groups.lists().filter((list) => !this.#known(groups, list, relation, evenDeleted))
      : groups.lists();
    const { target, remote } = relation;
    const cohort: Cohort = { entries: [] };
    const connection = missing.length === 0 ? null : await this.#host.reading();
    await inChunks(missing, target.statements, async (count, params) => {
      const sql = target.statements.selectWhere(remote, count, orderBy(relation, ""));
      this.queries += 1;
      const { rows } = (await connection?.query(sql, params)) ?? { rows: [] };
      for (const given of rows) {
        const row = target.spread(given);
        if (!this.#host.sees(target, row, evenDeleted)) continue;
        const other = this.#host.absorb(target, row, cohort);
        if (isOf(relation, other)) groups.addRow(row, remote, other);
      }
    });
    return groups.result;
  }

  /** Whether the one row with the key is here already; then it is the answer. */
  #known(
    groups: Groups,
    list: readonly DriverValue[],
    relation: MappedRelation,
    evenDeleted: boolean,
  ): boolean {
    const { target, remote } = relation;
    const parts = target.key.map((column) => list[remote.indexOf(column)] as DriverValue);
    const entry = this.#host.unit.find(target, target.keyOfParts(parts));
    if (entry === undefined || entry.epoch !== this.#host.unit.epoch) return false;
    if (isOf(relation, entry) && this.#host.seesEntry(entry, evenDeleted)) groups.add(list, remote, entry);
    return true;
  }

  async #throughLink(
    entries: readonly Entry[],
    relation: MappedRelation,
    link: MappedLink,
    evenDeleted: boolean,
  ): Promise<ReadonlyMap<Entry, readonly Entry[]>> {
    const columns = link.local.map((pair) => pair.link);
    const guards = guardsOf(link);
    const groups = new Groups(
      entries,
      link.local.map((pair) => ({ own: pair.own, other: pair.link })),
    );
    const { target } = relation;
    const cohort: Cohort = { entries: [] };
    const pairs = link.remote.map((pair) => ({ link: pair.link, remote: pair.own }));
    const lists = groups.lists();
    const connection = lists.length === 0 ? null : await this.#host.reading();
    await inChunks(lists, target.statements, async (count, params) => {
      const order = orderBy(relation, "t.");
      const sql = target.statements.selectThrough(
        link.mapper.statements,
        columns,
        guards,
        pairs,
        count,
        order,
      );
      this.queries += 1;
      const { rows } = (await connection?.query(sql, params)) ?? { rows: [] };
      for (const row of rows) {
        if (guards.length > 0 && !this.#seesLink(link, guards, row.slice(columns.length), evenDeleted))
          continue;
        const given = target.spread(row.slice(columns.length + guards.length));
        if (!this.#host.sees(target, given, evenDeleted)) continue;
        const other = this.#host.absorb(target, given, cohort);
        if (!isOf(relation, other)) continue;
        groups.add(row.slice(0, columns.length), columns, other);
      }
    });
    return groups.result;
  }

  /** Whether a row of a link's table may be seen, of which these columns were read. */
  #seesLink(
    { mapper }: MappedLink,
    guards: readonly MappedColumn[],
    held: readonly DriverValue[],
    evenDeleted: boolean,
  ): boolean {
    const row: DriverValue[] = [];
    for (const [at, { index }] of guards.entries()) row[index] = held[at] ?? null;
    return this.#host.sees(mapper, row, evenDeleted);
  }
}

/** The columns of a link's table that say who may see a row. */
function guardsOf({ mapper }: MappedLink): MappedColumn[] {
  const { tenant, deletedAt } = rolesOfTable(mapper.meta.table)?.roles ?? {};
  return [tenant, deletedAt].flatMap((field) => (field === undefined ? [] : [mapper.column(field.property)]));
}

/** Whether an object is one of the relation's model: rows of its table may be of others. */
function isOf({ meta }: MappedRelation, { instance }: Entry): boolean {
  return meta.target.stored === meta.target || instance instanceof meta.target.model;
}

/** Entries by the values that lead to others, and what they lead to. */
class Groups {
  readonly result = new Map<Entry, Entry[]>();
  readonly #byValues = new Map<Key, { readonly list: DriverValue[]; readonly entries: Entry[] }>();

  /** `own` are the columns that hold the values, `other` those that take them in a statement. */
  constructor(
    entries: readonly Entry[],
    columns: readonly { readonly own: MappedColumn; readonly other: MappedColumn }[],
  ) {
    for (const entry of new Set(entries)) {
      this.result.set(entry, []);
      const list = columns.map(({ own }) => own.encode(entry.values[own.property]));
      if (list.includes(null)) continue;
      const id = idOf(list);
      const group = this.#byValues.get(id);
      if (group === undefined) this.#byValues.set(id, { list, entries: [entry] });
      else group.entries.push(entry);
    }
  }

  lists(): readonly (readonly DriverValue[])[] {
    return [...this.#byValues.values()].map(({ list }) => list);
  }

  /** The same by a row, which has the values in `columns`. */
  addRow(row: readonly DriverValue[], columns: readonly MappedColumn[], other: Entry): void {
    const [only] = columns;
    const group =
      only !== undefined && columns.length === 1
        ? this.#byValues.get(idOfOne(row[only.index] as DriverValue))
        : undefined;
    if (group === undefined) {
      const values = columns.map((column) => row[column.index] as DriverValue);
      this.add(values, columns, other);
      return;
    }
    for (const entry of group.entries) this.result.get(entry)?.push(other);
  }

  /** `other` belongs to all entries that have these values, which the driver may spell in its own way. */
  add(values: readonly DriverValue[], columns: readonly MappedColumn[], other: Entry): void {
    const group =
      this.#byValues.get(idOf(values)) ??
      this.#byValues.get(idOf(values.map((value, i) => (columns[i] as MappedColumn).respell(value))));
    for (const entry of group?.entries ?? []) this.result.get(entry)?.push(other);
  }
}

function idOf(values: readonly DriverValue[]): Key {
  const [first] = values;
  return values.length === 1 && first !== undefined ? idOfOne(first) : values.map(textOf).join("\n");
}

function idOfOne(value: DriverValue): Key {
  if (typeof value === "object") return textOf(value);
  return typeof value === "bigint" || typeof value === "number" ? String(value) : value;
}

function textOf(value: DriverValue): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value);
}

function sameColumns(a: readonly MappedColumn[], b: readonly MappedColumn[]): boolean {
  return a.length === b.length && a.every((column) => b.includes(column));
}

function orderBy({ meta, target }: MappedRelation, prefix: string): string {
  if (meta.orderBy.length === 0) return "";
  const keys = meta.orderBy.map(({ property, direction }) => {
    const column = target.column(property);
    const sql = target.dialect.query.comparable(`${prefix}${column.quoted}`, column.field.type);
    return direction === "desc" ? `${sql} DESC` : sql;
  });
  return ` ORDER BY ${keys.join(", ")}`;
}
