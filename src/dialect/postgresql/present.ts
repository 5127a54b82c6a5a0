import type { TableRef } from "../../schema/index.ts";
import type { Connection } from "../connection.ts";

/** Which of these tables are there: one look at two catalogs, where the inspector reads a database whole. */
export async function present(
  connection: Connection,
  tables: readonly TableRef[],
): Promise<readonly TableRef[]> {
  const found = tables.map((_, at) => {
    const [schema, name] = [`$${2 * at + 1}`, `$${2 * at + 2}`];
    return `EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relname = ${name}::text AND n.nspname = coalesce(${schema}::text, current_schema()::text))`;
  });
  const params = tables.flatMap(({ schema, name }) => [schema, name]);
  const { rows } = await connection.query(`/* catalog */ SELECT ${found.join(", ")}`, params);
  return tables.filter((_, at) => rows[0]?.[at] === true);
}
