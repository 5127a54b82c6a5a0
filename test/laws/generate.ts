/**
 * Generators of schemas for the laws: small, readable once shrunk, and over a small set of names, so that two of
 * them have much in common. What a database lacks is switched off in `Features`.
 */
import fc from "fast-check";
import {
  type Check,
  type Column,
  type ColumnType,
  check,
  column,
  conventionalName,
  type DefaultValue,
  defaultNaming,
  type ForeignKey,
  foreignKey,
  type Index,
  index,
  indexPart,
  primaryKey,
  type Schema,
  schema,
  type Table,
  t,
  table,
  type Unique,
  unique,
} from "../../src/schema/index.ts";
import { canonicalOrder } from "../../src/schema/order.ts";
import { type Features, sqliteFeatures } from "./features.ts";

const tableNames = ["hero", "team", "power", "Order Item", "select", "it's"];
const columnNames = ["name", "age", "kind", "note", "startedAt", "group", "a b", "x"];

const plainTypes: readonly ColumnType[] = [
  t.smallint(),
  t.integer(),
  t.bigint(),
  t.boolean(),
  t.real(),
  t.double(),
  t.numeric(10, 2),
  t.char(5),
  t.varchar(20),
  t.varchar(80),
  t.text(),
  t.bytes(),
  t.uuid(),
  t.date(),
  t.time(),
  t.timestamp(),
  t.timestamptz(),
  t.json(),
  t.jsonb(),
];

/** A column type. */
export function arbitraryType(features: Features): fc.Arbitrary<ColumnType> {
  const enums = [t.enum(["a", "b"]), t.enum(["it's", "b", "c"])];
  return fc.constantFrom(...plainTypes, ...(features.enums ? enums : []));
}

/** Types whose values are numbers that count. */
export function isWhole(type: ColumnType): boolean {
  return type.kind === "smallint" || type.kind === "integer" || type.kind === "bigint";
}

/** Types whose values are text of any kind. */
export function isText(type: ColumnType): boolean {
  return type.kind === "varchar" || type.kind === "text";
}

/** Types that an index can be over. */
export function isIndexable(type: ColumnType, features: Features): boolean {
  return !features.unindexable.includes(type.kind);
}

/** Types of which a table of a few rows can have different values in each row. */
export function isDistinct(type: ColumnType): boolean {
  return isWhole(type) || isText(type) || type.kind === "uuid" || type.kind === "date";
}

const literal = (value: string | number | boolean): DefaultValue => ({ kind: "literal", value });

/** Defaults that suit a type. */
export function defaultsOf(type: ColumnType): readonly DefaultValue[] {
  if (isWhole(type)) return [literal(0), literal(7), literal(-3)];
  if (isText(type)) return [literal("x"), literal("it's"), literal("")];
  if (type.kind === "boolean") return [literal(true), literal(false)];
  if (type.kind === "double") return [literal(1.5)];
  if (type.kind === "enum") return type.values.map(literal);
  if (type.kind === "timestamp") return [{ kind: "expression", sql: "CURRENT_TIMESTAMP" }];
  return [];
}

/** A column of that name and type. */
export function arbitraryColumn(name: string, features: Features): fc.Arbitrary<Column> {
  return arbitraryType(features).chain((type) =>
    fc
      .record({
        nullable: fc.boolean(),
        default: fc.option(fc.constantFrom(...[...defaultsOf(type), null]), { nil: null }),
        collated: fc.boolean(),
      })
      .map((parts) =>
        column(name, type, {
          nullable: parts.nullable,
          default: parts.default,
          collation: parts.collated && isText(type) ? features.collation : null,
        }),
      ),
  );
}

/** A check that the rows of the laws pass, over one column. */
export function checkOn(table: string, on: Column): Check | null {
  const name = conventionalName(defaultNaming, "ck", { table, constraint: on.name });
  const quoted = `"${on.name}"`;
  if (isWhole(on.type)) return check(`${quoted} >= -10`, { name });
  return isText(on.type) ? check(`length(${quoted}) < 100 OR ${quoted} IS NULL`, { name }) : null;
}

/** A unique constraint. */
export function uniqueOn(table: string, columns: readonly string[]): Unique {
  return unique(columns, { name: conventionalName(defaultNaming, "uq", { table, columns }) });
}

/** A foreign key to the primary key of `to`. */
export function foreignKeyTo(
  from: string,
  columns: readonly string[],
  to: Table,
  rest: Partial<ForeignKey>,
): ForeignKey {
  const name = conventionalName(defaultNaming, "fk", { table: from, columns, referredTable: to.name });
  return foreignKey(
    columns,
    { schema: to.schema, name: to.name, columns: to.primaryKey?.columns ?? [] },
    { name, ...rest },
  );
}

interface IndexPlan {
  readonly unique: boolean;
  readonly descending: boolean;
  readonly partial: boolean;
  readonly expression: boolean;
}

/** An index over one column. */
export function indexOn(table: string, on: Column, plan: IndexPlan, features: Features): Index {
  const name = conventionalName(defaultNaming, "ix", { table, columns: [on.name] });
  const useExpression = plan.expression && features.expressionIndexes && isText(on.type);
  const part = useExpression
    ? indexPart(null, { expression: `lower("${on.name}")` })
    : indexPart(on.name, { order: plan.descending ? "desc" : "asc" });
  return index(name, [part], {
    unique: plan.unique && isDistinct(on.type) && !useExpression,
    where: plan.partial && features.partialIndexes ? `"${on.name}" IS NOT NULL` : null,
  });
}

const arbitraryIndexPlan: fc.Arbitrary<IndexPlan> = fc.record({
  unique: fc.boolean(),
  descending: fc.boolean(),
  partial: fc.boolean(),
  expression: fc.boolean(),
});

const keyKinds = ["number", "big", "plain", "uuid", "text", "pair", "none"] as const;

/** The columns and the key of a table of that kind. */
function keyed(
  name: string,
  kind: (typeof keyKinds)[number],
): { columns: Column[]; key: Table["primaryKey"] } {
  const named = (columns: readonly string[]): Table["primaryKey"] =>
    primaryKey(columns, { name: conventionalName(defaultNaming, "pk", { table: name }) });
  if (kind === "none") return { columns: [], key: null };
  if (kind === "pair") {
    const columns = [
      column("a", t.integer(), { nullable: false }),
      column("b", t.varchar(20), { nullable: false }),
    ];
    return { columns, key: named(["a", "b"]) };
  }
  const type = {
    number: t.integer(),
    big: t.bigint(),
    plain: t.bigint(),
    uuid: t.uuid(),
    text: t.varchar(20),
  }[kind];
  const id = column("id", type, { nullable: false, autoIncrement: kind === "number" || kind === "big" });
  return { columns: [id], key: named(["id"]) };
}

/** A table, without foreign keys. */
export function arbitraryTable(name: string, features: Features): fc.Arbitrary<Table> {
  return fc
    .record({
      kind: fc.constantFrom(...keyKinds),
      columns: fc
        .uniqueArray(fc.constantFrom(...columnNames), { minLength: 1, maxLength: 5 })
        .chain((names) => fc.tuple(...names.map((each) => arbitraryColumn(each, features)))),
      uniques: fc.nat(3),
      checks: fc.nat(3),
      indexes: fc.array(fc.tuple(fc.nat(7), arbitraryIndexPlan), { maxLength: 2 }),
      generated: fc.constantFrom(null, true, false),
      options: fc.constantFrom("none", "none", "strict", "withoutRowid", "autoincrement"),
    })
    .map((plan) => {
      const { columns: keyColumns, key } = keyed(name, plan.kind);
      const made = table(name, [...keyColumns, ...plan.columns], { primaryKey: key });
      return decorated(made, plan.columns, plan, features);
    });
}

interface TablePlan {
  readonly uniques: number;
  readonly checks: number;
  readonly indexes: readonly (readonly [number, IndexPlan])[];
  readonly generated: boolean | null;
  readonly options: string;
}

function decorated(made: Table, own: readonly Column[], plan: TablePlan, features: Features): Table {
  const distinct = own.filter((each) => isDistinct(each.type));
  const uniqueColumn = plan.uniques === 1 ? distinct[0] : undefined;
  const indexes = new Map(
    plan.indexes.flatMap(([at, each]) => {
      const on = own[at % own.length]!;
      if (!isIndexable(on.type, features)) return [];
      const made_ = indexOn(made.name, on, each, features);
      return [[made_.name, made_] as const];
    }),
  );
  const whole = own.find((each) => isWhole(each.type));
  const generatedHow = plan.generated === false && !features.virtualColumns ? true : plan.generated;
  const generated =
    features.generatedColumns && generatedHow !== null && whole !== undefined
      ? [
          column("next", t.integer(), {
            generated: { expression: `"${whole.name}" + 1`, stored: generatedHow },
          }),
        ]
      : [];
  const checked = plan.checks === 1 ? own.map((each) => checkOn(made.name, each)) : [];
  const finished: Table = {
    ...made,
    columns: [...made.columns, ...generated],
    uniques: uniqueColumn === undefined ? [] : [uniqueOn(made.name, [uniqueColumn.name])],
    checks: checked.filter((each) => each !== null).slice(0, 1),
    indexes: [...indexes.values()],
  };
  return features.sqliteOptions ? withSqliteOptions(finished, plan.options) : finished;
}

function withSqliteOptions(made: Table, option: string): Table {
  if (option === "strict") return { ...made, options: { sqlite: { strict: true } } };
  if (option === "withoutRowid" && made.primaryKey !== null)
    return {
      ...made,
      columns: made.columns.map((each) => ({ ...each, autoIncrement: false })),
      options: { sqlite: { withoutRowid: true } },
    };
  if (option !== "autoincrement") return made;
  return {
    ...made,
    columns: made.columns.map((each) =>
      each.autoIncrement ? { ...each, options: { sqlite: { autoincrement: true } } } : each,
    ),
  };
}

/** The table with a column that refers to `to`, and its foreign key; as it was where that cannot be. */
export function withReference(from: Table, to: Table, rest: Partial<ForeignKey>): Table {
  const [key, ...more] = to.primaryKey?.columns ?? [];
  const target = to.columns.find((each) => each.name === key);
  const name = `${to.name} id`;
  if (target === undefined || more.length > 0 || from.columns.some((each) => each.name === name)) return from;
  const columns = [...from.columns, column(name, target.type)];
  return { ...from, columns, foreignKeys: [...from.foreignKeys, foreignKeyTo(from.name, [name], to, rest)] };
}

const arbitraryReference = fc.record({
  from: fc.nat(7),
  to: fc.nat(7),
  onDelete: fc.constantFrom("no action", "cascade", "set null", "restrict"),
  deferrable: fc.constantFrom(null, "deferred", "immediate"),
});

/** A schema, in canonical order. */
export function arbitrarySchema(features: Features = sqliteFeatures): fc.Arbitrary<Schema> {
  return fc
    .record({
      tables: fc
        .uniqueArray(fc.constantFrom(...tableNames), { minLength: 1, maxLength: features.maxTables })
        .chain((names) => fc.tuple(...names.map((name) => arbitraryTable(name, features)))),
      references: fc.array(arbitraryReference, { maxLength: 3 }),
    })
    .map(({ tables, references }) => {
      const made: Table[] = [...tables];
      for (const { from, to, onDelete, deferrable } of references) {
        const at = from % made.length;
        const rest = { onDelete, deferrable: features.deferrableForeignKeys ? deferrable : null } as const;
        made[at] = withReference(made[at]!, made[to % made.length]!, rest);
      }
      return canonicalOrder(schema(made));
    })
    .chain((made) => features.enrich?.(made) ?? fc.constant(made));
}
