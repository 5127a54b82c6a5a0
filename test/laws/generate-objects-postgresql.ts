/** What PostgreSQL has beside tables, over generated ones. */
import type { Column } from "../../src/schema/index.ts";
import {
  heir,
  parted,
  subparted,
  withCheck,
  withColumnOf,
  withOptions,
} from "./generate-families-postgresql.ts";
import { grantRecipe } from "./generate-grants-postgresql.ts";
import type { Made, Recipe, Site } from "./generate-objects.ts";
import { isWhole } from "./generate-postgresql.ts";
import { eventTrigger, extension, foreign, publication } from "./generate-server-postgresql.ts";
import { queryOf } from "./generate-views.ts";
import { cast, collation, noted, operator, textSearch } from "./generate-words-postgresql.ts";
import { helper, named, object, quote, refOf } from "./made-postgresql.ts";

const isPlain = (column: Column): boolean => column.generated === null;

function view(site: Site): Made {
  const { sql, columns } = queryOf(site, quote);
  const barrier = site.body % 7 === 0 ? "WITH (security_barrier='true') " : "";
  const made = object(site, "view", `${barrier}AS ${sql}`);
  return { objects: [made], relation: { object: made, columns } };
}

/** A view in the schema of its table. */
function viewBeside(site: Site): Made {
  const { sql, columns } = queryOf({ ...site, below: null }, quote);
  const made = { ...object(site, "view", `AS ${sql}`), schema: site.table.schema };
  return { objects: [made], relation: { object: made, columns } };
}

function materialized(site: Site): Made {
  const { sql, columns } = queryOf(site, quote);
  const made = object(site, "materializedView", `AS ${sql}`);
  // An index can be over what is no json or point: a null test is.
  const first = quote(columns[0]!);
  const index = helper(site, "index", "index", `ON ${named(made)} ((${first} IS NULL))`, {
    table: refOf(made),
    comment: site.comment,
  });
  return {
    objects: site.body % 3 === 0 ? [made] : [made, index],
    relation: { object: made, columns },
  };
}

const tags = ["$$", "$body$", "$$"];

function sqlFunction(site: Site): Made {
  const table = named(site.table);
  const own = quote(site.columns[0]!.name);
  const bodies: readonly (readonly [string, string])[] = [
    ["integer", "(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n + 1'"],
    ["integer", "(n integer) RETURNS bigint LANGUAGE sql AS 'SELECT n * 2'"],
    ["integer, text", `(n int4, what text DEFAULT 'it''s') RETURNS text LANGUAGE sql AS 'SELECT what || n'`],
    ["", `() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT count(${own}) FROM ${table} $$`],
    ["", `() RETURNS SETOF ${table} LANGUAGE sql STABLE AS $$ SELECT * FROM ${table} $$`],
    ["", `() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(${own}) FROM ${table}; END`],
    ["", "() RETURNS TABLE (a integer, b text) LANGUAGE sql AS $$ SELECT 1, 'x'::text $$"],
    [
      "integer",
      `(n integer) RETURNS integer LANGUAGE plpgsql AS ${tags[1]!}\nBEGIN\n  RETURN n + ${site.body};\nEND\n${tags[1]!}`,
    ],
    [
      "",
      `() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(${own}) FROM ${table}); END $$`,
    ],
    ["integer[]", "(VARIADIC n integer[]) RETURNS integer LANGUAGE sql AS 'SELECT n[1]'"],
  ];
  const [signature, definition] = bodies[site.body % bodies.length]!;
  return { objects: [object(site, "function", definition, { signature })] };
}

/** A function, and a view that calls it. */
function calledFunction(site: Site): Made {
  const returns = ["integer", "bigint", "integer"][site.body % 3]!;
  const made = object(
    site,
    "function",
    `(n integer) RETURNS ${returns} LANGUAGE sql AS 'SELECT n + ${site.body % 2}'`,
    {
      signature: "integer",
    },
  );
  const whole = site.columns.find((column) => column.type.kind === "integer");
  const from = whole === undefined ? "" : ` FROM ${named(site.table)}`;
  const sql = `AS SELECT ${quote(site.name)}(${whole === undefined ? "1" : quote(whole.name)}) AS n${from}`;
  const calls = helper(site, "view", "view", sql);
  return { objects: [made, calls], relation: { object: calls, columns: ["n"] } };
}

function procedure(site: Site): Made {
  const body = `DELETE FROM ${named(site.table)} WHERE ${quote(site.columns[0]!.name)} IS NULL AND n = ${site.body % 3}`;
  return {
    objects: [
      object(site, "procedure", `(n integer) LANGUAGE sql AS $$ ${body} $$`, { signature: "integer" }),
    ],
  };
}

/** What fires tells whether it ran: nothing deletes rows but a mistake. */
function trigger(site: Site): Made {
  const { table, body } = site;
  const own = quote((site.columns.find(isPlain) ?? table.columns.find(isPlain))!.name);
  const forms = [
    "BEFORE INSERT ON @ FOR EACH ROW",
    `AFTER UPDATE OF ${own} ON @ FOR EACH ROW`,
    `BEFORE UPDATE ON @ FOR EACH ROW WHEN (new.${own} IS NOT NULL)`,
    "AFTER DELETE ON @ FOR EACH STATEMENT",
    "AFTER INSERT ON @ REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
    "BEFORE DELETE OR TRUNCATE ON @ FOR EACH STATEMENT",
    `AFTER INSERT OR UPDATE ON @ DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.${own} IS NULL)`,
  ];
  const at = body % forms.length;
  const form = forms[at]!.replace("@", () => named(table));
  const gone = form.includes("DELETE") ? `DELETE FROM ${named(site.other)}; ` : "";
  const fires = helper(
    site,
    "fires",
    "function",
    `() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${gone}RETURN ${body % 2 === 0 ? "NEW" : "COALESCE(NEW, OLD)"}; END $$`,
    { signature: "" },
  );
  const enabled = ["disabled", "always", null, null][(body >> 2) % 4] ?? null;
  const made = object(site, "trigger", `${form} EXECUTE FUNCTION ${named(fires)}()`, {
    table: refOf(table),
    options: { ...(at === 6 ? { constraint: true } : {}), ...(enabled === null ? {} : { enabled }) },
  });
  return { objects: [fires, made] };
}

/** A view whose trigger does its work. */
function viewWithTrigger(site: Site): Made {
  const made = view(site);
  const shown = made.relation!.object;
  const fires = helper(
    site,
    "fires",
    "function",
    `() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$`,
    { signature: "" },
  );
  const event = ["INSERT", "UPDATE", "DELETE OR INSERT"][site.body % 3]!;
  const hung = helper(
    site,
    "trigger",
    "trigger",
    `INSTEAD OF ${event} ON ${named(shown)} FOR EACH ROW EXECUTE FUNCTION ${named(fires)}()`,
    { table: refOf(shown), comment: site.comment },
  );
  return { ...made, objects: [...made.objects, fires, hung] };
}

function rule(site: Site): Made {
  const table = named(site.table);
  const own = quote(site.columns[0]!.name);
  const forms = [
    `AS ON DELETE TO ${table} DO INSTEAD NOTHING`,
    `AS ON DELETE TO ${table} WHERE old.${own} IS NULL DO INSTEAD NOTHING`,
    `AS ON UPDATE TO ${table} WHERE new.${own} IS NULL AND 1 = 0 DO INSTEAD NOTHING`,
    `AS ON DELETE TO ${table} DO ALSO SELECT count(*) FROM ${named(site.other)}`,
    `AS ON DELETE TO ${table} DO ALSO DELETE FROM ${named(site.other)}`,
  ];
  return { objects: [object(site, "rule", forms[site.body % forms.length]!, { table: refOf(site.table) })] };
}

function policy(site: Site): Made {
  const table = named(site.table);
  const own = quote(site.columns[0]!.name);
  const forms = [
    `USING (${own} IS NOT NULL)`,
    `AS RESTRICTIVE FOR SELECT TO CURRENT_USER USING (true)`,
    `FOR INSERT WITH CHECK (${own} IS NULL OR 1 = 1)`,
    `FOR UPDATE USING (EXISTS (SELECT 1 FROM ${named(site.other)} o)) WITH CHECK (${own} IS NOT NULL)`,
  ];
  const made = object(site, "policy", `ON ${table} ${forms[site.body % forms.length]!}`, {
    table: refOf(site.table),
  });
  const security = [{}, { rowSecurity: true }, { rowSecurity: true, forceRowSecurity: true }][site.body % 3]!;
  return { objects: [made], table: withOptions(site, security) };
}

function composite(site: Site): Made {
  const forms = [
    "AS (a integer, b text)",
    "AS (a integer)",
    'AS (a integer, b text, "some thing" numeric(10,2))',
    `AS (a ${named(site.table)})`,
  ];
  const made = object(site, "composite", forms[site.body % forms.length]!);
  // No attribute of a type goes or gets another type while a column is of it.
  return site.comment === null && site.body % 4 === 1
    ? { objects: [made], table: withColumnOf(site, made) }
    : { objects: [made] };
}

function range(site: Site): Made {
  const forms = [
    "AS RANGE (subtype = float8)",
    'AS RANGE (subtype = text, collation = "C")',
    "AS RANGE (subtype = time)",
  ];
  return { objects: [object(site, "range", forms[site.body % forms.length]!)] };
}

function aggregate(site: Site): Made {
  const sums = helper(
    site,
    "sums",
    "function",
    "(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(a, 0) + b'",
    { signature: "integer, integer" },
  );
  const made = object(
    site,
    "aggregate",
    `(integer) (SFUNC = ${named(sums)}, STYPE = integer, INITCOND = '${site.body % 3}')`,
    { signature: "integer" },
  );
  return { objects: [sums, made] };
}

function statistics(site: Site): Made {
  const fit = site.table.columns.filter(
    (column) =>
      (isWhole(column) || /^(?:text|varchar|uuid|date)$/.test(column.type.kind)) &&
      column.generated?.stored !== false,
  );
  const start = site.body % Math.max(fit.length - 1, 1);
  const [one, two] = [fit[start], fit[start + 1]];
  if (one === undefined || two === undefined) return { objects: [] };
  const kinds = ["(ndistinct) ", "(dependencies, mcv) ", ""][site.body % 3]!;
  const keys = `${quote(one.name)}, ${quote(two.name)}`;
  return { objects: [object(site, "statistics", `${kinds}ON ${keys} FROM ${named(site.table)}`)] };
}

function sequence(site: Site): Made {
  const forms = ["", "AS smallint START WITH 7", "INCREMENT BY -2 CYCLE", "CACHE 5"];
  return { objects: [object(site, "sequence", forms[site.body % forms.length]!)] };
}

function domain(site: Site): Made {
  const forms = [
    "AS integer CHECK (VALUE > 0)",
    "AS text",
    `AS integer DEFAULT 7 CONSTRAINT "not much" CHECK (VALUE < 100) CONSTRAINT b CHECK (VALUE > -5)`,
    "AS varchar(20) NOT NULL DEFAULT 'x'",
  ];
  const made = object(site, "domain", forms[site.body % forms.length]!);
  const uses = helper(site, "view", "view", `AS SELECT NULL::${named(made)} AS n`);
  return {
    objects: site.body % 3 === 0 ? [made, uses] : [made],
    // Rows without a value of it would get its default.
    ...(site.body % forms.length > 1 ? {} : { table: withColumnOf(site, made) }),
  };
}

/** A function that a check of the table calls. */
function checking(site: Site): Made {
  const on = site.table.columns.find(({ type }) => type.kind === "integer");
  const made = object(
    site,
    "function",
    `(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n > -${1000 + site.body}'`,
    { signature: "integer" },
  );
  return { objects: [made], ...(on === undefined ? {} : { table: withCheck(site, on, made) }) };
}

/** An operator class with a function of its own, and the family that it is in. */
function operatorClass(site: Site): Made {
  const method = site.body % 2 === 0 ? "btree" : "hash";
  const family = helper(site, "family", "operatorFamily", `USING ${method}`, {
    signature: method,
    ...(site.body % 3 === 0 && method === "btree"
      ? { options: { members: ["FUNCTION 1 (bigint, integer) btint84cmp(bigint,integer)"] } }
      : {}),
  });
  const types = method === "btree" ? "integer, integer" : "integer";
  const compares = helper(
    site,
    "compares",
    "function",
    method === "btree"
      ? "(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp(b, a)'"
      : "(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a'",
    { signature: types },
  );
  const operators =
    method === "btree"
      ? "OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <"
      : "OPERATOR 1 =";
  const made = object(
    site,
    "operatorClass",
    `FOR TYPE integer USING ${method} FAMILY ${named(family)} AS ${operators}, FUNCTION 1 ${named(compares)}(${types})`,
    { signature: method },
  );
  return { objects: [family, compares, made] };
}

/** What of a server decides which objects can be made on it. */
export interface ServerFacts {
  /** As the server numbers it: 150004 is 15.4. */
  readonly version: number;
  /** The extensions that it has to offer, of those that recipes know. */
  readonly extensions: readonly string[];
  /** Whether it knows collations of ICU. */
  readonly icu: boolean;
}

/** The ways of making objects on a PostgreSQL. */
export function postgresqlRecipes(facts: ServerFacts): readonly Recipe[] {
  return [
    view,
    view,
    trigger,
    viewBeside,
    sqlFunction,
    materialized,
    view,
    calledFunction,
    viewWithTrigger,
    policy,
    rule,
    view,
    procedure,
    composite,
    range,
    aggregate,
    statistics,
    sequence,
    domain,
    checking,
    parted,
    heir,
    subparted,
    grantRecipe,
    foreign,
    eventTrigger,
    publication(facts.version),
    grantRecipe,
    collation(facts.icu),
    textSearch,
    operator,
    cast,
    noted,
    operatorClass,
    ...(facts.extensions.length === 0 ? [] : [extension(facts.extensions)]),
  ];
}
