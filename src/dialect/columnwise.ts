import type { Connection, DriverValue } from "./connection.ts";

/** How one statement takes many rows, as a parameter for each column with the values of all rows. */
export interface Columnwise {
  /**
   * What the columns of a table are cast to, by their names, as the database has them: models need not name types to
   * the letter. Lengths and precisions are left out, since a cast would cut values where an assignment refuses them.
   * A column that is missing takes its values row by row only.
   */
  types(connection: Connection, table: string): Promise<ReadonlyMap<string, string>>;
  /** The rows for a FROM clause, called `alias`, with these columns; each is text until it is cast. */
  source(placeholders: readonly string[], alias: string, columns: readonly string[]): string;
  cast(sql: string, type: string): string;
  /** One column's values as a parameter; null where one of them cannot travel so. */
  parameter(values: readonly DriverValue[]): DriverValue;
}
