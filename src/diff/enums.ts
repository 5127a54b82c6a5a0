import { enumKey, namedEnum } from "../operation/apply-enum.ts";
import { Dependencies } from "../schema/dependencies.ts";
import { enumObject } from "../schema/enum-object.ts";
import { equal } from "../schema/equal.ts";
import type { Schema } from "../schema/index.ts";

/**
 * Both sides with the enums as objects that do not come and go with columns: those that no column has, and those that
 * come and that an object needs, which may be sooner than a column does.
 */
export function withEnumObjects(from: Schema, to: Schema): readonly [Schema, Schema] {
  const [had, has] = [usedByColumns(from), usedByColumns(to)];
  const old = new Map(from.enums.map((each) => [enumKey(each), each]));
  const now = new Map(to.enums.map((each) => [enumKey(each), each]));
  const needed = usedByObjects(to);
  const isApart = (key: string): boolean => {
    const [before, after] = [old.get(key), now.get(key)];
    if (before === undefined) return !has.has(key) || needed.has(key);
    if (after === undefined) return !had.has(key);
    return !equal(before.values, after.values) && !had.has(key);
  };
  const apart = [...new Set([...old.keys(), ...now.keys()])].filter(isApart);
  const extended = (schema: Schema, enums: typeof old): Schema => {
    const own = apart.flatMap((key) => enums.get(key) ?? []);
    return own.length === 0 ? schema : { ...schema, objects: [...schema.objects, ...own.map(enumObject)] };
  };
  return [extended(from, old), extended(to, now)];
}

function usedByColumns(schema: Schema): ReadonlySet<string> {
  const types = schema.tables.flatMap((table) => table.columns.flatMap(({ type }) => namedEnum(type) ?? []));
  return new Set(types.map(enumKey));
}

function usedByObjects(schema: Schema): ReadonlySet<string> {
  if (schema.enums.length === 0) return new Set();
  const dependencies = new Dependencies(schema);
  const used = schema.objects.flatMap((object) =>
    dependencies
      .ofObject(object)
      .flatMap((each) =>
        each.kind === "object" && each.object.kind === "enum" ? [enumKey(each.object)] : [],
      ),
  );
  return new Set(used);
}
