/** What the server keeps of objects that are changed, and of tables that keep their history: on a real server. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Connection, DesignDialect } from "../../src/dialect/index.ts";
import { quoteName } from "../../src/dialect/mysql/quote.ts";
import { diff } from "../../src/diff/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import { apply } from "../../src/operation/apply.ts";
import { plan } from "../../src/plan/index.ts";
import {
  column,
  emptySchema,
  index,
  indexPart,
  primaryKey,
  type Schema,
  type SchemaObject,
  schemaObject,
  type Table,
  t,
  table,
  unique,
} from "../../src/schema/index.ts";
import { on, openWorkplace } from "../connections.ts";
import { dialects, loadDialect, temporaryDatabase } from "../dialects.ts";

for (const row of dialects.filter((each) => each.name === "mariadb")) {
  describe(`objects and history of ${row.name}`, () => {
    let design: DesignDialect;
    let connection: Connection;
    let close: () => Promise<void>;

    before(async () => {
      ({ design, connection, close } = await openWorkplace(row));
    });

    after(() => close());

    /** Makes one schema after the other, each of which is then there. */
    async function become(...schemas: readonly Partial<Schema>[]): Promise<void> {
      for (const each of [...schemas, emptySchema]) {
        const state = await design.inspector.inspect(connection);
        const wanted = await design.canonical({ ...emptySchema, ...each }, connection);
        await runPlan(plan(diff(state, wanted, design.rules), state, design), connection);
        const found = await design.inspector.inspect(connection);
        assert.deepEqual(diff(found, wanted, design.rules), []);
        for (const object of wanted.objects) {
          const there = found.objects.find(({ name }) => name === object.name);
          assert.deepEqual([there?.options, there?.comment], [object.options, object.comment]);
        }
      }
    }

    const made = (
      kind: SchemaObject["kind"],
      body: string,
      comment: string | null,
      latin: string,
    ): Partial<Schema> => {
      const options = {
        charset: latin,
        collation: `${latin}_swedish_ci`,
        definer: "some one@%",
        sqlMode: "STRICT_ALL_TABLES",
      };
      return { objects: [schemaObject(kind, "it", body, { dialect: "mysql", comment, options })] };
    };

    it("an event that gets another comment stays whose it is, and as it was made", async () => {
      const event = "ON SCHEDULE EVERY 1 DAY STARTS '2031-01-01 00:00:00' DO SET @a = 1";
      const says = (comment: string | null) => made("event", event, comment, "latin1");
      await become(says(null), says("one"), says("two"), says(null));
    });

    it("a comment beyond the character set of a routine is what was said", async () => {
      const says = (comment: string | null, body = "BEGIN END") =>
        made("procedure", `() ${body}`, comment, "latin1");
      await become(says("ü ✓"), says("✓"), says("✓ ✓", "SET @a = 1"), says(null));
    });

    it("a mode of SQL that stands for several, and modes in any order, are what the server makes of them", async () => {
      const says = (sqlMode: string): Partial<Schema> => ({
        objects: [
          schemaObject("procedure", "it", "() SET @a = 1", { dialect: "mysql", options: { sqlMode } }),
        ],
      });
      await become(says("ANSI"), says("STRICT_ALL_TABLES,ANSI_QUOTES"), says("ANSI"));
      const { rows } = await connection.query("SELECT @@SESSION.sql_mode");
      assert.doesNotMatch(String(rows[0]?.[0]), /ANSI/);
    });

    it("a table that says when versions of rows ended has that in its keys", async () => {
      const moment = (name: string, word: string) =>
        column(name, t.native("mysql", "timestamp(6)"), {
          nullable: false,
          generated: { expression: `ROW ${word}`, stored: true },
        });
      const columns = [column("id", t.integer(), { nullable: false }), column("n", t.integer())];
      const uniques = [unique(["n"], { name: "u" })];
      const plain = table("kept", columns, { primaryKey: primaryKey(["id"]) });
      const whole: Table = {
        ...plain,
        columns: [...columns, moment("began", "START"), moment("ended", "END")],
        options: { mysql: { systemVersioned: true, period: ["began", "ended"] } },
      };
      await become({ tables: [plain] }, { tables: [whole] }, { tables: [plain] });
      await become({ tables: [{ ...whole, uniques }] });
    });

    it("a key without overlaps comes with the period of its table", async () => {
      const columns = ["a", "b", "n"].map((name) => column(name, t.date(), { nullable: false }));
      const key = index(
        "u",
        ["n", "a", "b"].map((name) => indexPart(name)),
        {
          unique: true,
          options: { mysql: { withoutOverlaps: true } },
        },
      );
      const held = { options: { mysql: { periodFor: { held: ["a", "b"] } } }, indexes: [key] };
      await become({ tables: [table("stay", columns)] }, { tables: [table("stay", columns, held)] });
    });

    it("a column is left out of a history that begins with it", async () => {
      const own = [column("id", t.integer(), { nullable: false })];
      const light = column("light", t.integer(), { options: { mysql: { unversioned: true } } });
      const history = { options: { mysql: { systemVersioned: true } } };
      const parted = {
        options: { mysql: { systemVersioned: true, partitionBy: "HASH (light) PARTITIONS 2" } },
      };
      for (const more of [history, parted])
        await become({ tables: [table("kept", own)] }, { tables: [table("kept", [...own, light], more)] });
    });

    it("each step of a history that begins or ends with columns it leaves out stands for itself", async () => {
      const own = (more: object = {}) => [
        column("id", t.integer(), { nullable: false }),
        column("n", t.integer(), more),
      ];
      const leftOut = { options: { mysql: { unversioned: true } } };
      const plain = table("kept", own());
      const kept = table("kept", [...own(leftOut), column("light", t.integer(), leftOut)], {
        comment: "kept",
        options: { mysql: { systemVersioned: true, minRows: "5" } },
      });
      let state = await design.inspector.inspect(connection);
      for (const next of [plain, kept, plain]) {
        const wanted = await design.canonical({ ...emptySchema, tables: [next] }, connection);
        for (const operation of diff(state, wanted, design.rules)) {
          await runPlan(plan([operation], state, design), connection);
          const expected = apply(state, operation);
          state = await design.inspector.inspect(connection);
          assert.deepEqual(diff(state, expected, design.rules), []);
        }
        assert.deepEqual(diff(state, wanted, design.rules), []);
      }
      await become();
    });

    it("a column counts by a sequence whatever that is called, before it is there and afterwards", async () => {
      const counted = (name: string): Partial<Schema> => {
        const sequence = schemaObject("sequence", name, "START WITH 7", { dialect: "mysql" });
        const next = { kind: "expression", sql: `(next value for ${quoteName(name)})` } as const;
        const columns = [column("id", t.integer()), column("n", t.integer(), { default: next })];
        return { objects: [sequence], tables: [table("counted", columns)] };
      };
      await become(counted("numbers"), counted("it's `all`"), counted("numbers"));
    });

    it("views and parts of tables are asked for where the list of tables says that there are any", async (t) => {
      const database = await temporaryDatabase(row);
      t.after(() => database.remove());
      let asked: string[] = [];
      const listening = await (await loadDialect(row)).open(database.url, {
        onStatement: ({ sql }) => asked.push(sql),
      });
      const steps: readonly [sql: string, asks: readonly string[]][] = [
        ["CREATE TABLE plain (id int)", []],
        ["CREATE VIEW seen AS SELECT id FROM plain", ["VIEWS"]],
        ["ALTER TABLE plain PARTITION BY HASH (id)", ["PARTITIONS", "VIEWS"]],
      ];
      await on(listening, async (own) => {
        for (const [sql, asks] of steps) {
          await own.query(sql);
          asked = [];
          const { tables, objects } = await design.inspector.inspect(own);
          const from = /information_schema\.(VIEWS|PARTITIONS)/;
          assert.deepEqual(asked.flatMap((each) => from.exec(each)?.[1] ?? []).sort(), asks);
          assert.equal(objects.length, asks.includes("VIEWS") ? 1 : 0);
          assert.equal("partitionBy" in (tables[0]?.options["mysql"] ?? {}), asks.includes("PARTITIONS"));
        }
      });
    });

    it("a table of Aria checks its pages again", async () => {
      const aria = (more: object) => ({
        tables: [
          table("aria", [column("id", t.integer())], { options: { mysql: { engine: "Aria", ...more } } }),
        ],
      });
      await become(aria({}), aria({ pageChecksum: "0", transactional: "0" }), aria({}));
    });
  });
}
