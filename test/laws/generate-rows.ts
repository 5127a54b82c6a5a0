/** Rows for generated schemas: they keep every constraint, and no two values of a column that could differ are alike. */
import fc from "fast-check";
import type { Column, ColumnType, Schema, Table } from "../../src/schema/index.ts";
import { mysqlValue } from "./generate-mysql.ts";
import { postgresqlValue } from "./generate-postgresql.ts";

/** A row, with values in their stored form (see `dialect/value.ts`). Columns the database fills are left out. */
export type GeneratedRow = Readonly<Record<string, unknown>>;

/** The rows of each table, by its name. */
export type GeneratedRows = Readonly<Record<string, readonly GeneratedRow[]>>;

/** Which columns never get a null, though they may be null. */
export type NeverNull = (table: Table, column: Column) => boolean;

const two = (n: number): string => String(n).padStart(2, "0");

/** The n-th value of a type. */
export function valueAt(type: ColumnType, n: number): unknown {
  const particular = postgresqlValue(type, n);
  if (particular !== null) return particular;
  switch (type.kind) {
    case "smallint":
    case "integer":
    case "bigint":
      return n + 1;
    case "boolean":
      return n % 2 === 0;
    case "real":
    case "double":
      return n + 0.5;
    case "numeric":
      return `${n}.25`;
    case "char":
      return `v${n}`.padEnd(type.length, "_");
    case "varchar":
    case "text":
      return `v${n}`;
    case "bytes":
      return Uint8Array.of(n, 255, 0);
    case "uuid":
      return `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
    case "date":
      return `2020-01-${two(n + 1)}`;
    case "time":
      return `10:00:${two(n)}`;
    case "timestamp":
      return type.timezone ? new Date(Date.UTC(2020, 0, 1, 10, 0, n)) : `2020-01-01T10:00:${two(n)}`;
    case "interval":
      return `P${n + 1}D`;
    case "json":
    case "jsonb":
      return { n, text: "it's" };
    case "enum":
      return type.values[n % type.values.length];
    case "array":
      return [valueAt(type.of, n)];
    case "user":
      return valueAt(type.base, n);
    case "native":
      return type.dialect === "mysql" ? mysqlValue(type.sql, n) : postgresqlValue(type, n);
  }
}

/** Whether rows have a value in the column; one that has to be there without is left to its default. */
function isWritten(column: Column): boolean {
  return column.nullable || valueAt(column.type, 0) !== null;
}

/** Whether the values of a column are those that were put in: not where each change of a row sets them anew. */
export function isSteady(column: Column): boolean {
  const own = Object.values(column.options).some((options) => "onUpdate" in options);
  return isWritten(column) && column.generated === null && !own;
}

/** Rows for every table. */
export function arbitraryRows(
  schema: Schema,
  neverNull: NeverNull = () => false,
): fc.Arbitrary<GeneratedRows> {
  const counts = fc.tuple(...schema.tables.map(() => fc.nat(3)));
  return fc.tuple(counts, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 })).map(([sizes, nulls]) => {
    const rows = schema.tables.map((table, at) => {
      const made = Array.from({ length: sizes[at] ?? 0 }, (_, n) => rowAt(table, n, nulls, neverNull));
      return [table.name, made] as const;
    });
    return linked(schema, Object.fromEntries(rows));
  });
}

function rowAt(table: Table, n: number, nulls: readonly boolean[], neverNull: NeverNull): GeneratedRow {
  const entries = table.columns.flatMap((column, at) => {
    if (column.generated !== null || !isWritten(column)) return [];
    const mayBeNull =
      column.nullable && !table.primaryKey?.columns.includes(column.name) && !neverNull(table, column);
    const isNull = mayBeNull && nulls[(n + at) % nulls.length] === true;
    return [[column.name, isNull ? null : valueAt(column.type, n)] as const];
  });
  return Object.fromEntries(entries);
}

/** References go to a row that is there; without one, or in a table whose rows cannot be found again, they are null. */
function linked(schema: Schema, rows: GeneratedRows): GeneratedRows {
  return Object.fromEntries(
    schema.tables.map((table) => [
      table.name,
      (rows[table.name] ?? []).map((row, n) => {
        const links = table.foreignKeys.flatMap((key) =>
          key.columns.map((column, at) => {
            const targets = table.primaryKey === null ? [] : (rows[key.references.name] ?? []);
            const target = targets[n % Math.max(targets.length, 1)];
            return [column, target?.[key.references.columns[at] ?? ""] ?? null] as const;
          }),
        );
        return { ...row, ...Object.fromEntries(links) };
      }),
    ]),
  );
}
