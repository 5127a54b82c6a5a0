import type { Columnwise, ColumnwiseType, ColumnwiseTypes, Dialect } from "../dialect/index.ts";
import type { TableRef } from "../schema/index.ts";
import { tableName, wordsOf } from "../sql/index.ts";
import type { MappedColumn } from "./mapped-column.ts";

/** Rows of one INSERT at most: more of them gain nothing, and a statement kept prepared should come again. */
const mostRows = 100;

/** Keys of one condition at most, where each is one value. */
const mostKeys = 1000;

/** A column that is set to SQL with so many parameters. */
export interface SetToSql {
  readonly column: MappedColumn;
  readonly sql: string;
  readonly parameters: number;
}

/** The texts of a model's own statements, each made once for its shape. */
export class Statements {
  /** The table's name, quoted. */
  readonly table: string;
  readonly #dialect: Dialect;
  readonly #columns: readonly MappedColumn[];
  readonly #key: readonly MappedColumn[];
  readonly #version: MappedColumn | null;
  readonly #texts = new Map<string, string>();
  /** The most frequent one of all: whole rows by their keys. */
  #byKey: string | null = null;

  constructor(
    table: TableRef,
    dialect: Dialect,
    columns: readonly MappedColumn[],
    key: readonly MappedColumn[],
    version: MappedColumn | null,
  ) {
    this.table = tableName(table, dialect.query);
    this.#dialect = dialect;
    this.#columns = columns;
    this.#key = key;
    this.#version = version;
  }

  #text(shape: string, make: () => string): string {
    let text = this.#texts.get(shape);
    if (text === undefined) {
      text = make();
      this.#texts.set(shape, text);
    }
    return text;
  }

  /** How many rows with so many values each one statement can take. */
  rowsAtOnce(values: number): number {
    const { maxParameters } = this.#dialect.capabilities;
    return Math.max(1, Math.min(mostRows, Math.floor(maxParameters / Math.max(1, values))));
  }

  /** How many lists of so many values one condition can take; several conditions in a row nest as deeply as they are many. */
  listsAtOnce(values: number): number {
    return values === 1
      ? Math.min(mostKeys, this.#dialect.capabilities.maxParameters)
      : this.rowsAtOnce(values);
  }

  /** INSERT of so many rows, `returning` read back. */
  insert(columns: readonly MappedColumn[], rows: number, returning: readonly MappedColumn[]): string {
    const shape = `i${rows}:${indexes(columns)}:${indexes(returning)}`;
    return this.#text(shape, () => {
      const back = returning.length === 0 ? "" : ` RETURNING ${names(returning)}`;
      if (columns.length === 0)
        return `INSERT INTO ${this.table}${wordsOf(this.#dialect.query).noValues}${back}`;
      const place = this.#placeholders();
      const values = Array.from({ length: rows }, () => `(${columns.map(() => place()).join(", ")})`);
      return `INSERT INTO ${this.table} (${names(columns)}) VALUES ${values.join(", ")}${back}`;
    });
  }

  /** INSERT of as many rows as the parameters have values for, a parameter for each column; null where one has no type. */
  insertMany(
    columnwise: Columnwise,
    types: ColumnwiseTypes,
    columns: readonly MappedColumn[],
    returning: readonly MappedColumn[],
  ): string | null {
    const own = typesFor(columns, types);
    if (own === null) return null;
    const [only, ...others] = returning;
    const gathered =
      others.length === 0 && types.get(only?.field.column ?? "")?.gathers === true ? only : undefined;
    const shape = `im${gathered === undefined ? "" : "g"}${indexes(columns)}:${indexes(returning)}:${textOf(own)}`;
    return this.#text(shape, () => {
      const given = columns.map((_, at) => `athanor_${at}`);
      const rows = columnwise.source(own, columns.map(this.#placeholders()), "athanor_rows", given);
      const values = own.map((type, at) => columnwise.cast(`athanor_${at}`, type)).join(", ");
      const back = returning.length === 0 ? "" : ` RETURNING ${names(returning)}`;
      const sql = `INSERT INTO ${this.table} (${names(columns)}) SELECT ${values} FROM ${rows}${back}`;
      return gathered === undefined ? sql : columnwise.gather(sql, gathered.quoted);
    });
  }

  /**
   * UPDATE of the row with the key, and of the version where `guarded`. `computed` columns are set to SQL, whose
   * parameters come first.
   */
  update(
    set: readonly MappedColumn[],
    guarded: boolean,
    returning: readonly MappedColumn[],
    computed: readonly SetToSql[] = [],
  ): string {
    const shape = `u${guarded ? "v" : ""}${indexes(set)}:${indexes(returning)}:${textOfComputed(computed)}`;
    return this.#text(shape, () => {
      const place = this.#placeholders(parametersOf(computed));
      const assignments = [
        ...computedAssignments(computed),
        ...set.map((column) => `${column.quoted} = ${place()}`),
      ].join(", ");
      const back = returning.length === 0 ? "" : ` RETURNING ${names(returning)}`;
      return `UPDATE ${this.table} SET ${assignments} WHERE ${this.#row(place, guarded)}${back}`;
    });
  }

  /**
   * UPDATE of as many rows as the parameters have values for: `set`, then the key, then the version where `guarded`,
   * each column as one parameter. The key comes back first, then `returning`; null where a column has no type.
   */
  updateMany(
    columnwise: Columnwise,
    types: ColumnwiseTypes,
    set: readonly MappedColumn[],
    guarded: boolean,
    returning: readonly MappedColumn[],
    computed: readonly SetToSql[],
  ): string | null {
    const version = guarded && this.#version !== null ? [this.#version] : [];
    const matched = [...this.#key, ...version];
    const given = [...set, ...matched];
    const ofGiven = typesFor(given, types);
    if (ofGiven === null) return null;
    const shape = `um${guarded ? "v" : ""}${indexes(set)}:${indexes(returning)}:${textOf(ofGiven)}:${textOfComputed(computed)}`;
    return this.#text(shape, () => {
      const value = (at: number): string =>
        columnwise.cast(`athanor_rows.athanor_${at}`, ofGiven[at] as ColumnwiseType);
      const own = ({ quoted }: MappedColumn): string => `${this.table}.${quoted}`;
      const place = this.#placeholders();
      const names = given.map((_, at) => `athanor_${at}`);
      const rows = columnwise.source(ofGiven, given.map(place), "athanor_rows", names);
      const assignments = [
        ...computedAssignments(computed),
        ...set.map((column, at) => `${column.quoted} = ${value(at)}`),
      ].join(", ");
      const where = matched.map((column, at) => `${own(column)} = ${value(set.length + at)}`).join(" AND ");
      const back = [...this.#key, ...returning].map(own).join(", ");
      return `UPDATE ${this.table} SET ${assignments} FROM ${rows} WHERE ${where} RETURNING ${back}`;
    });
  }

  /**
   * UPDATE of so many rows, each column a `CASE` over the key. The parameters are those of `computed`, then for each
   * column and each row its key and its value, then the keys of all rows.
   */
  updateByKey(set: readonly MappedColumn[], rows: number, computed: readonly SetToSql[]): string {
    return this.#text(`uk${rows}:${indexes(set)}:${textOfComputed(computed)}`, () => {
      const place = this.#placeholders(parametersOf(computed));
      const when = (): string => `WHEN ${this.#row(place, false)} THEN ${place()}`;
      const assignments = [
        ...computedAssignments(computed),
        ...set.map(
          ({ quoted }) =>
            `${quoted} = CASE ${Array.from({ length: rows }, when).join(" ")} ELSE ${quoted} END`,
        ),
      ].join(", ");
      return `UPDATE ${this.table} SET ${assignments} WHERE ${this.matches(this.#key, rows, "", place)}`;
    });
  }

  /** UPDATE of so many rows from a list of them, the parameters of each being `set`, then the key. */
  updateFromValues(set: readonly MappedColumn[], rows: number): string {
    return this.#text(`uf${rows}:${indexes(set)}`, () => {
      const place = this.#placeholders();
      const given = [...set, ...this.#key];
      const values = Array.from({ length: rows }, () => `(${given.map(() => place()).join(", ")})`).join(
        ", ",
      );
      // The standard leaves the columns of a list without names; databases call them so.
      const value = (at: number): string => `athanor_rows.column${at + 1}`;
      const assignments = set.map(({ quoted }, at) => `${quoted} = ${value(at)}`).join(", ");
      const own = ({ quoted }: MappedColumn): string => `${this.table}.${quoted}`;
      const where = this.#key.map((column, at) => `${own(column)} = ${value(set.length + at)}`);
      return `UPDATE ${this.table} SET ${assignments} FROM (VALUES ${values}) AS athanor_rows WHERE ${where.join(" AND ")}`;
    });
  }

  /** DELETE of the row with the key, and of the version where `guarded`. */
  delete(guarded: boolean): string {
    return this.#text(guarded ? "dv" : "d", () => {
      return `DELETE FROM ${this.table} WHERE ${this.#row(this.#placeholders(), guarded)}`;
    });
  }

  #row(place: () => string, guarded: boolean): string {
    const version = this.#version;
    const columns = guarded && version !== null ? [...this.#key, version] : this.#key;
    return columns.map((column) => `${column.quoted} = ${place()}`).join(" AND ");
  }

  /** The row with a key. */
  selectByKey(columns: readonly MappedColumn[], forUpdate: boolean): string {
    if (forUpdate || columns !== this.#columns) return this.#selectByKey(columns, forUpdate);
    this.#byKey ??= this.#selectByKey(columns, false);
    return this.#byKey;
  }

  #selectByKey(columns: readonly MappedColumn[], forUpdate: boolean): string {
    return this.#text(`k${forUpdate ? "f" : ""}${indexes(columns)}`, () => {
      const where = this.#row(this.#placeholders(), false);
      return `SELECT ${names(columns)} FROM ${this.table} WHERE ${where}${forUpdate ? " FOR UPDATE" : ""}`;
    });
  }

  /** DELETE of the rows in which `columns` have one of so many lists of values. */
  deleteWhere(columns: readonly MappedColumn[], count: number): string {
    return this.#text(`dw${count}:${indexes(columns)}`, () => {
      return `DELETE FROM ${this.table} WHERE ${this.matches(columns, count, "")}`;
    });
  }

  /** UPDATE that sets `columns` to NULL where they have one of so many lists of values. */
  clearWhere(columns: readonly MappedColumn[], count: number): string {
    return this.#text(`cw${count}:${indexes(columns)}`, () => {
      const set = columns.map((column) => `${column.quoted} = NULL`).join(", ");
      return `UPDATE ${this.table} SET ${set} WHERE ${this.matches(columns, count, "")}`;
    });
  }

  /** All columns of the rows in which `columns` have one of so many lists of values, in the order `orderBy` says. */
  selectWhere(columns: readonly MappedColumn[], count: number, orderBy: string): string {
    return this.#text(`sw${count}:${indexes(columns)}:${orderBy}`, () => {
      const where = this.matches(columns, count, "");
      return `SELECT ${names(this.#columns)} FROM ${this.table} WHERE ${where}${orderBy}`;
    });
  }

  /** The same where one column lies between two values, or has one of them; without its index where that is told. */
  selectRange(column: MappedColumn, orderBy: string, isUnindexed: boolean): string {
    return this.#text(`sr${isUnindexed ? "u" : ""}${column.index}:${orderBy}`, () => {
      const { unindexed } = this.#dialect.query;
      const sought = isUnindexed && unindexed !== undefined ? unindexed(column.quoted) : column.quoted;
      const place = this.#placeholders();
      const where = `${sought} BETWEEN ${place()} AND ${place()}`;
      return `SELECT ${names(this.#columns)} FROM ${this.table} WHERE ${where}${orderBy}`;
    });
  }

  /** The difference of the greatest key and the least, each of which is found at an end of its index. */
  keySpread({ quoted }: MappedColumn): string {
    return this.#text("ks", () => {
      const end = (name: string): string => `(SELECT ${name}(${quoted}) FROM ${this.table})`;
      return `SELECT ${end("max")} - ${end("min")}`;
    });
  }

  /** The same where one column has any of the values of one parameter; null where the column has no type. */
  selectWhereAny(
    columnwise: Columnwise,
    types: ColumnwiseTypes,
    column: MappedColumn,
    orderBy: string,
  ): string | null {
    const type = types.get(column.field.column);
    if (type === undefined) return null;
    return this.#text(`sa${column.index}:${textOf([type])}:${orderBy}`, () => {
      const values = columnwise.source([type], [this.#placeholders()()], "athanor_rows", ["athanor_0"]);
      const wanted = `SELECT ${columnwise.cast("athanor_0", type)} FROM ${values}`;
      return `SELECT ${names(this.#columns)} FROM ${this.table} WHERE ${column.quoted} IN (${wanted})${orderBy}`;
    });
  }

  /** Some columns of the rows in which `columns` have one of so many lists of values. */
  selectColumns(
    read: readonly MappedColumn[],
    columns: readonly MappedColumn[],
    count: number,
    forUpdate = false,
  ): string {
    return this.#text(`sc${forUpdate ? "f" : ""}${count}:${indexes(read)}:${indexes(columns)}`, () => {
      const where = this.matches(columns, count, "");
      return `SELECT ${names(read)} FROM ${this.table} WHERE ${where}${forUpdate ? " FOR UPDATE" : ""}`;
    });
  }

  /**
   * Rows reached through a link's table: the link's `local` columns and those `beside` them, then all columns of this
   * model. `pairs` say which column of the link equals which one here.
   */
  selectThrough(
    link: Statements,
    local: readonly MappedColumn[],
    beside: readonly MappedColumn[],
    pairs: readonly { readonly link: MappedColumn; readonly remote: MappedColumn }[],
    count: number,
    orderBy: string,
  ): string {
    const on = pairs.map((pair) => `l.${pair.link.quoted} = t.${pair.remote.quoted}`).join(" AND ");
    const shape = `st${count}:${link.table}:${indexes(local)}:${indexes(beside)}:${on}:${orderBy}`;
    return this.#text(shape, () => {
      const head = [...local, ...beside].map((column) => `l.${column.quoted}`);
      const own = this.#columns.map((column) => `t.${column.quoted}`);
      const where = this.matches(local, count, "l.");
      return `SELECT ${[...head, ...own].join(", ")} FROM ${link.table} AS l JOIN ${this.table} AS t ON ${on} WHERE ${where}${orderBy}`;
    });
  }

  /** `a IN (?, ?)`, or for several columns `(a = ? AND b = ?) OR …`. */
  matches(
    columns: readonly MappedColumn[],
    count: number,
    prefix: string,
    place: () => string = this.#placeholders(),
  ): string {
    const [only] = columns;
    if (only !== undefined && columns.length === 1) {
      if (count === 1) return `${prefix}${only.quoted} = ${place()}`;
      return `${prefix}${only.quoted} IN (${Array.from({ length: count }, place).join(", ")})`;
    }
    const row = (): string =>
      `(${columns.map((column) => `${prefix}${column.quoted} = ${place()}`).join(" AND ")})`;
    return Array.from({ length: count }, row).join(" OR ");
  }

  #placeholders(after = 0): () => string {
    const { placeholder } = this.#dialect.query;
    let n = after;
    return () => {
      n += 1;
      return placeholder(n);
    };
  }
}

function textOfComputed(computed: readonly SetToSql[]): string {
  return computed.map(({ column, sql }) => `${column.index}=${sql}`).join(",");
}

function computedAssignments(computed: readonly SetToSql[]): readonly string[] {
  return computed.map(({ column, sql }) => `${column.quoted} = ${sql}`);
}

/** How many parameters come before all others. */
function parametersOf(computed: readonly SetToSql[]): number {
  return computed.reduce((sum, { parameters }) => sum + parameters, 0);
}

/** The types of columns; null where one of them has none. */
function typesFor(
  columns: readonly MappedColumn[],
  types: ColumnwiseTypes,
): readonly ColumnwiseType[] | null {
  const found = columns.flatMap(({ field }) => types.get(field.column) ?? []);
  return found.length === columns.length ? found : null;
}

function textOf(types: readonly ColumnwiseType[]): string {
  return types.map(({ parameter, cast }) => `${parameter}${cast ?? ""}`).join(",");
}

function indexes(columns: readonly MappedColumn[]): string {
  return columns.map((column) => column.index).join(",");
}

function names(columns: readonly MappedColumn[]): string {
  return columns.map((column) => column.quoted).join(", ");
}
