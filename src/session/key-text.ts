import type { DriverValue } from "../dialect/index.ts";
import type { Mapper } from "./mapper.ts";

/** The parts of a key as text, in the spelling in which they are written here: what a row that came back is known by. */
export function keyText(mapper: Mapper, parts: readonly DriverValue[]): string {
  let text = "";
  for (let at = 0; at < mapper.key.length; at += 1) {
    const own = partText(mapper.key[at]?.respell(parts[at] as DriverValue) ?? null);
    text += at === 0 ? own : `\n${own}`;
  }
  return text;
}

/** One part as text: a number, a bigint and the text of an integer are one, and so are bytes in whatever class. */
export function partText(value: DriverValue): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value);
}
