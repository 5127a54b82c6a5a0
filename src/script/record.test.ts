import assert from "node:assert/strict";
import { test } from "node:test";
import { isAthanorError } from "../errors/index.ts";
import { t } from "../schema/index.ts";
import type { MigrationOperations } from "./operations-api.ts";
import { record } from "./record.ts";

const place = { file: "versions/a.ts", direction: "upgrade" };

function refused(body: (op: MigrationOperations) => unknown): string {
  try {
    record(place, body);
  } catch (error) {
    assert.ok(isAthanorError(error), String(error));
    assert.match(error.message, /versions\/a\.ts: upgrade/);
    return `${error.code}: ${error.message}`;
  }
  return assert.fail("it was recorded");
}

/** A value the compiler would refuse, as a file without types might hold it. */
// biome-ignore lint/suspicious/noExplicitAny: what is tested is what types cannot stop
const wrong = (value: unknown): any => value;

test("a table is recorded whole", () => {
  const [operation] = record(place, (op) =>
    op.createTable({ schema: "x", name: "a.b" }, (table) => [
      table.column("id", t.integer(), { nullable: false, autoIncrement: true }),
      table.column("at", t.timestamptz(), { default: { sql: "now()" } }),
      table.primaryKey(["id"], { name: "pk" }),
      table.index("ix", [{ sql: "lower(x)" }, { column: "at", order: "desc" }]),
    ]),
  );
  assert.ok(operation?.kind === "createTable");
  assert.deepEqual([operation.table.schema, operation.table.name], ["x", "a.b"]);
  assert.deepEqual(operation.table.columns[1]?.default, { kind: "expression", sql: "now()" });
  assert.deepEqual(
    operation.table.indexes[0]?.parts.map((p) => [p.column, p.expression, p.order]),
    [
      [null, "lower(x)", "asc"],
      ["at", null, "desc"],
    ],
  );
  assert.ok(Object.isFrozen(operation.table.columns[0]));
});

test("inner recordings: changes and one dialect alone", () => {
  const operations = record(place, (op) => {
    op.execute("ALTER …", { changes: (inner) => inner.dropColumn("a", "b") });
    op.execute("UPDATE …", { changes: [] });
    op.execute("DO …");
    op.on("postgresql", (inner) => inner.dropTable("z"));
  });
  assert.deepEqual(
    operations.map((o) => ("changes" in o ? (o.changes?.map((c) => c.kind) ?? null) : o.kind)),
    [["dropColumn"], [], null, "onDialect"],
  );
});

test("a promise is refused, and its rejection is nobody's", async () => {
  assert.match(
    refused(async () => {
      throw new RangeError("late");
    }),
    /^SCRIPT\.ASYNC/,
  );
  await new Promise((resolve) => setImmediate(resolve));
});

test("a call after the end is refused", () => {
  let kept: MigrationOperations | undefined;
  record(place, (op) => {
    kept = op;
  });
  assert.throws(() => kept?.dropTable("a"), { code: "SCRIPT.TOO_LATE" });
});

test("what the body throws is named with its file", () => {
  assert.match(
    refused(() => {
      throw new TypeError("oh");
    }),
    /^SCRIPT\.THREW: .* threw: oh/,
  );
});

test("wrong arguments name the call", () => {
  const cases: readonly (readonly [(op: MigrationOperations) => unknown, RegExp])[] = [
    [(op) => op.dropTable(""), /op\.dropTable: a table is/],
    [(op) => op.dropTable(wrong(3)), /op\.dropTable: a table is .* not number/],
    [(op) => op.dropTable({ schema: "s", name: "" }), /the table's name must/],
    [(op) => op.createTable("a", wrong([])), /op\.createTable: .* must be a function/],
    [(op) => op.createTable("a", () => wrong(null)), /must return a list/],
    [(op) => op.createTable("a", () => [wrong({})]), /each part/],
    [(op) => op.createTable("a", (x) => [x.primaryKey(["a"]), x.primaryKey(["b"])]), /one primary key/],
    [(op) => op.addColumn("a", "b", wrong("INTEGER")), /a column type is what t/],
    [(op) => op.addColumn("a", "b", wrong({ kind: "int" })), /no column type "int"/],
    [(op) => op.addColumn("a", "b", t.text(), wrong({ nullabel: true })), /no option "nullabel"/],
    [(op) => op.addColumn("a", "b", t.text(), { default: wrong({ now: 1 }) }), /a default is/],
    [(op) => op.alterColumn("a", "b", {}), /nothing of the column changes/],
    [(op) => op.addForeignKey("a", ["x", "y"], "b", ["z"]), /2 columns cannot reference 1/],
    [(op) => op.addUnique("a", []), /list of names/],
    [(op) => op.dropCheck("a", wrong(undefined)), /which constraint/],
    [(op) => op.createIndex("i", "a", [wrong({ order: "asc" })]), /a key of an index is/],
    [(op) => op.execute("x", { changes: wrong(true) }), /changes is \[\]/],
    [(op) => op.run("x", wrong("y")), /the step must be a function/],
    [
      (op) =>
        op.on(
          "postgresql",
          wrong(async () => undefined),
        ),
      /must not be async/,
    ],
  ];
  for (const [body, expected] of cases) {
    const message = refused(body);
    assert.match(message, /^SCRIPT\.ARGUMENT/);
    assert.match(message, expected);
  }
});

test("a user's type keeps its description alone", () => {
  const money = { ...t.user("money", "types/money.ts", t.bigint()), encode: () => 1 };
  const [operation] = record(place, (op) => op.addColumn("a", "b", money));
  assert.ok(operation?.kind === "addColumn");
  assert.deepEqual(operation.column.type, {
    kind: "user",
    name: "money",
    from: "types/money.ts",
    base: { kind: "bigint" },
  });
});
