import type { ColumnTypeKind } from "../schema/index.ts";

/**
 * The form in which a value of each column type travels between a model and a dialect: what a Zod schema has
 * encoded, before a driver sees it. Dialects encode from it and decode to it, on every database alike.
 *
 * | kind | form |
 * |---|---|
 * | smallint, integer | number |
 * | bigint | number where safe, else bigint (both are taken; a field of `z.bigint()` gets a bigint) |
 * | boolean | boolean |
 * | real, double | number |
 * | numeric | decimal string, without exponent |
 * | char, varchar, text, enum | string |
 * | bytes | Uint8Array |
 * | uuid | lower-case string |
 * | date | `YYYY-MM-DD` |
 * | time | `HH:MM:SS[.fff]` |
 * | timestamp | Date where with a zone; `YYYY-MM-DDTHH:MM:SS[.fff]` without |
 * | interval | ISO 8601 duration |
 * | json, jsonb | any JSON value |
 * | array | array of the element's form |
 * | native | as the driver has it |
 * | user | the base type's form |
 */
export type StoredForm = Readonly<Record<ColumnTypeKind, string>>;
