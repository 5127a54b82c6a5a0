import { notOfExtension, type Scope } from "./catalog-queries.ts";
import { ownerOf, select } from "./object-query.ts";

/**
 * Publications, each table, column and schema by name: a column that goes and comes back stands elsewhere. `ONLY` stands where a table has heirs: without the word they would be
 * published too.
 */
export const publications = (scope: Scope, version: number): readonly string[] => {
  if (scope !== "user" && typeof scope === "string") return [];
  const parts = version >= 150_000;
  const columns = parts
    ? `COALESCE((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) || ')'
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)), '')
        || COALESCE(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '')`
    : "''";
  const tables = `(SELECT string_agg('TABLE ' || CASE WHEN c.relkind <> 'p' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid) THEN 'ONLY ' ELSE '' END
        || c.oid::regclass::text || ${columns}, ', ' ORDER BY c.oid::regclass::text)
      FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid WHERE r.prpubid = p.oid)`;
  const schemas = parts
    ? `(SELECT string_agg('TABLES IN SCHEMA ' || quote_ident(n.nspname), ', ' ORDER BY n.nspname)
      FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid)`
    : "NULL";
  const published = ["insert", "update", "delete", "truncate"].map(
    (each) => `CASE WHEN p.pub${each} THEN '${each}' END`,
  );
  const parameters = [
    `CASE WHEN NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate)
        THEN 'publish = ' || quote_literal(concat_ws(', ', ${published.join(", ")})) END`,
    "CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END",
    ...(version >= 180_000
      ? ["CASE WHEN p.pubgencols = 's' THEN 'publish_generated_columns = stored' END"]
      : []),
  ];
  return [
    select({
      class: "pg_publication",
      oid: "p.oid",
      kind: "'publication'",
      name: "p.pubname",
      definition: `btrim(CASE WHEN p.puballtables THEN 'FOR ALL TABLES' ELSE COALESCE('FOR ' || NULLIF(concat_ws(', ', ${tables}, ${schemas}), ''), '') END
      || COALESCE(' WITH (' || NULLIF(concat_ws(', ', ${parameters.join(", ")}), '') || ')', ''))`,
      owner: ownerOf("p.pubowner"),
      from: `FROM pg_publication p WHERE ${notOfExtension("pg_publication", "p.oid")}${scope === "user" ? "" : " AND p.pubname LIKE 'athanor\\_scratch\\_%'"}`,
    }),
  ];
};
