import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyAll } from "../operation/index.ts";
import { emptySchema, t } from "../schema/index.ts";
import { type MigrationOperations, record } from "../script/index.ts";
import { type Branch, conflicts } from "./conflicts.ts";
import type { LintRevision } from "./finding.ts";

type Body = (op: MigrationOperations) => void;

const base = applyAll(
  emptySchema,
  record({ file: "base.ts", direction: "upgrade" }, (op) => {
    op.createTable("hero", (table) => [
      table.column("id", t.integer(), { nullable: false }),
      table.column("age", t.integer()),
      table.column("name", t.text()),
    ]);
  }),
);

function branch(head: string, body: Body, ignore: LintRevision["ignore"] = {}): Branch {
  const operations = record({ file: `${head}.ts`, direction: "upgrade" }, body);
  return { head, revisions: [{ revision: head, file: `${head}.ts`, operations, ignore }] };
}

const cases: readonly (readonly [name: string, Body, Body, readonly string[]])[] = [
  [
    "two columns",
    (op) => op.addColumn("hero", "x", t.text()),
    (op) => op.addColumn("hero", "y", t.text()),
    [],
  ],
  [
    "one column twice",
    (op) => op.addColumn("hero", "x", t.text()),
    (op) => op.addColumn("hero", "x", t.integer()),
    ["LINT501 column hero.x"],
  ],
  [
    "dropped and altered",
    (op) => op.dropColumn("hero", "age"),
    (op) => op.alterColumn("hero", "age", { nullable: false }),
    ["LINT501 column hero.age"],
  ],
  [
    "renamed and indexed",
    (op) => op.renameColumn("hero", "age", "years"),
    (op) => op.createIndex("ix", "hero", ["age"]),
    ["LINT501 column hero.age"],
  ],
  [
    "altered in two ways",
    (op) => op.alterColumn("hero", "age", { type: t.bigint() }),
    (op) => op.alterColumn("hero", "age", { type: t.text() }),
    ["LINT501 column hero.age"],
  ],
  [
    "altered alike",
    (op) => op.alterColumn("hero", "age", { type: t.bigint() }),
    (op) => op.alterColumn("hero", "age", { type: t.bigint() }),
    ["LINT502 column hero.age"],
  ],
  [
    "altered and indexed",
    (op) => op.alterColumn("hero", "age", { type: t.bigint() }),
    (op) => op.createIndex("ix", "hero", ["age"]),
    ["LINT502 column hero.age"],
  ],
  [
    "two indexes on a column",
    (op) => op.createIndex("one", "hero", ["age"]),
    (op) => op.createIndex("two", "hero", ["age"]),
    [],
  ],
  [
    "one name for two indexes",
    (op) => op.createIndex("ix", "hero", ["age"]),
    (op) => op.createIndex("ix", "hero", ["name"]),
    ["LINT501 index ix"],
  ],
  [
    "table dropped and used",
    (op) => op.dropTable("hero"),
    (op) => op.addColumn("hero", "x", t.text()),
    ["LINT501 table hero"],
  ],
  [
    "said by a raw statement",
    (op) => op.execute("…", { changes: (inner) => inner.dropColumn("hero", "age") }),
    (op) => op.createIndex("ix", "hero", ["age"]),
    ["LINT501 column hero.age"],
  ],
  [
    "a table of one's own",
    (op) => op.createTable("a", (table) => [table.column("id", t.integer())]),
    (op) => op.createTable("b", (table) => [table.column("id", t.integer())]),
    [],
  ],
  [
    "a check over a column that goes",
    (op) => op.addCheck("hero", "age > 0", { name: "ck" }),
    (op) => op.dropColumn("hero", "age"),
    ["LINT501 left and right"],
  ],
];

describe("heads that are in each other's way", () => {
  for (const [name, left, right, expected] of cases) {
    test(name, () => {
      for (const [one, two] of [
        [left, right],
        [right, left],
      ] as const) {
        const found = conflicts(branch("left", one), branch("right", two), base);
        assert.deepEqual(
          found.map((each) => `${each.code} ${each.subject}`),
          expected,
        );
      }
    });
  }

  test("both sides are named, and either may accept it", () => {
    const drop: Body = (op) => op.dropColumn("hero", "age");
    const index: Body = (op) => op.createIndex("ix", "hero", ["age"]);
    const [found] = conflicts(branch("left", drop), branch("right", index), base);
    assert.equal(found?.revision, "right");
    assert.deepEqual(found?.other, { revision: "left", file: "left.ts", operation: "drop column hero.age" });
    const accept = { LINT501: "settled" };
    for (const pair of [
      [branch("left", drop, accept), branch("right", index)],
      [branch("left", drop), branch("right", index, accept)],
    ] as const)
      assert.equal(conflicts(pair[0], pair[1], base)[0]?.silenced, "settled");
  });
});
