import { bytes, type NameLimit, shortName } from "../short-name.ts";

/** How long the server lets names be. */
export const nameLimit: NameLimit = bytes(63);

/** An identifier, quoted: case and every character are kept; one that is too long is shortened. */
export function quoteName(name: string): string {
  return `"${shortName(name, nameLimit).replaceAll('"', '""')}"`;
}

/** A table's name, with its schema where it has one. */
export function quoteTable(ref: { readonly schema: string | null; readonly name: string }): string {
  return ref.schema === null ? quoteName(ref.name) : `${quoteName(ref.schema)}.${quoteName(ref.name)}`;
}

/** A string literal under `standard_conforming_strings`, which every supported version has on. */
export function quoteString(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
