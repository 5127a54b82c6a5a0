/** What PostgreSQL compares and reads words with, and how it turns one type into another. */

import { nameText } from "../../src/schema/expression.ts";
import { column, schemaObject, t } from "../../src/schema/index.ts";
import type { Made, Recipe, Site } from "./generate-objects.ts";
import { helper, named, object } from "./made-postgresql.ts";

/** A collation, perhaps with a column that is compared by it. */
export function collation(icu: boolean): Recipe {
  return (site) => {
    const forms = [
      "(provider = libc, locale = 'C')",
      "(provider = libc, locale = 'POSIX')",
      ...(icu
        ? [
            "(provider = icu, locale = 'de')",
            "(provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
          ]
        : []),
    ];
    const made = object(site, "collation", forms[site.body % forms.length]!);
    if (site.body % 3 === 0) return { objects: [made] };
    const added = column(`by ${site.name}`, t.text(), { collation: site.name });
    return { objects: [made], table: { ...site.table, columns: [...site.table.columns, added] } };
  };
}

/** A dictionary, and a configuration of it; perhaps a column that is read with them. */
export function textSearch(site: Site): Made {
  const dictionary = helper(
    site,
    "words",
    "textSearchDictionary",
    [
      "(TEMPLATE = pg_catalog.simple)",
      "(TEMPLATE = pg_catalog.simple, stopwords = 'english')",
      "(TEMPLATE = pg_catalog.snowball, language = 'english')",
    ][site.body % 3]!,
  );
  const mapped = nameText(dictionary.name);
  const mappings = [
    { asciiword: [mapped] },
    { asciiword: [mapped, "simple"], word: ["simple"] },
    { email: ["simple"], word: [mapped] },
  ][site.body % 3]!;
  const made = object(site, "textSearchConfiguration", '(PARSER = pg_catalog."default")', {
    options: { mappings },
  });
  const seen = helper(
    site,
    "view",
    "view",
    `AS SELECT to_tsvector('${named(made).replaceAll("'", "''")}'::regconfig, 'a word') AS n`,
  );
  return { objects: [dictionary, made, ...(site.body % 2 === 0 ? [seen] : [])] };
}

const operators = ["<%>", "@#@", "<~~>", "#%#"];

/** An operator of its own function, and a view that uses it. */
export function operator(site: Site): Made {
  const name = operators[site.name.length % operators.length]!;
  const does = helper(
    site,
    "does",
    "function",
    "(a integer, b integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a > b'",
    { signature: "integer, integer" },
  );
  const more = ["", `, COMMUTATOR = ${name}`, ", RESTRICT = eqsel, JOIN = eqjoinsel"][site.body % 3]!;
  const made = schemaObject(
    "operator",
    name,
    `(FUNCTION = ${named(does)}, LEFTARG = integer, RIGHTARG = integer${more})`,
    { dialect: "postgresql", signature: "integer, integer", comment: site.comment },
  );
  const seen = helper(site, "view", "view", `AS SELECT ${site.body} ${name} 2 AS n`);
  return { objects: [does, made, ...(site.body % 2 === 0 ? [seen] : [])] };
}

/** A type that is turned into text. */
export function cast(site: Site): Made {
  const type = helper(site, "type", "composite", "AS (a integer, b text)");
  const does = helper(
    site,
    "text",
    "function",
    `(n ${named(type)}) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''it''''s'''`,
    { signature: nameText(type.name) },
  );
  const how = ["WITH INOUT", `WITH FUNCTION ${named(does)}(${named(type)})`][site.body % 2]!;
  const when = ["", " AS ASSIGNMENT", " AS IMPLICIT"][site.body % 3]!;
  const made = schemaObject("cast", `${nameText(type.name)} AS text`, how + when, {
    dialect: "postgresql",
    comment: site.comment,
  });
  return { objects: [type, ...(site.body % 2 === 0 ? [] : [does]), made] };
}

/** What is said of things that have no place of their own for it. */
export function noted(site: Site): Made {
  const text = `IS '${(site.comment ?? "this").replaceAll("'", "''")}'`;
  const note = (name: string): Made["objects"][number] =>
    schemaObject("comment", name, text, { dialect: "postgresql" });
  const [namespace] = site.schema.namespaces;
  if (namespace !== undefined && site.body % 2 === 0) {
    return { objects: [note(`SCHEMA ${nameText(namespace)}`)] };
  }
  if (site.schema.enums.some(({ name }) => name === "mood") && site.body % 2 === 1) {
    return { objects: [note("TYPE mood")] };
  }
  const forms = ["(VALUE > 0)", "(VALUE < 100)"];
  const made = object(site, "domain", `AS integer CONSTRAINT "not much" CHECK ${forms[site.body % 2]!}`);
  return { objects: [made, note(`CONSTRAINT "not much" ON DOMAIN ${nameText(made.name)}`)] };
}
