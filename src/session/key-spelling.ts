import type { DriverValue } from "../dialect/index.ts";
import type { ColumnType } from "../schema/index.ts";

type Spell = (value: DriverValue) => DriverValue;

/**
 * One spelling of a part of a key, whoever wrote it: a program says `1.5`, `10:00` or `AB…` in a UUID where the database
 * gives `1.5000`, `10:00:00` and `ab…`, and a driver has one integer as a
 * number, a bigint or a text. Null for types of which there is only one.
 */
export function spellingOf(type: ColumnType): Spell | null {
  if (type.kind === "user") return spellingOf(type.base);
  const ofText = spellings[type.kind];
  if (ofText === undefined) return null;
  return (value) => {
    if (typeof value === "number") return value;
    if (typeof value === "string") return ofText(value);
    if (typeof value === "bigint") return ofText(String(value));
    return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  };
}

const spellings: Readonly<Partial<Record<ColumnType["kind"], (text: string) => DriverValue>>> = {
  bigint: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : text),
  numeric: (text) => {
    const [, sign = "", whole = "", fraction = ""] = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
    if (whole === "" && fraction === "") return /\d/.test(text) ? "0" : text;
    return `${sign === "-" ? "-" : ""}${whole === "" ? "0" : whole}${fraction === "" ? "" : `.${fraction}`}`;
  },
  bytes: (text) => (text.startsWith("\\x") ? text.slice(2) : text),
  char: (text) => text.trimEnd(),
  uuid: (text) => text.toLowerCase(),
  time: (text) => shortFraction(/^\d\d:\d\d$/.test(text) ? `${text}:00` : text),
  timestamp: (text) => shortFraction(text.replace("T", " ")),
};

/** `10:00:00.500` is `10:00:00.5`. */
function shortFraction(text: string): string {
  return text.replace(/\.(\d*?)0+(?!\d)/, (_, digits: string) => (digits === "" ? "" : `.${digits}`));
}
