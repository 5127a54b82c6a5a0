import { AthanorError } from "../errors/index.ts";
import {
  type ColumnsByProperty,
  type FieldMetadata,
  type ModelMetadata,
  metadataOf,
} from "../model/index.ts";
import {
  type Assignment,
  and,
  type Condition,
  type DeleteStatement,
  type Expression,
  type InsertStatement,
  Operand,
  type Selected,
  type SqlFragment,
  type UpdateStatement,
} from "../sql/index.ts";
import type { Select } from "./select.ts";
import { columnsOf, ownRows } from "./source.ts";

// biome-ignore lint/suspicious/noExplicitAny: a class with any constructor is taken
type Class<T> = abstract new (...args: any) => T;

/** Values of some columns of `T`; an operand, or SQL written by hand, computes one in the database. */
export type Changes<T> = { readonly [K in keyof T]?: T[K] | Operand<T[K]> | SqlFragment };

/** What the columns of a row would have held whose key is taken. */
export type Excluded<T> = { readonly [K in keyof T]: Operand<T[K]> };

/** The row of a query that fills these properties: a value, or a tuple of several. */
export type SelectedRow<T, K extends readonly (keyof T)[]> = K extends readonly [infer Only extends keyof T]
  ? T[Only]
  : { -readonly [I in keyof K]: K[I] extends keyof T ? T[K[I]] : never };

function excludedOf<T>(metadata: ModelMetadata): Excluded<T> {
  return new Proxy({} as Excluded<T>, {
    get: (_, property) => {
      const field = fieldOf(metadata, String(property));
      const { column, type } = field;
      return new Operand({ kind: "excluded", name: column, type }, columnOf(metadata, field));
    },
  });
}

/** A statement that writes, and what its rows are read as. */
export interface WritePlan<S> {
  readonly statement: S;
  readonly metadata: ModelMetadata;
  /** Whether written rows come back, as objects. */
  readonly returning: boolean;
}

function fieldOf(metadata: ModelMetadata, property: string): FieldMetadata {
  const field = metadata.fieldsByProperty.get(property);
  if (field !== undefined) return field;
  throw new AthanorError("MODEL.UNKNOWN_PROPERTY", { model: metadata.name, property });
}

function columnOf({ model }: ModelMetadata, { property }: FieldMetadata): Operand<unknown> {
  return (model as unknown as { readonly c: ColumnsByProperty }).c[property] as Operand<unknown>;
}

function parameter(field: FieldMetadata, value: unknown): Expression {
  if (value instanceof Operand) return value.expression;
  return { kind: "parameter", value: value === null ? null : field.toStored(value), type: field.type };
}

/** The value of a new row that was given none: the option's, or that of the schema itself. */
function defaultOf({ makeDefault, schemaDefault }: FieldMetadata): (() => unknown) | undefined {
  return makeDefault ?? schemaDefault;
}

/** The default that the database has for the column, as it stands in the table's definition. */
function serverDefaultOf({ serverDefault }: FieldMetadata): Expression | null {
  if (serverDefault === null) return null;
  return serverDefault.kind === "literal"
    ? { kind: "parameter", value: serverDefault.value, type: null }
    : { kind: "raw", parts: [`(${serverDefault.sql})`] };
}

function returned(metadata: ModelMetadata): readonly Selected[] {
  return columnsOf({ metadata, alias: null }).map((expression) => ({ expression, alias: null }));
}

function assignments(metadata: ModelMetadata, changes: object): readonly Assignment[] {
  return Object.entries(changes).map(([property, value]) => {
    const field = fieldOf(metadata, property);
    const isOperand = value instanceof Operand;
    const set = isOperand ? Operand.fit(columnOf(metadata, field), value) : parameter(field, value);
    return { column: field.column, value: set, type: field.type };
  });
}

function joined(before: Expression | null, conditions: readonly Condition[]): Expression | null {
  if (conditions.length === 0) return before;
  const added = and(...conditions).expression;
  return before === null ? added : { kind: "logical", operator: "and", operands: [before, added] };
}

/** Rows to be inserted without objects: defaults of the program are filled in, nothing is validated. */
export class Insert<T> {
  readonly plan: WritePlan<InsertStatement>;
  declare readonly "~row"?: T;

  constructor(plan: WritePlan<InsertStatement>) {
    this.plan = plan;
  }

  /** The rows. What one of them leaves out has its default: the schema's, the program's, or the database's. */
  values(...rows: readonly Changes<T>[]): Insert<T> {
    const { metadata } = this.plan;
    const named = new Set(rows.flatMap((row) => Object.keys(row)));
    const fields = metadata.fields.filter(
      (field) => named.has(field.property) || defaultOf(field) !== undefined,
    );
    for (const property of named) fieldOf(metadata, property);
    const cells = rows.map((row) =>
      fields.map((field) => {
        const given = (row as Readonly<Record<string, unknown>>)[field.property];
        if (given !== undefined) return parameter(field, given);
        const make = defaultOf(field);
        return make === undefined && field.serverGenerated ? null : parameter(field, make?.() ?? null);
      }),
    );
    const columns = fields.map(({ column }) => column);
    return this.#change({ columns, rows: cells, defaults: fields.map(serverDefaultOf) });
  }

  /**
   * The rows of a query, column by column: `insert(Old).fromSelect(["name"], select(Hero.c.name))`. Columns that are
   * not named get the default that is the same for every row, if they have one, or are left to the database.
   */
  fromSelect<const K extends readonly (keyof T & string)[]>(
    properties: K,
    query: Select<SelectedRow<T, K>>,
  ): Insert<T> {
    const { metadata } = this.plan;
    const statement = query.subquery;
    if (statement.columns.length !== properties.length) {
      const [columns, selected] = [properties.length, statement.columns.length];
      throw new AthanorError("QUERY.COLUMN_COUNT", { model: metadata.name, columns, selected });
    }
    const shared = metadata.fields.filter(
      ({ property, hasSharedDefault }) =>
        hasSharedDefault && !(properties as readonly string[]).includes(property),
    );
    const added = shared.map((field): Selected => {
      const operand = parameter(field, field.makeDefault?.() ?? null);
      // The type of an enum may have a name that is not known here; the database finds it out.
      const isNamed = field.type.kind === "enum";
      return { expression: isNamed ? operand : { kind: "cast", operand, type: field.type }, alias: null };
    });
    const fields = [...properties.map((property) => fieldOf(metadata, property)), ...shared];
    return this.#change({
      columns: fields.map(({ column }) => column),
      rows: { ...statement, columns: [...statement.columns, ...added] },
    });
  }

  /**
   * Rows whose key is taken are left out, or change the row that has it: `set` are the changes, or makes them from
   * what the new row would have held. With a condition, only rows for which it holds are changed. `target` are the
   * properties of the key; a database that has no word for it takes any unique key.
   */
  onConflict(
    target: readonly (keyof T & string)[],
    set?: Changes<T> | ((excluded: Excluded<T>) => Changes<T>),
    where?: Condition,
  ): Insert<T> {
    const { metadata } = this.plan;
    const changes = typeof set === "function" ? set(excludedOf<T>(metadata)) : set;
    return this.#change({
      onConflict: {
        target: target.map((property) => fieldOf(metadata, property).column),
        set: changes === undefined ? [] : assignments(metadata, changes),
        where: where?.expression ?? null,
      },
    });
  }

  /** The rows come back as objects. */
  returning(): Insert<T> {
    const { metadata } = this.plan;
    const statement = { ...this.plan.statement, returning: returned(metadata) };
    return new Insert({ ...this.plan, statement, returning: true });
  }

  #change(change: Partial<InsertStatement>): Insert<T> {
    return new Insert({ ...this.plan, statement: { ...this.plan.statement, ...change } });
  }
}

/** A change of every row that matches. */
export class Update<T> {
  readonly plan: WritePlan<UpdateStatement>;
  declare readonly "~row"?: T;

  constructor(plan: WritePlan<UpdateStatement>) {
    this.plan = plan;
  }

  /** The changes; calls add up. */
  set(changes: Changes<T>): Update<T> {
    const set = [...this.plan.statement.set, ...assignments(this.plan.metadata, changes)];
    return new Update({ ...this.plan, statement: { ...this.plan.statement, set } });
  }

  /** Only rows for which every condition holds; calls add up. */
  where(...conditions: readonly Condition[]): Update<T> {
    const where = joined(this.plan.statement.where, conditions);
    return new Update({ ...this.plan, statement: { ...this.plan.statement, where } });
  }

  /** The changed rows come back as objects. */
  returning(): Update<T> {
    const statement = { ...this.plan.statement, returning: returned(this.plan.metadata) };
    return new Update({ ...this.plan, statement, returning: true });
  }
}

/** The end of every row that matches. */
export class Delete<T> {
  readonly plan: WritePlan<DeleteStatement>;
  declare readonly "~row"?: T;

  constructor(plan: WritePlan<DeleteStatement>) {
    this.plan = plan;
  }

  /** Only rows for which every condition holds; calls add up. */
  where(...conditions: readonly Condition[]): Delete<T> {
    const where = joined(this.plan.statement.where, conditions);
    return new Delete({ ...this.plan, statement: { ...this.plan.statement, where } });
  }

  /** The deleted rows come back as objects. */
  returning(): Delete<T> {
    const statement = { ...this.plan.statement, returning: returned(this.plan.metadata) };
    return new Delete({ ...this.plan, statement, returning: true });
  }
}

/** Inserts rows without objects: `insert(Hero).values({ name: "a" }, { name: "b" })`. */
export function insert<T>(model: Class<T>): Insert<T> {
  const metadata = metadataOf(model);
  return new Insert<T>({
    metadata,
    returning: false,
    statement: {
      kind: "insert",
      into: metadata.table,
      columns: [],
      rows: [],
      onConflict: null,
      returning: [],
    },
  });
}

/** Changes rows without loading them: `update(Hero).set({ age: 1 }).where(…)`. */
export function update<T>(model: Class<T>): Update<T> {
  const metadata = metadataOf(model);
  return new Update<T>({
    metadata,
    returning: false,
    statement: {
      kind: "update",
      table: metadata.table,
      set: [],
      where: ownRows({ metadata, alias: null }),
      returning: [],
    },
  });
}

/** Deletes rows without loading them: `deleteFrom(Hero).where(…)`. */
export function deleteFrom<T>(model: Class<T>): Delete<T> {
  const metadata = metadataOf(model);
  return new Delete<T>({
    metadata,
    returning: false,
    statement: {
      kind: "delete",
      from: metadata.table,
      where: ownRows({ metadata, alias: null }),
      returning: [],
    },
  });
}
