import type { Dialect, DriverValue } from "../dialect/index.ts";
import type { Selection, SelectPlan } from "../query/index.ts";
import { statementOf } from "../query/index.ts";
import type { ColumnType } from "../schema/index.ts";
import { compile, type Expression, type ParameterExpression } from "../sql/index.ts";
import type { Cohort, Entry } from "./entry.ts";
import { MappedColumn } from "./mapped-column.ts";
import { type Mapper, mapperFor } from "./mapper.ts";

type Row = readonly DriverValue[];

/** A query ready to run: its text, its parameters, and what turns a row into what the program gets. */
export interface PreparedSelect {
  readonly sql: string;
  readonly params: readonly DriverValue[];
  /** The mapper of the first thing selected, where that is a model: relations are loaded for its objects. */
  readonly root: Mapper | null;
  readonly read: (row: Row, absorb: Absorb, cohorts: readonly Cohort[]) => unknown;
  /** How many models are selected; each has a cohort of its own. */
  readonly models: number;
}

/** Finds or makes the entry of a row. */
export type Absorb = (mapper: Mapper, row: Row, cohort: Cohort) => Entry;

/** Compiles a query for a dialect. */
export function prepareSelect(plan: SelectPlan, dialect: Dialect): PreparedSelect {
  const { sql, parameters } = compile(statementOf(plan), dialect.query);
  const readers: ((row: Row, absorb: Absorb, cohorts: readonly Cohort[]) => unknown)[] = [];
  let offset = 0;
  let models = 0;
  for (const selection of plan.selections) {
    if (selection.kind === "entity") {
      const mapper = mapperFor(selection.source.metadata, dialect);
      readers.push(entityReader(mapper, offset, models, plan.selections.length === 1));
      offset += mapper.columns.length;
      models += 1;
    } else {
      readers.push(valueReader(selection, offset, dialect));
      offset += 1;
    }
  }
  const [only] = readers;
  const [first] = plan.selections;
  return {
    sql,
    params: encodeParameters(parameters, dialect),
    root: first?.kind === "entity" ? mapperFor(first.source.metadata, dialect) : null,
    read:
      plan.tuple || only === undefined
        ? (row, absorb, cohorts) => readers.map((read) => read(row, absorb, cohorts))
        : only,
    models,
  };
}

function entityReader(
  mapper: Mapper,
  offset: number,
  at: number,
  alone: boolean,
): (row: Row, absorb: Absorb, cohorts: readonly Cohort[]) => object | null {
  const end = offset + mapper.columns.length;
  return (row, absorb, cohorts) => {
    const own = alone ? row : row.slice(offset, end);
    // An outer join found no partner.
    if (!alone && mapper.key.every(({ index }) => own[index] === null)) return null;
    return absorb(mapper, own, cohorts[at] as Cohort).instance;
  };
}

function valueReader(
  selection: Extract<Selection, { kind: "value" }>,
  at: number,
  dialect: Dialect,
): (row: Row) => unknown {
  const { expression, field } = selection;
  if (field !== null) {
    const column = new MappedColumn(0, field, dialect);
    return (row) => column.decode(row[at] as DriverValue);
  }
  const type = typeOfValue(expression);
  if (type === null) return (row) => row[at];
  const codec = dialect.codec(type);
  return (row) => {
    const value = row[at] as DriverValue;
    return value === null ? null : codec.decode(value);
  };
}

/** What type a selected expression has, where that is known. */
function typeOfValue(expression: Expression): ColumnType | null {
  switch (expression.kind) {
    case "column":
    case "cast":
    case "parameter":
      return expression.type;
    case "call": {
      const [first] = expression.args;
      return /^(?:min|max)$/i.test(expression.name) && first !== undefined ? typeOfValue(first) : null;
    }
    case "binary":
      return comparisons.has(expression.operator) ? { kind: "boolean" } : null;
    case "like":
    case "isNull":
    case "in":
    case "between":
    case "logical":
    case "not":
    case "exists":
      return { kind: "boolean" };
    default:
      return null;
  }
}

const comparisons: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);

/** Parameters as the driver takes them. */
export function encodeParameters(
  parameters: readonly ParameterExpression[],
  dialect: Dialect,
): DriverValue[] {
  return parameters.map(({ value, type }) => {
    if (value === null || value === undefined) return null;
    return type === null ? (value as DriverValue) : dialect.codec(type).encode(value);
  });
}
