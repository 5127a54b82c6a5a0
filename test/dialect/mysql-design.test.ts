/** What is particular to MySQL and MariaDB when schemas are read, compared and changed: on a real server. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Connection, ConnectionSource, DesignDialect } from "../../src/dialect/index.ts";
import { diff } from "../../src/diff/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import type { AlterColumn, Operation } from "../../src/operation/operation.ts";
import { plan } from "../../src/plan/index.ts";
import {
  type Column,
  check,
  column,
  emptySchema,
  foreignKey,
  index,
  indexPart,
  primaryKey,
  type Schema,
  schema,
  type Table,
  t,
  table,
  unique,
} from "../../src/schema/index.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

for (const row of dialects.filter((each) => each.server === "mariadb")) {
  describe(`design time on ${row.name}`, () => {
    let design: DesignDialect;
    let source: ConnectionSource;
    let connection: Connection;
    let close: () => Promise<void>;

    before(async () => {
      ({ design, source, connection, close } = await openWorkplace(row));
    });

    after(() => close());

    beforeEach(async () => {
      for (const each of (await inspect()).objects.filter(({ kind }) => kind === "view"))
        await connection.query(`DROP VIEW \`${each.name}\``);
      await connection.query("SET foreign_key_checks = 0");
      const { rows } = await connection.query("SHOW FULL TABLES");
      for (const [name, kind] of rows) {
        await connection.query(`DROP ${kind === "SEQUENCE" ? "SEQUENCE" : "TABLE"} \`${String(name)}\``);
      }
      await connection.query("SET foreign_key_checks = 1");
    });

    const inspect = (): Promise<Schema> => design.inspector.inspect(connection);

    async function run(operations: readonly Operation[]): Promise<Schema> {
      await runPlan(plan(operations, await inspect(), design), connection);
      return inspect();
    }

    /** Brings the database to these tables, by the differ; whether it found anything to do a second time is an error. */
    async function become(...tables: readonly Table[]): Promise<Schema> {
      const wanted = await design.canonical(schema(tables), connection);
      const managed = async (): Promise<Schema> => ({ ...emptySchema, tables: (await inspect()).tables });
      await run(diff(await managed(), wanted, design.rules));
      assert.deepEqual(diff(await managed(), wanted, design.rules), []);
      return inspect();
    }

    const values = async (sql: string): Promise<unknown> => (await connection.query(sql)).rows;
    const indexNames = async (of: string): Promise<unknown> =>
      values(
        `SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${of}' ORDER BY 1`,
      );

    const id = column("id", t.integer(), { nullable: false, autoIncrement: true });
    const key = primaryKey(["id"]);
    const hero = (...columns: Table["columns"]): Table =>
      table("hero", [id, ...columns], { primaryKey: key });
    const ref = { schema: null, name: "hero" };
    const alter = (name: string, to: AlterColumn["to"], rest: Partial<AlterColumn> = {}): AlterColumn => ({
      kind: "alterColumn",
      table: ref,
      name,
      from: {},
      to,
      using: null,
      ...rest,
    });

    describe("rows are never filled with values of the server's own", () => {
      const age = column("age", t.integer(), { nullable: false });
      const add: Operation = { kind: "addColumn", table: ref, column: age };

      it("a required column without a default comes to an empty table only", async () => {
        await become(hero());
        await connection.query("INSERT INTO hero VALUES (1)");
        const there = await inspect();
        await assert.rejects(run([add]), { code: "PLAN.VIOLATION" });
        assert.deepEqual(await inspect(), there);
        await connection.query("DELETE FROM hero");
        assert.equal((await run([add])).tables[0]?.columns.length, 2);
      });

      it("it does not come along with others either", async () => {
        await become(hero());
        await connection.query("INSERT INTO hero VALUES (1)");
        const other: Operation = { kind: "addColumn", table: ref, column: column("note", t.text()) };
        await assert.rejects(run([other, add]), { code: "PLAN.VIOLATION" });
        assert.equal((await inspect()).tables[0]?.columns.length, 1);
      });

      it("a column becomes required where no row lacks a value", async () => {
        await become(hero(column("age", t.integer())));
        await connection.query("INSERT INTO hero VALUES (1, NULL), (2, 3)");
        await assert.rejects(run([alter("age", { nullable: false })]), { code: "PLAN.VIOLATION" });
        await connection.query("UPDATE hero SET age = 4 WHERE age IS NULL");
        await run([alter("age", { nullable: false })]);
        assert.deepEqual(await values("SELECT age FROM hero ORDER BY id"), [[4], [3]]);
      });

      it("a script stops there as well", async () => {
        await become(hero());
        const [checked] = design.ddl.preconditions?.([add], await inspect()) ?? [];
        const assertion = design.ddl.assertion?.(checked!) ?? "";
        await connection.query(assertion);
        await connection.query("INSERT INTO hero VALUES (1)");
        await assert.rejects(connection.query(assertion));
      });

      it("rows get numbers where a key comes to a table", async () => {
        await become(table("hero", [column("name", t.varchar(20))]));
        await connection.query("INSERT INTO hero VALUES ('a'), ('b')");
        await become(hero(column("name", t.varchar(20))));
        assert.deepEqual(await values("SELECT id FROM hero ORDER BY id"), [[1], [2]]);
        await connection.query("INSERT INTO hero (name) VALUES ('c')");
        assert.deepEqual(await values("SELECT max(id) FROM hero"), [[3]]);
      });
    });

    describe("columns change with their values", () => {
      it("by an expression, and what stands on the column stays", async () => {
        const size = column("size", t.varchar(20), { nullable: false, comment: "how tall" });
        const seen = column("seen", t.timestamp(), { options: { mysql: { onUpdate: "CURRENT_TIMESTAMP" } } });
        const twice = column("twice", t.varchar(60), {
          generated: { expression: 'concat("size", "size")', stored: true },
        });
        const rest = {
          uniques: [unique(["size"], { name: "uq" })],
          indexes: [index("ix", ["seen", "size"])],
          checks: [check("\"size\" <> '0'", { name: "ck" })],
        };
        await become({ ...hero(size, seen, twice), ...rest });
        await connection.query(
          "INSERT INTO hero (size, seen) VALUES ('12 cm', '2020-01-01'), ('7 cm', NULL)",
        );
        const change = alter("size", { type: t.integer() }, { using: "substring_index(\"size\", ' ', 1)" });
        const there = await run([change]);
        assert.deepEqual(await values("SELECT size, twice, date(seen) FROM hero ORDER BY id"), [
          [12, "1212", "2020-01-01"],
          [7, "77", null],
        ]);
        const wanted = { ...hero({ ...size, type: t.integer() }, seen, twice), ...rest };
        const canonical = await design.canonical(schema([wanted]), connection);
        assert.deepEqual(diff({ ...emptySchema, tables: there.tables }, canonical, design.rules), []);
      });

      it("while a column computed from them is computed from another", async () => {
        const age = column("age", t.smallint());
        const size = column("size", t.integer(), { nullable: false });
        const next = (of: string, stored: boolean): Column =>
          column("next", t.integer(), { generated: { expression: `"${of}" + 1`, stored } });
        const rest = { indexes: [index("ix", ["next"])], uniques: [unique(["next", "id"], { name: "uq" })] };
        const uuid = { ...age, type: t.uuid() };
        const [was, is] = [hero(age, size, next("age", false)), hero(uuid, size, next("size", true))];
        await become({ ...was, ...rest });
        await connection.query("INSERT INTO hero (age, size) VALUES (NULL, 7)");
        for (const [columns, value] of [
          [is, 8],
          [was, null],
          [is, 8],
        ] as const) {
          await become({ ...columns, ...rest });
          assert.deepEqual(await values("SELECT size, next FROM hero"), [[7, value]]);
          assert.deepEqual(await indexNames("hero"), [["ix"], ["PRIMARY"], ["uq"]]);
        }
      });

      it("the values of an enum by a mapping, also where they change places", async () => {
        const kind = column("kind", t.enum(["a", "b"]), {
          nullable: false,
          default: { kind: "literal", value: "a" },
        });
        await become(hero(kind));
        await connection.query("INSERT INTO hero (kind) VALUES ('a'), ('b'), ('a')");
        const to = { type: t.enum(["b", "c"]), default: { kind: "literal", value: "c" } } as const;
        await run([alter("kind", to, { values: { a: "b", b: "c" } })]);
        assert.deepEqual(await values("SELECT kind FROM hero ORDER BY id"), [["b"], ["c"], ["b"]]);
        assert.deepEqual(
          await values(
            "SELECT COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME = 'kind'",
          ),
          [["enum('b','c')"]],
        );
      });

      it("an enum loses no value that a row has", async () => {
        await become(hero(column("kind", t.enum(["a", "b"]))));
        await connection.query("INSERT INTO hero (kind) VALUES ('b')");
        await assert.rejects(run([alter("kind", { type: t.enum(["a"]) })]));
        assert.deepEqual(await values("SELECT kind FROM hero"), [["b"]]);
      });

      it("what was computed when read is kept where it becomes a column of its own", async () => {
        const next = column("next", t.integer(), { generated: { expression: '"age" + 1', stored: false } });
        await become({ ...hero(column("age", t.integer()), next), indexes: [index("ix", ["next"])] });
        await connection.query("INSERT INTO hero (age) VALUES (3)");
        await run([alter("next", { generated: null })]);
        assert.deepEqual(await values("SELECT next FROM hero"), [[4]]);
        assert.deepEqual(await indexNames("hero"), [["ix"], ["PRIMARY"]]);
      });

      it("a column is renamed under checks, computed columns and indexes", async () => {
        const next = column("next", t.integer(), { generated: { expression: '"age" + 1', stored: true } });
        const rest = { checks: [check('"age" > 0', { name: "ck" })], indexes: [index("ix", ["age"])] };
        await become({ ...hero(column("age", t.integer()), next), ...rest });
        const there = await run([{ kind: "renameColumn", table: ref, from: "age", to: "order" }]);
        assert.equal(there.tables[0]?.checks[0]?.expression, "`order` > 0");
        assert.equal(there.tables[0]?.columns[2]?.generated?.expression, "`order` + 1");
      });
    });

    describe("foreign keys", () => {
      const team = (type: Table["columns"][number]["type"]): Table =>
        table("team", [column("id", type, { nullable: false })], { primaryKey: key });
      const member = (type: Table["columns"][number]["type"], rest: Partial<Table> = {}): Table => ({
        ...hero(column("team_id", type)),
        foreignKeys: [
          foreignKey(["team_id"], { schema: null, name: "team", columns: ["id"] }, { name: "fk" }),
        ],
        ...rest,
      });

      it("are taken off while the types of both columns change", async () => {
        await become(team(t.integer()), member(t.integer()));
        await connection.query("INSERT INTO team VALUES (1)");
        await connection.query("INSERT INTO hero (team_id) VALUES (1)");
        await become(team(t.bigint()), member(t.bigint()));
        await assert.rejects(connection.query("INSERT INTO hero (team_id) VALUES (2)"), {
          code: "DATABASE.FOREIGN_KEY",
        });
        assert.deepEqual(await values("SELECT team_id FROM hero"), [[1]]);
      });

      it("refuse that one of them changes alone, before anything is done", async () => {
        const there = await become(team(t.integer()), member(t.integer()));
        await assert.rejects(run([alter("team_id", { type: t.bigint() })]), { code: "PLAN.UNSUPPORTED" });
        assert.deepEqual(await inspect(), there);
      });

      it("have an index of their own that is nobody's difference", async () => {
        const indexed = { indexes: [index("ix", ["team_id"])] };
        await become(team(t.integer()), member(t.integer()));
        assert.deepEqual(await indexNames("hero"), [["fk"], ["PRIMARY"]]);
        await become(team(t.integer()), member(t.integer(), indexed));
        assert.deepEqual(await indexNames("hero"), [["ix"], ["PRIMARY"]]);
        await become(team(t.integer()), member(t.integer()));
        assert.deepEqual(await indexNames("hero"), [["fk"], ["PRIMARY"]]);
        await become(team(t.integer()), hero(column("team_id", t.integer())));
        assert.deepEqual(await indexNames("hero"), [["PRIMARY"]]);
      });

      it("share an index, and the one that is left keeps it", async () => {
        const two = member(t.integer(), {
          foreignKeys: ["fk1", "fk2"].map((name) =>
            foreignKey(["team_id"], { schema: null, name: "team", columns: ["id"] }, { name }),
          ),
        });
        await become(team(t.integer()), two);
        for (const kept of [two.foreignKeys[1]!, two.foreignKeys[0]!]) {
          await become(team(t.integer()), two);
          await become(team(t.integer()), { ...two, foreignKeys: [kept] });
        }
        await become(team(t.integer()), { ...two, foreignKeys: [] });
        assert.deepEqual(await indexNames("hero"), [["PRIMARY"]]);
      });
    });

    describe("one history, every database", () => {
      const name = column("name", t.varchar(20));

      it("a unique index and a unique constraint are one thing, under either word", async () => {
        await become(hero(name));
        const made = index("uq", ["name"], { unique: true });
        const there = await run([{ kind: "createIndex", table: ref, index: made }]);
        assert.equal(there.tables[0]?.uniques[0]?.name, "uq");
        await run([{ kind: "dropIndex", table: ref, name: "uq", index: made }]);
        assert.deepEqual(await indexNames("hero"), [["PRIMARY"]]);
        const falling = index("uq", [indexPart("name", { order: "desc" })], { unique: true });
        await run([{ kind: "createIndex", table: ref, index: falling }]);
        await run([{ kind: "dropUnique", table: ref, name: "uq", unique: null }]);
        assert.deepEqual(await indexNames("hero"), [["PRIMARY"]]);
      });

      it("a table has the collation of its database unless it says another", async () => {
        const plain = await become(hero(name));
        assert.deepEqual(plain.tables[0]?.options, {});
        await become({ ...hero(name), options: { mysql: { charset: "latin1" } } });
        await become(hero(name));
        assert.deepEqual(await inspect(), plain);
      });

      it("a text without a limit is indexed by its beginning, and unique as a whole", async () => {
        const note = column("note", t.text());
        await become({
          ...hero(note),
          indexes: [index("ix", ["note"])],
          uniques: [unique(["note"], { name: "uq" })],
        });
        const long = "x".repeat(1000);
        await connection.query("INSERT INTO hero (note) VALUES (?), (?)", [`${long}a`, `${long}b`]);
        await assert.rejects(connection.query("INSERT INTO hero (note) VALUES (?)", [`${long}b`]), {
          code: "DATABASE.UNIQUE",
        });
      });
    });

    it("what is beside tables is listed, and stays where it is", async () => {
      await become(hero(column("name", t.varchar(20))));
      for (const sql of [
        "CREATE VIEW names AS SELECT name FROM hero",
        "CREATE TRIGGER shout BEFORE INSERT ON hero FOR EACH ROW SET NEW.name = upper(NEW.name)",
        "CREATE PROCEDURE nothing() BEGIN END",
        "CREATE FUNCTION one() RETURNS int DETERMINISTIC RETURN 1",
        "CREATE EVENT later ON SCHEDULE EVERY 1 DAY DISABLE DO SET @x = 1",
        "CREATE SEQUENCE numbers",
        "CREATE TABLE parts (a int) PARTITION BY HASH (a) PARTITIONS 2",
        "CREATE TABLE versions (a int) WITH SYSTEM VERSIONING",
      ]) {
        await connection.query(sql);
      }
      const there = await inspect();
      assert.deepEqual(there.unmanaged, []);
      assert.deepEqual(there.objects.map((each) => [each.kind, each.name, each.table?.name ?? null]).sort(), [
        ["event", "later", null],
        ["function", "one", null],
        ["procedure", "nothing", null],
        ["sequence", "numbers", null],
        ["trigger", "shout", "hero"],
        ["view", "names", null],
      ]);
      const others = there.tables.filter((each) => each.name !== "hero");
      assert.deepEqual(
        others.map((each) => each.name),
        ["parts", "versions"],
      );
      await become(hero(column("name", t.varchar(20)), column("age", t.integer())), ...others);
      const after = await inspect();
      assert.deepEqual(after.objects, there.objects);
      assert.deepEqual(
        after.tables.filter((each) => each.name !== "hero"),
        others,
      );
      for (const sql of ["DROP PROCEDURE nothing", "DROP FUNCTION one", "DROP EVENT later"])
        await connection.query(sql);
    });

    it("the canonical form leaves a transaction open, and nothing behind", async () => {
      await become(hero());
      await connection.begin();
      await connection.query("INSERT INTO hero VALUES (1)");
      const sum = column("sum", t.integer(), { default: { kind: "expression", sql: "1+2" } });
      const made = await design.canonical(schema([table("other", [sum])]), connection);
      assert.deepEqual(made.tables[0]?.columns[0]?.default, { kind: "expression", sql: "(1 + 2)" });
      await connection.rollback();
      assert.deepEqual(await values("SELECT count(*) FROM hero"), [[0]]);
      await assert.rejects(connection.query("SELECT * FROM athanor_scratch"));
    });

    it("the lock is of the database and of one connection", async () => {
      const other = await source.acquire();
      try {
        const release = await design.tryLock?.(connection, "athanor");
        assert.ok(release);
        assert.equal(await design.tryLock?.(other, "athanor"), null);
        await release();
        const again = await design.tryLock?.(other, "athanor");
        assert.ok(again);
        await again();
      } finally {
        await other.release();
      }
    });
  });
}
