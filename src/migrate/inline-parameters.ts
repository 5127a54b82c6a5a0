import type { Dialect } from "../dialect/index.ts";
import type { StatementParameter } from "../operation/index.ts";
import { encodeParameter } from "./step-connection.ts";

/** What is skipped, or is a placeholder: strings, quoted names, comments, `?`, `$1`. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|\?|\$\d+/g;

/** A statement with literals in the places of its parameters, for a script. */
export function inlineParameters(
  dialect: Dialect,
  sql: string,
  params: readonly StatementParameter[],
): string {
  if (params.length === 0) return sql;
  let next = 0;
  return sql.replaceAll(token, (found) => {
    if (found === "?") return literal(dialect, params[next++]);
    if (/^\$\d+$/.test(found)) return literal(dialect, params[Number(found.slice(1)) - 1]);
    return found;
  });
}

function literal(dialect: Dialect, value: StatementParameter | undefined): string {
  if (value === null || value === undefined) return "NULL";
  const encoded = encodeParameter(dialect, value);
  if (encoded instanceof Uint8Array) return `X'${Buffer.from(encoded).toString("hex")}'`;
  if (typeof encoded === "string") return `'${encoded.replaceAll("'", "''")}'`;
  if (encoded instanceof Date) return `'${encoded.toISOString()}'`;
  return String(encoded).toUpperCase();
}
