/** A database with tables of its own for tests of Sessions, on one dialect. */

import type { Dialect } from "../../src/dialect/index.ts";
import { createAll, createEngine, dropAll, type Engine, isAthanorError, Session } from "../../src/index.ts";
import type { EngineOptions } from "../../src/session/engine.ts";
import type { SessionOptions } from "../../src/session/options.ts";
import { type TemporaryDatabase, type TestDialect, temporaryDatabase } from "../dialects.ts";

/** Models as `createAll` takes them. */
export type Models = NonNullable<Parameters<typeof createAll>[1]>;

/** One database, an engine for it, and what it was sent. */
export class TestDatabase {
  /** Another one after each `clear`: statements kept prepared do not outlive the tables they are about. */
  engine: Engine;
  readonly dialect: Dialect;
  readonly url: string;
  readonly models: Models;
  /** The statements since they were last forgotten. */
  readonly statements: string[] = [];
  readonly #temporary: TemporaryDatabase;
  readonly #options: EngineOptions;

  private constructor(
    temporary: TemporaryDatabase,
    dialect: Dialect,
    models: Models,
    options: EngineOptions,
  ) {
    this.dialect = dialect;
    this.url = temporary.url;
    this.models = models;
    this.#temporary = temporary;
    this.#options = options;
    this.engine = this.#connect();
  }

  /** An empty database with the tables of `models`. */
  static async create(on: TestDialect, models: Models, options: EngineOptions = {}): Promise<TestDatabase> {
    const temporary = await temporaryDatabase(on);
    const first = createEngine(temporary.url);
    const database = new TestDatabase(temporary, await first.dialect, models, options);
    await first.dispose();
    await createAll(database.engine, models);
    database.forget();
    return database;
  }

  #connect(): Engine {
    return createEngine(this.url, { ...this.#options, onStatement: ({ sql }) => this.statements.push(sql) });
  }

  /** Another engine for the same database. */
  async reconnect(): Promise<void> {
    await this.engine.dispose();
    this.engine = this.#connect();
  }

  /** Makes every table anew. */
  async clear(): Promise<void> {
    await dropAll(this.engine, this.models);
    await this.reconnect();
    await createAll(this.engine, this.models);
    this.forget();
  }

  /** Runs `work` with a Session of its own. */
  run<T>(work: (session: Session) => Promise<T>, options: SessionOptions = {}): Promise<T> {
    return Session.run(this.engine, work, options);
  }

  /** The statements that begin with a word, since they were last forgotten. */
  sent(word: string): string[] {
    return this.statements.filter((sql) => sql.startsWith(word));
  }

  /** Forgets the statements. */
  forget(): void {
    this.statements.length = 0;
  }

  async remove(): Promise<void> {
    await this.engine.dispose();
    await this.#temporary.remove();
  }
}

/** Whether an error has a code; for `assert.rejects` and `assert.throws`. */
export const code =
  (expected: string) =>
  (error: unknown): boolean => {
    if (isAthanorError(error) && error.code === expected) return true;
    throw error;
  };
