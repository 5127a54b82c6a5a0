import type { Connection } from "../connection.ts";
import { quoteName, quoteString } from "./quote.ts";
import { writing } from "./writing.ts";

/** The values of enums and sets where the catalog has question marks: SHOW CREATE TABLE has them too, only rows tell. */

/** A column whose type lists its values. */
interface Listing {
  readonly name: string;
  readonly type: string;
}

/** A temporary table hides any other of its name, and nobody else sees it. */
const scratch = quoteName("athanor_scratch");

const literal = /'(?:[^'\\]|''|\\[\s\S])*'/g;

/** Whether a type lists a value that may have lost something. */
export function hasLostValues(type: string): boolean {
  return /^(?:enum|set)\(/i.test(type) && /[?\ufffd]/.test(type);
}

/** The types of these columns with their values as they are; `table` is quoted. A row of each value is made of them, which nobody sees. */
export function wholeTypes(
  connection: Connection,
  table: string,
  columns: readonly Listing[],
): Promise<ReadonlyMap<string, string>> {
  return writing(connection, async () => {
    const types = new Map<string, string>();
    for (const column of columns) types.set(column.name, await wholeType(connection, table, column));
    return types;
  });
}

async function wholeType(connection: Connection, table: string, { name, type }: Listing): Promise<string> {
  const own = quoteName(name);
  const shown = type.match(literal) ?? [];
  const isSet = /^set/i.test(type);
  const numbers = shown.map((_, at) => (isSet ? 1n << BigInt(at) : BigInt(at + 1)));
  await connection.query(`CREATE TEMPORARY TABLE ${scratch} AS SELECT ${own} FROM ${table} LIMIT 0`);
  try {
    await connection.query(`INSERT INTO ${scratch} VALUES ${numbers.map((each) => `(${each})`).join(", ")}`);
    const { rows } = await connection.query(
      `SELECT HEX(CONVERT(${own} USING utf8mb4)) FROM ${scratch} ORDER BY ${own} + 0`,
    );
    let at = 0;
    return type.replaceAll(literal, (text) => {
      const value = Buffer.from(String(rows[at++]?.[0]), "hex").toString("utf8");
      return /[?\ufffd]/.test(text) ? quoteString(value) : text;
    });
  } finally {
    await connection.query(`DROP TEMPORARY TABLE ${scratch}`);
  }
}
