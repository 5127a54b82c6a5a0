/** A type that becomes one of another kind under its name, with the columns that have it and their rows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Column,
  check,
  column,
  emptySchema,
  index,
  indexPart,
  primaryKey,
  type Schema,
  schemaObject,
  t,
  table,
} from "../../src/schema/index.ts";
import { canonicalOrder } from "../../src/schema/order.ts";
import { dialects } from "../dialects.ts";
import { Project } from "./project.ts";

const definitions = {
  domain: "AS text COLLATE \"C\" CHECK (VALUE <> '')",
  composite: "AS (a text, b integer)",
  range: "AS RANGE (subtype = integer)",
} as const;

type Kind = "enum" | keyof typeof definitions;

/** A value that types of both kinds have, as their texts. */
function sharedBy(...kinds: readonly Kind[]): string {
  if (kinds.includes("range")) return kinds.includes("composite") ? "" : "[1,5)";
  return "(a,1)";
}

function schemaOf(kind: Kind, value: string): Schema {
  const values = ["(a,1)", "[1,5)", "(b,2)", "[2,3)"];
  const type = kind === "enum" ? t.enum(values, { name: "mood" }) : t.native("postgresql", "mood");
  const other = kind === "range" ? "[2,3)" : "(b,2)";
  const own = (name: string, of: Column["type"], rest: Partial<Column> = {}): Column =>
    column(name, of, rest);
  const hero = table(
    "hero",
    [
      own("id", t.integer(), { nullable: false }),
      own("m", type, value === "" ? {} : { default: { kind: "expression", sql: `'${value}'::mood` } }),
      own("all", t.array(type)),
    ],
    {
      primaryKey: primaryKey(["id"], { name: "pk_hero" }),
      indexes: [index("by_m", [indexPart("m")])],
      checks: [check(`m IS DISTINCT FROM '${other}'::mood`, { name: "m_known" })],
    },
  );
  const dialect = "postgresql";
  return canonicalOrder({
    ...emptySchema,
    tables: [hero],
    objects: [
      schemaObject("view", "seen", "AS SELECT id, m FROM hero", { dialect }),
      schemaObject("function", "as_text", "(m mood) RETURNS text LANGUAGE sql AS 'SELECT m::text'", {
        dialect,
        signature: "mood",
      }),
      ...(kind === "enum" ? [] : [schemaObject(kind, "mood", definitions[kind], { dialect })]),
    ],
  });
}

const kinds: readonly Kind[] = ["enum", "domain", "composite", "range"];

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  for (const from of kinds) {
    for (const to of kinds.filter((each) => each !== from)) {
      test(`${from} becomes ${to}`, async (work) => {
        const project = await Project.make((end) => work.after(end), row);
        const value = sharedBy(from, to);
        project.models = schemaOf(from, value);
        await project.with(async (environment) => {
          await environment.makeMigrations({ message: from });
          await environment.upgrade();
          const text = value === "" ? "NULL" : `'${value}'`;
          await project.sql(
            `INSERT INTO hero VALUES (1, ${text}, ARRAY[${text}, NULL]::mood[]), (2, NULL, NULL)`,
          );
          await project.sql("REVOKE ALL ON TYPE mood FROM PUBLIC");
          await project.sql("GRANT USAGE ON TYPE mood TO pg_monitor");
          const before = await project.catalog();
          const rights = "SELECT typacl::text FROM pg_type WHERE typname = 'mood'";
          const granted = await project.sql(rights);
          const rows = 'SELECT id, as_text(m), "all"::text FROM hero ORDER BY id';
          const stood = await project.sql(rows);
          project.models = schemaOf(to, value);
          await environment.makeMigrations({ message: to });
          await environment.upgrade();
          for (const side of ["database", "history"] as const) {
            const again = await environment.makeMigrations({ from: side });
            assert.deepEqual([again.outcome, again.differences], ["no changes", []], side);
          }
          assert.deepEqual(await project.sql(rows), stood);
          assert.deepEqual(await project.sql(rights), granted);
          await environment.downgrade("-1");
          assert.deepEqual(await project.catalog(), before);
          assert.deepEqual(await project.sql(rows), stood);
        });
      });
    }
  }
}
