/**
 * What lint says of a statement, held against a server that runs it: whether the rows are written anew (the table has
 * another file afterwards), and which lock the statement holds until its transaction ends.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Connection, DesignDialect, Dialect } from "../../src/dialect/index.ts";
import { inspectDatabase } from "../../src/inspect/index.ts";
import { plan } from "../../src/plan/index.ts";
import { t } from "../../src/schema/index.ts";
import { type MigrationOperations, record } from "../../src/script/index.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

type Change = (op: MigrationOperations) => void;

const columns = `id integer PRIMARY KEY, n integer, big bigint, v varchar(20), endless varchar, txt text, c char(5),
  d numeric(10, 2), free numeric, at timestamp(3), zoned timestamptz, clock time(3), address cidr, list varchar(10)[],
  proven integer CONSTRAINT proof CHECK (proven IS NOT NULL), other integer, stored integer GENERATED ALWAYS AS (other + 1) STORED,
  e mood`;

/** Every change, and whether it writes the table anew. */
const changes: readonly (readonly [name: string, rewrites: boolean, Change])[] = [
  ["varchar longer", false, (op) => op.alterColumn("hero", "v", { type: t.varchar(30) })],
  ["varchar shorter", true, (op) => op.alterColumn("hero", "v", { type: t.varchar(10) })],
  ["varchar to text", false, (op) => op.alterColumn("hero", "v", { type: t.text() })],
  ["varchar without its limit", false, (op) => op.alterColumn("hero", "v", { type: t.varchar() })],
  ["text to varchar without a limit", false, (op) => op.alterColumn("hero", "txt", { type: t.varchar() })],
  ["text to varchar", true, (op) => op.alterColumn("hero", "txt", { type: t.varchar(99) })],
  ["varchar gets a limit", true, (op) => op.alterColumn("hero", "endless", { type: t.varchar(99) })],
  ["char to text", true, (op) => op.alterColumn("hero", "c", { type: t.text() })],
  ["char longer", true, (op) => op.alterColumn("hero", "c", { type: t.char(9) })],
  ["integer to bigint", true, (op) => op.alterColumn("hero", "n", { type: t.bigint() })],
  ["bigint to integer", true, (op) => op.alterColumn("hero", "big", { type: t.integer() })],
  ["integer to text", true, (op) => op.alterColumn("hero", "n", { type: t.text() })],
  ["numeric with more digits", false, (op) => op.alterColumn("hero", "d", { type: t.numeric(12, 2) })],
  ["numeric with another scale", true, (op) => op.alterColumn("hero", "d", { type: t.numeric(12, 3) })],
  ["numeric without a limit", false, (op) => op.alterColumn("hero", "d", { type: t.numeric() })],
  ["numeric gets a limit", true, (op) => op.alterColumn("hero", "free", { type: t.numeric(10, 2) })],
  ["timestamp with more digits", false, (op) => op.alterColumn("hero", "at", { type: t.timestamp(6) })],
  ["timestamp with fewer digits", true, (op) => op.alterColumn("hero", "at", { type: t.timestamp(0) })],
  [
    "time with more digits, by way of text",
    true,
    (op) => op.alterColumn("hero", "clock", { type: t.time({ precision: 6 }) }),
  ],
  [
    "cidr to inet, by way of text",
    true,
    (op) => op.alterColumn("hero", "address", { type: t.native("postgresql", "inet") }),
  ],
  ["a list of longer texts", true, (op) => op.alterColumn("hero", "list", { type: t.array(t.varchar(20)) })],
  ["what others are computed from", true, (op) => op.alterColumn("hero", "other", { type: t.bigint() })],
  ["computed by `using`", true, (op) => op.alterColumn("hero", "n", { type: t.bigint(), using: "n + 1" })],
  ["an enum's value more", false, (op) => op.alterColumn("hero", "e", { type: mood("sad", "ok", "glad") })],
  ["an enum's value less", true, (op) => op.alterColumn("hero", "e", { type: mood("ok") })],
  ["a column", false, (op) => op.addColumn("hero", "x", t.text())],
  [
    "a column with a value",
    false,
    (op) => op.addColumn("hero", "x", t.text(), { nullable: false, default: "a" }),
  ],
  [
    "a column with the moment",
    false,
    (op) => op.addColumn("hero", "x", t.timestamptz(), { default: { sql: "now()" } }),
  ],
  [
    "a column with a cast value",
    false,
    (op) => op.addColumn("hero", "x", t.jsonb(), { default: { sql: "'{}'::jsonb" } }),
  ],
  [
    "a column of chance",
    true,
    (op) => op.addColumn("hero", "x", t.double(), { default: { sql: "random()" } }),
  ],
  [
    "a column of uuids",
    true,
    (op) => op.addColumn("hero", "x", t.uuid(), { default: { sql: "gen_random_uuid()" } }),
  ],
  [
    "a column of clocks",
    true,
    (op) => op.addColumn("hero", "x", t.timestamptz(), { default: { sql: "clock_timestamp()" } }),
  ],
  [
    "a numbered column",
    true,
    (op) => op.addColumn("hero", "x", t.integer(), { nullable: false, autoIncrement: true }),
  ],
  [
    "a stored computed column",
    true,
    (op) => op.addColumn("hero", "x", t.integer(), { generated: { expression: "n + 1", stored: true } }),
  ],
  [
    "a column of a domain with a check",
    true,
    (op) => op.addColumn("hero", "x", t.native("postgresql", "age")),
  ],
  ["a column of a plain domain", false, (op) => op.addColumn("hero", "x", t.native("postgresql", "label"))],
  [
    "a table no longer logged",
    true,
    (op) => op.setTableOptions("hero", "postgresql", { to: { unlogged: true } }),
  ],
  [
    "a fill factor",
    false,
    (op) => op.setTableOptions("hero", "postgresql", { to: { with: { fillfactor: "70" } } }),
  ],
  ["not null", false, (op) => op.alterColumn("hero", "n", { nullable: false })],
  ["not null, proven", false, (op) => op.alterColumn("hero", "proven", { nullable: false })],
  ["null", false, (op) => op.alterColumn("hero", "n", { nullable: true })],
  ["a default", false, (op) => op.alterColumn("hero", "n", { default: 3 })],
  ["a comment", false, (op) => op.alterColumn("hero", "n", { comment: "it" })],
  ["a comment of the table", false, (op) => op.setTableComment("hero", "it")],
  ["a column less", false, (op) => op.dropColumn("hero", "n")],
  ["another name", false, (op) => op.renameColumn("hero", "n", "m")],
  ["an index", false, (op) => op.createIndex("ix", "hero", ["n"])],
  ["an index less", false, (op) => op.dropIndex("ix_big", "hero")],
  ["a unique constraint", false, (op) => op.addUnique("hero", ["n"], { name: "uq" })],
  ["a check", false, (op) => op.addCheck("hero", "n > 0", { name: "ck" })],
  ["a check, not validated", false, (op) => op.addCheck("hero", "n > 0", { name: "ck", options: later })],
  ["a foreign key", false, (op) => op.addForeignKey("hero", ["n"], "team", ["id"], { name: "fk" })],
  [
    "a foreign key, not validated",
    false,
    (op) => op.addForeignKey("hero", ["n"], "team", ["id"], { name: "fk", options: later }),
  ],
  ["a check less", false, (op) => op.dropCheck("hero", "proof")],
];

const later = { postgresql: { notValid: true } };

function mood(...values: readonly string[]): ReturnType<typeof t.enum> {
  return t.enum(values, { name: "mood" });
}

/** From weak to strong. */
const strength = ["", "SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE"];

const row = dialects.find((each) => each.name === "postgresql");

describe("what lint says of PostgreSQL", { skip: row === undefined }, () => {
  let dialect: Dialect;
  let design: DesignDialect;
  let connection: Connection;
  let close: () => Promise<void>;

  before(async () => {
    ({ dialect, design, connection, close } = await openWorkplace(row!));
    for (const sql of [
      "CREATE DOMAIN age AS integer CHECK (VALUE > 0)",
      "CREATE DOMAIN label AS text",
      "CREATE TYPE mood AS ENUM ('sad', 'ok')",
    ])
      await connection.query(sql);
  });

  beforeEach(async () => {
    for (const sql of [
      "DROP TABLE IF EXISTS hero, team",
      "CREATE TABLE team (id integer PRIMARY KEY)",
      `CREATE TABLE hero (${columns})`,
      "CREATE INDEX ix_big ON hero (big)",
      "INSERT INTO team SELECT generate_series(1, 50)",
      "INSERT INTO hero (id, n, big, proven, other, v, e) SELECT i, i, i, i, i, 'a', 'ok' FROM generate_series(1, 50) AS i",
    ])
      await connection.query(sql);
  });

  after(() => close());

  const one = async (sql: string): Promise<unknown> => (await connection.query(sql)).rows[0]?.[0];
  const file = (): Promise<unknown> => one("SELECT pg_relation_filenode('hero')::text");

  /** The safe form is SQL that the server takes, and it keeps the table's file. */
  async function runsAndWritesNothingAnew(lines: readonly string[]): Promise<void> {
    const old = await file();
    for (const line of lines) if (!line.startsWith("--")) await connection.query(line);
    assert.equal(await file(), old, "the safe form writes the table anew");
  }

  for (const [name, rewrites, change] of changes) {
    it(`${name}: ${rewrites ? "written anew" : "stays"}`, async () => {
      const state = await inspectDatabase(dialect, connection);
      const operations = record({ file: "a.ts", direction: "upgrade" }, change);
      const effect = design.liveEffect!(operations[0]!, state);
      const old = await file();
      await connection.begin({});
      try {
        for (const step of plan(operations, state, design).steps)
          if (step.kind === "statement") await connection.query(step.sql);
        assert.equal((await file()) !== old, rewrites, "the server");
        const held = await connection.query(
          "SELECT DISTINCT upper(regexp_replace(replace(mode, 'Lock', ''), '([a-z])([A-Z])', '\\1 \\2', 'g')) FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'hero'::regclass",
        );
        const strongest = Math.max(0, ...held.rows.map(([mode]) => strength.indexOf(String(mode))));
        assert.equal(effect.lock, strength[strongest], `the lock; held: ${held.rows.flat().join(", ")}`);
      } finally {
        await connection.rollback();
      }
      assert.equal(
        effect.hazards.some((hazard) => hazard.kind === "rewrite"),
        rewrites,
        "lint",
      );
      assert.equal(effect.duration === "rewrite", rewrites);
      for (const hazard of effect.hazards) await runsAndWritesNothingAnew(hazard.safe);
    });
  }
});
