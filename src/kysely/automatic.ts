import type { ColumnUpdateNode, InsertQueryNode, OperationNode } from "kysely";
import {
  BinaryOperationNode,
  ColumnNode,
  ColumnUpdateNode as ColumnUpdate,
  DefaultInsertValueNode,
  OperatorNode,
  PrimitiveValueListNode,
  ReferenceNode,
  TableNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from "kysely";
import type { FieldMetadata, ModelMetadata } from "../model/index.ts";
import { identifierOf } from "./scope.ts";

/** A value or a node, as a node for a field. */
export type ToNode = (value: unknown, field: FieldMetadata) => OperationNode;

/** The columns and rows of an insert, completed with defaults of the program. Rows of a query stay as they are. */
export function completedRows(
  { columns = [], values }: InsertQueryNode,
  model: ModelMetadata,
  toNode: ToNode,
): Pick<InsertQueryNode, "columns" | "values"> {
  if (values === undefined || !ValuesNode.is(values)) return {};
  const given = columns.map(({ column }) => column.name);
  const missing = model.fields.filter(
    ({ property, makeDefault }) => makeDefault !== undefined && !given.includes(property),
  );
  const fields = [...given.map((property) => model.fieldsByProperty.get(property)), ...missing];
  const rows = values.values.map((row) => {
    const cells: readonly unknown[] = PrimitiveValueListNode.is(row)
      ? row.values.map((value) => ValueNode.create(value))
      : row.values;
    return ValueListNode.create(fields.map((field, at) => cellOf(cells[at], field, toNode)));
  });
  const names = [
    ...columns.map(({ column }, at) => fields[at]?.column ?? column.name),
    ...missing.map(nameOf),
  ];
  return { columns: names.map((name) => ColumnNode.create(name)), values: ValuesNode.create(rows) };
}

const nameOf = ({ column }: FieldMetadata): string => column;

/** One value of a row; where the row has none, the default of its field. */
function cellOf(cell: unknown, field: FieldMetadata | undefined, toNode: ToNode): OperationNode {
  const isMissing = cell === undefined || DefaultInsertValueNode.is(cell as OperationNode);
  if (field === undefined) return cell as OperationNode;
  if (!isMissing) return toNode(cell, field);
  return field.makeDefault === undefined
    ? DefaultInsertValueNode.create()
    : toNode(field.makeDefault(), field);
}

/**
 * What a change of a row brings with it, beside what the program sets: `onUpdateFactory`, and the next version.
 * `alias` is what the statement calls the table, where that is not its name.
 */
export function filledUpdates(
  updates: readonly ColumnUpdateNode[],
  model: ModelMetadata,
  alias: string | null,
  toNode: ToNode,
): readonly ColumnUpdateNode[] {
  const named = new Set(updates.map(({ column }) => (ColumnNode.is(column) ? column.column.name : "")));
  const added = model.fields.flatMap((field): ColumnUpdateNode[] => {
    if (named.has(field.column)) return [];
    const target = ColumnNode.create(field.column);
    if (field.versionId)
      return [
        ColumnUpdate.create(
          target,
          nextVersion(field, alias === null ? identifierOf(model) : TableNode.create(alias).table),
        ),
      ];
    if (field.makeOnUpdate === undefined) return [];
    return [ColumnUpdate.create(target, toNode(field.makeOnUpdate(), field))];
  });
  return [...updates, ...added];
}

function nextVersion({ column }: FieldMetadata, table: TableNode["table"]): OperationNode {
  const version = ReferenceNode.create(ColumnNode.create(column), { kind: "TableNode", table });
  return BinaryOperationNode.create(version, OperatorNode.create("+"), ValueNode.createImmediate(1));
}
