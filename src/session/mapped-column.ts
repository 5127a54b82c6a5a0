import type { Codec, Dialect, DriverValue } from "../dialect/index.ts";
import { type FieldMetadata, isReadAsIs, isStoredAsIs } from "../model/index.ts";
import type { ColumnTypeKind } from "../schema/index.ts";
import { sameEncoded } from "./encoded.ts";
import { spellingOf } from "./key-spelling.ts";

/** One column of a model, with what turns its values into the driver's and back. */
export class MappedColumn {
  readonly index: number;
  readonly field: FieldMetadata;
  readonly property: string;
  /** The column's name, quoted. */
  readonly quoted: string;
  /** The driver may give an object for it, which the program could edit in place. */
  readonly mutable: boolean;
  readonly codec: Codec;
  /** The program has what the codec takes. */
  readonly isStoredAsIs: boolean;
  /** The program has what the codec gives. */
  readonly isReadAsIs: boolean;
  /** The program has what is stored, a primitive. */
  readonly isPlain: boolean;
  /** One spelling of what the driver has in a key; null where there is only one. */
  readonly spelled: ((value: DriverValue) => DriverValue) | null;
  /** The column as a list: what changed is most often one alone, and lists that are the same need no comparing. */
  readonly alone: readonly [MappedColumn];

  constructor(index: number, field: FieldMetadata, dialect: Dialect) {
    this.index = index;
    this.field = field;
    this.property = field.property;
    this.quoted = dialect.query.quote(field.column);
    this.mutable = !scalars.has(field.type.kind);
    this.codec = dialect.codec(field.type);
    this.isStoredAsIs = isStoredAsIs(field);
    this.isReadAsIs = isReadAsIs(field);
    this.isPlain = !this.mutable && this.isStoredAsIs && this.isReadAsIs;
    this.spelled = spellingOf(field.type);
    this.alone = [this];
  }

  /** A model's value as the driver takes it. */
  encode(value: unknown): DriverValue {
    if (value === null || value === undefined) return null;
    const stored = this.field.toStored(value);
    return stored === null || stored === undefined ? null : this.codec.encode(stored);
  }

  /** What the driver gave, as the model's value. */
  decode(value: DriverValue): unknown {
    return value === null || value === undefined ? null : this.field.fromStored(this.codec.decode(value));
  }

  /** Whether `value`, a model's, is what `before` stands for, which the driver may have given in another spelling. */
  isSame(value: unknown, before: DriverValue): boolean {
    if (value === before && this.isPlain && value !== undefined) return true;
    if (this.isStoredAsIs && this.codec.isSeenIn?.(value, before) === true) return true;
    let encoded: DriverValue;
    try {
      encoded = this.encode(value);
    } catch {
      return false; // a value that cannot even be encoded; the flush says what is wrong with it
    }
    return sameEncoded(encoded, before) || (before !== null && sameEncoded(encoded, this.respell(before)));
  }

  /** What the driver gave, in the spelling in which it is written here. */
  respell(value: DriverValue): DriverValue {
    return this.encode(this.decode(value));
  }
}

/** Kinds whose driver's value is a primitive on every database. */
const scalars: ReadonlySet<ColumnTypeKind> = new Set([
  "smallint",
  "integer",
  "bigint",
  "boolean",
  "real",
  "double",
  "numeric",
  "char",
  "varchar",
  "text",
  "uuid",
  "enum",
]);
