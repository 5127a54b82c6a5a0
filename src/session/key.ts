import { AthanorError } from "../errors/index.ts";
import { ValidationError } from "../model/index.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Key, Mapper } from "./mapper.ts";

/**
 * A key as the program gives it, encoded by parts: the value, or an array of the parts of a composite key. Throws
 * `SESSION.KEY_PARTS` where parts are missing or null, and `ValidationError` for a value of another type.
 */
export function encodeKey(mapper: Mapper, key: unknown): Key[] {
  const [only] = mapper.key;
  if (only !== undefined && mapper.key.length === 1 && typeof key !== "object" && key !== undefined)
    return [encodePart(mapper, only, key)];
  const parts = mapper.key.length === 1 && !Array.isArray(key) ? [key] : (key as unknown[]);
  const given = Array.isArray(parts) ? parts.filter((part) => part !== null && part !== undefined).length : 1;
  if (!Array.isArray(parts) || parts.length !== mapper.key.length || given !== parts.length) {
    throw new AthanorError("SESSION.KEY_PARTS", {
      model: mapper.meta.name,
      expected: mapper.key.length,
      given,
    });
  }
  return mapper.key.map((column, at) => encodePart(mapper, column, parts[at]));
}

/** What is no value of the column's type would be an error of the driver's own, or find nothing in silence. */
function encodePart(mapper: Mapper, column: MappedColumn, part: unknown): Key {
  const wanted = primitives[column.field.type.kind];
  if (wanted?.includes(typeof part) !== true) {
    const issues = column.field.validate(part);
    if (issues !== null) {
      const whole = issues.map((issue) => ({
        code: "custom",
        ...issue,
        path: [column.property, ...issue.path],
      }));
      throw new ValidationError(mapper.meta.name, whole);
    }
  }
  return column.encode(part);
}

const integers: readonly string[] = ["number", "bigint"];
const texts: readonly string[] = ["string"];

/** Types whose values need no look at the schema where they are of the right kind. */
const primitives: Readonly<Record<string, readonly string[]>> = {
  smallint: integers,
  integer: integers,
  bigint: integers,
  char: texts,
  varchar: texts,
  text: texts,
  uuid: texts,
  enum: texts,
  date: texts,
};
