import type { Dialect, DriverValue } from "../dialect/index.ts";
import type { SelectPlan } from "../query/index.ts";
import { fieldsOf, statementOf } from "../query/index.ts";
import { compile } from "../sql/index.ts";
import type { Cohort, Entry } from "./entry.ts";
import { joinedRelations } from "./joined.ts";
import type { MappedColumn } from "./mapped-column.ts";
import { type Mapper, mapperFor } from "./mapper.ts";
import { encodeParameters } from "./parameters.ts";
import type { Scope } from "./scope.ts";
import { valueReader } from "./value-reader.ts";

type Row = readonly DriverValue[];

/** A query ready to run: its text, its parameters, and what turns a row into what the program gets. */
export interface PreparedSelect {
  readonly sql: string;
  readonly params: readonly DriverValue[];
  /** The mapper of the first thing selected, where that is a model: relations are loaded for its objects. */
  readonly root: Mapper | null;
  /** Whether rows are of that model and nothing else, whole. */
  readonly isPlain: boolean;
  readonly read: (row: Row, absorb: Absorb, cohorts: readonly Cohort[]) => unknown;
  /** How many models are selected; each has a cohort of its own. */
  readonly models: number;
}

/** Finds or makes the entry of a row. */
export type Absorb = (mapper: Mapper, row: Row, cohort: Cohort, missing: readonly MappedColumn[]) => Entry;

/** Compiles a query for a dialect. */
export function prepareSelect(plan: SelectPlan, dialect: Dialect, scope: Scope): PreparedSelect {
  const joined = joinedRelations(plan, dialect);
  const whole = statementOf(plan);
  const statement = scope.select({
    ...whole,
    columns: [...whole.columns, ...joined.columns],
    joins: [...whole.joins, ...joined.joins],
  });
  const locks = dialect.capabilities.rowLocks;
  const { sql, parameters } = compile(locks ? statement : { ...statement, lock: null }, dialect.query);
  const readers: ((row: Row, absorb: Absorb, cohorts: readonly Cohort[]) => unknown)[] = [];
  let offset = 0;
  let models = 0;
  for (const selection of plan.selections) {
    if (selection.kind === "entity") {
      const mapper = mapperFor(selection.source.metadata, dialect);
      const alone = plan.selections.length === 1 && joined.mappers.length === 0;
      const fields = fieldsOf(plan, selection);
      const columns =
        fields.length === mapper.columns.length
          ? mapper.columns
          : fields.map(({ property }) => mapper.column(property));
      readers.push(entityReader(mapper, columns, offset, models, alone));
      offset += columns.length;
      models += 1;
    } else {
      const read = valueReader(selection, dialect);
      const at = offset;
      readers.push((row) => read(row[at] as DriverValue));
      offset += 1;
    }
  }
  const beside: typeof readers = joined.mappers.map((mapper) => {
    const read = entityReader(mapper, mapper.eager, offset, models, false);
    offset += mapper.eager.length;
    models += 1;
    return read;
  });
  const [only] = readers;
  const [first] = plan.selections;
  const root = first?.kind === "entity" ? mapperFor(first.source.metadata, dialect) : null;
  return {
    sql,
    params: encodeParameters(parameters, dialect),
    root,
    isPlain: root !== null && !plan.tuple && models === 1 && offset === root.columns.length,
    read: withBeside(
      beside,
      plan.tuple || only === undefined
        ? (row, absorb, cohorts) => readers.map((read) => read(row, absorb, cohorts))
        : only,
    ),
    models,
  };
}

/** Objects that are read along are taken in first: those that refer to them then find them. */
function withBeside(
  beside: readonly PreparedSelect["read"][],
  read: PreparedSelect["read"],
): PreparedSelect["read"] {
  if (beside.length === 0) return read;
  return (row, absorb, cohorts) => {
    for (const each of beside) each(row, absorb, cohorts);
    return read(row, absorb, cohorts);
  };
}

/** `columns` are those that the query has of the model; `alone` says that it has nothing else. */
function entityReader(
  mapper: Mapper,
  columns: readonly MappedColumn[],
  offset: number,
  at: number,
  alone: boolean,
): (row: Row, absorb: Absorb, cohorts: readonly Cohort[]) => object | null {
  const end = offset + columns.length;
  const isWhole = columns.length === mapper.columns.length;
  const missing = isWhole ? [] : mapper.columns.filter((column) => !columns.includes(column));
  const take = (row: Row): Row => {
    if (isWhole) return alone ? row : row.slice(offset, end);
    const own = new Array<DriverValue>(mapper.columns.length);
    for (const [i, { index }] of columns.entries()) own[index] = row[offset + i] as DriverValue;
    return own;
  };
  return (row, absorb, cohorts) => {
    const own = take(row);
    // An outer join found no partner.
    if (!alone && mapper.key.every(({ index }) => own[index] === null)) return null;
    return absorb(mapper, own, cohorts[at] as Cohort, missing).instance;
  };
}
