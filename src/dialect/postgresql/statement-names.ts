import { createHash } from "node:crypto";
import type { DriverValue } from "../connection.ts";
import type { Description } from "./kept-query.ts";

/** Statements worth keeping prepared on the server: those that run often have parameters or read. */
const keepable = /^\s*(?:select|with|insert|update|delete)\b/i;

/**
 * Begins queries of the server's own catalog: what they mean never changes, and planning them costs more than running
 * them, so they are kept prepared.
 */
export const catalogMark = "/* catalog */";

/** Statements after which a prepared one may mean something else. */
const definition = /^\s*(?:create|alter|drop|set)\b/i;

/** Takes back what was done, and with it definitions. */
const undoing = /^\s*rollback\b/i;

/** Texts that are remembered at most. */
const mostTexts = 5000;

/** What has run once. */
const once = "";

/**
 * Which statements a session of the server keeps prepared, and under what names: those that run a second time, as long
 * as nothing is defined anew. Every name is one more that the server remembers for as long as the session lives.
 */
export class StatementNames {
  /** Names by texts; `once` for a text that has none yet. */
  readonly #names = new Map<string, string>();
  /** The columns of statements that are kept, by name. */
  readonly descriptions: Map<string, Description> = new Map();
  /** Counts changes of definitions: what was prepared before has the types of before. */
  #generation = 0;
  /** The open transaction has changed definitions, so that they change again when it is rolled back. */
  #redefined = false;

  /** The name under which the statement is kept; null where it is not worth it. */
  of(sql: string, params: readonly DriverValue[]): string | null {
    if (params.length === 0) return sql.startsWith(catalogMark) ? hashed(sql) : null;
    const known = this.#names.get(sql);
    if (known !== undefined && known !== once) return known;
    if (known === undefined && !keepable.test(sql)) return null;
    if (this.#names.size >= mostTexts) this.#clear();
    const name = known === undefined ? once : `${hashed(sql)}_${this.#generation}`;
    this.#names.set(sql, name);
    return name === once ? null : name;
  }

  /** A statement has run, after which a transaction was open or not. */
  ran(sql: string, inTransaction: boolean): void {
    const defines = definition.test(sql);
    if (defines || (this.#redefined && undoing.test(sql))) this.forget();
    this.#redefined = inTransaction && (this.#redefined || defines);
  }

  /** What is prepared means something else by now. */
  forget(): void {
    this.#generation++;
    this.#clear();
  }

  #clear(): void {
    this.#names.clear();
    this.descriptions.clear();
  }

  /** A transaction is over. */
  ended(): void {
    this.#redefined = false;
  }
}

/** Names of prepared statements have 63 bytes at most: a hash of the text stands for it. */
function hashed(sql: string): string {
  return `athanor_${createHash("sha1").update(sql).digest("base64url")}`;
}
