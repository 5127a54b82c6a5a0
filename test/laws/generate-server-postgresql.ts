/** What of PostgreSQL's reaches beyond a schema: extensions, foreign data, event triggers, publications. */
import { column, schemaObject, type Table, t } from "../../src/schema/index.ts";
import type { Made, Recipe, Site } from "./generate-objects.ts";
import { isWhole } from "./generate-postgresql.ts";
import { helper, named, object, quote } from "./made-postgresql.ts";

/** The extensions that recipes know, with a type of each; what a server has to offer of them is made. */
const typesOf: Readonly<Record<string, string | null>> = {
  citext: "citext",
  hstore: "hstore",
  ltree: "ltree",
  pg_trgm: null,
  pgcrypto: null,
};

/** Their names, to ask a server for. */
export const extensionNames: readonly string[] = Object.keys(typesOf);

/** An extension of those that there are; now and then a column is of its type. */
export function extension(available: readonly string[]): Recipe {
  return (site) => {
    const name = available[site.body % available.length]!;
    const made = schemaObject("extension", name, "", { dialect: "postgresql", comment: site.comment });
    const type = typesOf[name] ?? null;
    if (type === null || site.body % 2 === 0) return { objects: [made] };
    const added = column(`of ${name}`, t.native("postgresql", type));
    const isThere = site.table.columns.some((each) => each.name === added.name);
    return {
      objects: [made],
      ...(isThere ? {} : { table: { ...site.table, columns: [...site.table.columns, added] } }),
    };
  };
}

/** A wrapper that nothing can be read through, a server of it, and a table of that; perhaps a view over it. */
export function foreign(site: Site): Made {
  const { body } = site;
  const wrapper = helper(
    site,
    "wrapper",
    "foreignDataWrapper",
    ["", "OPTIONS (debug 'true')", "OPTIONS (\"some thing\" 'it''s')"][body % 3]!,
  );
  const server = helper(
    site,
    "server",
    "server",
    [
      `FOREIGN DATA WRAPPER ${quote(wrapper.name)}`,
      `TYPE 'a' VERSION '1' FOREIGN DATA WRAPPER ${quote(wrapper.name)} OPTIONS (host 'it''s')`,
      `VERSION '2' FOREIGN DATA WRAPPER ${quote(wrapper.name)}`,
      `FOREIGN DATA WRAPPER ${quote(wrapper.name)} OPTIONS (host 'here', port '7')`,
    ][body % 4]!,
  );
  const columns = [
    "(id integer NOT NULL, note text)",
    "(id bigint NOT NULL DEFAULT 7, \"some thing\" varchar(20) OPTIONS (column_name 'it''s'))",
    '(id integer, note text COLLATE "C", CONSTRAINT much CHECK (id > 0))',
    "(id integer NOT NULL, twice integer GENERATED ALWAYS AS (id * 2) STORED)",
    "(id integer NOT NULL)",
  ][body % 5]!;
  const options = body % 2 === 0 ? "" : ` OPTIONS (path '${body % 3}')`;
  const made = object(site, "foreignTable", `${columns} SERVER ${quote(server.name)}${options}`);
  const seen = helper(site, "view", "view", `AS SELECT id FROM ${named(made)}`);
  // Nothing else is made of it: a view that holds what it shows would read it.
  return { objects: [wrapper, server, made, ...(body % 7 < 3 ? [seen] : [])] };
}

/** A trigger of the whole database. Its function does nothing: it fires at each step of the law. */
export function eventTrigger(site: Site): Made {
  const fires = helper(
    site,
    "fires",
    "function",
    `() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM ${site.body % 2}; END $$`,
    { signature: "" },
  );
  const when = [
    "ON ddl_command_start",
    "ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')",
    "ON sql_drop",
    "ON table_rewrite",
    "ON ddl_command_end",
  ][site.body % 5]!;
  const enabled = [null, "disabled", "always", "replica"][(site.body >> 2) % 4] ?? null;
  const made = object(site, "eventTrigger", `${when} EXECUTE FUNCTION ${named(fires)}()`, {
    options: enabled === null ? {} : { enabled },
  });
  return { objects: [fires, made] };
}

/** What tells other servers of changes. Where rows could not be told from each other, of new ones alone. */
export function publication(version: number): Recipe {
  return (site) => {
    const { table, body } = site;
    const key = hasKey(table) ? table.primaryKey!.columns : null;
    const all = key === null ? " WITH (publish = 'insert')" : "";
    const inserts = " WITH (publish = 'insert, truncate')";
    const one = named(table);
    const plain = site.columns.filter((each) => each.generated === null);
    const listed = table.columns.filter((each) => plain.includes(each) || key?.includes(each.name) === true);
    const list = listed.map((each) => quote(each.name)).join(", ");
    const whole = site.columns.find((each) => isWhole(each) && each.generated === null);
    const where = whole === undefined ? "1 = 1" : `${quote(whole.name)} > ${body % 3}`;
    const forms = [
      "",
      `FOR TABLE ${one}${all}`,
      "FOR ALL TABLES WITH (publish = 'insert')",
      ...(site.other === table
        ? []
        : [`FOR TABLE ${one}, TABLE ${named(site.other)} WITH (publish = 'insert, truncate')`]),
      ...(version < 150_000
        ? []
        : [
            ...(list === "" ? [] : [`FOR TABLE ${one} (${list})${all}`]),
            `FOR TABLE ${one} WHERE (${where})${inserts}`,
            `FOR TABLES IN SCHEMA public${inserts}`,
            `FOR TABLES IN SCHEMA ${site.schema.namespaces.map(quote)[0] ?? "public"} WITH (publish = 'insert', publish_via_partition_root = true)`,
            `FOR TABLE ${one} WHERE (${where}), TABLES IN SCHEMA public${inserts}`,
          ]),
    ];
    return { objects: [object(site, "publication", forms[body % forms.length]!)] };
  };
}

function hasKey({ primaryKey, options }: Table): boolean {
  return primaryKey !== null && options["postgresql"]?.["replicaIdentity"] === undefined;
}
