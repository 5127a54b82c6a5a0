import type { ColumnType, TableRef } from "../schema/index.ts";
import { type Expression, Operand } from "../sql/index.ts";
import type { AnyModel, FieldMetadata } from "./metadata.ts";

/** Where a column gets what it knows of its field; asked for when first needed. */
export interface ColumnSource {
  readonly model: AnyModel;
  readonly table: TableRef;
  readonly alias: string | null;
  readonly field: () => FieldMetadata;
}

/** A column of a model, for queries, indexes and foreign keys. `T` is the field's value, `M` brands the model. */
export class ModelColumn<T, M = unknown> extends Operand<T> {
  /** Only for the type: which model the column is of. */
  declare readonly "~model"?: M;
  readonly property: string;
  readonly #source: ColumnSource;

  constructor(source: ColumnSource, property: string) {
    super(undefined as unknown as Expression);
    this.#source = source;
    this.property = property;
    // A column is made before its model is whole; what it is in SQL is found out when first asked for.
    Object.defineProperty(this, "expression", { get: () => this.#expression() });
  }

  get model(): AnyModel {
    return this.#source.model;
  }

  get table(): TableRef {
    return this.#source.table;
  }

  /** The column's name in the database. */
  get columnName(): string {
    return this.#source.field().column;
  }

  #expression(): Expression {
    const { table, alias } = this.#source;
    const { column, type } = this.#source.field();
    return { kind: "column", table, alias, name: column, type, owner: this.model };
  }

  /** Values go in as the field stores them. */
  protected override bind(value: unknown): Expression {
    const { toStored, toCompared = toStored, type } = this.#source.field();
    const stored = value === null || value === undefined ? null : toCompared(value);
    return { kind: "parameter", value: stored, type: comparedType(type, stored) };
  }
}

/** A decimal with more digits than the column has can be compared with those that it has. */
function comparedType(type: ColumnType, value: unknown): ColumnType {
  if (type.kind !== "numeric" || typeof value !== "string") return type;
  const fraction = /\.(\d*?)0*$/.exec(value)?.[1] ?? "";
  const whole = /^[+-]?0*(\d*)/.exec(value)?.[1] ?? "";
  const { precision, scale } = type;
  const fits =
    fraction.length <= (scale ?? fraction.length) &&
    whole.length <= (precision ?? whole.length + (scale ?? 0)) - (scale ?? 0);
  return fits ? type : { kind: "numeric", precision: null, scale: null };
}
