import type { Json } from "../../schema/index.ts";
import { unquoteString } from "./quote.ts";

/** Options of tables as statements and information_schema write them: `MAX_ROWS=3 COMMENT='x'`. */

const entry =
  /`?([A-Za-z_]+(?: DIRECTORY)?)`?=('(?:[^'\\]|''|\\.)*'|"[^"]*"|\((?:`(?:[^`]|``)*`|[^`)])*\)|\S+)/g;

/** The options that a text says, by their names in camel case. */
export function parseOptions(text: string): [string, Json][] {
  return [...text.matchAll(entry)].map(([, name = "", value = ""]) => [
    camelCase(name),
    /^['"]/.test(value) ? unquoteString(value) : value,
  ]);
}

function camelCase(name: string): string {
  return name.toLowerCase().replaceAll(/[_ ](\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The name that an option has in a statement. */
export function snakeCase(name: string): string {
  return name
    .replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase()
    .replace(/_DIRECTORY$/, " DIRECTORY");
}
