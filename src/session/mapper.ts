import type { Dialect, DriverValue } from "../dialect/index.ts";
import { fromRow, type ModelMetadata } from "../model/index.ts";
import { MappedColumn } from "./mapped-column.ts";
import { Statements } from "./statements.ts";

/** What the driver takes for one row, in the order of the mapper's columns. */
export type EncodedRow = DriverValue[];

/** A row's key as the identity map has it: the encoded value, or the parts of a composite key as text. */
export type Key = DriverValue;

/** A model as one dialect writes and reads it. Made once for each pair, and shared by all Sessions. */
export class Mapper {
  readonly meta: ModelMetadata;
  readonly dialect: Dialect;
  readonly columns: readonly MappedColumn[];
  readonly byProperty: ReadonlyMap<string, MappedColumn>;
  readonly key: readonly MappedColumn[];
  readonly version: MappedColumn | null;
  /** Columns that the database may fill, and those that an UPDATE changes behind one's back. */
  readonly computed: readonly MappedColumn[];
  readonly statements: Statements;
  readonly #mutable: readonly MappedColumn[];
  readonly #construct: new (
    values: readonly unknown[],
    token: symbol,
  ) => object;

  constructor(meta: ModelMetadata, dialect: Dialect) {
    this.meta = meta;
    this.dialect = dialect;
    this.columns = meta.fields.map((field, index) => new MappedColumn(index, field, dialect));
    this.byProperty = new Map(this.columns.map((column) => [column.property, column]));
    this.key = meta.primaryKey.map((field) => this.column(field.property));
    this.version = meta.versionId === null ? null : this.column(meta.versionId.property);
    this.computed = this.columns.filter((column) => column.field.computed);
    this.statements = new Statements(meta.table, dialect, this.columns, this.key, this.version);
    this.#mutable = this.columns.filter((column) => column.mutable);
    this.#construct = meta.model as never;
  }

  /** The column of a property, which has to be there. */
  column(property: string): MappedColumn {
    return this.byProperty.get(property) as MappedColumn;
  }

  /** The key of an encoded row; null where a part of it is missing. */
  keyOf(row: readonly DriverValue[]): Key | null {
    const [first] = this.key;
    if (first !== undefined && this.key.length === 1) return row[first.index] ?? null;
    const parts = this.key.map((column) => row[column.index] ?? null);
    return parts.includes(null) ? null : composite(parts);
  }

  /** The key of the parts given by the program, in the order of the model's key. */
  keyOfParts(parts: readonly DriverValue[]): Key {
    return parts.length === 1 ? (parts[0] as DriverValue) : composite(parts);
  }

  /** The encoded parts of an instance's key. */
  keyParts(row: readonly DriverValue[]): DriverValue[] {
    return this.key.map((column) => row[column.index] ?? null);
  }

  /** Every value of an instance, encoded. */
  encode(instance: object): EncodedRow {
    const values = instance as Readonly<Record<string, unknown>>;
    const { columns } = this;
    const row: EncodedRow = new Array<DriverValue>(columns.length);
    for (let i = 0; i < columns.length; i += 1) {
      const column = columns[i] as MappedColumn;
      row[i] = column.encode(values[column.property]);
    }
    return row;
  }

  /** A new instance for what the driver gave. */
  instantiate(row: readonly DriverValue[]): object {
    const { columns } = this;
    const values = new Array<unknown>(columns.length);
    for (let i = 0; i < columns.length; i += 1) {
      values[i] = (columns[i] as MappedColumn).decode(row[i] as DriverValue);
    }
    return new this.#construct(values, fromRow);
  }

  /** A row to compare with later: what the program could edit in place is copied. */
  keep(row: readonly DriverValue[]): EncodedRow {
    const kept = row as EncodedRow;
    for (const { index } of this.#mutable) {
      const value = kept[index];
      if (typeof value === "object" && value !== null) kept[index] = structuredClone(value);
    }
    return kept;
  }
}

function composite(parts: readonly DriverValue[]): string {
  return JSON.stringify(parts, (_, part: unknown) =>
    typeof part === "bigint"
      ? `${part}n`
      : part instanceof Uint8Array
        ? Buffer.from(part).toString("hex")
        : part,
  );
}

const mappers = new WeakMap<Dialect, WeakMap<ModelMetadata, Mapper>>();

/** The mapper of a model in a dialect. */
export function mapperFor(meta: ModelMetadata, dialect: Dialect): Mapper {
  let ofDialect = mappers.get(dialect);
  if (ofDialect === undefined) {
    ofDialect = new WeakMap();
    mappers.set(dialect, ofDialect);
  }
  let mapper = ofDialect.get(meta);
  if (mapper === undefined) {
    mapper = new Mapper(meta, dialect);
    ofDialect.set(meta, mapper);
  }
  return mapper;
}
