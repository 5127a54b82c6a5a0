/** One case for each kind of thing beside tables, and for what tables have of each other. */
import {
  column,
  grantOn,
  index,
  type ObjectKind,
  primaryKey,
  privilegesOf,
  type SchemaObject,
  schemaObject,
  type Table,
  t,
  table,
} from "../../src/schema/index.ts";
import type { Parts, SupportCase } from "./cases.ts";

const postgresql = ["postgresql"];

type Rest = Parameters<typeof schemaObject>[3];

const object = (kind: ObjectKind, name: string, definition: string, rest: Rest = {}): SchemaObject =>
  schemaObject(kind, name, definition, { dialect: "postgresql", ...rest });

/** A table with a key, a name and a size. */
function plain(name: string, rest: Partial<Table> = {}): Table {
  const columns = [
    column("id", t.integer(), { nullable: false }),
    column("name", t.text()),
    column("size", t.integer()),
  ];
  return table(name, columns, { primaryKey: primaryKey(["id"], { name: `pk_${name}` }), ...rest });
}

const returnsTrigger = object(
  "function",
  "s_touch",
  "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
  { signature: "" },
);

let count = 0;

/** A case in which one object changes, over a table of the case's own. */
function change(
  name: string,
  make: (over: string, step: 0 | 1) => readonly SchemaObject[],
  on: readonly string[] = postgresql,
): SupportCase {
  const over = `o${count++}`;
  const parts = (step: 0 | 1): Parts => ({ tables: [plain(over)], objects: make(over, step) });
  return { group: "Beside tables", name, on, from: () => parts(0), to: () => parts(1) };
}

const on = (name: string): { readonly table: { readonly schema: null; readonly name: string } } => ({
  table: { schema: null, name },
});

const programmable: readonly SupportCase[] = [
  change("view", (over, step) => [
    object("view", `${over}_v`, `AS SELECT id${step ? ", name" : ""} FROM ${over}`),
  ]),
  change("view on a view that changes", (over, step) => [
    object("view", `${over}_v`, `AS SELECT ${step ? "name, id" : "id, name"} FROM ${over}`),
    object("view", `${over}_w`, `AS SELECT id FROM ${over}_v`),
  ]),
  change("materialized view, with an index", (over, step) => [
    object("materializedView", `${over}_m`, `AS SELECT id, size + ${step} AS size FROM ${over}`),
    object("index", `${over}_i`, `ON ${over}_m (size)`, on(`${over}_m`)),
  ]),
  change("function, its body", (over, step) => [
    object("function", `${over}_f`, `(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n + ${step}'`, {
      signature: "integer",
    }),
  ]),
  change("function, what it returns, under a view", (over, step) => [
    object(
      "function",
      `${over}_f`,
      `(n integer) RETURNS ${step ? "bigint" : "integer"} LANGUAGE sql AS 'SELECT n'`,
      {
        signature: "integer",
      },
    ),
    object("view", `${over}_v`, `AS SELECT ${over}_f(size) AS n FROM ${over}`),
  ]),
  change("procedure", (over, step) => [
    object("procedure", `${over}_p`, `() LANGUAGE sql AS 'DELETE FROM ${over} WHERE id = ${step}'`, {
      signature: "",
    }),
  ]),
  change("aggregate", (over, step) => [
    object("aggregate", `${over}_a`, `(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '${step}')`, {
      signature: "integer",
    }),
  ]),
  change("trigger", (over, step) => [
    returnsTrigger,
    object(
      "trigger",
      `${over}_t`,
      `BEFORE ${step ? "UPDATE OF name" : "INSERT"} ON ${over} FOR EACH ROW EXECUTE FUNCTION s_touch()`,
      on(over),
    ),
  ]),
  change("rule", (over, step) => [
    object(
      "rule",
      `${over}_r`,
      `AS ON ${step ? "DELETE" : "UPDATE"} TO ${over} DO INSTEAD NOTHING`,
      on(over),
    ),
  ]),
  change("policy", (over, step) => [
    object("policy", `${over}_y`, `ON ${over} USING (id > ${step})`, on(over)),
  ]),
  change("extended statistics", (over, step) => [
    object("statistics", `${over}_s`, `(${step ? "dependencies" : "ndistinct"}) ON name, size FROM ${over}`),
  ]),
  change("composite type", (over, step) => [
    object("composite", `${over}_c`, `AS (a integer${step ? ", b text" : ""})`),
  ]),
  change("range type", (over, step) => [
    object("range", `${over}_g`, `AS RANGE (subtype = ${step ? "float4" : "float8"})`),
  ]),
  change("collation", (over, step) => [
    object("collation", `${over}_l`, `(provider = icu, locale = '${step ? "de" : "fr"}')`),
  ]),
  change("operator", (over, step) => [
    object("function", `${over}_f`, "(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a'", {
      signature: "integer, integer",
    }),
    object(
      "operator",
      "<%>",
      `(FUNCTION = ${over}_f, LEFTARG = integer, RIGHTARG = integer${step ? ", COMMUTATOR = <%>" : ""})`,
      { signature: "integer, integer" },
    ),
  ]),
  change("operator family, its members", (over, step) => [
    object("operatorFamily", `${over}_w`, "USING btree", {
      signature: "btree",
      options: step ? { members: ["FUNCTION 1 (integer, bigint) btint48cmp(integer,bigint)"] } : {},
    }),
  ]),
  change("operator class", (over, step) => [
    object("operatorFamily", `${over}_w`, "USING hash", { signature: "hash" }),
    object(
      "operatorClass",
      `${over}_o`,
      `FOR TYPE ${step ? "bigint" : "integer"} USING hash FAMILY ${over}_w AS OPERATOR 1 =, FUNCTION 1 ${step ? "hashint8(bigint)" : "hashint4(integer)"}`,
      { signature: "hash" },
    ),
  ]),
  change("cast", (over, step) => [
    object("composite", `${over}_c`, "AS (a integer)"),
    object("cast", `${over}_c AS text`, `WITH INOUT${step ? " AS ASSIGNMENT" : ""}`),
  ]),
  change("text search: dictionary and configuration", (over, step) => [
    object("textSearchDictionary", `${over}_d`, "(TEMPLATE = pg_catalog.simple, stopwords = 'english')"),
    object("textSearchConfiguration", `${over}_g`, `(PARSER = pg_catalog."default")`, {
      options: { mappings: { asciiword: [step ? `${over}_d` : "simple"] } },
    }),
  ]),
  change("extension, its comment", (_, step) => [
    object("extension", "pg_trgm", "", { comment: step ? "it's ours" : null }),
  ]),
  change("event trigger", (over, step) => [
    object("function", `${over}_f`, "() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'", {
      signature: "",
    }),
    object("eventTrigger", `${over}_e`, `ON sql_drop EXECUTE FUNCTION ${over}_f()`, {
      options: step ? { enabled: "disabled" } : { enabled: "replica" },
    }),
  ]),
  change("foreign data wrapper and server", (over, step) => [
    object("foreignDataWrapper", `${over}_w`, step ? "OPTIONS (debug 'true')" : ""),
    object("server", `${over}_s`, `FOREIGN DATA WRAPPER ${over}_w${step ? " OPTIONS (host 'it''s')" : ""}`),
  ]),
  change("foreign table", (over, step) => [
    object("foreignDataWrapper", `${over}_w`, ""),
    object("server", `${over}_s`, `FOREIGN DATA WRAPPER ${over}_w`),
    object("foreignTable", `${over}_f`, `(id integer NOT NULL${step ? ", name text" : ""}) SERVER ${over}_s`),
  ]),
  change("publication of tables, columns and rows", (over, step) => [
    object(
      "publication",
      `${over}_p`,
      step
        ? `FOR TABLE ${over} (id, name) WHERE ((id > 1)) WITH (publish = 'insert, update')`
        : `FOR TABLE ${over}`,
    ),
  ]),
  change("publication of schemas, and of all tables", (over, step) => [
    object(
      "publication",
      `${over}_p`,
      `FOR TABLES IN SCHEMA public${step ? " WITH (publish_via_partition_root = true)" : ""}`,
    ),
    object("publication", `${over}_q`, step ? "FOR ALL TABLES" : ""),
  ]),
  change("rights on a table and its columns", (over, step) => [
    grantOn(
      { word: null, schema: null, name: over, signature: null, role: "pg_monitor" },
      privilegesOf(step ? "SELECT, UPDATE (name) WITH GRANT OPTION" : "DELETE, SELECT (name, size)"),
      "postgresql",
    ),
  ]),
  change("rights on a view, and on a sequence", (over, step) => [
    object("view", `${over}_v`, `AS SELECT id FROM ${over}`),
    object("sequence", `${over}_q`, ""),
    ...[`${over}_v`, `${over}_q`].map((name) =>
      grantOn(
        { word: null, schema: null, name, signature: null, role: "pg_read_all_stats" },
        privilegesOf(step ? "SELECT, UPDATE" : "SELECT"),
        "postgresql",
      ),
    ),
  ]),
  change("rights on a function, everybody's taken away", (over, step) => [
    object("function", `${over}_f`, "(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n'", {
      signature: "integer",
    }),
    ...["pg_monitor", ...(step ? ["public"] : [])].map((role) =>
      grantOn(
        { word: "FUNCTION", schema: null, name: `${over}_f`, signature: "integer", role },
        privilegesOf(role === "public" ? "" : "EXECUTE"),
        "postgresql",
      ),
    ),
  ]),
  change("rights on a type", (over, step) => [
    object("domain", `${over}_d`, "AS integer"),
    grantOn(
      { word: "TYPE", schema: null, name: `${over}_d`, signature: null, role: "pg_monitor" },
      privilegesOf(step ? "USAGE WITH GRANT OPTION" : "USAGE"),
      "postgresql",
    ),
  ]),
  change("rights on the database, and on a language", (_, step) => [
    grantOn(
      { word: "DATABASE", schema: null, name: "", signature: null, role: "pg_monitor" },
      privilegesOf(step ? "CREATE WITH GRANT OPTION" : "CONNECT, TEMPORARY"),
      "postgresql",
    ),
    grantOn(
      { word: "LANGUAGE", schema: null, name: "sql", signature: null, role: "public" },
      privilegesOf(step ? "USAGE" : ""),
      "postgresql",
    ),
  ]),
  change("rights on what is yet to be made", (_, step) => [
    grantOn(
      { word: "DEFAULT", schema: null, name: "SCHEMAS", signature: null, role: "pg_monitor" },
      privilegesOf(step ? "CREATE, USAGE" : "USAGE WITH GRANT OPTION"),
      "postgresql",
    ),
  ]),
  change("comment of an object", (over, step) => [
    object("view", `${over}_v`, `AS SELECT id FROM ${over}`, { comment: step ? "it's new" : null }),
  ]),
];

const mysql = ["mariadb", "mysql"];

const ours = (kind: ObjectKind, name: string, definition: string, rest: Rest = {}): SchemaObject =>
  schemaObject(kind, name, definition, { dialect: "mysql", ...rest });

/** The same kinds of things, in the words of MySQL and MariaDB. */
const ofMysql: readonly SupportCase[] = [
  change(
    "view",
    (over, step) => [ours("view", `${over}_v`, `AS SELECT id${step ? ", name" : ""} FROM ${over}`)],
    mysql,
  ),
  change(
    "view on a view that changes",
    (over, step) => [
      ours("view", `${over}_v`, `AS SELECT ${step ? "name, id" : "id, name"} FROM ${over}`),
      ours("view", `${over}_a`, `AS SELECT id FROM ${over}_v`),
    ],
    mysql,
  ),
  change(
    "view, whose rights it has, what it checks",
    (over, step) => [
      ours(
        "view",
        `${over}_v`,
        `AS SELECT * FROM ${over} WHERE id < 9${step ? " WITH LOCAL CHECK OPTION" : ""}`,
        {
          options: step ? { security: "invoker", algorithm: "merge" } : {},
        },
      ),
    ],
    mysql,
  ),
  change(
    "function, its body",
    (over, step) => [
      ours("function", `${over}_f`, `(n integer) RETURNS integer DETERMINISTIC RETURN n + ${step}`),
    ],
    mysql,
  ),
  change(
    "procedure",
    (over, step) => [
      ours("procedure", `${over}_p`, `(IN no integer) DELETE FROM ${over} WHERE id = no + ${step}`),
    ],
    mysql,
  ),
  change(
    "trigger",
    (over, step) => [
      ours(
        "trigger",
        `${over}_t`,
        `BEFORE ${step ? "UPDATE" : "INSERT"} ON ${over} FOR EACH ROW SET NEW.name = 'it''s'`,
        on(over),
      ),
    ],
    mysql,
  ),
  change(
    "comment of an object",
    (over, step) => [
      ours("procedure", `${over}_p`, `() DELETE FROM ${over}`, { comment: step ? "it's new" : null }),
    ],
    mysql,
  ),
  change(
    "event",
    (over, step) => [
      ours(
        "event",
        `${over}_e`,
        `ON SCHEDULE EVERY ${step + 1} DAY STARTS '2030-01-01 00:00:00' DISABLE DO DELETE FROM ${over}`,
      ),
    ],
    mysql,
  ),
  change("sequence", (over, step) => [ours("sequence", `${over}_s`, step ? "INCREMENT BY 5 CACHE 10" : "")], [
    "mariadb",
  ]),
];

const sqlite = ["sqlite"];

const light = (kind: ObjectKind, name: string, definition: string, rest: Rest = {}): SchemaObject =>
  schemaObject(kind, name, definition, { dialect: "sqlite", ...rest });

/** The same kinds of things, in the words of SQLite. */
const ofSqlite: readonly SupportCase[] = [
  change(
    "view",
    (over, step) => [
      light("view", `${over}_v`, `AS SELECT id /* key */${step ? ", name" : ""} FROM ${over}`),
    ],
    sqlite,
  ),
  change(
    "view on a view that changes",
    (over, step) => [
      light("view", `${over}_v`, `AS SELECT ${step ? "name, id" : "id, name"} FROM ${over}`),
      light("view", `${over}_a`, `AS SELECT id FROM ${over}_v`),
    ],
    sqlite,
  ),
  change(
    "trigger",
    (over, step) => [
      light(
        "trigger",
        `${over}_t`,
        `AFTER ${step ? "UPDATE" : "INSERT"} ON ${over} BEGIN DELETE FROM ${over} WHERE id < 0; -- gone\nEND`,
        on(over),
      ),
    ],
    sqlite,
  ),
  change(
    "virtual table: FTS5",
    (over, step) => [
      light("virtualTable", `${over}_x`, `USING fts5(name, ${step ? "tokenize = 'porter'" : "note"})`),
    ],
    sqlite,
  ),
  change(
    "virtual table: R-Tree",
    (over, step) => [light("virtualTable", `${over}_x`, `USING rtree(id, x0, x1${step ? ", y0, y1" : ""})`)],
    sqlite,
  ),
];

/** A case of tables in the words of MySQL and MariaDB. */
function tableOfMysql(
  name: string,
  from: Table["options"][string],
  to: Table["options"][string],
  on = mysql,
): SupportCase {
  const over = `o${count++}`;
  const made = (options: Table["options"][string]): Table => ({
    ...plain(over),
    options: Object.keys(options).length === 0 ? {} : { mysql: options },
  });
  return {
    group: "Tables",
    name,
    on,
    from: () => ({ tables: [made(from)] }),
    to: () => ({ tables: [made(to)] }),
  };
}

const tablesOfMysql: readonly SupportCase[] = [
  tableOfMysql(
    "partitions by range",
    {
      partitionBy: "RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)",
    },
    {
      partitionBy: "RANGE (id) (PARTITION p0 VALUES LESS THAN (20), PARTITION p1 VALUES LESS THAN MAXVALUE)",
    },
  ),
  tableOfMysql(
    "partitions by list",
    {},
    { partitionBy: "LIST (id) (PARTITION a VALUES IN (1, 2), PARTITION b VALUES IN (3))" },
  ),
  tableOfMysql("partitions by hash", { partitionBy: "HASH (id) PARTITIONS 4" }, {}),
  tableOfMysql("system versioning", {}, { systemVersioned: true }, ["mariadb"]),
  holding("period for which rows hold", {}, { periodFor: { held: ["since", "until"] } }),
  holding(
    "period for which rows hold, keys WITHOUT OVERLAPS",
    { periodFor: { held: ["since", "until"] } },
    { periodFor: { stay: ["since", "until"] } },
    true,
  ),
];

/** A case of a table whose rows hold for a time. */
function holding(
  name: string,
  from: Table["options"][string],
  to: Table["options"][string],
  keyed = false,
): SupportCase {
  const over = `o${count++}`;
  const columns = ["since", "until"].map((each) => column(each, t.date(), { nullable: false }));
  const key = { options: { mysql: { withoutOverlaps: true } } };
  const made = (options: Table["options"][string], step: number): Table => ({
    ...table(over, [column("id", t.integer(), { nullable: false }), ...columns]),
    primaryKey: keyed && step === 1 ? primaryKey(["id"], key) : primaryKey(["id"]),
    indexes: keyed
      ? [index(`ix_${over}`, step === 1 ? ["id"] : ["id", "since"], { unique: true, ...key })]
      : [],
    options: Object.keys(options).length === 0 ? {} : { mysql: options },
  });
  return {
    group: "Tables",
    name,
    on: ["mariadb"],
    from: () => ({ tables: [made(from, 0)] }),
    to: () => ({ tables: [made(to, 1)] }),
  };
}

/** A case in which what tables say of each other changes. */
function family(name: string, from: readonly Table[], to: readonly Table[]): SupportCase {
  return {
    group: "Tables",
    name,
    on: postgresql,
    from: () => ({ tables: from }),
    to: () => ({ tables: to }),
  };
}

const own = (options: Table["options"][string]): Pick<Table, "options"> => ({
  options: { postgresql: options },
});

function parted(name: string, by: string): Table {
  const columns = [
    column("at", t.date(), { nullable: false }),
    column("kind", t.text(), { nullable: false }),
  ];
  return table(name, columns, own({ partitionBy: by }));
}

function part(name: string, of: string, bound: string, rest: Partial<Table> = {}): Table {
  return table(name, [], { ...own({ partitionOf: { schema: null, name: of, bound } }), ...rest });
}

const range = parted("s_range", "RANGE (at)");
const list = parted("s_list", "LIST (kind)");
const hash = parted("s_hash", "HASH (kind)");
const parent = plain("s_parent");

const families: readonly SupportCase[] = [
  family(
    "row-level security",
    [plain("s_secured")],
    [plain("s_secured", own({ rowSecurity: true, forceRowSecurity: true }))],
  ),
  family(
    "partitions by range, and the default one",
    [range],
    [
      range,
      part("s_range_1", "s_range", "FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')"),
      part("s_range_rest", "s_range", "DEFAULT", { indexes: [index("s_range_own", ["kind"])] }),
    ],
  ),
  family("partitions by list", [list], [list, part("s_list_1", "s_list", "FOR VALUES IN ('a', 'b')")]),
  family(
    "partitions by hash",
    [hash],
    [
      hash,
      part("s_hash_0", "s_hash", "FOR VALUES WITH (modulus 2, remainder 0)"),
      part("s_hash_1", "s_hash", "FOR VALUES WITH (modulus 2, remainder 1)"),
    ],
  ),
  family(
    "inheritance",
    [parent],
    [
      parent,
      table("s_heir", [column("more", t.text())], own({ inherits: [{ schema: null, name: "s_parent" }] })),
    ],
  ),
];

/** Every case of this file, in the order of the document. */
export const objectCases: readonly SupportCase[] = [
  ...families,
  ...tablesOfMysql,
  ...programmable,
  ...ofMysql,
  ...ofSqlite,
];
