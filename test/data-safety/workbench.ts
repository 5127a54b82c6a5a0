/** A SQLite database in a file of its own, with foreign keys enforced, for the data-loss suite. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Connection, DesignDialect, Dialect, DriverValue } from "../../src/dialect/index.ts";
import { AthanorError, type ErrorCode } from "../../src/errors/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import type { Operation } from "../../src/operation/operation.ts";
import { plan } from "../../src/plan/index.ts";
import { splitStatements } from "../../src/schema/expression.ts";
import { findTable, type Schema, type Table } from "../../src/schema/index.ts";
import { loadDialect, matrix, temporaryDatabase } from "../dialects.ts";

/** What a test does with its database. */
export interface Workbench {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly design: DesignDialect;
  /** Runs a script of statements. */
  script(sql: string): Promise<void>;
  /** The rows of a query. */
  rows(sql: string): Promise<readonly (readonly DriverValue[])[]>;
  schema(): Promise<Schema>;
  table(name: string): Promise<Table>;
  /** Plans the operations against the database as it is, and runs them. */
  change(...operations: Operation[]): Promise<void>;
  /** That the operations are refused or fail with that code, and that nothing whatever has changed. */
  refuses(code: ErrorCode, ...operations: Operation[]): Promise<AthanorError>;
  /** Every definition and every row. */
  dump(): Promise<unknown>;
}

/** The name of a table, as operations have it. */
export function ref(name: string): { schema: null; name: string } {
  return { schema: null, name };
}

/** Changes the default of a column: the smallest change for which a table is made anew. */
export function newDefault(table: string, column: string, value: string | number): Operation {
  const to = { default: { kind: "literal", value } } as const;
  return { kind: "alterColumn", table: ref(table), name: column, from: {}, to, using: null };
}

/** Opens a database and fills it; it is gone when the test ends. */
export async function workbench(context: TestContext, sql: string): Promise<Workbench> {
  const row = matrix.find((each) => each.server === null);
  assert.ok(row);
  const dialect = await loadDialect(row);
  const design = await dialect.design();
  const database = await temporaryDatabase(row);
  const source = await dialect.open(database.url);
  const connection = await source.acquire();
  context.after(async () => {
    await connection.release();
    await source.close();
    await database.remove();
  });
  const rows: Workbench["rows"] = async (query) => (await connection.query(query)).rows;
  const schema = (): Promise<Schema> => design.inspector.inspect(connection);
  const change: Workbench["change"] = async (...operations) => {
    await runPlan(plan(operations, await schema(), design), connection);
    assert.deepEqual(await rows("PRAGMA foreign_keys"), [[1]]);
    assert.deepEqual(await rows("PRAGMA legacy_alter_table"), [[0]]);
  };
  const bench: Workbench = {
    connection,
    dialect,
    design,
    script: async (text) => {
      for (const statement of splitStatements(text)) await connection.query(statement);
    },
    rows,
    schema,
    table: async (name) => {
      const table = findTable(await schema(), ref(name));
      assert.ok(table, `no table ${name}`);
      return table;
    },
    change,
    refuses: async (code, ...operations) => {
      const before = await bench.dump();
      const error = await change(...operations).then(
        () => assert.fail("nothing was refused"),
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof AthanorError)) throw error;
      assert.equal(error.code, code, error.message);
      assert.deepEqual(await bench.dump(), before);
      assert.deepEqual(await rows("PRAGMA foreign_keys"), [[1]]);
      assert.deepEqual(await rows("PRAGMA legacy_alter_table"), [[0]]);
      return error;
    },
    dump: async () => {
      const objects = await rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
      const tables = objects.filter(([type, , , text]) => type === "table" && text !== null);
      const contents: unknown[] = [];
      for (const [, name] of tables)
        contents.push(await rows(`SELECT * FROM ${dialect.query.quote(String(name))}`));
      return { objects, contents };
    },
  };
  await bench.script(sql);
  assert.deepEqual(await rows("PRAGMA foreign_keys"), [[1]]);
  return bench;
}
