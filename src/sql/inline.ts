import { AthanorError } from "../errors/index.ts";
import type { ColumnType } from "../schema/index.ts";
import { type CompilerDialect, type Context, compileExpression } from "./compile-expression.ts";
import type { Expression } from "./tree.ts";

/** The words all dialects share; definitions in a schema are written in them. */
const neutral: CompilerDialect = {
  quote: (name) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`),
  placeholder: () => "?",
  comparable: (sql) => sql,
  ilike: (left, right) => `lower(${left}) LIKE lower(${right})`,
  like: (left, right) => `${left} LIKE ${right}`,
  limit: () => "",
  castType: (type) => type.kind,
};

/**
 * An expression as text that can stand in a definition (a check, an index, a generated column): columns by their
 * bare names, values as literals. Throws `SCHEMA.NO_LITERAL` for a value that has none.
 */
export function inlineSql(expression: Expression): string {
  const context: Context = {
    dialect: neutral,
    parameters: [],
    qualify: false,
    subquery: () => {
      throw new AthanorError("SCHEMA.NO_LITERAL", { value: "a query" });
    },
    parameter: ({ value, type }) => (isDecimal(value, type) ? value : literal(value)),
  };
  return compileExpression(expression, context);
}

/** Decimals travel as texts, and are written as numbers. */
function isDecimal(value: unknown, type: ColumnType | null): value is string {
  return type?.kind === "numeric" && typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value);
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  throw new AthanorError("SCHEMA.NO_LITERAL", { value: String(value) });
}
