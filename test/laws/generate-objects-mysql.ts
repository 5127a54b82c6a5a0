/** What MySQL and MariaDB have beside tables, over generated ones. */
import type { Column } from "../../src/schema/index.ts";
import type { Made, Recipe, Site } from "./generate-objects.ts";
import {
  counted,
  held,
  inEngine,
  inOrder,
  parted,
  partedAgain,
  versioned,
  versionedFrom,
} from "./generate-tables-mysql.ts";
import { queryOf } from "./generate-views.ts";
import { ours, quote } from "./made-mysql.ts";

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

/** For whom it is made, and how the server was set then. */
function settings({ body, schema, comment }: Site): Readonly<Record<string, string>> {
  const isAscii = schema.tables.every((table) => /^\p{ASCII}*$/u.test(JSON.stringify([table, comment])));
  return {
    ...(body % 5 === 1 ? { definer: "law o'law@%" } : {}),
    ...(body % 5 === 2 ? { sqlMode: "STRICT_ALL_TABLES" } : {}),
    ...(isAscii && body % 7 === 3 ? { charset: "latin1", collation: "latin1_swedish_ci" } : {}),
  };
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
    objects: [
      ours(site, "procedure", `(${args})${words} ${work(site)}`, {
        comment: site.comment,
        options: settings(site),
      }),
    ],
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
  const rest = ["", " ON COMPLETION PRESERVE", " DISABLE", " DISABLE ON SLAVE"][site.body % 4]!;
  const definition = `ON SCHEDULE ${schedules[site.body % schedules.length]!}${rest} DO ${work(site)}`;
  const zone = site.body % 5 === 0 ? { timeZone: "+02:00" } : {};
  return {
    objects: [
      ours(site, "event", definition, { comment: site.comment, options: { ...settings(site), ...zone } }),
    ],
  };
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

/** Functions over many rows. */
function aggregate(site: Site): Made {
  const steps = ["n + 1", "n + x", "n * 2"][site.body % 3]!;
  const body = `(x int) RETURNS int BEGIN DECLARE n int DEFAULT 0; DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN n; LOOP FETCH GROUP NEXT ROW; SET n = ${steps}; END LOOP; END`;
  const options = site.body % 4 === 3 ? {} : { aggregate: true };
  const plain = "(x int) RETURNS int NO SQL RETURN x";
  const definition = "aggregate" in options ? body : plain;
  return { objects: [ours(site, "function", definition, { comment: site.comment, options })] };
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
  partedAgain,
  inOrder,
];

/** The ways that MariaDB has. */
export const mariadbRecipes: readonly Recipe[] = [
  ...mysqlRecipes,
  sequence,
  versioned,
  versionedFrom,
  aggregate,
  counted,
  inEngine,
  held,
];
