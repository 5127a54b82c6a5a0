/** What stands beside tables is asked for kind by kind, where there is any: each is found with nothing else around it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

/** Statements that make one thing, those that take it away, and what it is called. */
const things: readonly (readonly [string, string, string])[] = [
  [
    "COMMENT ON SCHEMA public IS 'ours'",
    "COMMENT ON SCHEMA public IS 'standard public schema'",
    "SCHEMA public",
  ],
  [
    "GRANT CREATE ON SCHEMA public TO pg_monitor",
    "REVOKE CREATE ON SCHEMA public FROM pg_monitor",
    "pg_monitor ON SCHEMA public",
  ],
  [
    "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC",
    "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC",
    "public ON LANGUAGE plpgsql",
  ],
  [
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor",
    "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM pg_monitor",
    "pg_monitor ON DEFAULT TABLES",
  ],
  ["CREATE FUNCTION made() RETURNS integer LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION made()", "made"],
  [
    "CREATE AGGREGATE made(integer) (SFUNC = int4pl, STYPE = integer)",
    "DROP AGGREGATE made(integer)",
    "made",
  ],
  ["CREATE VIEW made AS SELECT 1 AS n", "DROP VIEW made", "made"],
  ["CREATE TYPE made AS (n integer)", "DROP TYPE made", "made"],
  ["CREATE DOMAIN made AS integer", "DROP DOMAIN made", "made"],
  ["CREATE SEQUENCE made", "DROP SEQUENCE made", "made"],
];

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  test(`each thing alone is found, and nothing of it afterwards (${row.name})`, async (t) => {
    const { connection, design, close } = await openWorkplace(row);
    t.after(close);
    const names = async (): Promise<readonly string[]> =>
      (await design.inspector.inspect(connection)).objects.map(({ name }) => name);
    for (const [make, drop, name] of things) {
      await connection.query(make);
      assert.deepEqual(await names(), [name], make);
      await connection.query(drop);
      assert.deepEqual(await names(), [], drop);
    }
  });
}
