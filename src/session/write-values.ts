import type { FieldMetadata, ModelMetadata } from "../model/index.ts";
import type { Delete, Insert, Update } from "../query/index.ts";
import { type Assignment, type Expression, SqlFragment, type Statement } from "../sql/index.ts";

type Plan = (Insert<unknown> | Update<unknown> | Delete<unknown>)["plan"];

/**
 * A statement that writes, with what a change of a row brings with it: what `onUpdateFactory` says, and the next
 * version, so that objects of the row are found stale. What the program sets itself stays.
 */
export function withAutomaticValues({ statement, metadata }: Plan): Statement {
  if (statement.kind === "update") return { ...statement, set: complete(statement.set, metadata) };
  if (statement.kind !== "insert" || statement.onConflict === null) return statement;
  const { onConflict } = statement;
  if (onConflict.set.length === 0) return statement;
  return { ...statement, onConflict: { ...onConflict, set: complete(onConflict.set, metadata) } };
}

function complete(set: readonly Assignment[], metadata: ModelMetadata): readonly Assignment[] {
  const named = new Set(set.map(({ column }) => column));
  const added = metadata.fields.flatMap((field): Assignment[] => {
    if (named.has(field.column)) return [];
    if (field.versionId) return [{ column: field.column, value: nextVersion(metadata, field) }];
    if (field.makeOnUpdate === undefined) return [];
    return [{ column: field.column, value: expressionOf(field, field.makeOnUpdate()) }];
  });
  return [...set, ...added];
}

function nextVersion({ table }: ModelMetadata, { column, type }: FieldMetadata): Expression {
  const one: Expression = { kind: "parameter", value: 1, type };
  return {
    kind: "binary",
    operator: "+",
    left: { kind: "column", table, alias: null, name: column, type },
    right: one,
  };
}

function expressionOf(field: FieldMetadata, value: unknown): Expression {
  if (value instanceof SqlFragment) return value.expression;
  const isNull = value === null || value === undefined;
  return { kind: "parameter", value: isNull ? null : field.toStored(value), type: field.type };
}

/** What a statement sets columns to, by property, for each row; what the database computes is left out. */
export function writtenValues({ statement, metadata }: Plan): readonly Readonly<Record<string, unknown>>[] {
  const values = (
    cells: readonly (readonly [column: string, cell: Expression | null])[],
  ): Record<string, unknown> =>
    Object.fromEntries(
      cells.flatMap(([column, cell]) => {
        const field = metadata.fields.find((each) => each.column === column);
        if (field === undefined || cell?.kind !== "parameter" || cell.value === null) return [];
        return [[field.property, field.fromStored(cell.value)]];
      }),
    );
  if (statement.kind === "update") return [values(statement.set.map(({ column, value }) => [column, value]))];
  if (statement.kind !== "insert" || "kind" in statement.rows) return [];
  const { columns, rows } = statement;
  return rows.map((row) => values(columns.map((column, at) => [column, row[at] ?? null])));
}
