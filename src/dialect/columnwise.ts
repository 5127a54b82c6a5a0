import type { Connection, DriverValue } from "./connection.ts";

/** How the values of a column travel. */
export interface ColumnwiseType {
  /** The type of the parameter that has all of them. */
  readonly parameter: string;
  /** What each of them is cast to; null where it is of the column's type. */
  readonly cast: string | null;
  /** How its items are kept, where many of them can travel so, which is faster; null where they are texts. */
  readonly binary: string | null;
  /** One value may give what all rows of a statement that writes the table have in the column: see `gather`. */
  readonly gathers: boolean;
}

/** The types of a table's columns, by their names. */
export type ColumnwiseTypes = ReadonlyMap<string, ColumnwiseType>;

/** How one statement takes many rows, as a parameter for each column with the values of all rows. */
export interface Columnwise {
  /**
   * The types of a table's columns, by their names, as the database has them: models need not name types to the letter.
   * Lengths and precisions are left out, since a cast would cut values where an assignment refuses them. A column that
   * is missing takes its values row by row only.
   */
  types(connection: Connection, table: string): Promise<ColumnwiseTypes>;
  /** The rows for a FROM clause, called `alias`, with a column of each type. */
  source(
    types: readonly ColumnwiseType[],
    placeholders: readonly string[],
    alias: string,
    columns: readonly string[],
  ): string;
  /** A value of such a row as one of its column's type. */
  cast(sql: string, type: ColumnwiseType): string;
  /**
   * A statement that writes rows and returns `column`, as one that gives the same result and takes less time; of a column
   * whose type says so.
   */
  gather(sql: string, column: string): string;
  /** One column's values as a parameter, of a type that is known or not; null where one of them cannot travel so. */
  parameter(values: readonly DriverValue[], type?: ColumnwiseType): DriverValue;
}
