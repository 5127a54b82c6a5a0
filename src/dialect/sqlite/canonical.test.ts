import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as build from "../../schema/index.ts";
import {
  type Column,
  column,
  indexPart,
  primaryKey,
  schema,
  type Table,
  t,
  table,
  unique,
} from "../../schema/index.ts";
import { canonicalSchema } from "./canonical.ts";
import { rules } from "./rules.ts";
import { unsupported } from "./unsupported.ts";

function canonical(...tables: readonly Table[]): Table {
  const made = canonicalSchema(schema(tables));
  assert.deepEqual(canonicalSchema(made), made);
  return made.tables[0]!;
}

const only = (...columns: readonly Column[]): Table => canonical(table("t", columns));

describe("the canonical form of a schema", () => {
  it("types that SQLite stands in for", () => {
    const types = [
      t.uuid(),
      t.jsonb(),
      t.array(t.text()),
      t.user("Money", "./money.ts", t.bigint()),
      t.enum(["a"], { name: "e" }),
    ];
    const made = only(...types.map((type, at) => column(`c${at}`, type)));
    assert.deepEqual(
      made.columns.map((each) => each.type),
      [t.char(36), t.json(), t.json(), t.bigint(), t.enum(["a"])],
    );
  });

  it("a lone integer key numbers rows, whatever it was called", () => {
    for (const id of [
      column("id", t.bigint(), { nullable: false, autoIncrement: true }),
      column("id", t.integer()),
      column("id", t.smallint(), { identity: { generation: "always" } }),
    ]) {
      const made = canonical(table("t", [id], { primaryKey: primaryKey(["id"]) }));
      assert.deepEqual(made.columns[0], column("id", t.integer(), { nullable: false, autoIncrement: true }));
    }
  });

  it("defaults are SQL text, and NULL is none", () => {
    const defaults = [true, 3, "it's", null].map((value, at) =>
      column(`c${at}`, t.text(), { default: { kind: "literal", value } }),
    );
    assert.deepEqual(
      only(...defaults).columns.map((each) =>
        each.default?.kind === "expression" ? each.default.sql : null,
      ),
      ["1", "3", "'it''s'", null],
    );
  });

  it("what SQLite has no place for is gone", () => {
    const made = canonical(
      table(
        "t",
        [column("a", t.text(), { comment: "c", collation: "binary", options: { mysql: { x: 1 } } })],
        {
          comment: "c",
          uniques: [unique(["a"], { deferrable: "deferred" })],
          indexes: [
            build.index(
              "i",
              [indexPart("a", { nulls: "last", operatorClass: "x", length: 3, collation: "BINARY" })],
              {
                include: ["a"],
                method: "btree",
                comment: "c",
              },
            ),
          ],
          options: { postgresql: { unlogged: true } },
        },
      ),
    );
    const plain = table("t", [column("a", t.text())], {
      uniques: [unique(["a"])],
      indexes: [build.index("i", ["a"])],
    });
    assert.deepEqual(made, plain);
  });

  it("expressions: columns as the table spells them, no qualifier of its own, an index key that is a column", () => {
    const made = canonical(
      table("t", [column("Name", t.text()), column("n", t.integer())], {
        checks: [build.check(`(t.N > 0 AND NAME <> "t"."name")`)],
        indexes: [build.index("i", [indexPart(null, { expression: "name COLLATE nocase" })])],
      }),
    );
    assert.equal(made.checks[0]?.expression, `n > 0 and "Name" <> "Name"`);
    assert.deepEqual(made.indexes[0]?.parts, [indexPart("Name", { collation: "NOCASE" })]);
  });

  it("a foreign key that leaves the columns to the other table's key", () => {
    const parent = table("p", [column("id", t.integer())], { primaryKey: primaryKey(["id"]) });
    const child = table("c", [column("x", t.integer())], {
      foreignKeys: [build.foreignKey(["x"], { schema: null, name: "p", columns: [] })],
    });
    assert.deepEqual(canonical(child, parent).foreignKeys[0]?.references.columns, ["id"]);
  });
});

describe("what SQLite cannot tell apart", () => {
  const text = (sql: string) => ({ kind: "expression", sql }) as const;

  it("types", () => {
    assert.equal(rules.sameType(t.uuid(), t.char(36)), true);
    assert.equal(rules.sameType(t.native("sqlite", "text"), t.text()), true);
    assert.equal(rules.sameType(t.varchar(3), t.varchar(4)), false);
    assert.equal(rules.sameType(t.enum(["a", "b"]), t.enum(["b", "a"])), false);
  });

  it("defaults, by what is stored in a column of the type", () => {
    assert.equal(rules.sameDefault(text("'5'"), { kind: "literal", value: 5 }, t.integer()), true);
    assert.equal(rules.sameDefault(text("5"), text("'5'"), t.text()), true);
    assert.equal(rules.sameDefault(text("5"), text("'5'"), t.bytes()), false);
    assert.equal(rules.sameDefault(text("TRUE"), { kind: "literal", value: true }, t.boolean()), true);
    assert.equal(rules.sameDefault(text("1.0"), text("1"), t.double()), true);
    assert.equal(
      rules.sameDefault(text("CURRENT_TIMESTAMP"), text("current_timestamp"), t.timestamptz()),
      true,
    );
    assert.equal(rules.sameDefault(null, { kind: "literal", value: null }, t.text()), true);
    assert.equal(rules.sameDefault(text("''"), null, t.text()), false);
    assert.equal(rules.sameDefault(text("'a'"), text("'A'"), t.text()), false);
  });

  it("expressions: names in any case", () => {
    assert.equal(rules.sameExpression(`"Age" > 0`, "AGE>0"), true);
    assert.equal(rules.sameExpression("a = 'X'", "a = 'x'"), false);
  });
});

describe("what SQLite cannot hold", () => {
  it("is told with its name, and nothing else is", () => {
    const bad = schema(
      [
        table({ schema: "shop", name: "item" }, [column("a", t.text(), { collation: "de-x-icu" })]),
        table(
          "Hero",
          [column("n", t.integer(), { autoIncrement: true }), column("c", t.native("postgresql", "cidr"))],
          {
            uniques: [unique(["n"], { name: "uq", nullsNotDistinct: true })],
          },
        ),
        table("hero", [column("a", t.text())]),
      ],
      { namespaces: ["shop"] },
    );
    const reasons = unsupported(bad);
    for (const word of [
      /schemas: "shop"/,
      /"shop.item"/,
      /de-x-icu/,
      /Hero.n/,
      /cidr/,
      /uq/,
      /"Hero" and table "hero"/,
    ]) {
      assert.ok(
        reasons.some((reason) => word.test(reason)),
        String(word),
      );
    }
    assert.deepEqual(unsupported(schema([table("t", [column("a", t.uuid())])])), []);
  });
});
