import type { Columnwise, ColumnwiseType, ColumnwiseTypes } from "../columnwise.ts";
import type { Connection, DriverValue } from "../connection.ts";
import { binaryArray, binaryTypes } from "./binary-array.ts";
import { gather } from "./gather.ts";

/**
 * Many rows as arrays, unnested beside each other. The server reads the items as what they are, which is faster than to
 * cast texts one by one; items that are arrays, which `unnest` would take apart, and those whose arrays part them by
 * something else than a comma are texts that are cast. Domains are left out, since a cast to one would cut what is too
 * long for it. A statement in a WITH, which gathering needs, cannot be one that the rules of its table rewrite.
 */
export const columnwise: Columnwise = {
  async types(connection: Connection, table: string): Promise<ColumnwiseTypes> {
    const { rows } = await connection.query(
      `/* catalog */ SELECT a.attname::text, format_type(a.atttypid, -1),
        t.typarray <> 0 AND t.typdelim = ',' AND t.typcategory <> 'A',
        a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) AND c.relkind IN ('r', 'p') AND NOT c.relhasrules,
        CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN t.typname::text END
      FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid JOIN pg_class AS c ON c.oid = a.attrelid
      WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND t.typtype IN ('b', 'e', 'r')`,
      [table],
    );
    return new Map(
      rows.map(([name, type, isItem, isGathered, kept]) => {
        const gathers = isGathered === true;
        const isBinary = connection.takesBinary === true && binaryTypes.includes(String(kept));
        return [
          String(name),
          isItem === true
            ? { parameter: `${type}[]`, cast: null, binary: isBinary ? String(kept) : null, gathers }
            : { parameter: "text[]", cast: String(type), binary: null, gathers },
        ];
      }),
    );
  },
  source: (types, placeholders, alias, columns): string => {
    const arrays = placeholders.map((place, at) => `${place}::${types[at]?.parameter}`);
    return `unnest(${arrays.join(", ")}) AS ${alias}(${columns.join(", ")})`;
  },
  gather,
  cast: (sql, { cast }): string => (cast === null ? sql : `${sql}::${cast}`),
  parameter: (values: readonly DriverValue[], type?: ColumnwiseType): DriverValue => {
    const binary = type === undefined || type.binary === null ? null : binaryArray(type.binary, values);
    if (binary !== null) return binary;
    let list = "{";
    for (let at = 0; at < values.length; at += 1) {
      const value = values[at] as DriverValue;
      const item = value === null ? "NULL" : itemOf(value);
      if (item === null) return null;
      list += at === 0 ? item : `,${item}`;
    }
    return `${list}}`;
  },
};

/** Characters that have to be told from those that end an item. */
const special = /["\\]/;

/** A value as an item of an array's text; null where it has none. Texts are quoted: none is taken for something else. */
function itemOf(value: Exclude<DriverValue, null>): string | null {
  if (typeof value === "string") {
    return special.test(value) ? `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"` : `"${value}"`;
  }
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return `"\\\\x${bytes.toString("hex")}"`;
  }
  return typeof value === "object" ? null : String(value);
}
