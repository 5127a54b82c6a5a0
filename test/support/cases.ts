/** One case for each thing a table can have: how it is before and after a change, by database. */
import {
  type Column,
  type ColumnType,
  check,
  column,
  foreignKey,
  index,
  indexPart,
  primaryKey,
  type SchemaObject,
  schemaObject,
  type Table,
  t,
  table,
  unique,
} from "../../src/schema/index.ts";
import { objectCases } from "./object-cases.ts";

/** What a case is made of, once before and once after the change. */
export interface Parts {
  readonly tables: readonly Table[];
  readonly objects?: readonly SchemaObject[];
  readonly namespaces?: readonly string[];
}

/** One row of the table of what is supported. */
export interface SupportCase {
  readonly group: string;
  readonly name: string;
  /** The databases that have it. */
  readonly on: readonly string[];
  readonly from: (dialect: string) => Parts;
  readonly to: (dialect: string) => Parts;
  /** What of `from` is called something else in `to`. */
  readonly renames?: readonly { readonly table?: string; readonly from: string; readonly to: string }[];
}

const all = ["sqlite", "postgresql", "mariadb", "mysql"];
const postgresql = ["postgresql"];
const mysql = ["mariadb", "mysql"];

let count = 0;

/** A table of that case alone, with a key. */
function own(columns: readonly Column[], rest: Partial<Omit<Table, "name" | "schema" | "columns">> = {}) {
  return (name: string): Table =>
    table(name, [column("id", t.integer(), { nullable: false }), ...columns], {
      primaryKey: primaryKey(["id"], { name: `pk_${name}` }),
      ...rest,
    });
}

type Make = (name: string) => Table;

/** A case that changes one table. */
function change(group: string, name: string, on: readonly string[], from: Make, to: Make): SupportCase {
  const label = `s${count++}`;
  return { group, name, on, from: () => ({ tables: [from(label)] }), to: () => ({ tables: [to(label)] }) };
}

const plain = own([]);
const text = column("name", t.varchar(40));
const number = column("size", t.integer());
const literal = (value: string | number | boolean) => ({ kind: "literal", value }) as const;
const expression = (sql: string) => ({ kind: "expression", sql }) as const;

function typeCase(name: string, type: ColumnType, on: readonly string[] = all): SupportCase {
  return change("Types", name, on, plain, own([column("value", type)]));
}

function retype(name: string, from: ColumnType, to: ColumnType, on: readonly string[] = all): SupportCase {
  return change("Types", name, on, own([column("value", from)]), own([column("value", to)]));
}

const native = (dialect: string, sql: string): ColumnType => t.native(dialect, sql);

const types: readonly SupportCase[] = [
  typeCase("integers (16, 32, 64 bits)", t.bigint()),
  typeCase("boolean", t.boolean()),
  typeCase("exact decimals", t.numeric(12, 4)),
  typeCase("floats", t.double()),
  typeCase("text with and without limit", t.varchar(80)),
  typeCase("bytes", t.bytes()),
  typeCase("uuid", t.uuid()),
  typeCase("date, time, fractional seconds", t.time({ precision: 3 })),
  typeCase("timestamp with and without zone", t.timestamptz()),
  typeCase("interval", t.interval()),
  typeCase("JSON", t.json()),
  typeCase("arrays", t.array(t.integer())),
  typeCase("native types, verbatim", native("postgresql", "int4range"), postgresql),
  typeCase("SET", native("mysql", "set('a','b')"), mysql),
  typeCase("unsigned, zerofill", native("mysql", "int(8) unsigned zerofill"), mysql),
  retype("change of type, rows kept", t.integer(), t.bigint()),
  retype("enum: new", t.varchar(20), t.enum(["a", "b"])),
  retype("enum: a value more", t.enum(["a", "b"]), t.enum(["a", "b", "c"])),
  retype("enum: values in another order", t.enum(["a", "b"]), t.enum(["b", "a"])),
  retype("enum: a value less", t.enum(["a", "b"]), t.enum(["a"])),
  retype(
    "enum of several columns",
    t.enum(["a"], { name: "shared_kind" }),
    t.enum(["a", "b"], { name: "shared_kind" }),
    postgresql,
  ),
];

const columns: readonly SupportCase[] = [
  change("Columns", "column", all, plain, own([text])),
  change("Columns", "NOT NULL", all, own([text]), own([column("name", t.varchar(40), { nullable: false })])),
  change(
    "Columns",
    "default: a value",
    all,
    own([number]),
    own([column("size", t.integer(), { default: literal(5) })]),
  ),
  change(
    "Columns",
    "default: an expression",
    all,
    own([column("at", t.timestamp())]),
    own([column("at", t.timestamp(), { default: expression("CURRENT_TIMESTAMP") })]),
  ),
  change(
    "Columns",
    "generated, stored",
    all,
    own([number]),
    own([number, column("next", t.integer(), { generated: { expression: "size + 1", stored: true } })]),
  ),
  change(
    "Columns",
    "generated, virtual",
    ["sqlite", ...mysql],
    own([number]),
    own([number, column("next", t.integer(), { generated: { expression: "size + 1", stored: false } })]),
  ),
  {
    group: "Columns",
    name: "numbered by the database",
    on: all,
    from: () => ({ tables: [] }),
    to: () => ({
      tables: [
        table("s_numbered", [column("id", t.integer(), { nullable: false, autoIncrement: true })], {
          primaryKey: primaryKey(["id"], { name: "pk_s_numbered" }),
        }),
      ],
    }),
  },
  change("Columns", "identity ALWAYS, with options", postgresql, plain, (name) => ({
    ...plain(name),
    columns: [
      column("id", t.integer(), {
        nullable: false,
        identity: { generation: "always", start: 100, increment: 5 },
      }),
    ],
  })),
  change("Columns", "serial", postgresql, plain, (name) => ({
    ...plain(name),
    columns: [
      column("id", t.integer(), {
        nullable: false,
        autoIncrement: true,
        options: { postgresql: { serial: true } },
      }),
    ],
  })),
  change("Columns", "collation", all, own([text]), (name) =>
    own([column("name", t.varchar(40), { collation: collations[making] ?? null })])(name),
  ),
  change("Columns", "comment", ["postgresql", ...mysql], own([text]), own([{ ...text, comment: "it's" }])),
  change(
    "Columns",
    "storage, statistics",
    postgresql,
    own([text]),
    own([{ ...text, options: { postgresql: { statistics: 500, storage: "EXTERNAL" } } }]),
  ),
  change(
    "Columns",
    "ON UPDATE CURRENT_TIMESTAMP",
    mysql,
    own([column("at", t.timestamp())]),
    own([column("at", t.timestamp(), { options: { mysql: { onUpdate: "CURRENT_TIMESTAMP(6)" } } })]),
  ),
  change(
    "Columns",
    "invisible",
    mysql,
    own([text]),
    own([{ ...text, options: { mysql: { invisible: true } } }]),
  ),
];

const collations: Readonly<Record<string, string>> = {
  sqlite: "NOCASE",
  postgresql: "C",
  mariadb: "utf8mb4_bin",
  mysql: "utf8mb4_bin",
};

/** Set while the parts of one database are made. */
let making = "";

/** Makes the parts of a case for a database. */
export function partsOf(each: SupportCase, side: "from" | "to", dialect: string): Parts {
  making = dialect;
  return each[side](dialect);
}

const constraints: readonly SupportCase[] = [
  change(
    "Constraints",
    "primary key, also of several columns",
    all,
    (name) =>
      table(name, [
        column("a", t.integer(), { nullable: false }),
        column("b", t.integer(), { nullable: false }),
      ]),
    (name) =>
      table(
        name,
        [column("a", t.integer(), { nullable: false }), column("b", t.integer(), { nullable: false })],
        {
          primaryKey: primaryKey(["a", "b"], { name: `pk_${name}` }),
        },
      ),
  ),
  change("Constraints", "primary key, descending", ["sqlite"], plain, (name) =>
    table(name, [column("id", t.integer(), { nullable: false })], {
      primaryKey: primaryKey(["id"], { name: `pk_${name}`, options: { sqlite: { order: ["desc"] } } }),
    }),
  ),
  change("Constraints", "unique", all, own([text]), (name) =>
    own([text], { uniques: [unique(["name"], { name: `uq_${name}` })] })(name),
  ),
  change("Constraints", "unique, NULLS NOT DISTINCT", postgresql, own([text]), (name) =>
    own([text], { uniques: [unique(["name"], { name: `uq_${name}`, nullsNotDistinct: true })] })(name),
  ),
  change("Constraints", "unique, deferrable", postgresql, own([text]), (name) =>
    own([text], { uniques: [unique(["name"], { name: `uq_${name}`, deferrable: "deferred" })] })(name),
  ),
  change("Constraints", "check", all, own([number]), (name) =>
    own([number], { checks: [check("size > 0", { name: `ck_${name}` })] })(name),
  ),
  change("Constraints", "check, NO INHERIT and NOT VALID", postgresql, own([number]), (name) =>
    own([number], {
      checks: [
        check("size > 0", {
          name: `ck_${name}`,
          options: { postgresql: { noInherit: true, notValid: true } },
        }),
      ],
    })(name),
  ),
  change(
    "Constraints",
    "exclusion",
    postgresql,
    own([column("span", native("postgresql", "int4range"))]),
    (name) =>
      own([column("span", native("postgresql", "int4range"))], {
        exclusions: [
          {
            name: `ex_${name}`,
            method: "gist",
            elements: [{ part: indexPart("span"), operator: "&&" }],
            where: "span IS NOT NULL",
            deferrable: null,
            options: {},
          },
        ],
      })(name),
  ),
  keyCase("foreign key with actions", all, { onDelete: "cascade", onUpdate: "cascade" }),
  keyCase("foreign key, deferrable", ["sqlite", "postgresql"], { deferrable: "deferred" }),
  keyCase("foreign key, MATCH FULL", postgresql, { match: "full" }),
  keyCase("foreign key, NOT VALID", postgresql, { options: { postgresql: { notValid: true } } }),
  keyCase("foreign key, SET NULL of some columns", postgresql, {
    onDelete: "set null",
    options: { postgresql: { onDeleteColumns: ["other_id"] } },
  }),
];

function keyCase(name: string, on: readonly string[], rest: Parameters<typeof foreignKey>[2]): SupportCase {
  const label = `s${count++}`;
  const target = plain(`${label}_target`);
  const link = column("other_id", t.integer());
  const key = foreignKey(
    ["other_id"],
    { schema: null, name: target.name, columns: ["id"] },
    { name: `fk_${label}`, ...rest },
  );
  return {
    group: "Constraints",
    name,
    on,
    from: () => ({ tables: [target, own([link])(label)] }),
    to: () => ({ tables: [target, own([link], { foreignKeys: [key] })(label)] }),
  };
}

function indexCase(
  name: string,
  on: readonly string[],
  columns_: readonly Column[],
  make: (name: string) => ReturnType<typeof index>,
): SupportCase {
  return change("Indexes", name, on, own(columns_), (label) =>
    own(columns_, { indexes: [make(`ix_${label}`)] })(label),
  );
}

const indexes: readonly SupportCase[] = [
  indexCase("index, also unique", all, [text], (name) => index(name, ["name"], { unique: true })),
  indexCase("descending", all, [number], (name) => index(name, [indexPart("size", { order: "desc" })])),
  indexCase("NULLS FIRST, LAST", postgresql, [number], (name) =>
    index(name, [indexPart("size", { nulls: "first" })]),
  ),
  indexCase("over an expression", ["sqlite", "postgresql"], [text], (name) =>
    index(name, [indexPart(null, { expression: "lower(name)" })]),
  ),
  indexCase("partial", ["sqlite", "postgresql"], [number], (name) =>
    index(name, ["size"], { where: "size > 0" }),
  ),
  indexCase("collation of a key", ["sqlite", "postgresql"], [text], (name) =>
    index(name, [indexPart("name", { collation: collations[making] ?? null })]),
  ),
  indexCase("INCLUDE", postgresql, [text, number], (name) => index(name, ["name"], { include: ["size"] })),
  indexCase("method", postgresql, [text], (name) => index(name, ["name"], { method: "hash" })),
  indexCase("operator class", postgresql, [column("doc", t.jsonb())], (name) =>
    index(name, [indexPart("doc", { operatorClass: "jsonb_path_ops" })], { method: "gin" }),
  ),
  indexCase("storage parameters", postgresql, [text], (name) =>
    index(name, ["name"], { options: { postgresql: { with: { fillfactor: "70" } } } }),
  ),
  indexCase("prefix", mysql, [column("note", t.text())], (name) =>
    index(name, [indexPart("note", { length: 20 })]),
  ),
  indexCase("FULLTEXT", mysql, [text], (name) =>
    index(name, ["name"], { options: { mysql: { kind: "fulltext" } } }),
  ),
  indexCase("SPATIAL", mysql, [column("at", native("mysql", "point"), { nullable: false })], (name) =>
    index(name, ["at"], { options: { mysql: { kind: "spatial" } } }),
  ),
  indexCase("comment", ["postgresql", ...mysql], [text], (name) =>
    index(name, ["name"], { comment: "it's" }),
  ),
];

function option(dialect: string, name: string, value: string | boolean | { readonly [key: string]: string }) {
  return { options: { [dialect]: { [name]: value } } };
}

const label = (): string => `s${count++}`;
const oldName = label();
const newName = label();
const renamedColumn = label();

const tables: readonly SupportCase[] = [
  {
    group: "Tables",
    name: "table",
    on: all,
    from: () => ({ tables: [] }),
    to: () => ({ tables: [own([text])("s_new")] }),
  },
  {
    group: "Tables",
    name: "new name, rows kept",
    on: all,
    from: () => ({ tables: [own([text])(oldName)] }),
    to: () => ({ tables: [{ ...own([text])(oldName), name: newName }] }),
    renames: [{ from: oldName, to: newName }],
  },
  {
    group: "Tables",
    name: "new name of a column, rows kept",
    on: all,
    from: () => ({ tables: [own([text])(renamedColumn)] }),
    to: () => ({ tables: [own([{ ...text, name: "title" }])(renamedColumn)] }),
    renames: [{ table: renamedColumn, from: "name", to: "title" }],
  },
  change("Tables", "comment", ["postgresql", ...mysql], plain, own([], { comment: "it's a table" })),
  change("Tables", "STRICT", ["sqlite"], plain, own([], option("sqlite", "strict", true))),
  change("Tables", "WITHOUT ROWID", ["sqlite"], plain, own([], option("sqlite", "withoutRowid", true))),
  change(
    "Tables",
    "storage parameters",
    postgresql,
    plain,
    own([], option("postgresql", "with", { fillfactor: "70" })),
  ),
  change("Tables", "UNLOGGED", postgresql, plain, own([], option("postgresql", "unlogged", true))),
  change("Tables", "engine", mysql, plain, own([], option("mysql", "engine", "MyISAM"))),
  change("Tables", "character set", mysql, own([text]), own([text], option("mysql", "charset", "latin1"))),
  {
    group: "Tables",
    name: "named schema",
    on: postgresql,
    from: () => ({ tables: [] }),
    to: () => ({
      tables: [table({ schema: "area", name: "s_area" }, [column("id", t.integer())])],
      namespaces: ["area"],
    }),
  },
];

const object = (kind: SchemaObject["kind"], name: string, definition: string): SchemaObject =>
  schemaObject(kind, name, definition, { dialect: "postgresql" });

const ownedName = label();

const objects: readonly SupportCase[] = [
  {
    group: "Beside tables",
    name: "sequence",
    on: postgresql,
    from: () => ({ tables: [], objects: [object("sequence", "s_sequence", "AS bigint")] }),
    to: () => ({ tables: [], objects: [object("sequence", "s_sequence", "AS bigint INCREMENT BY 5")] }),
  },
  {
    group: "Beside tables",
    name: "sequence, owned by a column",
    on: postgresql,
    from: () => ({ tables: [plain(ownedName)] }),
    to: () => ({
      tables: [own([column("no", t.bigint(), { default: expression("nextval('s_owned')") })])(ownedName)],
      objects: [
        {
          ...object("sequence", "s_owned", "AS bigint"),
          ownedBy: { table: { schema: null, name: ownedName }, column: "no" },
        },
      ],
    }),
  },
  {
    group: "Beside tables",
    name: "domain, as a column's type",
    on: postgresql,
    from: () => ({
      tables: [own([column("size", native("postgresql", "s_domain"))])("s_of_domain")],
      objects: [object("domain", "s_domain", "AS integer CHECK (VALUE > 0)")],
    }),
    to: () => ({
      tables: [own([column("size", native("postgresql", "s_domain"))])("s_of_domain")],
      objects: [object("domain", "s_domain", "AS integer CHECK (VALUE > 10)")],
    }),
  },
  {
    group: "Beside tables",
    name: "type of a column that becomes one of another kind",
    on: postgresql,
    from: () => ({
      tables: [own([column("size", native("postgresql", "s_type"))])("s_of_type")],
      objects: [object("domain", "s_type", "AS text")],
    }),
    to: () => ({
      tables: [own([column("size", native("postgresql", "s_type"))])("s_of_type")],
      objects: [object("composite", "s_type", "AS (a integer)")],
    }),
  },
];

/** Every case, in the order of the document. */
export const cases: readonly SupportCase[] = [
  ...tables,
  ...objectCases.filter(({ group }) => group === "Tables"),
  ...columns,
  ...types,
  ...constraints,
  ...indexes,
  ...objects,
  ...objectCases.filter(({ group }) => group !== "Tables"),
];
