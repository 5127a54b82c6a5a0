import type { Connection, DriverValue } from "../dialect/index.ts";
import { hasRoles, rolesOfTable } from "../model/index.ts";
import { inChunks } from "./chunks.ts";
import type { TypesHost } from "./column-types.ts";
import type { Cohort, Entry } from "./entry.ts";
import { type Found, Groups } from "./groups.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { MappedLink, MappedRelation } from "./mapped-relation.ts";
import type { Mapper } from "./mapper.ts";
import { loadRelation } from "./relation-value.ts";
import { selectWhere } from "./select-where.ts";
import type { Unit } from "./unit.ts";

/** What the loader asks of its Session. */
export interface LoaderHost extends TypesHost {
  readonly unit: Unit;
  reading(): Promise<Connection>;
  /** The entry of a row that was read. */
  absorb(mapper: Mapper, row: readonly DriverValue[], cohort: Cohort): Entry;
  /** Takes in many rows that were read; `cohort` then has their entries as well. */
  absorbAll(mapper: Mapper, rows: readonly (readonly DriverValue[])[], cohort: Cohort): void;
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

  /** Loads a relation of all `entries`; answers what each of them led to. */
  async load(entries: readonly Entry[], relation: MappedRelation): Promise<Found> {
    const found = await this.fetch(entries, relation);
    this.#keep(found, relation);
    return found;
  }

  #keep({ entries, members }: Found, { property, meta }: MappedRelation): void {
    const { unit } = this.#host;
    const isMany = meta.kind === "many";
    for (let at = 0; at < entries.length; at += 1) {
      const entry = entries[at] as Entry;
      const found = members[at] as object[];
      unit.rememberRead(entry);
      loadRelation(entry, property, isMany ? found : (found[0] ?? null));
      unit.related.add(entry);
    }
  }

  /** What a relation holds for each of `entries`, as the database has it; nothing is set. `evenDeleted` shows all. */
  async fetch(entries: readonly Entry[], relation: MappedRelation, evenDeleted = false): Promise<Found> {
    if (relation.link !== null) return this.#throughLink(entries, relation, relation.link, evenDeleted);
    const groups = new Groups(entries, relation.local);
    const isKey = sameColumns(relation.remote, relation.target.key);
    const missing = isKey
      ? groups.lists().filter((list) => !this.#known(groups, list, relation, evenDeleted))
      : groups.lists();
    const { target, remote } = relation;
    const cohort: Cohort = { entries: [] };
    if (missing.length === 0) return groups;
    const connection = await this.#host.reading();
    await selectWhere(connection, this.#host, target, remote, missing, orderBy(relation, ""), (rows) => {
      this.queries += 1;
      this.#take(rows, relation, groups, cohort, evenDeleted);
    });
    return groups;
  }

  /** Takes in the objects of rows, each with those it belongs to. A loop of its own: it runs thousands of times. */
  #take(
    rows: readonly (readonly DriverValue[])[],
    relation: MappedRelation,
    groups: Groups,
    cohort: Cohort,
    evenDeleted: boolean,
  ): void {
    const { target, remote } = relation;
    const host = this.#host;
    const isWhole = isOfAll(relation);
    if (isWhole && target.deferred.length === 0 && !hasRoles()) {
      const before = cohort.entries.length;
      host.absorbAll(target, rows, cohort);
      const { entries } = cohort;
      for (let at = 0; at < rows.length; at += 1)
        groups.addRow(rows[at] as readonly DriverValue[], remote, (entries[before + at] as Entry).instance);
      return;
    }
    for (let at = 0; at < rows.length; at += 1) {
      const row = target.spread(rows[at] as readonly DriverValue[]);
      if (!host.sees(target, row, evenDeleted)) continue;
      const other = host.absorb(target, row, cohort);
      if (isWhole || isOf(relation, other)) groups.addRow(row, remote, other.instance);
    }
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
    if (isOf(relation, entry) && this.#host.seesEntry(entry, evenDeleted))
      groups.add(list, remote, entry.instance);
    return true;
  }

  async #throughLink(
    entries: readonly Entry[],
    relation: MappedRelation,
    link: MappedLink,
    evenDeleted: boolean,
  ): Promise<Found> {
    const columns = link.local.map((pair) => pair.link);
    const guards = guardsOf(link);
    const groups = new Groups(
      entries,
      link.local.map((pair) => pair.own),
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
        groups.add(row.slice(0, columns.length), columns, other.instance);
      }
    });
    return groups;
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

/** Whether all rows of the table of the relation's model are of that model. */
function isOfAll({ meta }: MappedRelation): boolean {
  return meta.target.stored === meta.target;
}

/** Whether an object is one of the relation's model: rows of its table may be of others. */
function isOf(relation: MappedRelation, { instance }: Entry): boolean {
  return isOfAll(relation) || instance instanceof relation.meta.target.model;
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
