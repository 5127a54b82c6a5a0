import type {
  CommonTableExpressionNode,
  IdentifierNode,
  OperationNode,
  ReferenceNode,
  SchemableIdentifierNode,
  SelectionNode,
  TableNode,
} from "kysely";
import {
  AliasNode,
  FromNode,
  InsertQueryNode,
  JoinNode,
  ParensNode,
  ReferenceNode as Reference,
  SelectAllNode,
  SelectQueryNode,
  TableNode as Table,
} from "kysely";
import type { FieldMetadata, ModelMetadata } from "../model/index.ts";

/** A column as a query sees it: its name in the database, and the field its values belong to, where one is known. */
export interface Column {
  readonly name: string;
  readonly field: FieldMetadata | null;
}

/** What stands in FROM under one name. Columns by property; null where nobody knows them. */
export interface Relation {
  readonly columns: ReadonlyMap<string, Column> | null;
  /** How its columns are qualified, where that is not its name. */
  readonly qualifier: SchemableIdentifierNode | null;
}

/** One query's names: what stands in its FROM, and the expressions of its WITH. */
export interface Frame {
  readonly relations: ReadonlyMap<string, Relation>;
  readonly expressions: Map<string, Relation>;
}

/** A query with names of its own. */
export type QueryNode = Extract<
  OperationNode,
  { readonly kind: "SelectQueryNode" | "InsertQueryNode" | "UpdateQueryNode" | "DeleteQueryNode" }
>;

const unknown: Relation = { columns: null, qualifier: null };

/** The parts of a node that may be there, whatever its kind. */
interface Parts extends OperationNode {
  readonly from?: OperationNode;
  readonly into?: OperationNode;
  readonly table?: OperationNode;
  readonly using?: { readonly tables: readonly OperationNode[] };
  readonly joins?: readonly OperationNode[];
  readonly selections?: readonly SelectionNode[];
  readonly returning?: { readonly selections: readonly SelectionNode[] };
  readonly with?: { readonly expressions: readonly CommonTableExpressionNode[] };
}

/** The models of a query by the names it calls them, and what its references mean. */
export class Scope {
  readonly #models: ReadonlyMap<string, ModelMetadata>;
  readonly #frames: Frame[] = [];
  readonly #originals: WeakMap<OperationNode, OperationNode>;

  constructor(models: ReadonlyMap<string, ModelMetadata>, originals: WeakMap<OperationNode, OperationNode>) {
    this.#models = models;
    this.#originals = originals;
  }

  /** The model whose table a name stands for, unless the query gave the name to something else. */
  modelOf(table: TableNode): ModelMetadata | null {
    const { schema, identifier } = table.table;
    if (schema !== undefined || this.#expression(identifier.name) !== null) return null;
    return this.#models.get(identifier.name) ?? null;
  }

  #expression(name: string): Relation | null {
    const frame = this.#frames.findLast(({ expressions }) => expressions.has(name));
    return frame?.expressions.get(name) ?? null;
  }

  /** Runs `body` with the names of a query. */
  within<T>(query: OperationNode, body: (frame: Frame) => T): T {
    const parts = query as Parts;
    const expressions = new Map<string, Relation>();
    const relations = new Map<string, Relation>();
    const frame = { relations, expressions };
    this.#frames.push(frame);
    for (const each of parts.with?.expressions ?? []) {
      const { name } = each.name.table.table.identifier;
      expressions.set(name, unknown); // it may be recursive
      expressions.set(name, this.#common(each));
    }
    for (const each of sourcesOf(parts)) this.#addTo(relations, each, query); // a lateral one sees those before it
    try {
      return body(frame);
    } finally {
      this.#frames.pop();
    }
  }

  /** What a common table expression gives; names of its own take the place of its query's, in order. */
  #common({ name, expression }: CommonTableExpressionNode): Relation {
    const columns = this.outputsOf(expression);
    if (columns === null || name.columns === undefined) return { columns, qualifier: null };
    const fields = [...columns.values()];
    const named = name.columns.map(({ column }, at): [string, Column] => {
      return [column.name, { name: column.name, field: fields[at]?.field ?? null }];
    });
    return { columns: new Map(named), qualifier: null };
  }

  #addTo(relations: Map<string, Relation>, source: OperationNode, query: OperationNode): void {
    if (Table.is(source)) {
      const { name } = source.table.identifier;
      const model = this.modelOf(source);
      // What is written to goes by its own name; everything else under the one the query calls it.
      const own = model !== null && !SelectQueryNode.is(query);
      const columns = model === null ? (this.#expression(name)?.columns ?? null) : columnsOf(model);
      const isTarget = own && isWritten(query as Parts, source);
      relations.set(name, { columns, qualifier: isTarget ? identifierOf(model) : null });
      if (isTarget && InsertQueryNode.is(query)) relations.set("excluded", { columns, qualifier: null });
      return;
    }
    if (!AliasNode.is(source) || source.alias.kind !== "IdentifierNode") return;
    const { name } = source.alias as IdentifierNode;
    const { node } = source;
    if (!Table.is(node)) {
      relations.set(name, { columns: this.outputsOf(node), qualifier: null });
      return;
    }
    const model = this.modelOf(node);
    const expression = this.#expression(node.table.identifier.name);
    relations.set(name, {
      columns: model === null ? (expression?.columns ?? null) : columnsOf(model),
      qualifier: null,
    });
  }

  /** What a reference means: the column, and how its table is to be written. Null where nobody knows. */
  resolve(
    reference: ReferenceNode,
  ): (Column & { readonly qualifier: SchemableIdentifierNode | null }) | null {
    if (SelectAllNode.is(reference.column)) return null;
    const property = reference.column.column.name;
    if (reference.table !== undefined) {
      const relation = this.#relation(reference.table);
      const column = relation?.columns?.get(property);
      return relation === null || column === undefined ? null : { ...column, qualifier: relation.qualifier };
    }
    return this.resolveName(property);
  }

  /** What a name without a table means. */
  resolveName(property: string): (Column & { readonly qualifier: null }) | null {
    for (const { relations } of this.#frames.toReversed()) {
      for (const [name, { columns }] of relations) {
        const column = name === "excluded" ? undefined : columns?.get(property);
        if (column !== undefined) return { ...column, qualifier: null };
      }
    }
    return null;
  }

  #relation(table: TableNode): Relation | null {
    if (table.table.schema !== undefined) return null;
    const { name } = table.table.identifier;
    const frame = this.#frames.findLast(({ relations }) => relations.has(name));
    return frame?.relations.get(name) ?? null;
  }

  /** The field that an expression's values belong to. */
  fieldOf(node: OperationNode): FieldMetadata | null {
    if (Reference.is(node)) return this.resolve(node)?.field ?? null;
    if (ParensNode.is(node)) return this.fieldOf(node.node);
    if (SelectQueryNode.is(node)) {
      const columns = [...(this.outputsOf(node)?.values() ?? [])];
      return columns.length === 1 ? (columns[0]?.field ?? null) : null;
    }
    const { kind } = node;
    const { func, aggregated } = node as { func?: string; aggregated?: readonly OperationNode[] };
    if (kind !== "AggregateFunctionNode" || (func !== "min" && func !== "max")) return null;
    const [first] = aggregated ?? [];
    return first === undefined ? null : this.fieldOf(first);
  }

  /** The columns a query gives, by the names they go by outside of it; null where nobody knows all of them. */
  outputsOf(given: OperationNode): ReadonlyMap<string, Column> | null {
    const query = this.#originals.get(given) ?? given;
    if (ParensNode.is(query)) return this.outputsOf(query.node);
    const parts = query as Parts;
    const selections = SelectQueryNode.is(query) ? parts.selections : parts.returning?.selections;
    if (selections === undefined) return null;
    return this.within(query, (frame) => {
      const outputs = new Map<string, Column>();
      for (const { selection } of selections) {
        const given = this.#outputs(selection, frame);
        if (given === null) return null;
        for (const [name, field] of given) outputs.set(name, { name, field });
      }
      return outputs;
    });
  }

  #outputs(
    selection: OperationNode,
    frame: Frame,
  ): readonly (readonly [string, FieldMetadata | null])[] | null {
    const all = this.everything(selection, frame);
    if (all !== null) return all.map(({ property, column }) => [property, column.field]);
    if (AliasNode.is(selection)) {
      if (selection.alias.kind !== "IdentifierNode") return null;
      return [[(selection.alias as IdentifierNode).name, this.fieldOf(selection.node)]];
    }
    if (!Reference.is(selection) || SelectAllNode.is(selection.column)) return null;
    return [[selection.column.column.name, this.fieldOf(selection)]];
  }

  /** The columns that `selectAll` stands for; null where the selection is none, or nobody knows them. */
  everything(
    selection: OperationNode,
    { relations }: Frame,
  ): readonly { readonly table: string; readonly property: string; readonly column: Column }[] | null {
    const isAll = SelectAllNode.is(selection);
    if (!isAll && !(Reference.is(selection) && SelectAllNode.is(selection.column))) return null;
    const only = isAll ? null : (selection as ReferenceNode).table?.table.identifier.name;
    const found = [...relations].filter(([name]) => name === only || (only === null && name !== "excluded"));
    if (found.length === 0 || found.some(([, { columns }]) => columns === null)) return null;
    return found.flatMap(([table, { columns }]) =>
      [...(columns ?? [])].map(([property, column]) => ({ table, property, column })),
    );
  }
}

/** The tables, queries and functions that a query reads from or writes to. */
function sourcesOf(parts: Parts): readonly OperationNode[] {
  const { from, into, table, using, joins = [] } = parts;
  const froms = from !== undefined && FromNode.is(from) ? from.froms : [];
  const written = [into, table].filter((node) => node !== undefined);
  const joined = joins.filter(JoinNode.is).map((join) => join.table);
  return [...written, ...froms, ...(using?.tables ?? []), ...joined];
}

/** Whether a table of a statement is the one it writes to. */
function isWritten({ kind, into, table, from }: Parts, source: TableNode): boolean {
  if (source === into || source === table) return true;
  return kind === "DeleteQueryNode" && from !== undefined && FromNode.is(from) && from.froms[0] === source;
}

/** The columns of a model's table, by property. */
function columnsOf(model: ModelMetadata): ReadonlyMap<string, Column> {
  return new Map(model.fields.map((field) => [field.property, { name: field.column, field }]));
}

/** A model's table as Kysely names tables. */
export function identifierOf({ table }: ModelMetadata): SchemableIdentifierNode {
  const named =
    table.schema === null ? Table.create(table.name) : Table.createWithSchema(table.schema, table.name);
  return named.table;
}
