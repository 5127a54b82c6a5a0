/** What has to happen between two schemas so that what stands beside tables goes and comes in the right order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DesignDialect } from "../../src/dialect/index.ts";
import { diff, type Rename } from "../../src/diff/index.ts";
import { runPlan } from "../../src/migrate/run-plan.ts";
import { reverse } from "../../src/operation/index.ts";
import { plan } from "../../src/plan/index.ts";
import {
  column,
  foreignKey,
  index,
  objectKey,
  type Schema,
  type SchemaObject,
  schema,
  schemaObject,
  type Table,
  t,
  table,
  unique,
} from "../../src/schema/index.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

interface Case {
  readonly name: string;
  readonly on: readonly string[];
  readonly tables?: readonly [readonly Table[], readonly Table[]];
  readonly renames?: readonly Rename[];
  /** Statements that put rows in. */
  readonly rows?: readonly string[];
  readonly from: readonly SchemaObject[];
  readonly to: readonly SchemaObject[];
}

const hero = table("hero", [
  column("id", t.integer(), { nullable: false }),
  column("name", t.varchar(20)),
  column("age", t.integer()),
]);

const wordy = table("wordy", [column("d", t.native("postgresql", "d"))]);

const hiding = table("hiding", [
  column("id", t.integer()),
  column("secret", t.integer(), { options: { mysql: { invisible: true } } }),
]);

const aged = (checks: Table["checks"]): Table => ({ ...hero, name: "aged", checks });

const person: Table = { ...hero, name: "person" };
const titled: Table = {
  ...hero,
  columns: hero.columns.map((each) => (each.name === "name" ? { ...each, name: "title" } : each)),
};
const called: Table = {
  ...hero,
  columns: hero.columns.map((each) => (each.name === "name" ? { ...each, name: "name anew" } : each)),
};
const heroToPerson: Rename = {
  kind: "table",
  from: { schema: null, name: "hero" },
  to: { schema: null, name: "person" },
};
const renamed = (table: string, from: string, to: string): Rename => ({
  kind: "column",
  table: { schema: null, name: table },
  from,
  to,
});

/** A table of that name with an enum named for it, and a default cast to that. */
const moody = (name: string): Table =>
  table(name, [
    column("id", t.integer()),
    column("mood", t.enum(["sad", "ok"]), { default: { kind: "literal", value: "ok" } }),
  ]);

/** A table with a check in the definition of a column, under the name that it had first. */
const checked = (name: string): Table =>
  table("checked", [column("id", t.integer()), column(name, t.integer())], {
    checks: [{ name: "age", expression: `"${name}" > -100`, options: { mysql: { column: true } } }],
  });

/** A table that its sequence numbers. */
const numbered = (name: string, key: string): Table =>
  table(
    name,
    [
      column(key, t.integer(), {
        nullable: false,
        autoIncrement: true,
        options: { postgresql: { serial: true } },
      }),
    ],
    { primaryKey: { name: "pk", columns: [key], options: {} } },
  );

/** A table with a column that is computed of one that has that name. */
const computed = (name: string, sql: string): Table =>
  table("computed", [
    column("id", t.integer()),
    column(name, t.integer()),
    column("twice", t.integer(), { generated: { expression: sql, stored: true } }),
  ]);

/** A table whose foreign key sets that column alone to null. */
const owned = (name: string): Table =>
  table("owned", [column("id", t.integer(), { nullable: false }), column(name, t.integer())], {
    primaryKey: { name: "pk_owned", columns: ["id"], options: {} },
    foreignKeys: [
      foreignKey(
        [name],
        { schema: null, name: "owned", columns: ["id"] },
        { name: "fk_owned", onDelete: "set null", options: { postgresql: { onDeleteColumns: [name] } } },
      ),
    ],
  });

const counting = (body: string): SchemaObject =>
  schemaObject("function", "counting", `() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM ${body}'`, {
    dialect: "postgresql",
    signature: "",
  });

const counted = (name: string): SchemaObject =>
  schemaObject(
    "function",
    "counted",
    `() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(${name}) FROM hero; END`,
    { dialect: "postgresql", signature: "" },
  );

const view = (name: string, sql: string): SchemaObject => schemaObject("view", name, `AS ${sql}`);
const trigger = (name: string, on: string, definition: string): SchemaObject =>
  schemaObject("trigger", name, definition, { table: { schema: null, name: on }, dialect: "sqlite" });

/** A table with a key over text of any length, that refers to itself. */
const keyed = (text: string, reference: string): Table =>
  table(
    "keyed",
    [column("id", t.integer(), { nullable: false }), column(text, t.text()), column(reference, t.integer())],
    {
      primaryKey: { name: "pk", columns: ["id"], options: {} },
      uniques: [unique([text], { name: "uq_keyed" })],
      foreignKeys: [
        foreignKey([reference], { schema: null, name: "keyed", columns: ["id"] }, { name: "fk_keyed" }),
      ],
    },
  );

/** A domain with a check that has a name. */
const ofMuch = (check: string): SchemaObject =>
  schemaObject("domain", "sized", `AS integer CONSTRAINT much CHECK (${check})`, { dialect: "postgresql" });

const saidOfMuch = schemaObject("comment", "CONSTRAINT much ON DOMAIN sized", "IS 'it''s a \\ b'", {
  dialect: "postgresql",
});

const rowsOf = (name: string): SchemaObject =>
  schemaObject("function", "all_of", `() RETURNS SETOF ${name} LANGUAGE sql AS 'SELECT * FROM ${name}'`, {
    dialect: "postgresql",
    signature: "",
  });

/** A table with a column that is compared by a collation of its own, with an index. */
const sorted = table(
  "sorted",
  [column("word", t.text(), { collation: "by hand" }), column("name", t.text())],
  {
    indexes: [index("ix_sorted", ["word"], { unique: true })],
  },
);

const collation = (locale: string): SchemaObject =>
  schemaObject("collation", "by hand", `(provider = libc, locale = '${locale}')`, {
    dialect: "postgresql",
    comment: "it's sorted",
  });

const cases: readonly Case[] = [
  {
    name: "a view takes the name of a function that a check calls until then",
    on: ["postgresql"],
    tables: [[aged([{ name: "old", expression: "taken(age)", options: {} }])], [aged([])]],
    from: [
      schemaObject(
        "function",
        "taken",
        "(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n > 0'",
        { dialect: "postgresql", signature: "integer" },
      ),
    ],
    to: [view("taken", "SELECT id FROM aged")],
  },
  {
    name: "a view with a trigger takes the name of a function",
    on: ["postgresql"],
    from: [
      schemaObject("function", "taken", "() RETURNS integer LANGUAGE sql AS 'SELECT 1'", {
        dialect: "postgresql",
        signature: "",
      }),
    ],
    to: [
      view("taken", "SELECT id FROM hero"),
      schemaObject(
        "function",
        "fires",
        "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        {
          dialect: "postgresql",
          signature: "",
        },
      ),
      schemaObject("trigger", "t", "INSTEAD OF INSERT ON taken FOR EACH ROW EXECUTE FUNCTION fires()", {
        dialect: "postgresql",
        table: { schema: null, name: "taken" },
      }),
    ],
  },
  {
    name: "a column gets another name, which no text is certain to say",
    on: ["sqlite", "postgresql", "mariadb"],
    tables: [[hero], [titled]],
    renames: [renamed("hero", "name", "title")],
    from: [view("a", "SELECT one.name FROM (SELECT name FROM hero) one"), view("b", "SELECT name FROM a")],
    to: [
      view("a", "SELECT one.title AS name FROM (SELECT title FROM hero) one"),
      view("b", "SELECT name FROM a"),
    ],
  },
  {
    name: "a view gives a column under the name that it got",
    on: ["sqlite", "postgresql"],
    tables: [[hero], [called]],
    renames: [renamed("hero", "name", "name anew")],
    from: [view("a", "SELECT id, name FROM hero")],
    to: [view("a", 'SELECT id, "name anew" FROM hero')],
  },
  {
    name: "a view gives a column under the name that it had",
    on: ["postgresql"],
    tables: [[hero], [called]],
    renames: [renamed("hero", "name", "name anew")],
    from: [view("a", "SELECT id, name FROM hero ORDER BY name, id")],
    to: [view("a", 'SELECT id, "name anew" AS name FROM hero ORDER BY "name anew", id')],
  },
  {
    name: "a table gets another name under views",
    on: ["sqlite", "postgresql", "mariadb"],
    tables: [[hero], [person]],
    renames: [heroToPerson],
    from: [
      view("a", "SELECT h.id FROM hero h"),
      view("b", "SELECT name FROM hero"),
      view("c", "SELECT id FROM hero"),
    ],
    to: [view("a", "SELECT h.id FROM person h"), view("b", "SELECT name FROM person WHERE id > 0")],
  },
  {
    name: "a table gets another name under an index of its words",
    on: ["sqlite"],
    tables: [[hero], [person]],
    renames: [heroToPerson],
    from: [schemaObject("virtualTable", "words", "USING fts5(name, content='hero')")],
    to: [schemaObject("virtualTable", "words", "USING fts5(name, content='person')")],
  },
  {
    name: "a table gets another name, which bodies of functions say",
    on: ["postgresql"],
    tables: [[hero], [person]],
    renames: [heroToPerson],
    from: [counting("hero"), view("a", "SELECT counting() AS n")],
    to: [counting("person"), view("a", "SELECT counting() AS n")],
  },
  {
    name: "a table gets another name, and the function that counts its rows goes",
    on: ["postgresql"],
    tables: [[hero], [person]],
    renames: [heroToPerson],
    from: [counting("hero")],
    to: [],
  },
  {
    name: "a table gets another name, which a procedure says",
    on: ["mariadb"],
    tables: [[hero], [person]],
    renames: [heroToPerson],
    from: [schemaObject("procedure", "p", "() BEGIN SELECT count(*) FROM hero; END", { signature: "" })],
    to: [schemaObject("procedure", "p", "() BEGIN SELECT count(*) FROM person; END", { signature: "" })],
  },
  {
    name: "a table gets another name, and with it the enum that a default is cast to",
    on: ["postgresql"],
    tables: [[moody("hero")], [moody("person")]],
    renames: [heroToPerson],
    from: [],
    to: [],
  },
  {
    name: "a table and its column get other names, and with them the sequence of that column",
    on: ["postgresql"],
    tables: [[numbered("hero", "no")], [numbered("person", "number")]],
    renames: [heroToPerson, renamed("person", "no", "number")],
    rows: ["INSERT INTO hero DEFAULT VALUES"],
    from: [],
    to: [],
  },
  {
    name: "a column gets another name, with the check in its definition",
    on: ["mariadb"],
    tables: [[checked("age")], [checked("age anew")]],
    renames: [renamed("checked", "age", "age anew")],
    from: [],
    to: [],
  },
  {
    name: "a column gets another name that a foreign key sets to null",
    on: ["postgresql"],
    tables: [[owned("by")], [owned("boss")]],
    renames: [renamed("owned", "by", "boss")],
    from: [],
    to: [],
  },
  {
    name: "a column gets another name, and what is computed of it another expression",
    on: ["sqlite", "postgresql", "mariadb"],
    tables: [[computed("age", "age * 2")], [computed("years", "years * 3")]],
    renames: [renamed("computed", "age", "years")],
    rows: ["INSERT INTO computed (id, age) VALUES (1, 7)"],
    from: [],
    to: [],
  },
  {
    name: "a view moves to another one, and the one that it stood on goes",
    on: ["sqlite", "postgresql", "mariadb"],
    from: [view("a", "SELECT id FROM hero"), view("b", "SELECT id FROM a")],
    to: [view("b", "SELECT id FROM hero")],
  },
  {
    name: "something else takes the name of what a view stands on",
    on: ["sqlite"],
    from: [view("a", "SELECT id FROM hero"), view("b", "SELECT id FROM a")],
    to: [schemaObject("virtualTable", "a", "USING fts5(id)"), view("b", "SELECT id FROM a")],
  },
  {
    name: "a view changes, and its trigger with it",
    on: ["sqlite"],
    from: [view("a", "SELECT id FROM hero"), trigger("t", "a", "INSTEAD OF INSERT ON a BEGIN SELECT 1; END")],
    to: [
      view("a", "SELECT id, name FROM hero"),
      trigger("t", "a", "INSTEAD OF UPDATE ON a BEGIN SELECT 1; END"),
    ],
  },
  {
    name: "a view changes under its trigger",
    on: ["sqlite"],
    from: [view("a", "SELECT id FROM hero"), trigger("t", "a", "INSTEAD OF INSERT ON a BEGIN SELECT 1; END")],
    to: [
      view("a", "SELECT id, name FROM hero"),
      trigger("t", "a", "INSTEAD OF INSERT ON a BEGIN SELECT 1; END"),
    ],
  },
  {
    name: "a view loses a column that the one on it no longer shows",
    on: ["postgresql", "sqlite", "mariadb"],
    from: [view("a", "SELECT id, name FROM hero"), view("b", "SELECT name FROM a")],
    to: [view("a", "SELECT id FROM hero"), view("b", "SELECT id FROM a")],
  },
  {
    name: "a domain with a comment gets another type, under a view",
    on: ["postgresql"],
    from: [
      schemaObject("domain", "d", "AS text", { comment: "it's a domain" }),
      view("a", "SELECT NULL::d AS x"),
    ],
    to: [
      schemaObject("domain", "d", "AS integer", { comment: "it's a domain" }),
      view("a", "SELECT NULL::d AS x"),
    ],
  },
  {
    name: "a domain of a column gets another type",
    on: ["postgresql"],
    tables: [[wordy], [wordy]],
    from: [schemaObject("domain", "d", "AS text")],
    to: [schemaObject("domain", "d", "AS integer")],
  },
  {
    name: "a domain gets another type and takes no nulls, while a column that has them goes",
    on: ["postgresql"],
    tables: [[wordy], [{ ...wordy, columns: [column("id", t.integer())] }]],
    rows: ["INSERT INTO wordy VALUES (NULL), ('no number')"],
    from: [schemaObject("domain", "d", "AS text")],
    to: [schemaObject("domain", "d", "AS integer NOT NULL")],
  },
  {
    name: "a domain takes no nulls, while a column that has them goes",
    on: ["postgresql"],
    tables: [[wordy], [{ ...wordy, columns: [column("id", t.integer())] }]],
    rows: ["INSERT INTO wordy VALUES (NULL)"],
    from: [schemaObject("domain", "d", "AS text")],
    to: [schemaObject("domain", "d", "AS text NOT NULL")],
  },
  {
    name: "a composite type loses an attribute, while the column goes that was of it",
    on: ["postgresql"],
    tables: [[wordy], [{ ...wordy, columns: [column("id", t.integer())] }]],
    from: [schemaObject("composite", "d", "AS (a integer, b text)")],
    to: [schemaObject("composite", "d", "AS (a text)")],
  },
  {
    name: "a view takes the name of a domain, while the column goes that was of it",
    on: ["postgresql"],
    tables: [[wordy], [{ ...wordy, columns: [column("id", t.integer())] }]],
    from: [schemaObject("domain", "d", "AS text")],
    to: [view("d", "SELECT id FROM wordy")],
  },
  {
    name: "a range takes the name of a composite type, while a table and a column go that were of it",
    on: ["postgresql"],
    tables: [[wordy, { ...wordy, name: "more" }], [{ ...wordy, columns: [column("id", t.integer())] }]],
    from: [schemaObject("composite", "d", "AS (a integer)")],
    to: [schemaObject("range", "d", "AS RANGE (subtype = float8)")],
  },
  {
    name: "an aggregate takes the name of a function that a check calls until then",
    on: ["postgresql"],
    tables: [[aged([{ name: "old", expression: "taken(age)", options: {} }])], [aged([])]],
    from: [
      schemaObject(
        "function",
        "taken",
        "(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n > 0'",
        { dialect: "postgresql", signature: "integer" },
      ),
    ],
    to: [
      schemaObject("aggregate", "taken", "(integer) (SFUNC = int4pl, STYPE = integer)", {
        dialect: "postgresql",
        signature: "integer",
      }),
    ],
  },
  {
    name: "a function counts another column, and the old one goes",
    on: ["postgresql"],
    tables: [[hero], [{ ...hero, columns: hero.columns.filter(({ name }) => name !== "age") }]],
    from: [counted("age")],
    to: [counted("name")],
  },
  {
    name: "a composite type is of a table no longer, which goes",
    on: ["postgresql"],
    tables: [[hero, table("team", [column("id", t.integer())])], [hero]],
    from: [schemaObject("composite", "c", "AS (t team)")],
    to: [schemaObject("composite", "c", "AS (t integer)")],
  },
  {
    name: "a sequence turns round",
    on: ["postgresql", "mariadb"],
    from: [schemaObject("sequence", "s", "START WITH 7")],
    to: [schemaObject("sequence", "s", "INCREMENT BY -2 MINVALUE -100")],
  },
  {
    name: "a sequence that goes down takes other steps",
    on: ["postgresql", "mariadb"],
    from: [schemaObject("sequence", "s", "INCREMENT BY -3 MINVALUE -900")],
    to: [schemaObject("sequence", "s", "INCREMENT BY -2")],
  },
  {
    name: "a column goes that no view on its table shows",
    on: ["postgresql", "sqlite", "mariadb"],
    tables: [[hero], [{ ...hero, columns: hero.columns.filter(({ name }) => name !== "age") }]],
    from: [view("a", "SELECT 'it''s' AS age, x.name FROM hero x")],
    to: [view("a", "SELECT 'it''s' AS age, x.name FROM hero x")],
  },
  {
    name: "in a view another name of a table is the name of a view on it",
    on: ["postgresql", "sqlite", "mariadb"],
    from: [view("b", "SELECT a.id FROM hero a"), view("a", "SELECT a.id FROM b a")],
    to: [view("b", "SELECT a.id FROM hero a"), view("a", "SELECT a.name FROM hero a")],
  },
  {
    name: "a view has the name of a column that the one below it shows",
    on: ["postgresql", "mariadb"],
    from: [view("below", "SELECT id FROM hero"), view("id", "SELECT id FROM below")],
    to: [view("below", "SELECT id, name FROM hero"), view("id", "SELECT id, 1 AS n FROM below")],
  },
  {
    name: "an index of words takes another column of its table, and the old one goes",
    on: ["sqlite"],
    tables: [[hero], [{ ...hero, columns: hero.columns.filter(({ name }) => name !== "age") }]],
    from: [schemaObject("virtualTable", "words", "USING fts5(age, content='hero')")],
    to: [schemaObject("virtualTable", "words", "USING fts5(name, content='hero')")],
  },
  {
    name: "statistics are over columns in another order than they stand in",
    on: ["postgresql"],
    from: [schemaObject("statistics", "s", "ON name, id FROM hero")],
    to: [schemaObject("statistics", "s", "ON name, age FROM hero")],
  },
  {
    name: "a check of which something is said is another",
    on: ["postgresql"],
    from: [ofMuch("VALUE > 0"), saidOfMuch],
    to: [ofMuch("VALUE > -1"), saidOfMuch],
  },
  {
    name: "a domain of which a check is spoken of has another type",
    on: ["postgresql"],
    from: [ofMuch("VALUE > 0"), saidOfMuch],
    to: [{ ...ofMuch("VALUE > 0"), definition: "AS bigint CONSTRAINT much CHECK (VALUE > 0)" }, saidOfMuch],
  },
  {
    name: "a type and a function are of the rows of a table that is renamed",
    on: ["postgresql"],
    tables: [[hero], [person]],
    renames: [heroToPerson],
    from: [
      schemaObject("composite", "team", "AS (hero hero, more hero[])", { dialect: "postgresql" }),
      rowsOf("hero"),
      schemaObject("function", "named", "(hero hero) RETURNS text LANGUAGE sql AS 'SELECT NULL'", {
        dialect: "postgresql",
        signature: "hero",
      }),
    ],
    to: [
      schemaObject("composite", "team", "AS (hero person, more person[])", { dialect: "postgresql" }),
      schemaObject("function", "named", "(hero person) RETURNS text LANGUAGE sql AS 'SELECT NULL'", {
        dialect: "postgresql",
        signature: "person",
      }),
    ],
  },
  {
    name: "of the columns that are published one goes, and comes back last",
    on: ["postgresql"],
    tables: [[hero], [{ ...hero, columns: hero.columns.filter(({ name }) => name !== "name") }]],
    from: [schemaObject("publication", "p", "FOR TABLE hero (id, name, age)")],
    to: [schemaObject("publication", "p", "FOR TABLE hero (id, age)")],
  },
  {
    name: "a view shows a table of another server",
    on: ["postgresql"],
    from: [
      schemaObject("foreignDataWrapper", "nothing", "", { dialect: "postgresql" }),
      schemaObject("server", "elsewhere", "FOREIGN DATA WRAPPER nothing", { dialect: "postgresql" }),
      schemaObject("foreignTable", "far", "(id int4 NOT NULL) SERVER elsewhere", { dialect: "postgresql" }),
      view("near", "SELECT id FROM far"),
    ],
    to: [],
  },
  {
    name: "a view has a type of an extension",
    on: ["postgresql"],
    from: [],
    to: [
      schemaObject("extension", "citext", "", { dialect: "postgresql" }),
      view("words", "SELECT name::citext AS word FROM hero"),
    ],
  },
  {
    name: "a collation that a column has is another",
    on: ["postgresql"],
    tables: [[sorted], [sorted]],
    rows: ["INSERT INTO sorted (word) VALUES ('b'), ('a')"],
    from: [
      collation("C"),
      view("words", "SELECT word FROM sorted"),
      view("lists", `SELECT name COLLATE "by hand" AS name FROM sorted`),
    ],
    to: [
      collation("POSIX"),
      view("words", "SELECT word FROM sorted"),
      view("lists", `SELECT name COLLATE "by hand" AS name FROM sorted`),
    ],
  },
  {
    name: "a column of a foreign key gets another name, in a table with a key over any text",
    on: ["mariadb"],
    tables: [[keyed("text", "team_id")], [keyed("text", "part_of")]],
    renames: [renamed("keyed", "team_id", "part_of")],
    rows: ["INSERT INTO keyed VALUES (1, 'x', 1), (2, 'y', 1)"],
    from: [],
    to: [],
  },
  {
    name: "a view shows all columns but the hidden one",
    on: ["mariadb"],
    tables: [[hiding], [hiding]],
    from: [view("a", "SELECT * FROM hiding")],
    to: [view("a", "SELECT * FROM hiding WHERE id > 0")],
  },
];

/** What objects are, without what is only known of them. */
function bare({ objects }: Schema): readonly unknown[] {
  return objects
    .map(({ dependsOn: _, facts: __, ...object }) => object)
    .sort((x, y) => (objectKey(x) < objectKey(y) ? -1 : 1));
}

function names({ objects }: Schema): readonly string[] {
  return objects.map(objectKey).sort();
}

for (const row of dialects) {
  const own = cases.filter(({ on }) => on.includes(row.name));
  if (own.length === 0) continue;
  test(`objects go and come in order, and back (${row.name})`, async (context) => {
    const { design, connection, close } = await openWorkplace(row);
    context.after(close);
    const inspect = (): Promise<Schema> => design.inspector.inspect(connection);
    const rules = (design as DesignDialect).rules;
    for (const {
      name,
      from,
      to,
      rows = [],
      renames = [],
      tables: [before, after] = [[hero], [hero]],
    } of own) {
      await context.test(name, async () => {
        const nothing = await inspect();
        const [old, now] = [
          await design.canonical(schema(before, { objects: from }), connection),
          await design.canonical(schema(after, { objects: to }), connection),
        ];
        await runPlan(plan(diff(nothing, old, rules), nothing, design), connection);
        for (const sql of rows) await connection.query(sql);
        const first = await inspect();
        const up = diff(first, now, rules, renames);
        const planned = plan(up, first, design);
        await runPlan(planned, connection);
        const there = await inspect();
        assert.deepEqual(names(planned.to), names(there));
        assert.deepEqual(bare(there), bare(now));
        assert.deepEqual(diff(there, now, rules), []);
        await runPlan(plan(reverse(up, first), there, design), connection);
        const back = await inspect();
        assert.deepEqual(bare(back), bare(first));
        await runPlan(plan(diff(back, nothing, rules), back, design), connection);
        assert.deepEqual(await inspect(), nothing);
      });
    }
  });
}
