import {
  type Dependency,
  type GrantTarget,
  grantOn,
  type ObjectFacts,
  privilegesOf,
  type SchemaObject,
  schemaObject,
} from "../../schema/index.ts";
import { isWord } from "../../schema/lexer.ts";
import type { Catalog, DependencyRow, ObjectRow } from "./catalog.ts";
import { splitAtCommas, textOf, tokensOf } from "./object-words.ts";

/** Views, functions, triggers and whatever else stands beside tables, with what each stands on. */
export function objectsOf(
  catalog: Pick<Catalog, "objects" | "dependencies">,
  named: (namespace: string) => string | null,
): readonly SchemaObject[] {
  const below = Map.groupBy(catalog.dependencies, (row) => `${row.class} ${row.oid}`);
  return catalog.objects.map((row) => {
    if (row.kind === "grant") return grantOf(row, named);
    const rows = below.get(`${row.class} ${row.oid}`) ?? [];
    const schema = row.namespace === null ? null : named(row.namespace);
    const definition = row.kind === "statistics" ? inKeyOrder(row.definition) : row.definition;
    return schemaObject(row.kind, { schema, name: row.name }, definition, {
      dialect: "postgresql",
      table: row.table === null ? null : { schema: named(row.tableNamespace ?? ""), name: row.table },
      signature: row.signature,
      comment: row.comment,
      options: row.options ?? {},
      dependsOn: dependenciesOf(rows, named),
      facts: factsOf(row),
    });
  });
}

/** What a role may do with a thing; `options` says what kind of thing it is. */
function grantOf(row: ObjectRow, named: (namespace: string) => string | null): SchemaObject {
  const { namespace, name, signature, definition } = row;
  const schema = namespace === null ? null : named(namespace);
  const said = row.options as Pick<GrantTarget, "role" | "word" | "by"> & { readonly schema?: string };
  return grantOn({ schema, name, signature, ...said }, privilegesOf(definition), "postgresql");
}

/** Statistics with their keys by name: the server has them in the order of the table's columns, which means nothing. */
function inKeyOrder(sql: string): string {
  const tokens = tokensOf(sql);
  const on = tokens.findIndex((token) => isWord(token, "on"));
  const from = tokens.findLastIndex((token) => isWord(token, "from"));
  if (on < 0 || from < on) return sql;
  const keys = splitAtCommas(tokens.slice(on + 1, from)).map((key) => textOf(sql, key));
  return `${sql.slice(0, tokens[on]!.end)} ${keys.sort().join(", ")} ${sql.slice(tokens[from]!.start)}`;
}

function factsOf({ owner, columns }: ObjectRow): ObjectFacts {
  return { ...(owner === null ? {} : { owner }), ...(columns === null ? {} : { columns }) };
}

/** One entry for each thing, with the columns of it; all of it where a row names none. */
function dependenciesOf(
  rows: readonly DependencyRow[],
  named: (namespace: string) => string | null,
): readonly Dependency[] {
  const things = Map.groupBy(rows, ({ kind, namespace, name, signature }) =>
    JSON.stringify([kind, namespace, name, signature]),
  );
  return [...things]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, list]) => {
      const { kind, namespace, name, signature } = list[0]!;
      const columns = list.flatMap(({ column }) => column ?? []).sort();
      return { kind, schema: namespace === null ? null : named(namespace), name, signature, columns };
    });
}
