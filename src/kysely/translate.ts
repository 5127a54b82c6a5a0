import type {
  BinaryOperationNode,
  ColumnNode,
  ColumnUpdateNode,
  CommonTableExpressionNameNode,
  DeleteQueryNode,
  FromNode,
  InsertQueryNode,
  JoinNode,
  OperationNode,
  OrderByItemNode,
  PrimitiveValueListNode,
  QueryId,
  ReferenceNode,
  ReturningNode,
  SelectionNode,
  SelectQueryNode,
  TableNode,
  UpdateQueryNode,
  ValueNode,
} from "kysely";
import {
  AliasNode,
  AndNode,
  BinaryOperationNode as Binary,
  ColumnNode as Column,
  ColumnUpdateNode as ColumnUpdate,
  IdentifierNode,
  OperationNodeTransformer,
  OperatorNode,
  PrimitiveValueListNode as PrimitiveValueList,
  ReferenceNode as Reference,
  SelectAllNode,
  SelectionNode as Selection,
  TableNode as Table,
  ValueNode as Value,
  ValueListNode,
} from "kysely";
import type { FieldMetadata, ModelMetadata } from "../model/index.ts";
import { completedRows, filledUpdates } from "./automatic.ts";
import type { Fields } from "./fields.ts";
import { type Frame, identifierOf, Scope } from "./scope.ts";

/** Operators whose sides are values of one field. */
const comparisons: ReadonlySet<string> = new Set([
  "=",
  "==",
  "!=",
  "<>",
  "<",
  "<=",
  ">",
  ">=",
  "in",
  "not in",
  "is distinct from",
  "is not distinct from",
  "between",
  "between symmetric",
]);

/**
 * Turns a query in the words of models (keys for tables, properties for columns, values of fields) into one in the
 * words of the database. One translator is for one query.
 */
export class Translator extends OperationNodeTransformer {
  readonly #scope: Scope;
  readonly #fields: Fields;
  readonly #originals: WeakMap<OperationNode, OperationNode>;

  /** `originals` are queries by what they were translated to: inside another one they are translated anew. */
  constructor(
    models: ReadonlyMap<string, ModelMetadata>,
    fields: Fields,
    originals: WeakMap<OperationNode, OperationNode>,
  ) {
    super();
    this.#scope = new Scope(models, originals);
    this.#fields = fields;
    this.#originals = originals;
  }

  protected override transformNodeImpl<T extends OperationNode>(node: T, id?: QueryId): T {
    return super.transformNodeImpl((this.#originals.get(node) ?? node) as T, id);
  }

  /** The fields of a query's columns, by name: what decodes its rows. */
  fieldsOf(query: OperationNode): ReadonlyMap<string, FieldMetadata> {
    const outputs = this.#scope.outputsOf(query) ?? new Map();
    const known = [...outputs].flatMap(([name, { field }]): [string, FieldMetadata][] =>
      field === null ? [] : [[name, field]],
    );
    return new Map(known);
  }

  protected override transformSelectQuery(node: SelectQueryNode, id?: QueryId): SelectQueryNode {
    return this.#scope.within(node, (frame) => {
      const whole = super.transformSelectQuery(node, id);
      if (node.selections === undefined) return whole;
      return { ...whole, selections: this.#selections(node.selections, frame, id) };
    });
  }

  protected override transformInsertQuery(node: InsertQueryNode, id?: QueryId): InsertQueryNode {
    return this.#scope.within(node, (frame) => {
      const model = node.into === undefined ? null : this.#scope.modelOf(node.into);
      const whole = super.transformInsertQuery(node, id);
      const returned = this.#returning(node.returning, frame, id);
      if (model === null) return { ...whole, ...returned };
      const filled = completedRows(node, model, (value, field) => {
        return isNode(value) ? this.#value(value, field, id) : this.#fields.node(value, field);
      });
      const { onConflict, onDuplicateKey } = whole;
      const updates = onConflict?.updates ?? onDuplicateKey?.updates;
      const complete = updates === undefined ? undefined : this.#withAutomatic(updates, model, null);
      return {
        ...whole,
        ...returned,
        ...filled,
        ...(onConflict?.updates === undefined || complete === undefined
          ? {}
          : { onConflict: { ...onConflict, updates: complete } }),
        ...(onDuplicateKey === undefined || complete === undefined
          ? {}
          : { onDuplicateKey: { ...onDuplicateKey, updates: complete } }),
      };
    });
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, id?: QueryId): UpdateQueryNode {
    return this.#scope.within(node, (frame) => {
      const whole = {
        ...super.transformUpdateQuery(node, id),
        ...this.#returning(node.returning, frame, id),
      };
      const aliased = node.table !== undefined && AliasNode.is(node.table) ? node.table : null;
      const target = aliased?.node ?? node.table;
      const model = target !== undefined && Table.is(target) ? this.#scope.modelOf(target) : null;
      if (model === null || whole.updates === undefined) return whole;
      const alias = aliased === null ? null : (aliased.alias as IdentifierNode).name;
      return { ...whole, updates: this.#withAutomatic(whole.updates, model, alias) };
    });
  }

  #withAutomatic(
    updates: readonly ColumnUpdateNode[],
    model: ModelMetadata,
    alias: string | null,
  ): readonly ColumnUpdateNode[] {
    return filledUpdates(updates, model, alias, (value, field) => this.#fields.node(value, field));
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, id?: QueryId): DeleteQueryNode {
    return this.#scope.within(node, (frame) => {
      const whole = super.transformDeleteQuery(node, id);
      const [target, ...others] = node.from.froms;
      const from =
        target !== undefined && Table.is(target)
          ? {
              ...whole.from,
              froms: [this.#table(target), ...others.map((each) => this.transformNode(each, id))],
            }
          : whole.from;
      return { ...whole, from, ...this.#returning(node.returning, frame, id) };
    });
  }

  #returning(
    node: ReturningNode | undefined,
    frame: Frame,
    id: QueryId | undefined,
  ): { readonly returning?: ReturningNode } {
    if (node === undefined) return {};
    return { returning: { ...node, selections: this.#selections(node.selections, frame, id) } };
  }

  /** Every column goes by its property outside of the query. */
  #selections(
    selections: readonly SelectionNode[],
    frame: Frame,
    id: QueryId | undefined,
  ): readonly SelectionNode[] {
    return selections.flatMap((node): readonly SelectionNode[] => {
      const all = this.#scope.everything(node.selection, frame);
      if (all === null) return [this.#selection(node, id)];
      return all.map(({ table, property }) => {
        const reference = Reference.create(Column.create(property), Table.create(table));
        return this.#selection(Selection.create(reference), id);
      });
    });
  }

  #selection(node: SelectionNode, id: QueryId | undefined): SelectionNode {
    const { selection } = node;
    const whole = this.transformNode(node, id);
    if (!Reference.is(selection) || SelectAllNode.is(selection.column)) return whole;
    const column = this.#scope.resolve(selection);
    const property = selection.column.column.name;
    if (column === null || column.name === property) return whole;
    return Selection.create(
      AliasNode.create(whole.selection as Reference, IdentifierNode.create(property)) as never,
    );
  }

  protected override transformCommonTableExpressionName(
    node: CommonTableExpressionNameNode,
  ): CommonTableExpressionNameNode {
    return node;
  }

  /** A table in FROM keeps the name the query calls it. */
  protected override transformFrom(node: FromNode, id?: QueryId): FromNode {
    return { ...node, froms: node.froms.map((each) => this.#source(each, id)) };
  }

  protected override transformJoin(node: JoinNode, id?: QueryId): JoinNode {
    return { ...super.transformJoin(node, id), table: this.#source(node.table, id) };
  }

  #source(node: OperationNode, id: QueryId | undefined): OperationNode {
    const model = Table.is(node) ? this.#scope.modelOf(node) : null;
    if (model === null || !Table.is(node)) return this.transformNode(node, id);
    const { name } = node.table.identifier;
    const { table } = model;
    const isSame = table.schema === null && table.name === name;
    return isSame ? node : AliasNode.create(this.#table(node), IdentifierNode.create(name));
  }

  #table(node: TableNode): TableNode {
    const model = this.#scope.modelOf(node);
    return model === null ? node : { ...node, table: identifierOf(model) };
  }

  protected override transformTable(node: TableNode): TableNode {
    return this.#table(node);
  }

  protected override transformReference(node: ReferenceNode, id?: QueryId): ReferenceNode {
    const column = this.#scope.resolve(node);
    // Its table goes by the name that the query gave it.
    if (column === null) return node.table === undefined ? super.transformReference(node, id) : node;
    const { table } = node;
    const { qualifier } = column;
    return {
      ...node,
      column: Column.create(column.name),
      ...(table === undefined || qualifier === null ? {} : { table: { ...table, table: qualifier } }),
    };
  }

  protected override transformColumn(node: ColumnNode): ColumnNode {
    const column = this.#scope.resolveName(node.column.name);
    return column === null ? node : Column.create(column.name);
  }

  protected override transformColumnUpdate(node: ColumnUpdateNode, id?: QueryId): ColumnUpdateNode {
    const { column } = node;
    const found = Column.is(column) ? this.#scope.resolveName(column.column.name) : null;
    const value = this.#value(node.value, found?.field ?? null, id);
    return ColumnUpdate.create(this.transformNode(column, id), value);
  }

  protected override transformBinaryOperation(node: BinaryOperationNode, id?: QueryId): BinaryOperationNode {
    const { leftOperand: left, operator, rightOperand: right } = node;
    const isComparison = OperatorNode.is(operator) && comparisons.has(operator.operator);
    const field = isComparison ? (this.#scope.fieldOf(left) ?? this.#scope.fieldOf(right)) : null;
    if (field === null) return super.transformBinaryOperation(node, id);
    const side = (each: OperationNode): OperationNode => this.#side(each, field, id);
    return Binary.create(side(left), operator, side(right));
  }

  /** One side of a comparison: a value, several, or something that has one. */
  #side(node: OperationNode, field: FieldMetadata, id: QueryId | undefined): OperationNode {
    if (PrimitiveValueList.is(node)) {
      return ValueListNode.create(node.values.map((each) => this.#side(Value.create(each), field, id)));
    }
    if (ValueListNode.is(node))
      return ValueListNode.create(node.values.map((each) => this.#side(each, field, id)));
    if (AndNode.is(node))
      return AndNode.create(this.#side(node.left, field, id), this.#side(node.right, field, id));
    const value = this.#value(node, field, id);
    return node.kind === "SelectQueryNode" ? value : this.#fields.comparable(value, field);
  }

  #value(node: OperationNode, field: FieldMetadata | null, id: QueryId | undefined): OperationNode {
    return Value.is(node) && node.immediate !== true
      ? this.#fields.node(node.value, field)
      : this.transformNode(node, id);
  }

  protected override transformOrderByItem(node: OrderByItemNode, id?: QueryId): OrderByItemNode {
    const whole = super.transformOrderByItem(node, id);
    const field = this.#scope.fieldOf(node.orderBy);
    return field === null ? whole : { ...whole, orderBy: this.#fields.comparable(whole.orderBy, field) };
  }

  protected override transformValue(node: ValueNode): ValueNode {
    return node.immediate === true ? node : Value.create(this.#fields.encode(node.value, null));
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return PrimitiveValueList.create(node.values.map((each) => this.#fields.encode(each, null)));
  }
}

function isNode(value: unknown): value is OperationNode {
  return (
    typeof value === "object" && value !== null && "kind" in value && String(value.kind).endsWith("Node")
  );
}
