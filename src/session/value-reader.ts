import type { Dialect, DriverValue } from "../dialect/index.ts";
import { conversionOf, type FieldMetadata, metadataOf } from "../model/index.ts";
import type { Selection } from "../query/index.ts";
import type { ColumnType } from "../schema/index.ts";
import { type Expression, tellingValue, typeOf } from "../sql/index.ts";
import { MappedColumn } from "./mapped-column.ts";

type ReadValue = (value: DriverValue) => unknown;

/** What turns a selected value into the program's. */
export function valueReader(selection: Extract<Selection, { kind: "value" }>, dialect: Dialect): ReadValue {
  if (selection.field !== null) return columnReader(selection.field, dialect);
  return expressionReader(selection.expression, dialect);
}

function columnReader(field: FieldMetadata, dialect: Dialect): ReadValue {
  const column = new MappedColumn(0, field, dialect);
  return (value) => column.decode(value);
}

function expressionReader(expression: Expression, dialect: Dialect): ReadValue {
  if (expression.kind === "call") return callReader(expression, dialect);
  if (expression.kind === "output") return expressionReader(expression.of, dialect);
  if (expression.kind === "column") {
    const field = fieldOf(expression);
    if (field !== undefined) return columnReader(field, dialect);
  }
  if (expression.kind === "binary" && !comparisons.has(expression.operator)) {
    return expressionReader(expression.left, dialect);
  }
  if (expression.kind === "subquery" || expression.kind === "case") {
    const value = tellingValue(expression);
    return value === null ? asIs : expressionReader(value, dialect);
  }
  if (expression.kind === "cast") return castReader(expression, dialect);
  const type = typeOfValue(expression);
  if (type === null) return asIs;
  const codec = dialect.codec(type);
  return (value) => (value === null ? null : codec.decode(value));
}

/** A type of the user's own gives the user's values; a bigint that the program wrote comes back as one. */
function castReader({ operand, type }: Extract<Expression, { kind: "cast" }>, dialect: Dialect): ReadValue {
  const codec = dialect.codec(type);
  const convert = conversionOf(type)?.fromStored ?? asIs;
  const isBigint = operand.kind === "parameter" && typeof operand.value === "bigint";
  return (value) => {
    if (value === null) return null;
    const decoded = convert(codec.decode(value));
    return isBigint ? BigInt(decoded as number) : decoded;
  };
}

const asIs: (value: unknown) => unknown = (value) => value;

/** A count is a number, a mean a double; a sum, an extreme or a first value is what it is of. */
function callReader({ name, args }: Extract<Expression, { kind: "call" }>, dialect: Dialect): ReadValue {
  const [first] = args;
  switch (name.toLowerCase()) {
    case "count":
    case "avg":
      return (value) => (value === null ? null : Number(value));
    case "min":
    case "max":
    case "coalesce":
      return first === undefined ? asIs : expressionReader(first, dialect);
    case "sum": {
      const read = first === undefined ? asIs : expressionReader(first, dialect);
      const type = first === undefined ? null : typeOfValue(first);
      return (value) => read(type !== null && integers.has(type.kind) ? wholeNumber(value) : value);
    }
    default:
      return asIs;
  }
}

const integers: ReadonlySet<string> = new Set(["smallint", "integer", "bigint"]);

/** Sums of whole numbers come as decimals from databases that fear for their size. */
function wholeNumber(value: DriverValue): DriverValue {
  if (typeof value !== "string") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

function fieldOf(column: Extract<Expression, { kind: "column" }>): FieldMetadata | undefined {
  if (column.owner === undefined) return undefined;
  return metadataOf(column.owner).fields.find((field) => field.column === column.name);
}

/** What type a selected expression has, where that is known. */
function typeOfValue(expression: Expression): ColumnType | null {
  switch (expression.kind) {
    case "binary":
      return comparisons.has(expression.operator) ? { kind: "boolean" } : typeOf(expression);
    case "like":
    case "isNull":
    case "in":
    case "between":
    case "logical":
    case "not":
    case "exists":
      return { kind: "boolean" };
    default:
      return typeOf(expression);
  }
}

const comparisons: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
