import type { Dialect, DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import {
  type Discriminator,
  type FieldMetadata,
  fromRow,
  type ModelMetadata,
  metadataOf,
  type RowFiller,
} from "../model/index.ts";
import { MappedColumn } from "./mapped-column.ts";
import { rowChanges, rowEncoder, rowFiller } from "./row-code.ts";
import { Statements } from "./statements.ts";

/** What the driver takes for one row, in the order of the mapper's columns. */
export type EncodedRow = DriverValue[];

/** A row's key as the identity map has it: the encoded value, or the parts of a composite key as text. */
export type Key = DriverValue;

type Construct = new (filler: RowFiller, token: symbol) => object;

/** Makes objects of one model of rows of its table. */
class RowMaker implements RowFiller {
  readonly #construct: Construct;
  readonly #fill: (target: object, row: readonly DriverValue[]) => void;
  #row: readonly DriverValue[] = [];

  constructor(model: unknown, columns: readonly MappedColumn[]) {
    this.#construct = model as Construct;
    this.#fill = rowFiller(columns);
  }

  make(row: readonly DriverValue[]): object {
    this.#row = row;
    return new this.#construct(this, fromRow);
  }

  /** Asked by the constructor, which nothing comes between. */
  fill(target: object): void {
    this.#fill(target, this.#row);
  }
}

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
  /** Columns that are read for an object unless a query says otherwise, and the others. */
  readonly eager: readonly MappedColumn[];
  readonly deferred: readonly MappedColumn[];
  /** Columns that every UPDATE sets, the version aside. */
  readonly automatic: readonly MappedColumn[];
  /** Columns that a new row may come without, since the database fills them. */
  readonly optional: readonly MappedColumn[];
  readonly statements: Statements;
  readonly #mutable: readonly MappedColumn[];
  readonly #maker: RowMaker;
  readonly #heirs: Heirs | null;
  readonly #foreign: ReadonlySet<string>;
  readonly #encode: (values: Readonly<Record<string, unknown>>) => EncodedRow;
  readonly #changes: ReturnType<typeof rowChanges>;

  constructor(meta: ModelMetadata, dialect: Dialect) {
    this.meta = meta;
    this.dialect = dialect;
    this.columns = meta.fields.map((field, index) => new MappedColumn(index, field, dialect));
    this.byProperty = new Map(this.columns.map((column) => [column.property, column]));
    if (meta.primaryKey.length === 0) throw new AthanorError("MODEL.NO_PRIMARY_KEY", { model: meta.name });
    this.key = meta.primaryKey.map((field) => this.column(field.property));
    this.version = meta.versionId === null ? null : this.column(meta.versionId.property);
    this.computed = this.columns.filter((column) => column.field.computed);
    this.eager = this.columns.filter(({ field }) => !field.deferred);
    this.deferred = this.columns.filter(({ field }) => field.deferred);
    this.automatic = this.columns.filter(({ field }) => field.makeOnUpdate !== undefined && !field.versionId);
    this.optional = this.columns.filter(({ field }) => field.serverGenerated || field.computed);
    this.statements = new Statements(meta.table, dialect, this.eager, this.key, this.version);
    this.#mutable = this.columns.filter((column) => column.mutable);
    this.#maker = new RowMaker(meta.model, this.columns);
    this.#foreign = new Set(meta.foreignKeys.flatMap(({ properties }) => properties));
    this.#encode = rowEncoder(this.columns);
    this.#changes = rowChanges(this.columns);
    this.#heirs = meta.discriminator === null ? null : new Heirs(meta.discriminator, this);
  }

  /** Whether a field is part of a foreign key. */
  isForeign({ property }: FieldMetadata): boolean {
    return this.#foreign.has(property);
  }

  /** Whether an update of these columns may change what a foreign key holds. */
  writesForeign(changed: readonly MappedColumn[]): boolean {
    return [changed, this.automatic, this.computed].some((columns) =>
      columns.some(({ field }) => this.isForeign(field)),
    );
  }

  /** The column of a property, which has to be there. */
  column(property: string): MappedColumn {
    return this.byProperty.get(property) as MappedColumn;
  }

  /** Whether several models share the table. */
  get isShared(): boolean {
    return this.#heirs !== null;
  }

  /** An object's own model, whose fields may be stricter than those of the table it shares. */
  modelOf(instance: object): ModelMetadata {
    return this.#heirs === null ? this.meta : metadataOf(instance.constructor);
  }

  /** The key of an encoded row; null where a part of it is missing. */
  keyOf(row: readonly DriverValue[]): Key | null {
    const [first] = this.key;
    if (first !== undefined && this.key.length === 1) return spelled(first, row[first.index] ?? null);
    const parts = this.key.map((column) => row[column.index] ?? null);
    return parts.includes(null) ? null : this.keyOfParts(parts);
  }

  /** The key of the parts given by the program, in the order of the model's key. */
  keyOfParts(parts: readonly DriverValue[]): Key {
    const [first] = this.key;
    if (first !== undefined && this.key.length === 1) return spelled(first, parts[0] as DriverValue);
    return composite(this.key.map((column, at) => spelled(column, parts[at] as DriverValue)));
  }

  /** The encoded parts of an instance's key. */
  keyParts(row: readonly DriverValue[]): DriverValue[] {
    return this.key.map((column) => row[column.index] ?? null);
  }

  /** Every value of an instance, encoded. */
  encode(instance: object): EncodedRow {
    return this.#encode(instance as Readonly<Record<string, unknown>>);
  }

  /**
   * The columns in which an object differs from its whole row, those aside that the database computes: null where there
   * are none, undefined where this cannot be said of all of them at once.
   */
  changes(
    values: Readonly<Record<string, unknown>>,
    row: readonly DriverValue[],
  ): readonly MappedColumn[] | null | undefined {
    try {
      return this.#changes?.(values, row);
    } catch {
      return undefined; // a value that cannot even be encoded
    }
  }

  /** A new instance for what the driver gave. */
  instantiate(row: readonly DriverValue[]): object {
    if (this.#heirs !== null) return this.#heirs.instantiate(row);
    return this.#maker.make(row);
  }

  /** A row that has only the eager columns, as one of all columns: the others are undefined. */
  spread(row: readonly DriverValue[]): readonly DriverValue[] {
    if (this.deferred.length === 0) return row;
    const whole = new Array<DriverValue>(this.columns.length);
    for (let i = 0; i < this.eager.length; i += 1) {
      whole[(this.eager[i] as MappedColumn).index] = row[i] as DriverValue;
    }
    return whole;
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

/** The models that share a table: each row becomes an object of its own, with that model's fields alone. */
class Heirs {
  readonly #discriminator: Discriminator;
  readonly #mapper: Mapper;
  readonly #makers = new Map<unknown, RowMaker>();

  constructor(discriminator: Discriminator, mapper: Mapper) {
    this.#discriminator = discriminator;
    this.#mapper = mapper;
  }

  instantiate(row: readonly DriverValue[]): object {
    return this.#makerOf(row).make(row);
  }

  #makerOf(row: readonly DriverValue[]): RowMaker {
    const { field, modelOf } = this.#discriminator;
    const column = this.#mapper.column(field.property);
    const value = column.decode(row[column.index] as DriverValue);
    let maker = this.#makers.get(value);
    if (maker === undefined) {
      const meta =
        modelOf(value) ?? (this.#discriminator.modelOf(this.#discriminator.value) as ModelMetadata);
      const columns = meta.fields.map(({ property }) => this.#mapper.column(property));
      maker = new RowMaker(meta.model, columns);
      this.#makers.set(value, maker);
    }
    return maker;
  }
}

/** A part of a key in the one spelling that it has here. */
function spelled(column: MappedColumn, part: DriverValue): DriverValue {
  return column.spelled === null || part === null ? part : column.spelled(part);
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

/** The mapper of a model in a dialect; models that share a table share it. */
export function mapperFor({ stored: meta }: ModelMetadata, dialect: Dialect): Mapper {
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
