import type { Connection, Dialect, DriverValue } from "../dialect/index.ts";
import type { StatementParameter, StepConnection } from "../operation/index.ts";
import { t } from "../schema/index.ts";

/** A parameter as the driver takes it. */
export function encodeParameter(dialect: Dialect, value: StatementParameter): DriverValue {
  if (typeof value === "boolean") return dialect.codec(t.boolean()).encode(value);
  if (value instanceof Date) return dialect.codec(t.timestamptz(3)).encode(value);
  return value;
}

/** The connection that a data step gets: inside the migration's transaction, with no way to end it. */
export function stepConnection(dialect: Dialect, connection: Connection): StepConnection {
  const encode = (params: readonly StatementParameter[] | undefined): readonly DriverValue[] =>
    (params ?? []).map((value) => encodeParameter(dialect, value));
  return {
    async execute(sql, params) {
      return (await connection.query(sql, encode(params))).changes;
    },
    async query<R>(sql: string, params?: readonly StatementParameter[]) {
      const { columns, rows } = await connection.query(sql, encode(params));
      return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])) as R);
    },
  };
}
