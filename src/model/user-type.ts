import type { ColumnType, UserType } from "../schema/index.ts";
import type { StoredForm } from "./stored.ts";

/** A type of the user's own: what it is stored as, and how values become that and come back. */
export interface TypeDefinition<Value, Stored> {
  /** The name it is exported by, which migration files import. */
  readonly name: string;
  /** The module that exports it: a path from the project's root, or a package. */
  readonly from: string;
  /** What it is stored as. */
  readonly base: ColumnType;
  /** A value in the form of `base`, as `dialect/value.ts` lists them: a decimal is a string, JSON any JSON value. */
  readonly encode: (value: Value) => Stored;
  readonly decode: (stored: Stored) => Value;
}

const conversions = new WeakMap<ColumnType, StoredForm>();

/**
 * Makes a column type of one's own: `export const money = defineType({ name: "money", from: "models/money.ts",
 * base: t.numeric(12, 2), encode: String, decode: (text: string) => new Money(text) })`, for
 * `field(z.instanceof(Money), { type: money })`. Null never comes to `encode` and `decode`.
 */
export function defineType<Value, Stored>(definition: TypeDefinition<Value, Stored>): UserType {
  const { name, from, base, encode, decode } = definition;
  const type: UserType = { kind: "user", name, from, base };
  declareConversion(type, {
    toStored: (value) => encode(value as Value),
    fromStored: (stored) => decode(stored as Stored),
  });
  return type;
}

/** Says how values of a type become what it stores, and come back. */
export function declareConversion(type: ColumnType, form: StoredForm): void {
  conversions.set(type, form);
}

/** How values of a type are converted, where that was said. */
export function conversionOf(type: ColumnType): StoredForm | undefined {
  return conversions.get(type);
}
