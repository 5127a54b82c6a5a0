import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Dialect } from "../dialect/index.ts";
import { dialectFor } from "../dialect/registry.ts";
import { operationsFor } from "../operation/index.ts";
import { emptySchema, type ObjectKind, t } from "../schema/index.ts";
import { type MigrationOperations, record } from "../script/index.ts";
import type { Finding, LintContext, LintRevision } from "./finding.ts";
import { lint } from "./lint.ts";
import { schemaFindings } from "./operation-findings.ts";
import { idleSilences } from "./silence.ts";

type Body = (op: MigrationOperations) => void;

const ids = ["postgresql"];
const design = await (await (dialectFor("postgresql") as Promise<Dialect>)).design();

function revision(name: string, body: Body, ignore: LintRevision["ignore"] = {}): LintRevision {
  const operations = operationsFor(record({ file: `${name}.ts`, direction: "upgrade" }, body), ids);
  return { revision: name, file: `${name}.ts`, operations, ignore };
}

const base = revision("base", (op) => {
  op.createTable("team", (table) => [
    table.column("id", t.integer(), { nullable: false }),
    table.primaryKey(["id"]),
  ]);
  op.createTable("hero", (table) => [
    table.column("id", t.integer(), { nullable: false }),
    table.column("age", t.integer()),
    table.column("name", t.varchar(80)),
    table.column("mood", t.enum(["sad", "glad"], { name: "mood" })),
    table.column("twice", t.integer(), { generated: { expression: "age * 2", stored: true } }),
    table.primaryKey(["id"], { name: "pk_hero" }),
  ]);
});

/** The findings of one migration on the tables above. */
function findings(body: Body, change: Partial<LintContext> = {}): readonly Finding[] {
  const context: LintContext = { design, ids, state: emptySchema, whole: true, together: false, ...change };
  return lint([base, revision("a", body)], context).filter((each) => each.revision === "a");
}

function codes(body: Body): readonly string[] {
  return findings(body).map((each) => `${each.code} ${each.subject}`);
}

describe("lint", () => {
  const cases: readonly (readonly [name: string, Body, readonly string[]])[] = [
    ["a table dropped", (op) => op.dropTable("hero"), ["LINT101 hero"]],
    ["a column dropped", (op) => op.dropColumn("hero", "name"), ["LINT102 hero.name"]],
    ["a computed column dropped", (op) => op.dropColumn("hero", "twice"), []],
    ["a table renamed", (op) => op.renameTable("hero", "person"), ["LINT202 hero"]],
    ["a column renamed", (op) => op.renameColumn("hero", "name", "title"), ["LINT201 hero.name"]],
    [
      "a type narrowed",
      (op) => op.alterColumn("hero", "name", { type: t.varchar(20) }),
      ["LINT103 hero.name", "LINT301 hero.name"],
    ],
    ["a type widened", (op) => op.alterColumn("hero", "name", { type: t.text() }), []],
    [
      "an enum's value removed",
      (op) =>
        op.alterColumn("hero", "mood", { type: t.enum(["glad"], { name: "mood" }), values: { sad: "glad" } }),
      ["LINT104 hero.mood", "LINT301 hero.mood"],
    ],
    [
      "an enum's value more",
      (op) => op.alterColumn("hero", "mood", { type: t.enum(["sad", "glad", "mad"], { name: "mood" }) }),
      [],
    ],
    [
      "not null without default",
      (op) => op.addColumn("hero", "x", t.integer(), { nullable: false }),
      ["LINT203 hero.x"],
    ],
    [
      "not null with one",
      (op) => op.addColumn("hero", "x", t.integer(), { nullable: false, default: 1 }),
      [],
    ],
    ["set not null", (op) => op.alterColumn("hero", "age", { nullable: false }), ["LINT302 hero.age"]],
    [
      "a foreign key",
      (op) => op.addForeignKey("hero", ["age"], "team", ["id"], { name: "fk" }),
      ["LINT303 hero.fk"],
    ],
    ["a check", (op) => op.addCheck("hero", "age > 0", { name: "ck" }), ["LINT304 hero.ck"]],
    ["a unique constraint", (op) => op.addUnique("hero", ["age"], { name: "uq" }), ["LINT305 hero.uq"]],
    ["an index", (op) => op.createIndex("ix", "hero", ["age"]), ["LINT306 ix"]],
    [
      "an index built concurrently",
      (op) => op.createIndex("ix", "hero", ["age"], { options: { postgresql: { concurrently: true } } }),
      [],
    ],
    [
      "the same raw, which runs alone",
      (op) => op.execute("create index concurrently ix on hero (age)", { changes: [] }),
      [],
    ],
    [
      "keys and checks that are looked at in peace",
      (op) => {
        const options = { postgresql: { concurrently: true } };
        op.addForeignKey("hero", ["age"], "team", ["id"], { name: "fk", options });
        op.addCheck("hero", "age > 0", { name: "ck", options });
        op.addUnique("hero", ["age"], { name: "uq", options });
        op.createIndex("ix", "hero", ["age"], { options });
        op.dropIndex("ix", "hero", { options });
      },
      [],
    ],
    ["raw rows deleted", (op) => op.execute("DELETE FROM hero"), ["LINT105 DELETE FROM hero"]],
    ["some of them", (op) => op.execute("DELETE FROM hero WHERE id = 1"), []],
    [
      "a word in a text",
      (op) => op.execute("UPDATE hero SET name = 'TRUNCATE'; SELECT 1", { changes: [] }),
      [],
    ],
    [
      "raw DDL",
      (op) => op.execute("ALTER TABLE hero SET (fillfactor = 70)"),
      ["LINT401 ALTER TABLE hero SET (fillfactor = 70)"],
    ],
    ["a data step", (op) => op.run("fill", () => {}), ["LINT402 fill"]],
    ["one that says", (op) => op.run("fill", () => {}, { changes: [] }), []],
    [
      "what a raw statement says that it drops",
      (op) => op.execute("DROP TABLE hero", { changes: (inner) => inner.dropTable("hero") }),
      ["LINT101 hero"],
    ],
    ["another database's", (op) => op.on("mysql", (inner) => inner.dropTable("hero")), []],
    ["what does not fit", (op) => op.dropIndex("nothing", "hero"), ["LINT404 a"]],
    [
      "a table of its own",
      (op) => {
        op.createTable("fresh", (table) => [table.column("id", t.integer())]);
        op.addColumn("fresh", "x", t.integer(), { nullable: false });
        op.createIndex("ix", "fresh", ["id"]);
        op.dropTable("fresh");
      },
      [],
    ],
  ];
  for (const [name, body, expected] of cases) test(name, () => assert.deepEqual(codes(body), expected));

  test("a finding says what, why, how long, who waits, and how to do without", () => {
    const [found] = findings((op) => op.createIndex("ix", "hero", ["age"]));
    assert.ok(found);
    assert.deepEqual(found.lock, { name: "SHARE", blocks: "writes" });
    assert.equal(found.duration, "build");
    assert.equal(found.operation, "create index ix on hero");
    assert.deepEqual(found.statements, ['CREATE INDEX "ix" ON "hero" ("age")']);
    assert.ok(found.safe.some((line) => line.startsWith("CREATE INDEX CONCURRENTLY")));
  });

  test("tables of an earlier migration are empty where all are applied in one go", () => {
    const body: Body = (op) => op.createIndex("ix", "hero", ["age"]);
    assert.equal(findings(body).length, 1);
    assert.equal(findings(body, { together: true }).length, 0);
  });

  test("after a step that keeps silent nothing is certain", () => {
    const found = findings((op) => {
      op.execute("ALTER TABLE hero ADD COLUMN secret integer");
      op.dropColumn("hero", "secret");
    });
    assert.deepEqual(
      found.map((each) => each.code),
      ["LINT401", "LINT102", "LINT403"],
    );
  });

  test("what a file accepts: by code, by code and subject, and what it need not", () => {
    const drops: Body = (op) => {
      op.dropColumn("hero", "age");
      op.dropColumn("hero", "name");
    };
    const context: LintContext = { design, ids, state: emptySchema, whole: true, together: false };
    const accepted = (ignore: LintRevision["ignore"]): readonly (string | null)[] =>
      lint([base, revision("a", drops, ignore)], context).flatMap((each) =>
        each.code === "LINT102" ? [each.silenced] : [],
      );
    assert.deepEqual(accepted({ LINT102: "old" }), ["old", "old"]);
    assert.deepEqual(accepted({ "LINT102 hero.age": "old" }), ["old", null]);
    assert.deepEqual(accepted({ LINT101: "old" }), [null, null]);
    const file = revision("a", drops, {
      LINT102: "x",
      LINT306: "x",
      LINT777: "x",
      "LINT102 hero.id": "x",
      LINT501: "x",
    });
    const idle = idleSilences([file], lint([base, file], context));
    assert.deepEqual(
      idle.map((each) => `${each.code} ${each.subject}`),
      ["LINT901 LINT306", "LINT902 LINT777", "LINT901 LINT102 hero.id"],
    );
  });
});

test("a virtual table that is dropped takes its rows along, a view none", async () => {
  const sqlite = await (await dialectFor("sqlite")).design();
  const dropped = (kind: ObjectKind): readonly string[] => {
    const ref = { kind, dialect: "sqlite", schema: null, name: "search", table: null, signature: null };
    return schemaFindings({ kind: "dropObject", ref, object: null }, emptySchema, sqlite).map(
      ({ code, subject }) => `${code} ${subject}`,
    );
  };
  assert.deepEqual(dropped("virtualTable"), ["LINT101 search"]);
  assert.deepEqual(dropped("view"), []);
});
