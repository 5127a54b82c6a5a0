import type { StatementParameter } from "../operation/index.ts";
import { literalText, type ScriptTarget } from "./statements.ts";
import { encodeParameter } from "./step-connection.ts";

/** What is skipped, or is a placeholder: strings, quoted names, comments, `?`, `$1`. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|\?|\$\d+/g;

/** A statement with literals in the places of its parameters, for a script. */
export function inlineParameters(
  target: ScriptTarget,
  sql: string,
  params: readonly StatementParameter[],
): string {
  if (params.length === 0) return sql;
  let next = 0;
  return sql.replaceAll(token, (found) => {
    if (found === "?") return literal(target, params[next++]);
    if (/^\$\d+$/.test(found)) return literal(target, params[Number(found.slice(1)) - 1]);
    return found;
  });
}

function literal(target: ScriptTarget, value: StatementParameter | undefined): string {
  if (value === null || value === undefined) return "NULL";
  return literalText(target.design.ddl, encodeParameter(target.dialect, value));
}
