import { isAthanorError } from "../../errors/index.ts";
import { enumKey, namedEnum } from "../../operation/apply-enum.ts";
import type { ColumnType, Index, Table } from "../../schema/index.ts";
import { isIdentifier, isWord, tokenize } from "../../schema/lexer.ts";
import type { Connection } from "../connection.ts";
import { readTemporary } from "./catalog.ts";
import { checkClause, columnClause, createIndexStatement, exclusionClause } from "./ddl-clauses.ts";
import { schemaOf } from "./inspect.ts";
import { createEnum, enumName, type NamedEnum } from "./physical.ts";
import { quoteName } from "./quote.ts";

/**
 * Only the server knows how it writes an expression down. So what has expressions is made in the session's temporary
 * schema, inside a transaction, read back, and rolled back: nothing is left behind, and no other session sees it.
 */

const savepoint = "athanor_scratch";
const step = "athanor_scratch_step";
const part = "athanor_scratch_part";

/** Something of a schema made temporarily; where the server refuses, what was written stays as it is. */
export class Scratch {
  readonly #connection: Connection;
  /** Temporary names of enums, with what the server would print in their place. */
  readonly #printed = new Map<string, string>();
  readonly #enums = new Map<string, NamedEnum>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Runs `work` and takes everything back. */
  static async within<T>(connection: Connection, work: (scratch: Scratch) => Promise<T>): Promise<T> {
    const inside = connection.inTransaction;
    if (inside) await connection.savepoint(savepoint);
    else await connection.begin();
    try {
      return await work(new Scratch(connection));
    } finally {
      if (inside) await connection.rollbackToSavepoint(savepoint);
      else await connection.rollback();
    }
  }

  /** Whether the statement could be run; a refusal changes nothing. */
  async attempt(sql: string): Promise<boolean> {
    await this.#connection.savepoint(step);
    try {
      await this.#connection.query(sql);
      await this.#connection.releaseSavepoint(step);
      return true;
    } catch (error) {
      if (!isAthanorError(error) || error.code === "DATABASE.CONNECTION") throw error;
      await this.#connection.rollbackToSavepoint(step);
      return false;
    }
  }

  /** Runs statements, all in one go if the server takes them; else one by one, and what it refuses is left out. */
  async attemptAll(statements: readonly string[], tagFor: (text: string) => string): Promise<void> {
    if (statements.length === 0) return;
    const body = `BEGIN ${statements.join("; ")}; END`;
    const tag = tagFor(body);
    if (await this.attempt(`DO ${tag} ${body} ${tag}`)) return;
    for (const statement of statements) await this.attempt(statement);
  }

  /** Runs `work` and takes back what it made, and with it the locks: a server holds no more than some thousands. */
  async apart<T>(work: () => Promise<T>): Promise<T> {
    await this.#connection.savepoint(part);
    const result = await work();
    await this.#connection.rollbackToSavepoint(part);
    return result;
  }

  /** Makes the enums, under names that nothing else has. */
  async makeEnums(enums: Iterable<NamedEnum>): Promise<void> {
    for (const type of enums) {
      const temporary = { ...type, schema: "pg_temp", name: `athanor_enum_${this.#enums.size}` };
      await this.attempt(createEnum(temporary));
      this.#enums.set(enumKey(type), temporary);
      this.#printed.set(temporary.name, await this.#nameOf(type));
    }
  }

  /** How the server prints an enum's name: quoted where it has to be. */
  async #nameOf(type: NamedEnum): Promise<string> {
    const { rows } = await this.#connection.query("SELECT quote_ident($1), quote_ident($2)", [
      type.schema ?? "",
      type.name,
    ]);
    const [schema, name] = rows[0] ?? [];
    return type.schema === null ? String(name) : `${String(schema)}.${String(name)}`;
  }

  /** A type with its enum put as the temporary one. */
  type(type: ColumnType): ColumnType {
    if (type.kind === "array") return { kind: "array", of: this.type(type.of) };
    const named = namedEnum(type);
    return (named && this.#enums.get(enumKey(named))) ?? type;
  }

  /** An expression in which casts to enums name the temporary ones. */
  expression(sql: string): string {
    if (this.#enums.size === 0) return sql;
    const tokens = tokenize(sql);
    let result = "";
    let copied = 0;
    tokens.forEach((token, at) => {
      const first = tokens[at + 1];
      if ((token.text !== "::" && !isWord(token, "as")) || !isIdentifier(first)) return;
      const second = tokens[at + 2]?.text === "." ? tokens[at + 3] : undefined;
      const qualified = isIdentifier(second);
      const schema = qualified ? first.value : null;
      const name = qualified ? second.value : first.value;
      const found =
        this.#enums.get(enumKey({ schema, name })) ??
        (schema === "public" ? this.#enums.get(enumKey({ schema: null, name })) : undefined);
      if (found === undefined) return;
      result += sql.slice(copied, first.start) + enumName(found);
      copied = (qualified ? second : first).end;
    });
    return result + sql.slice(copied);
  }

  /** The server's text with the enums' own names in place of the temporary ones. */
  printed(sql: string): string {
    if (this.#printed.size === 0 || !sql.includes("athanor_enum_")) return sql;
    let result = "";
    let copied = 0;
    for (const token of tokenize(sql)) {
      const name = this.#printed.get(token.text);
      if (name === undefined) continue;
      result += sql.slice(copied, token.start) + name;
      copied = token.end;
    }
    return result + sql.slice(copied);
  }

  /** Makes tables, all in one go if the server takes them; else piece by piece, and what it refuses is left out. */
  async makeTables(tables: readonly Table[]): Promise<void> {
    const all = tables.flatMap((table) => [this.#creation(table, true), ...this.#pieces(table)]);
    const body = `BEGIN ${all.join("; ")}; END`;
    let tag = "athanor";
    while (body.includes(tag)) tag += "_";
    if (await this.attempt(`DO $${tag}$ ${body} $${tag}$`)) return;
    for (const table of tables) {
      if (tables.length > 1) {
        await this.makeTables([table]);
        continue;
      }
      const made =
        (await this.attempt(this.#creation(table, true))) ||
        (await this.attempt(this.#creation(table, false)));
      if (made) for (const piece of this.#pieces(table)) await this.attempt(piece);
    }
  }

  /** The statement that makes a table's columns: the computed ones as well, or not. */
  #creation(table: Table, whole: boolean): string {
    const columns = table.columns
      .filter((column) => whole || column.generated === null)
      .map((column) => ({
        ...column,
        type: this.type(column.type),
        default: null,
        identity: null,
        autoIncrement: false,
        generated: column.generated && {
          ...column.generated,
          expression: this.expression(column.generated.expression),
        },
      }));
    return `CREATE TEMPORARY TABLE ${quoteName(table.name)} (${columns.map(columnClause).join(", ")})`;
  }

  /** What a table has that the server writes in its own way. */
  #pieces(table: Table): readonly string[] {
    const alter = `ALTER TABLE ${quoteName(table.name)} ADD`;
    return [
      ...table.checks.map((check) => {
        const { postgresql: _, ...options } = check.options;
        return `${alter} ${checkClause({ ...check, options, expression: this.expression(check.expression) })}`;
      }),
      ...table.exclusions.map((exclusion) => `${alter} ${exclusionClause(exclusion)}`),
      ...table.indexes.filter(isWorded).map((index) => {
        const { postgresql: options } = index.options;
        const { concurrently: _, ...rest } = options ?? {};
        const parts = index.parts.map((each) => ({
          ...each,
          expression: each.expression === null ? null : this.expression(each.expression),
        }));
        const where = index.where === null ? null : this.expression(index.where);
        const own = { ...index, options: { postgresql: rest }, parts, where };
        return createIndexStatement({ ...table, schema: null }, own);
      }),
    ];
  }

  /** The tables that are there, with the server's texts; `made` are those of them that have more than columns. */
  async read(made: readonly Table[] = []): Promise<readonly Table[]> {
    const excludes = made.some(({ exclusions }) => exclusions.length > 0);
    const catalog = await readTemporary(this.#connection, {
      constraints: excludes || made.some(({ checks }) => checks.length > 0),
      indexes: excludes || made.some(({ indexes }) => indexes.some(isWorded)),
    });
    return schemaOf(catalog).tables;
  }
}

/** Whether an index has anything that the server writes in its own way. */
export function isWorded(index: Index): boolean {
  return (
    index.where !== null ||
    index.parts.some(
      (each) => each.expression !== null || each.operatorClass !== null || each.collation !== null,
    )
  );
}
