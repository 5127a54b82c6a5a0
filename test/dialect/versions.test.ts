/** Servers too old for a feature, or of another kind: what is refused says which feature, and which version has it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DesignDialect, Dialect } from "../../src/dialect/index.ts";
import { type Binding, mysqlDialect } from "../../src/dialect/mysql/index.ts";
import { postgresqlDialect } from "../../src/dialect/postgresql/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import { plan } from "../../src/plan/index.ts";
import {
  check,
  column,
  emptySchema,
  foreignKey,
  index,
  indexPart,
  type Table,
  t,
  table,
  unique,
} from "../../src/schema/index.ts";
import { onEvery } from "../migrate/project.ts";

const server = (flavor: Binding["flavor"], ...version: number[]): Dialect =>
  mysqlDialect({ flavor, version });

/** What a server says against a table; one reason, or none. */
async function objection(dialect: Dialect, wanted: Table): Promise<string | undefined> {
  const design: DesignDialect = await dialect.design();
  const said = design.unsupported({ ...emptySchema, tables: [wanted] });
  assert.ok(said.length <= 1, said.join("\n"));
  const run = (): unknown => plan([{ kind: "createTable", table: wanted }], emptySchema, design);
  if (said.length === 0) run();
  else assert.throws(run, (error) => isAthanorError(error, "PLAN.UNSUPPORTED") && error.exit === 3);
  return said[0];
}

const number = column("a", t.integer());

interface Feature {
  readonly name: string;
  readonly table: Table;
  readonly old: Dialect;
  readonly young: Dialect | null;
  readonly says: RegExp;
}

const features: readonly Feature[] = [
  {
    name: "unique constraints that take nulls for equal",
    table: table("x", [number], { uniques: [unique(["a"], { name: "uq", nullsNotDistinct: true })] }),
    old: postgresqlDialect(140_011),
    young: postgresqlDialect(150_004),
    says: /NULLS NOT DISTINCT needs PostgreSQL 15 or newer, and this server is 14\.11: unique constraint "uq"/,
  },
  {
    name: "columns that are computed when read",
    table: table("x", [
      number,
      column("b", t.integer(), { generated: { expression: "a + 1", stored: false } }),
    ]),
    old: postgresqlDialect(170_002),
    young: postgresqlDialect(180_000),
    says: /need PostgreSQL 18 or newer, and this server is 17\.2: "x\.b"/,
  },
  {
    name: "a list of columns to set null",
    table: table("x", [number, column("b", t.integer())], {
      foreignKeys: [
        foreignKey(
          ["a", "b"],
          { schema: null, name: "y", columns: ["a", "b"] },
          {
            name: "fk",
            onDelete: "set null",
            options: { postgresql: { onDeleteColumns: ["b"] } },
          },
        ),
      ],
    }),
    old: postgresqlDialect(130_014),
    young: postgresqlDialect(150_000),
    says: /needs PostgreSQL 15 or newer, and this server is 13\.14: foreign key "fk" of table "x"/,
  },
  {
    name: "checks",
    table: table("x", [number], { checks: [check("a > 0", { name: "ck" })] }),
    old: server("mysql", 8, 0, 15),
    young: server("mysql", 8, 0, 16),
    says: /MySQL has checks that hold from 8\.0\.16 on, and this server is 8\.0\.15: "ck"/,
  },
  {
    name: "defaults that are expressions",
    table: table("x", [column("a", t.varchar(36), { default: { kind: "expression", sql: "upper('x')" } })]),
    old: server("mysql", 8, 0, 12),
    young: server("mysql", 8, 0, 13),
    says: /MySQL has defaults that are expressions from 8\.0\.13 on, and this server is 8\.0\.12: "x\.a"/,
  },
  {
    name: "indexes over expressions",
    table: table("x", [number], { indexes: [index("ix", [indexPart(null, { expression: "a + 1" })])] }),
    old: server("mysql", 8, 0, 12),
    young: server("mysql", 8, 0, 13),
    says: /MySQL has indexes over expressions from 8\.0\.13 on, and this server is 8\.0\.12: "ix"/,
  },
  {
    name: "indexes over expressions, which no version of the other has",
    table: table("x", [number], { indexes: [index("ix", [indexPart(null, { expression: "a + 1" })])] }),
    old: server("mariadb", 11, 8, 0),
    young: null,
    says: /MariaDB has no indexes over expressions: "ix"/,
  },
  {
    name: "invisible columns",
    table: table("x", [number, column("b", t.integer(), { options: { mysql: { invisible: true } } })]),
    old: server("mysql", 8, 0, 22),
    young: server("mysql", 8, 0, 23),
    says: /MySQL has invisible columns from 8\.0\.23 on, and this server is 8\.0\.22: "x\.b"/,
  },
  {
    name: "checks that are not enforced",
    table: table("x", [number], {
      checks: [check("a > 0", { name: "ck", options: { mysql: { notEnforced: true } } })],
    }),
    old: server("mariadb", 11, 8, 0),
    young: server("mysql", 8, 0, 16),
    says: /MariaDB has no checks that are not enforced: "ck"/,
  },
  {
    name: "compressed columns",
    table: table("x", [column("a", t.text(), { options: { mysql: { compressed: true } } })]),
    old: server("mysql", 9, 0, 0),
    young: server("mariadb", 10, 6, 0),
    says: /MySQL has no compressed columns: "x\.a"/,
  },
  {
    name: "an index over JSON",
    table: table("x", [column("a", t.json())], { indexes: [index("ix", ["a"])] }),
    old: server("mysql", 8, 4, 0),
    young: server("mariadb", 10, 6, 0),
    says: /MySQL indexes JSON only through a generated column: "ix"/,
  },
  {
    name: "a required timestamp, where the server gives it a default",
    table: table("x", [column("a", t.native("mysql", "timestamp"), { nullable: false })]),
    old: mysqlDialect({ flavor: "mariadb", version: [10, 6, 0], impliesTimestamps: true }),
    young: server("mariadb", 10, 6, 0),
    says: /explicit_defaults_for_timestamp is off\); give it one, or make it a datetime: "x\.a"/,
  },
];

describe("a feature that a server is too old for", () => {
  for (const { name, table: wanted, old, young, says } of features) {
    test(name, async () => {
      assert.match((await objection(old, wanted)) ?? "nothing", says);
      if (young !== null) assert.equal(await objection(young, wanted), undefined);
    });
  }
});

test("a server whose catalog is not read says so before anything is done", async () => {
  for (const [dialect, fields] of [
    [postgresqlDialect(120_017), { server: "PostgreSQL 12.17", oldest: "PostgreSQL 13" }],
    [server("mysql", 5, 7, 44), { server: "MySQL 5.7.44", oldest: "MySQL 8.0" }],
    [server("mariadb", 10, 5, 23), { server: "MariaDB 10.5.23", oldest: "MariaDB 10.6" }],
  ] as const) {
    await assert.rejects(dialect.design(), (error) => {
      assert.ok(isAthanorError(error, "DATABASE.TOO_OLD"), String(error));
      assert.deepEqual([error.fields, error.exit], [fields, 3]);
      return true;
    });
  }
});

/** Operations that some databases would keep with another meaning, and the databases that have them. */
const elsewhere: readonly {
  readonly name: string;
  readonly on: readonly string[];
  readonly operation: string;
}[] = [
  {
    name: "a unique index over some rows",
    on: ["sqlite", "postgresql"],
    operation: 'op.createIndex("ix", "x", ["a"], { unique: true, where: "b > 0" });',
  },
  {
    name: "a foreign key that waits",
    on: ["sqlite", "postgresql"],
    operation: 'op.addForeignKey("x", ["a"], "y", ["id"], { name: "fk", deferrable: "deferred" });',
  },
  {
    name: "a foreign key that sets defaults",
    on: ["sqlite", "postgresql"],
    operation: 'op.addForeignKey("x", ["a"], "y", ["id"], { name: "fk", onDelete: "set default" });',
  },
  {
    name: "a unique constraint that takes nulls for equal",
    on: ["postgresql"],
    operation: 'op.addUnique("x", ["a"], { name: "uq", nullsNotDistinct: true });',
  },
  {
    name: "an exclusion",
    on: ["postgresql"],
    operation: 'op.addExclusion("x", [["a", "="]], { name: "ex", method: "btree" });',
  },
];

for (const { name, on, operation } of elsewhere) {
  onEvery(`${name}: a history from elsewhere makes it as it is meant, or is refused`, async (project) => {
    await project.migration("a1", null, {
      upgrade: `op.createTable("y", (table) => [table.column("id", t.integer(), { nullable: false }), table.primaryKey(["id"], { name: "pk_y" })]);
    op.createTable("x", (table) => [table.column("a", t.integer()), table.column("b", t.integer())]);
    ${operation}`,
    });
    const upgrade = (): Promise<unknown> => project.with((environment) => environment.upgrade());
    if (on.includes(project.dialect.id)) {
      await upgrade().catch((error: unknown) => {
        const cause = isAthanorError(error, "MIGRATE.FAILED") ? error.cause : null;
        assert.ok(isAthanorError(cause, "PLAN.UNSUPPORTED"), String(error));
        assert.match(cause.fields.reason, /or newer, and this server is/);
      });
      return;
    }
    await assert.rejects(upgrade(), (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.FAILED"), String(error));
      assert.ok(isAthanorError(error.cause, "PLAN.UNSUPPORTED"), String(error.cause));
      assert.notEqual(error.fields.operation, null);
      return true;
    });
    assert.deepEqual(await project.tables(), []);
  });
}
