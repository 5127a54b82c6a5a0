import type { DriverValue, StatementEvent } from "../dialect/connection.ts";

/** Characters of one parameter that are shown. */
const longestParameter = 80;
/** Parameters of one statement that are shown. */
const mostParameters = 30;

/** One line for people: the statement, its parameters, how long it took and how many rows it gave or changed. */
export function formatStatement(event: StatementEvent): string {
  const params = event.params.length === 0 ? "" : `  ${formatParameters(event.params)}`;
  const outcome = event.error === null ? `${event.rows} ${event.rows === 1 ? "row" : "rows"}` : "failed";
  return `${event.sql.trim()}${params}  -- ${event.milliseconds.toFixed(1)} ms, ${outcome}`;
}

function formatParameters(params: readonly DriverValue[]): string {
  const shown = params.slice(0, mostParameters).map(formatParameter);
  if (params.length > shown.length) shown.push(`… ${params.length - shown.length} more`);
  return `[${shown.join(", ")}]`;
}

function formatParameter(value: DriverValue): string {
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  if (typeof value === "bigint") return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= longestParameter ? text : `${text.slice(0, longestParameter)}…`;
}

/** Where `echo: true` writes. */
export function writeToStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}
