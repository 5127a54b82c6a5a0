import { conversionOf } from "../model/index.ts";
import { type ColumnType, t } from "../schema/index.ts";
import { type Condition, type Expression, Operand, or } from "../sql/index.ts";
import { plainDecimal } from "../util/plain-decimal.ts";

/** The branches of a case: conditions, each with what it gives. */
export type Branches<T> = readonly (readonly [Condition, T | Operand<T>])[];

/** A case whose values are made expressions by `fit`. */
export function caseOf<T>(
  branches: Branches<T>,
  otherwise: T | Operand<T> | undefined,
  fit: (value: unknown) => Expression,
): Expression {
  return {
    kind: "case",
    // biome-ignore lint/suspicious/noThenProperty: THEN is the word of the SQL standard
    branches: branches.map(([when, then]) => ({ when: when.expression, then: fit(then) })),
    otherwise: otherwise === undefined ? null : fit(otherwise),
  };
}

/** An operand of a type that was said: values that it is compared with have the form of that type. */
export class CastOperand<T> extends Operand<T> {
  readonly #type: ColumnType;

  constructor(expression: Expression, type: ColumnType) {
    super(expression);
    this.#type = type;
  }

  protected override bind(value: unknown): Expression {
    return { kind: "parameter", value: storedAs(this.#type, value), type: this.#type };
  }
}

function storedAs(type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const stored = conversionOf(type)?.toStored(value) ?? value;
  const isNumber = typeof stored === "number" || typeof stored === "bigint";
  return type.kind === "numeric" && isNumber ? plainDecimal(stored) : stored;
}

/** A case of nothing but values: of the types that they look like, or of the column that it stands beside. */
export class ValueCase<T> extends Operand<T | null> {
  readonly #branches: Branches<T>;
  readonly #otherwise: T | Operand<T> | undefined;

  constructor(branches: Branches<T>, otherwise: T | Operand<T> | undefined) {
    const type = typeOfAll([...branches.map(([, then]) => then), otherwise]);
    super(caseOf(branches, otherwise, (value) => typed({ kind: "parameter", value, type })));
    this.#branches = branches;
    this.#otherwise = otherwise;
  }

  /** A branch that is never taken has the operand in it, so that the database knows the type by whatever name. */
  // biome-ignore lint/suspicious/noExplicitAny: operands of any value stand beside each other
  protected override beside(operand: Operand<any>): Expression {
    const never = [or(), operand] as const;
    const fit = (value: unknown): Expression => Operand.fit(operand, value);
    return caseOf<unknown>([never, ...this.#branches], this.#otherwise, fit);
  }
}

/** A parameter whose type the database is told, since nothing else in the expression says it. */
function typed(parameter: Expression): Expression {
  if (parameter.kind !== "parameter" || parameter.type === null) return parameter;
  return { kind: "cast", operand: parameter, type: parameter.type };
}

/** The column type that values look like; null where they are of several kinds. Text needs no name. */
function typeOfAll(values: readonly unknown[]): ColumnType | null {
  const types = values.filter((value) => value !== null && value !== undefined).map(typeLike);
  const [first = null] = types;
  if (first === null) return null;
  if (types.every((type) => type?.kind === first.kind)) return first;
  const isNumber = types.every((type) => type !== null && numbers.has(type.kind));
  if (!isNumber) return null;
  return types.some((type) => type?.kind === "double") ? t.double() : t.bigint();
}

const numbers: ReadonlySet<string> = new Set(["integer", "bigint", "double"]);

function typeLike(value: unknown): ColumnType | null {
  switch (typeof value) {
    case "boolean":
      return t.boolean();
    case "bigint":
      return t.bigint();
    case "number":
      if (!Number.isSafeInteger(value)) return t.double();
      return Math.abs(value) < 2 ** 31 ? t.integer() : t.bigint();
    case "object":
      if (value instanceof Date) return t.timestamptz(3);
      if (value instanceof Uint8Array) return t.bytes();
      return Array.isArray(value) || isPlain(value) ? t.json() : null;
    default:
      return null;
  }
}

function isPlain(value: unknown): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
