import assert from "node:assert/strict";
import { test } from "node:test";
import { operationsFor } from "../operation/for-dialect.ts";
import { canChangeSchema } from "../operation/raw-statement.ts";
import { t } from "../schema/index.ts";
import { type MigrationOperations, record, type Script } from "../script/index.ts";
import { emptyFold, fold, foldOperations } from "./fold.ts";

type Body = (op: MigrationOperations) => void;

function script(revision: string, upgrade: Body, downgrade: Body = () => undefined): Script {
  const file = `versions/${revision}.ts`;
  return {
    revision,
    downRevisions: [],
    branchLabels: [],
    dependsOn: [],
    message: "",
    createdAt: null,
    path: `/${file}`,
    file,
    checksum: "",
    upgrade: record({ file, direction: "upgrade" }, upgrade),
    downgrade: record({ file, direction: "downgrade" }, downgrade),
  };
}

const createTeam: Body = (op) => op.createTable("team", (table) => [table.column("id", t.uuid())]);

test("a history becomes a schema, and back", () => {
  const scripts = [
    script("a", createTeam, (op) => op.dropTable("team")),
    script("b", (op) => op.addColumn("team", "name", t.text())),
  ];
  const { schema, unknown } = fold(scripts, ["one"]);
  assert.deepEqual(
    schema.tables[0]?.columns.map((column) => column.name),
    ["id", "name"],
  );
  assert.deepEqual(unknown, []);
  const [first] = scripts;
  assert.ok(first);
  const back = foldOperations(first, first.downgrade, ["one"], fold([first], ["one"]));
  assert.deepEqual(back, emptyFold);
});

test("silent steps are unknown, steps that speak are not", () => {
  const { schema, unknown } = fold(
    [
      script("a", (op) => {
        createTeam(op);
        op.execute("CREATE VIEW v AS SELECT 1");
        op.execute("UPDATE team SET id = 'a;b'");
        op.execute("ALTER TABLE team ADD x TEXT", {
          changes: (inner) => inner.addColumn("team", "x", t.text()),
        });
        op.run("fill", () => undefined, { changes: [] });
        op.run("rebuild", () => undefined);
      }),
    ],
    ["one"],
  );
  assert.deepEqual(schema.tables[0]?.columns.at(-1)?.name, "x");
  assert.deepEqual(
    unknown.map((step) => step.step),
    ["CREATE VIEW v AS SELECT 1", "rebuild"],
  );
});

test("one database sees its own blocks, or those it stands in for", () => {
  const operations = record({ file: "a", direction: "upgrade" }, (op) => {
    op.on("one", (inner) => inner.dropTable("for_one"));
    op.on("two", (inner) => inner.dropTable("for_two"));
    op.dropTable("for_all");
  });
  const names = (ids: readonly string[]) =>
    operationsFor(operations, ids).map((o) => (o.kind === "dropTable" ? o.name.name : o.kind));
  assert.deepEqual(names(["one"]), ["for_one", "for_all"]);
  assert.deepEqual(names(["two", "one"]), ["for_two", "for_all"]);
  assert.deepEqual(names(["three", "one"]), ["for_one", "for_all"]);
  assert.deepEqual(names(["three"]), ["for_all"]);
});

test("what does not fit after a silent step is unknown as well", () => {
  const { schema, unknown } = fold(
    [
      script("a", (op) => {
        op.execute("CREATE TABLE raw (id INTEGER)");
        op.addColumn("raw", "x", t.text());
        createTeam(op);
      }),
    ],
    ["one"],
  );
  assert.deepEqual(
    schema.tables.map((table) => table.name),
    ["team"],
  );
  assert.deepEqual(
    unknown.map((step) => step.step),
    ["CREATE TABLE raw (id INTEGER)", "add column raw.x (text)"],
  );
});

test("a file that does not fit is named", () => {
  assert.throws(() => fold([script("b", (op) => op.addColumn("team", "name", t.text()))], ["one"]), {
    code: "MIGRATE.HISTORY_BROKEN",
    message: /versions\/b\.ts does not fit .*team/,
  });
});

test("which raw statements can change a schema", () => {
  for (const sql of [
    "UPDATE a SET b = 'x; DROP TABLE a'",
    "-- DROP\ninsert into a values (1);",
    "/* x */ SELECT 1",
    "WITH x AS (SELECT 1) INSERT INTO a SELECT * FROM x",
  ]) {
    assert.equal(canChangeSchema(sql), false, sql);
  }
  for (const sql of [
    "ALTER TABLE a ADD b",
    "SELECT 1 INTO b",
    "UPDATE a SET b = 1; DROP TABLE a",
    "",
    "DO $$ $$",
  ]) {
    assert.equal(canChangeSchema(sql), true, sql);
  }
});

test("columns of one enum have one list of values, whichever of them is altered", () => {
  const moods = (...values: string[]) => t.enum(values, { name: "mood" });
  const { tables, enums } = fold(
    [
      script("a", (op) => {
        op.createTable("team", (table) => [table.column("mood", moods("sad"))]);
        op.createTable("hero", (table) => [table.column("moods", t.array(moods("sad")))]);
      }),
      script("b", (op) => op.alterColumn("team", "mood", { type: moods("sad", "ok") })),
    ],
    ["one"],
  ).schema;
  assert.deepEqual(enums, [moods("sad", "ok")]);
  assert.deepEqual(
    tables.map(({ columns }) => columns[0]?.type),
    [t.array(moods("sad", "ok")), moods("sad", "ok")],
  );
});
