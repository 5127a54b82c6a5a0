import type { TableRef } from "../../schema/index.ts";
import { type TableTarget, targetOf } from "./database-object.ts";

/** A text without the indent that its place in a file gives it. */
export function indentless(sql: string): string {
  const lines = sql
    .replace(/^\s*\n/, "")
    .trimEnd()
    .split("\n");
  const [first = "", ...others] = lines;
  const indents = others.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const own = first.search(/\S/);
  const common = sql.startsWith("\n") ? Math.min(own, ...indents) : 0;
  return [first.trimStart(), ...others.map((line) => line.slice(Math.min(common, line.search(/\S|$/))))].join(
    "\n",
  );
}

const plain = /^[a-z_][a-z0-9_]*$/;

/** A name in SQL, in quotes where it needs them. */
export function nameOf({ schema, name }: TableRef): string {
  const quoted = (part: string): string => (plain.test(part) ? part : `"${part.replaceAll('"', '""')}"`);
  return schema === null ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

/** The name of a table in SQL. */
export function tableOf(target: TableTarget): string {
  return nameOf(targetOf(target));
}
