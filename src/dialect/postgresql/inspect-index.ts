import type { Exclusion, Index, IndexPart, Json } from "../../schema/index.ts";
import type { ConstraintRow, IndexPartRow, IndexRow } from "./catalog.ts";
import { deferrableOf, storageParameters } from "./inspect-parts.ts";

/** An index as the catalog has it. */
export function indexOf(row: IndexRow): Index {
  const options: Record<string, Json> = {};
  if (row.options !== null) options["with"] = storageParameters(row.options);
  if (row.statistics !== null) options["statistics"] = row.statistics;
  return {
    name: row.name,
    unique: row.unique,
    parts: row.parts.slice(0, row.keys).map(partOf),
    where: row.predicate,
    include: row.parts.slice(row.keys).map((part) => part.column ?? part.expression),
    method: row.method === "btree" ? null : row.method,
    nullsNotDistinct: row.nullsNotDistinct,
    comment: row.comment,
    options: Object.keys(options).length === 0 ? {} : { postgresql: options },
  };
}

function partOf(row: IndexPartRow): IndexPart {
  const usualNulls = row.descending ? row.nullsFirst : !row.nullsFirst;
  return {
    column: row.column,
    expression: row.column === null ? row.expression : null,
    order: row.descending ? "desc" : "asc",
    nulls: usualNulls ? null : row.nullsFirst ? "first" : "last",
    collation: row.collation,
    operatorClass: row.operatorClass,
    length: null,
  };
}

/** An exclusion constraint with the index that stands behind it. */
export function exclusionOf(row: ConstraintRow, index: IndexRow | undefined): Exclusion[] {
  if (index === undefined) return [];
  const include = index.parts.slice(index.keys).map((part) => part.column ?? part.expression);
  const options: Readonly<Record<string, Json>> = {
    ...(include.length === 0 ? {} : { include }),
    ...(index.options === null ? {} : { with: storageParameters(index.options) }),
    ...(row.comment === null ? {} : { comment: row.comment }),
  };
  return [
    {
      name: row.name,
      method: index.method,
      elements: index.parts
        .slice(0, index.keys)
        .map((part) => ({ part: partOf(part), operator: part.operator ?? "=" })),
      where: index.predicate,
      deferrable: deferrableOf(row),
      options: Object.keys(options).length === 0 ? {} : { postgresql: options },
    },
  ];
}
