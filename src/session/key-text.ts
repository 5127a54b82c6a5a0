import type { DriverValue } from "../dialect/index.ts";
import type { Mapper } from "./mapper.ts";

/** The parts of a key as text, in the spelling in which they are written here: what a row that came back is known by. */
export function keyText(mapper: Mapper, parts: readonly DriverValue[]): string {
  let text = "";
  for (let at = 0; at < mapper.key.length; at += 1) {
    const part = mapper.key[at]?.respell(parts[at] as DriverValue);
    const own = part instanceof Uint8Array ? Buffer.from(part).toString("hex") : String(part);
    text += at === 0 ? own : `\n${own}`;
  }
  return text;
}
