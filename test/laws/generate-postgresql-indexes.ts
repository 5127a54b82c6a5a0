/** Indexes and exclusion constraints of kinds that only PostgreSQL has. */
import {
  type Column,
  type Exclusion,
  type Index,
  index,
  indexPart,
  type Table,
} from "../../src/schema/index.ts";

/** Which of them is made. */
interface Choice {
  readonly pick: number;
  readonly other: number;
}

/** An exclusion constraint that no two rows break. */
export function exclusionOn(name: string, on: Column, edit: Choice): Exclusion {
  return {
    name,
    method: edit.other % 2 === 0 ? "hash" : "btree",
    elements: [{ part: indexPart(on.name), operator: "=" }],
    where: edit.pick % 2 === 0 ? `"${on.name}" IS NOT NULL` : null,
    deferrable: edit.other % 3 === 0 ? "deferred" : null,
    options: {},
  };
}

/** The table with an index over a column that suits its type; as it was where none does. Virtual columns take none. */
export function withIndex(table: Table, on: Column, edit: Choice): Table {
  if (on.generated?.stored === false) return table;
  const made = indexFor(table, on, edit);
  const taken = made === null || table.indexes.some((each) => each.name === made.name);
  return taken ? table : { ...table, indexes: [...table.indexes, made] };
}

function indexFor(table: Table, on: Column, edit: Choice): Index | null {
  const name = (kind: string): string => `ix_${kind}_${table.name}_${on.name}`;
  const other = table.columns.find((each) => each !== on && each.generated === null);
  const include = other === undefined || edit.other % 2 === 0 ? [] : [other.name];
  const fill = { postgresql: { with: { fillfactor: 80 } } };
  switch (on.type.kind) {
    case "integer":
    case "bigint":
    case "smallint":
      if (edit.pick % 3 === 0) return index(name("brin"), [on.name], { method: "brin" });
      return index(name("nulls"), [indexPart(on.name, { nulls: "first" })], { include, options: fill });
    case "varchar":
    case "text":
      if (edit.other % 3 === 0) return index(name("hash"), [on.name], { method: "hash" });
      return index(name("pattern"), [
        indexPart(on.name, { operatorClass: "text_pattern_ops", order: "desc", nulls: "last" }),
        ...(edit.other % 2 === 0
          ? [indexPart(null, { expression: `upper("${on.name}"::text)`, collation: "C" })]
          : []),
      ]);
    case "jsonb":
      return index(
        name("gin"),
        [indexPart(on.name, { operatorClass: edit.pick % 2 === 0 ? "jsonb_path_ops" : null })],
        {
          method: "gin",
        },
      );
    case "array":
      return index(name("gin"), [on.name], {
        method: "gin",
        options: { postgresql: { with: { fastupdate: "off" } } },
      });
    case "native":
      return on.type.sql === "int4range" ? index(name("gist"), [on.name], { method: "gist" }) : null;
    default:
      return null;
  }
}
