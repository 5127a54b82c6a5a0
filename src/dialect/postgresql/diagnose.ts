import type { Ailment } from "../ailment.ts";
import type { Connection } from "../connection.ts";

/** How far the numbers of a column have come: what ends first, its sequence or its type. */
const counters = `SELECT n.nspname, c.relname, a.attname,
  COALESCE(s.last_value, 0)::double precision / LEAST(s.max_value::double precision,
    CASE t.typname WHEN 'int2' THEN 32767 WHEN 'int4' THEN 2147483647 ELSE 9223372036854775807 END::double precision)
  FROM pg_depend d JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S' JOIN pg_namespace qn ON qn.oid = q.relnamespace
  JOIN pg_sequences s ON s.schemaname = qn.nspname AND s.sequencename = q.relname
  JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid JOIN pg_type t ON t.oid = a.atttypid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  AND d.refobjsubid > 0 ORDER BY 1, 2, 3`;

const invalid = `SELECT n.nspname, t.relname, i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
  WHERE NOT x.indisvalid AND t.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2, 3`;

/** What the catalog says is wrong. */
export async function diagnose(connection: Connection): Promise<readonly Ailment[]> {
  const { rows: own } = await connection.query("SELECT current_schema()");
  const schemaOf = (name: unknown): string | null => (name === own[0]?.[0] ? null : String(name));
  const counted = await connection.query(counters);
  const indexes = await connection.query(invalid);
  return [
    ...counted.rows.map(([schema, table, column, used]): Ailment => {
      const ref = { schema: schemaOf(schema), name: String(table) };
      return { kind: "counter", table: ref, column: String(column), used: Number(used) };
    }),
    ...indexes.rows.map(([schema, table, index]): Ailment => {
      const ref = { schema: schemaOf(schema), name: String(table) };
      return { kind: "invalidIndex", table: ref, index: String(index) };
    }),
  ];
}
