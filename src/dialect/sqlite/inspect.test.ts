import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { check, findColumn, findTable, type Schema, schema, type Table, t } from "../../schema/index.ts";
import type { Connection, DriverValue } from "../connection.ts";
import { canonicalSchema } from "./canonical.ts";
import { ddl } from "./ddl.ts";
import { inspector } from "./inspect.ts";
import { parseTypeName, typeName } from "./type-name.ts";

/** A database in memory, in which a name in double quotes that is no column is a string, as in old files. */
function memory(): { database: DatabaseSync; read: () => Promise<Schema> } {
  const database = new DatabaseSync(":memory:", { enableDoubleQuotedStringLiterals: true });
  const query = async (sql: string) => {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    return {
      columns: [],
      rows: statement.all() as unknown as DriverValue[][],
      changes: 0,
      lastInsertId: null,
    };
  };
  return { database, read: () => inspector.inspect({ query } as unknown as Connection) };
}

/** Runs the script, reads it back, makes the same tables elsewhere from what was read, and reads those. */
async function inspected(sql: string): Promise<Schema> {
  const first = memory();
  first.database.exec(sql);
  const found = await first.read();
  assert.deepEqual(canonicalSchema(found), found, "what is read is canonical");
  const second = memory();
  for (const table of found.tables) {
    for (const statement of ddl.statements({ kind: "createTable", table }, found))
      second.database.exec(statement);
  }
  assert.deepEqual((await second.read()).tables, found.tables, "what is read can be made again");
  return found;
}

async function one(sql: string, name = "t"): Promise<Table> {
  const table = findTable(await inspected(sql), { schema: null, name });
  assert.ok(table);
  return table;
}

describe("a SQLite table is read back", () => {
  it("constraints of a column", async () => {
    const table = await one(
      `CREATE TABLE p (id INTEGER PRIMARY KEY);
      CREATE TABLE t (a INT CONSTRAINT nn NOT NULL ON CONFLICT FAIL DEFAULT (1 + 1) CONSTRAINT pos CHECK (a > 0, 1)
        CONSTRAINT "to p" REFERENCES p ON DELETE SET NULL ON UPDATE NO ACTION MATCH PARTIAL NOT NULL DEFERRABLE INITIALLY IMMEDIATE
        UNIQUE ON CONFLICT ROLLBACK COLLATE nocase)`.replace(", 1)", ")"),
    );
    const [a] = table.columns;
    assert.deepEqual(a?.type, t.native("sqlite", "INT"));
    assert.deepEqual(a?.default, { kind: "expression", sql: "1 + 1" });
    assert.equal(a?.collation, "NOCASE");
    assert.deepEqual(table.checks, [check("a > 0", { name: "pos" })]);
    const [key] = table.foreignKeys;
    assert.deepEqual(
      [key?.name, key?.references.columns, key?.onDelete, key?.match, key?.deferrable],
      ["to p", ["id"], "set null", "partial", "immediate"],
    );
    assert.deepEqual(table.uniques[0]?.options, { sqlite: { conflict: "rollback" } });
  });

  it("names in every kind of quotes, comments everywhere, keywords as names", async () => {
    const table = await one(
      `CREATE TABLE /* a ' */ IF NOT EXISTS main."t" ( -- it's
        [a b] TEXT /* x, y */, \`c\`\`d\` INTEGER, 'e' REAL, "check" BLOB, "primary", key TEXT,
        CHECK ([a b] <> ',)' /* ( */ AND "check" IS NULL), UNIQUE ([a b], "c\`d" DESC) )`,
    );
    assert.deepEqual(
      table.columns.map((column) => column.name),
      ["a b", "c`d", "e", "check", "primary", "key"],
    );
    assert.equal(table.checks[0]?.expression, `"a b" <> ',)' and "check" is null`);
    assert.deepEqual(table.uniques[0]?.columns, ["a b", "c`d"]);
    assert.deepEqual(table.columns[4]?.type, t.native("sqlite", ""));
  });

  it("constraints of a table without commas between them", async () => {
    const table = await one(
      "CREATE TABLE t (a, b, CONSTRAINT one CHECK (a > 1) CONSTRAINT two UNIQUE (a) CHECK (b > 1) PRIMARY KEY (b, a))",
    );
    assert.deepEqual(table.primaryKey?.columns, ["b", "a"]);
    assert.deepEqual(
      table.checks.map((each) => each.name),
      ["one", null],
    );
    assert.equal(table.uniques[0]?.name, "two");
  });

  it("columns that were added, renamed and dropped by ALTER TABLE", async () => {
    const table = await one(`CREATE TABLE t (a, b TEXT, c); CREATE TABLE p (id INTEGER PRIMARY KEY);
      ALTER TABLE t ADD COLUMN d INTEGER DEFAULT 5 REFERENCES p (id) ON DELETE CASCADE;
      ALTER TABLE t RENAME COLUMN a TO "x y"; ALTER TABLE t DROP COLUMN b`);
    assert.deepEqual(
      table.columns.map((column) => column.name),
      ["x y", "c", "d"],
    );
    assert.equal(table.foreignKeys[0]?.onDelete, "cascade");
  });

  it("what numbers rows, and what only looks like it", async () => {
    const found =
      await inspected(`CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY);
      CREATE TABLE c (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE d (id INTEGER PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE e (id INTEGER, x, PRIMARY KEY (id, x)); CREATE TABLE f (id BIGINT PRIMARY KEY)`);
    const facts = found.tables.map((table) => {
      const id = findColumn(table, "id");
      return [table.name, id?.autoIncrement, id?.nullable, id?.options];
    });
    assert.deepEqual(facts, [
      ["a", true, false, {}],
      ["b", false, true, {}],
      ["c", true, false, { sqlite: { autoincrement: true } }],
      ["d", false, false, {}],
      ["e", false, true, {}],
      ["f", false, true, {}],
    ]);
  });

  it("defaults of every kind", async () => {
    const table = await one(
      `CREATE TABLE t (a DEFAULT 1, b DEFAULT -2.5, c DEFAULT +3, d DEFAULT 'it''s', e DEFAULT x'00ff', f DEFAULT NULL,
        g DEFAULT CURRENT_TIMESTAMP, h DEFAULT (datetime('now', '-1 day')), i DEFAULT TRUE, j DEFAULT word, k DEFAULT "quoted",
        l DEFAULT ((7)))`,
    );
    const defaults = table.columns.map((column) =>
      column.default?.kind === "expression" ? column.default.sql : null,
    );
    assert.deepEqual(defaults, [
      "1",
      "-2.5",
      "+3",
      "'it''s'",
      "x'00ff'",
      null,
      "current_timestamp",
      "datetime('now', '-1 day')",
      "true",
      "'word'",
      "'quoted'",
      "7",
    ]);
  });

  it("names in double quotes that are strings, as old files have them", async () => {
    const table = await one(
      `CREATE TABLE t (kind TEXT CHECK (kind IN ("a", "b")), note TEXT CHECK ("note" <> ''))`,
    );
    assert.deepEqual(
      table.checks.map((each) => each.expression),
      ["kind in ('a', 'b')", "note <> ''"],
    );
  });

  it("indexes: order, collation, expressions, conditions", async () => {
    const table = await one(`CREATE TABLE t (a TEXT COLLATE NOCASE, b TEXT, n INTEGER);
      CREATE INDEX i1 ON t (a, b COLLATE RTRIM DESC, n);
      CREATE UNIQUE INDEX i2 ON t (a COLLATE BINARY) WHERE n > 0 AND "t"."b" IS NOT NULL;
      CREATE INDEX i3 ON t (substr(b, 1, 2) COLLATE NOCASE DESC, (n + 1), coalesce(a, 'x, y'))`);
    const [i1, i2, i3] = table.indexes;
    assert.deepEqual(
      i1?.parts.map((part) => [part.column, part.order, part.collation]),
      [
        ["a", "asc", null],
        ["b", "desc", "RTRIM"],
        ["n", "asc", null],
      ],
    );
    assert.deepEqual(
      [i2?.unique, i2?.parts[0]?.collation, i2?.where],
      [true, "BINARY", "n > 0 and b is not null"],
    );
    assert.deepEqual(
      i3?.parts.map((part) => [part.expression, part.order, part.collation]),
      [
        ["substr(b, 1, 2)", "desc", "NOCASE"],
        ["n + 1", "asc", null],
        ["coalesce(a, 'x, y')", "asc", null],
      ],
    );
  });

  it("foreign keys to a table that is not there, in other capitals, to several columns", async () => {
    const found = await inspected(`CREATE TABLE "Parent" ("A" INT, "B" INT, PRIMARY KEY ("B", "A"));
      CREATE TABLE t (x, y, FOREIGN KEY (X, Y) REFERENCES parent, FOREIGN KEY (x) REFERENCES nowhere,
        FOREIGN KEY (x, y) REFERENCES PARENT (a, b))`);
    const keys = findTable(found, { schema: null, name: "t" })?.foreignKeys.map((key) => key.references);
    assert.deepEqual(
      new Set(keys?.map((key) => JSON.stringify([key.name, key.columns]))),
      new Set(['["Parent",["B","A"]]', '["nowhere",[]]', '["Parent",["A","B"]]']),
    );
  });

  it("an enum is its check of that name and form; any other check is a check", async () => {
    const table = await one(
      `CREATE TABLE t (a TEXT CONSTRAINT ck_t_a_enum CHECK ("a" IN ('x', 'it''s')), b TEXT CONSTRAINT ck_b CHECK (b IN ('x')),
        c INTEGER CONSTRAINT ck_t_c_enum CHECK (c IN ('x')))`,
    );
    assert.deepEqual(table.columns[0]?.type, t.enum(["x", "it's"]));
    assert.deepEqual(
      table.checks.map((each) => each.name),
      ["ck_b", "ck_t_c_enum"],
    );
  });

  it("what is not a table of ours is listed and left alone", async () => {
    const { database, read } = memory();
    database.exec(`CREATE VIRTUAL TABLE f USING fts5(x); CREATE TABLE t (a); CREATE VIEW v (q) AS SELECT a FROM t;
      CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END; CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT); ANALYZE`);
    const found = await read();
    assert.deepEqual(
      found.tables.map((table) => table.name),
      ["s", "t"],
    );
    assert.deepEqual(
      found.objects.filter(({ kind }) => kind === "view").map((view) => [view.name, view.definition]),
      [["v", "(q) AS SELECT a FROM t"]],
    );
    assert.deepEqual(
      found.objects.filter(({ kind }) => kind === "trigger").map(({ table }) => table?.name),
      ["t"],
    );
    assert.equal(found.unmanaged.filter((each) => each.kind === "shadow table").length, 5);
  });

  it("takes the same few queries for one table as for hundreds", async () => {
    const { database } = memory();
    for (let n = 0; n < 300; n++)
      database.exec(`CREATE TABLE t${n} (id INTEGER PRIMARY KEY, x REFERENCES t0, UNIQUE (x))`);
    let queries = 0;
    const query = async (sql: string) => {
      queries += 1;
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return {
        columns: [],
        rows: statement.all() as unknown as DriverValue[][],
        changes: 0,
        lastInsertId: null,
      };
    };
    const found = await inspector.inspect({ query } as unknown as Connection);
    assert.equal(found.tables.length, 300);
    assert.ok(queries <= 6, String(queries));
  });
});

describe("types of SQLite", () => {
  it("each neutral type has a spelling that is read back as itself, or as the type that stands in for it", () => {
    const standIns = new Map([
      ["uuid", t.char(36)],
      ["jsonb", t.json()],
    ]);
    const types = [
      t.smallint(),
      t.integer(),
      t.bigint(),
      t.boolean(),
      t.real(),
      t.double(),
      t.numeric(),
      t.numeric(10, 2),
      t.numeric(5),
      t.char(3),
      t.varchar(),
      t.varchar(9),
      t.text(),
      t.bytes(),
      t.bytes(16),
      t.uuid(),
      t.date(),
      t.time(),
      t.time({ precision: 3, timezone: true }),
      t.timestamp(),
      t.timestamp(6),
      t.timestamptz(),
      t.timestamptz(3),
      t.interval(),
      t.json(),
      t.jsonb(),
      t.native("sqlite", "NVARCHAR(160)"),
    ];
    for (const type of types)
      assert.deepEqual(parseTypeName(typeName(type)), standIns.get(type.kind) ?? type);
  });

  it("strict tables have their five", () => {
    assert.equal(typeName(t.boolean(), true), "INTEGER");
    assert.equal(typeName(t.numeric(10, 2), true), "TEXT");
    assert.deepEqual(parseTypeName("ANY", true), t.native("sqlite", "ANY"));
  });

  it("an empty schema is canonical", () => {
    assert.deepEqual(canonicalSchema(schema([])), schema([]));
  });
});
