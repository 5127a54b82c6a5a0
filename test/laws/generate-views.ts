/** What views say, in the SQL that every database has. */
import type { Site } from "./generate-objects.ts";

/** A query, with the columns that it gives. */
export interface Query {
  readonly sql: string;
  readonly columns: readonly string[];
}

type Quote = (name: string) => string;

/** What a query is made of: a table or a view, some of its columns, and another table. */
interface Source {
  readonly from: string;
  readonly columns: readonly string[];
  readonly other: string;
  readonly quote: Quote;
}

type Body = (source: Source) => Query;

function list({ columns, quote }: Source, qualifier = ""): string {
  return columns.map((name) => qualifier + quote(name)).join(", ");
}

/** A name that none of the columns has. */
function free(name: string, columns: readonly string[]): string {
  return columns.includes(name) ? free(`${name} 2`, columns) : name;
}

const bodies: readonly Body[] = [
  (source) => ({ sql: `SELECT ${list(source)} FROM ${source.from}`, columns: source.columns }),
  (source) => ({
    sql: `SELECT t.${source.quote(source.columns[0]!)} AS ${source.quote("some thing")}, 'it''s' AS ${source.quote("text")} FROM ${source.from} AS t`,
    columns: ["some thing", "text"],
  }),
  (source) => ({
    sql: `SELECT count(*) AS ${source.quote("many")}, count(${source.quote(source.columns[0]!)}) AS n FROM ${source.from}`,
    columns: ["many", "n"],
  }),
  ({ from, other, columns, quote }) => {
    const [first] = columns;
    const more = free("select", [first!]);
    return {
      sql: `SELECT a.${quote(first!)}, 1 + 2 * 3 AS ${quote(more)} FROM ${from} a LEFT JOIN ${other} b ON 1 = 0 WHERE a.${quote(first!)} IS NOT NULL`,
      columns: [first!, more],
    };
  },
  (source) => ({
    sql: `SELECT ${list(source)} FROM ${source.from} UNION ALL SELECT ${list(source)} FROM ${source.from} WHERE 1 = 0`,
    columns: source.columns,
  }),
  (source) => ({
    sql: `WITH own AS (SELECT ${list(source)} FROM ${source.from}) SELECT ${list(source)} FROM own`,
    columns: source.columns,
  }),
  (source) => {
    const { from, other, columns, quote } = source;
    const more = free("kind_of", columns);
    return {
      sql: `SELECT ${list(source)}, CASE WHEN ${quote(columns[0]!)} IS NULL THEN 'a' ELSE 'b' END AS ${quote(more)} FROM ${from} WHERE NOT EXISTS (SELECT 1 FROM ${other} o WHERE 1 = 0)`,
      columns: [...columns, more],
    };
  },
  (source) => ({
    sql: `SELECT one.${source.quote(source.columns[0]!)} FROM (SELECT ${list(source)} FROM ${source.from}) one`,
    columns: [source.columns[0]!],
  }),
  (source) => ({ sql: `SELECT * FROM ${source.from}`, columns: source.columns }),
  (source) => ({
    sql: `SELECT own.* FROM ${source.from} AS own WHERE own.${source.quote(source.columns[0]!)} IS NULL`,
    columns: source.columns,
  }),
];

/** A query for a site, in one of many ways; of the view below where there is one. */
export function queryOf(site: Site, quote: Quote): Query {
  const named = ({ schema, name }: { readonly schema: string | null; readonly name: string }): string =>
    (schema === null ? "" : `${quote(schema)}.`) + quote(name);
  const { below } = site;
  const source: Source = {
    from: named(below?.object ?? site.table),
    columns: below?.columns ?? site.columns.map((column) => column.name),
    other: named(site.other),
    quote,
  };
  return bodies[site.body % bodies.length]!(source);
}
