/** What roles may do on PostgreSQL, over generated tables and objects. */
import {
  type GrantTarget,
  grantOn,
  privilegesOf,
  type SchemaObject,
  type TableRef,
} from "../../src/schema/index.ts";
import type { Made, Site } from "./generate-objects.ts";
import { helper, quote, refOf } from "./made-postgresql.ts";

/** Roles that every server has. */
const roles = ["pg_monitor", "pg_read_all_stats", "public"] as const;

type Way = (site: Site, role: string) => Made;

/** Which form of a way, whichever way it is. */
const turnOf = ({ body }: Site): number => Math.floor(body / ways.length);

function granted(
  site: Site,
  role: string,
  word: GrantTarget["word"],
  on: TableRef & { readonly signature?: string | null },
  forms: readonly string[],
): SchemaObject {
  const form = forms[turnOf(site) % forms.length]!;
  // Nobody hands on what everybody has.
  const privileges = privilegesOf(role === "public" ? form.replaceAll(" WITH GRANT OPTION", "") : form);
  return grantOn({ ...refOf(on), word, role, signature: on.signature ?? null }, privileges, "postgresql");
}

const usage = ["USAGE", "USAGE WITH GRANT OPTION", "ALL"];

function relationForms(columns: readonly string[]): readonly string[] {
  const one = quote(columns[0]!);
  const all = columns.map(quote).join(", ");
  return [
    "SELECT",
    `SELECT (${all}), UPDATE (${one}) WITH GRANT OPTION`,
    "ALL",
    `DELETE, INSERT WITH GRANT OPTION, SELECT (${one})`,
    `INSERT (${all}), REFERENCES (${one}), TRIGGER`,
    `SELECT WITH GRANT OPTION, UPDATE (${all})`,
  ];
}

const onTable: Way = (site, role) => {
  const names = site.columns.map(({ name }) => name);
  return { objects: [granted(site, role, null, site.table, relationForms(names))] };
};

const onView: Way = (site, role) => {
  if (site.below === null) return onTable(site, role);
  const { object, columns } = site.below;
  return { objects: [granted(site, role, null, object, relationForms(columns))] };
};

const onSequence: Way = (site, role) => {
  const made = helper(site, "numbers", "sequence", "");
  const forms = ["USAGE", "SELECT, UPDATE WITH GRANT OPTION", "ALL"];
  return { objects: [made, granted(site, role, null, made, forms)] };
};

const onRoutine: Way = (site, role) => {
  const kind = turnOf(site) % 4 === 0 ? "procedure" : "function";
  const returns = kind === "procedure" ? "" : ` RETURNS ${["integer", "bigint"][turnOf(site) % 2]!}`;
  const made = helper(site, "does", kind, `(n integer)${returns} LANGUAGE sql AS 'SELECT n'`, {
    signature: "integer",
  });
  const forms = role === "public" ? [""] : ["EXECUTE", "EXECUTE WITH GRANT OPTION", "ALL"];
  const word = kind === "procedure" ? "PROCEDURE" : "FUNCTION";
  return { objects: [made, granted(site, role, word, made, forms)] };
};

const onType: Way = (site, role) => {
  const forms = ["AS integer", "AS text", "AS integer CHECK (VALUE > 0)"];
  const made = helper(site, "type", "domain", forms[turnOf(site) % forms.length]!);
  return { objects: [made, granted(site, role, "TYPE", made, role === "public" ? [""] : usage)] };
};

const onSchema: Way = (site, role) => {
  const [name] = site.schema.namespaces;
  if (name === undefined) return onTable(site, role);
  const forms = ["USAGE", "CREATE, USAGE WITH GRANT OPTION", "ALL", "CREATE"];
  return { objects: [granted(site, role, "SCHEMA", { schema: null, name }, forms)] };
};

const onForeign: Way = (site, role) => {
  const wrapper = helper(site, "wraps", "foreignDataWrapper", "");
  const server = helper(site, "serves", "server", `FOREIGN DATA WRAPPER ${quote(wrapper.name)}`);
  return {
    objects: [
      wrapper,
      server,
      turnOf(site) % 2 === 0
        ? granted(site, role, "FOREIGN SERVER", server, usage)
        : granted(site, role, "FOREIGN DATA WRAPPER", wrapper, usage),
    ],
  };
};

const onDatabase: Way = (site, role) => {
  const forms = ["CONNECT", "CREATE, TEMPORARY", "ALL"];
  const on = { schema: null, name: "" };
  return { objects: [granted(site, role, "DATABASE", on, role === "public" ? ["", "CONNECT"] : forms)] };
};

const onLanguage: Way = (site, role) => {
  const on = { schema: null, name: ["sql", "plpgsql"][turnOf(site) % 2]! };
  return { objects: [granted(site, role, "LANGUAGE", on, role === "public" ? [""] : usage)] };
};

const ways: readonly Way[] = [
  onTable,
  onView,
  onTable,
  onSequence,
  onRoutine,
  onType,
  onSchema,
  onForeign,
  onDatabase,
  onLanguage,
];

/** Something that a role may do with a table, a view, or what is made for it. */
export function grantRecipe(site: Site): Made {
  const role = roles[Math.floor(turnOf(site) / 2) % roles.length]!;
  return ways[site.body % ways.length]!(site, role);
}
