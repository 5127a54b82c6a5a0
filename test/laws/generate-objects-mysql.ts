/** What MySQL and MariaDB have beside tables, over generated ones. */
import {
  type Column,
  column,
  type Json,
  type ObjectKind,
  primaryKey,
  type SchemaObject,
  schemaObject,
  t,
  table,
} from "../../src/schema/index.ts";
import type { Made, Recipe, Site } from "./generate-objects.ts";
import { queryOf } from "./generate-views.ts";

const quote = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

type Rest = Partial<Pick<SchemaObject, "table" | "options" | "comment">>;

const ours = (site: Site, kind: ObjectKind, definition: string, rest: Rest = {}): SchemaObject =>
  schemaObject(kind, site.name, definition, { dialect: "mysql", comment: null, ...rest });

const isPlain = ({ generated }: Column): boolean => generated === null;

function view(site: Site): Made {
  const { sql, columns } = queryOf(site, quote);
  const algorithm = site.body % 11 === 0 ? { algorithm: "temptable" } : {};
  const security = site.body % 3 === 0 ? { security: "invoker" } : {};
  const object = ours(site, "view", `AS ${sql}`, { options: { ...algorithm, ...security } });
  return { objects: [object], relation: { object, columns } };
}

/** A view that rows can be put through. */
function checkedView(site: Site): Made {
  const columns = site.columns.map(({ name }) => name);
  const check = ["", " WITH LOCAL CHECK OPTION", " WITH CASCADED CHECK OPTION"][site.body % 3]!;
  const sql = `SELECT ${columns.map(quote).join(", ")} FROM ${quote(site.table.name)} WHERE ${quote(columns[0]!)} IS NOT NULL`;
  const object = ours(site, "view", `AS ${sql}${check}`);
  return { objects: [object], relation: { object, columns } };
}

/** What leaves every row as the law expects it. */
function work(site: Site): string {
  const [from, other] = [quote(site.table.name), quote(site.other.name)];
  const own = quote(site.columns[0]!.name);
  const forms = [
    "SET @law = 'it''s'",
    `BEGIN DECLARE n int DEFAULT 0; SELECT count(${own}) INTO n FROM ${from}; END`,
    `DELETE FROM ${other} WHERE 1 = 0`,
    `BEGIN\n  -- a note; with a semicolon\n  IF @law IS NULL THEN SET @law = "x"; END IF;\nEND`,
  ];
  return forms[site.body % forms.length]!;
}

function trigger(site: Site): Made {
  const { body } = site;
  const on = site.table;
  const own = quote((site.columns.find(isPlain) ?? on.columns.find(isPlain))!.name);
  const when = ["BEFORE INSERT", "AFTER UPDATE", "BEFORE UPDATE", "AFTER DELETE", "AFTER INSERT"][body % 5]!;
  const row = when.endsWith("DELETE") ? "OLD" : "NEW";
  const bodies = [
    `SET @law = ${row}.${own} IS NULL`,
    `BEGIN DECLARE n int DEFAULT 0; IF ${row}.${own} IS NULL THEN SET n = 1; END IF; END`,
  ];
  const steps = when.startsWith("BEFORE UPDATE")
    ? `SET NEW.${own} = NEW.${own}`
    : when.endsWith("DELETE")
      ? `DELETE FROM ${quote(site.other.name)}`
      : bodies[body % 2]!;
  const definition = `${when} ON ${quote(on.name)} FOR EACH ROW ${steps}`;
  return { objects: [ours(site, "trigger", definition, { table: { schema: null, name: on.name } })] };
}

function procedure(site: Site): Made {
  const args = ["", "IN n integer", "n int, OUT `it's` varchar(20)", "INOUT n decimal(10,2)"][site.body % 4]!;
  const words = ["", " SQL SECURITY INVOKER", " READS SQL DATA"][site.body % 3]!;
  return {
    objects: [ours(site, "procedure", `(${args})${words} ${work(site)}`, { comment: site.comment })],
  };
}

function routine(site: Site): Made {
  const bodies = [
    "(n integer) RETURNS integer DETERMINISTIC RETURN n + 1",
    "(n integer) RETURNS bigint NO SQL RETURN n * 2",
    `(n integer) RETURNS integer READS SQL DATA RETURN (SELECT count(${quote(site.columns[0]!.name)}) FROM ${quote(site.table.name)})`,
    "(n integer) RETURNS varchar(20) CHARSET utf8mb4 DETERMINISTIC BEGIN RETURN concat('it''s ', n); END",
  ];
  const made = ours(site, "function", bodies[site.body % bodies.length]!, { comment: site.comment });
  if (site.body % 3 === 0) return { objects: [made] };
  const sql = `AS SELECT ${quote(site.name)}(1) AS n FROM ${quote(site.table.name)}`;
  const calls = { ...ours(site, "view", sql), name: `${site.name} view` };
  return { objects: [made, calls], relation: { object: calls, columns: ["n"] } };
}

function event(site: Site): Made {
  const schedules = [
    "EVERY 1 DAY STARTS '2031-01-01 00:00:00'",
    "EVERY 2 HOUR STARTS '2031-01-01 00:00:00' ENDS '2032-01-01 00:00:00'",
    "AT '2031-05-05 05:05:05'",
    "EVERY '1:30' HOUR_MINUTE STARTS '2031-01-01 00:00:00'",
  ];
  const rest = ["", " ON COMPLETION PRESERVE", " DISABLE"][site.body % 3]!;
  const definition = `ON SCHEDULE ${schedules[site.body % schedules.length]!}${rest} DO ${work(site)}`;
  return { objects: [ours(site, "event", definition, { comment: site.comment })] };
}

function sequence(site: Site): Made {
  const forms = [
    "",
    "START WITH 7 INCREMENT BY 5",
    "INCREMENT BY -2 NOCACHE",
    "MAXVALUE 1000 CYCLE",
    "INCREMENT BY -3 MINVALUE -900",
  ];
  return { objects: [ours(site, "sequence", forms[site.body % forms.length]!, { comment: site.comment })] };
}

/** A table of its own, with rows. */
function ownTable(site: Site, options: Readonly<Record<string, Json>>): Made {
  const name = `${site.name} own`;
  const columns = [column("id", t.integer(), { nullable: false }), column("note", t.varchar(20))];
  const made = table(name, columns, {
    primaryKey: primaryKey(["id"]),
    comment: site.comment,
    options: Object.keys(options).length === 0 ? {} : { mysql: options },
  });
  return {
    objects: [],
    tables: [made],
    rows: {
      [name]: [
        { id: 1, note: "a" },
        { id: 12, note: null },
      ],
    },
  };
}

function parted(site: Site): Made {
  const forms = [
    "RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)",
    "RANGE (id) (PARTITION p0 VALUES LESS THAN (5), PARTITION `p ü` VALUES LESS THAN MAXVALUE)",
    "LIST (id) (PARTITION a VALUES IN (1, 2), PARTITION b VALUES IN (3, 12))",
    "HASH (id) PARTITIONS 4",
    "KEY (id) PARTITIONS 2",
    null,
  ];
  const form = forms[site.body % forms.length] ?? null;
  return ownTable(site, form === null ? {} : { partitionBy: form });
}

function versioned(site: Site): Made {
  return ownTable(site, site.body % 2 === 0 ? { systemVersioned: true } : {});
}

/** The ways of making objects that MySQL has. */
export const mysqlRecipes: readonly Recipe[] = [
  view,
  view,
  trigger,
  routine,
  procedure,
  view,
  checkedView,
  trigger,
  event,
  parted,
];

/** The ways that MariaDB has. */
export const mariadbRecipes: readonly Recipe[] = [...mysqlRecipes, sequence, versioned];
