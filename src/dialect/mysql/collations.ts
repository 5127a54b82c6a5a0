import type { Schema } from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import { type Binding, hasSharedCollations } from "./flavor.ts";
import { textOption } from "./options.ts";

/** What character sets mean where no collation is said. */
export interface Collations {
  /** The usual collation of a character set; null for none, or where it is not known. */
  ofCharset(charset: string | null): string | null;
}

/** Asks the server for the usual collations, where the schema names a character set at all. */
export async function readCollations(
  schema: Schema,
  connection: Connection | null,
  binding: Binding,
): Promise<Collations> {
  const named = schema.tables.some(
    (table) =>
      textOption(table.options, "charset") !== null ||
      table.columns.some((column) => textOption(column.options, "charset") !== null),
  );
  if (connection === null || !named) return { ofCharset: () => null };
  const source = hasSharedCollations(binding)
    ? "FULL_COLLATION_NAME FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY"
    : "COLLATION_NAME FROM information_schema.COLLATIONS";
  const { rows } = await connection.query(`SELECT CHARACTER_SET_NAME, ${source} WHERE IS_DEFAULT = 'Yes'`);
  const usual = new Map(rows.map(([charset, collation]) => [String(charset), String(collation)]));
  return { ofCharset: (charset) => (charset === null ? null : (usual.get(charsetForm(charset)) ?? null)) };
}

/** `utf8` is an old name of `utf8mb3`. */
function charsetForm(charset: string): string {
  const lower = charset.toLowerCase();
  return lower === "utf8" ? "utf8mb3" : lower;
}

/** A collation's name as the server prints it. */
export function collationForm(collation: string): string {
  return collation.toLowerCase().replace(/^utf8_/, "utf8mb3_");
}
