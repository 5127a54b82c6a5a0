import type { Dialect } from "../dialect/index.ts";
import type { TableRef } from "../schema/index.ts";
import type { MappedColumn } from "./mapped-column.ts";

/** Rows of one INSERT at most: more of them gain nothing, and a statement kept prepared should come again. */
const mostRows = 100;

/** The texts of a model's own statements, each made once for its shape. */
export class Statements {
  /** The table's name, quoted. */
  readonly table: string;
  readonly #dialect: Dialect;
  readonly #columns: readonly MappedColumn[];
  readonly #key: readonly MappedColumn[];
  readonly #version: MappedColumn | null;
  readonly #texts = new Map<string, string>();

  constructor(
    table: TableRef,
    dialect: Dialect,
    columns: readonly MappedColumn[],
    key: readonly MappedColumn[],
    version: MappedColumn | null,
  ) {
    const { quote } = dialect.query;
    this.table = table.schema === null ? quote(table.name) : `${quote(table.schema)}.${quote(table.name)}`;
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

  /** INSERT of so many rows, `returning` read back. */
  insert(columns: readonly MappedColumn[], rows: number, returning: readonly MappedColumn[]): string {
    const shape = `i${rows}:${indexes(columns)}:${indexes(returning)}`;
    return this.#text(shape, () => {
      const back = returning.length === 0 ? "" : ` RETURNING ${names(returning)}`;
      if (columns.length === 0) return `INSERT INTO ${this.table} DEFAULT VALUES${back}`;
      const place = this.#placeholders();
      const values = Array.from({ length: rows }, () => `(${columns.map(() => place()).join(", ")})`);
      return `INSERT INTO ${this.table} (${names(columns)}) VALUES ${values.join(", ")}${back}`;
    });
  }

  /** UPDATE of the row with the key, and of the version where `guarded`. */
  update(set: readonly MappedColumn[], guarded: boolean, returning: readonly MappedColumn[]): string {
    const shape = `u${guarded ? "v" : ""}${indexes(set)}:${indexes(returning)}`;
    return this.#text(shape, () => {
      const place = this.#placeholders();
      const assignments = set.map((column) => `${column.quoted} = ${place()}`).join(", ");
      const back = returning.length === 0 ? "" : ` RETURNING ${names(returning)}`;
      return `UPDATE ${this.table} SET ${assignments} WHERE ${this.#row(place, guarded)}${back}`;
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

  /**
   * Rows reached through a link's table: the link's `local` columns, then all columns of this model. `pairs` say
   * which column of the link equals which one here.
   */
  selectThrough(
    link: Statements,
    local: readonly MappedColumn[],
    pairs: readonly { readonly link: MappedColumn; readonly remote: MappedColumn }[],
    count: number,
    orderBy: string,
  ): string {
    const on = pairs.map((pair) => `l.${pair.link.quoted} = t.${pair.remote.quoted}`).join(" AND ");
    const shape = `st${count}:${link.table}:${indexes(local)}:${on}:${orderBy}`;
    return this.#text(shape, () => {
      const head = local.map((column) => `l.${column.quoted}`);
      const own = this.#columns.map((column) => `t.${column.quoted}`);
      const where = this.matches(local, count, "l.");
      return `SELECT ${[...head, ...own].join(", ")} FROM ${link.table} AS l JOIN ${this.table} AS t ON ${on} WHERE ${where}${orderBy}`;
    });
  }

  /** `a IN (?, ?)`, or for several columns `(a = ? AND b = ?) OR …`. */
  matches(columns: readonly MappedColumn[], count: number, prefix: string): string {
    const place = this.#placeholders();
    const [only] = columns;
    if (only !== undefined && columns.length === 1) {
      if (count === 1) return `${prefix}${only.quoted} = ${place()}`;
      return `${prefix}${only.quoted} IN (${Array.from({ length: count }, place).join(", ")})`;
    }
    const row = (): string =>
      `(${columns.map((column) => `${prefix}${column.quoted} = ${place()}`).join(" AND ")})`;
    return Array.from({ length: count }, row).join(" OR ");
  }

  #placeholders(): () => string {
    const { placeholder } = this.#dialect.query;
    let n = 0;
    return () => {
      n += 1;
      return placeholder(n);
    };
  }
}

function indexes(columns: readonly MappedColumn[]): string {
  return columns.map((column) => column.index).join(",");
}

function names(columns: readonly MappedColumn[]): string {
  return columns.map((column) => column.quoted).join(", ");
}
