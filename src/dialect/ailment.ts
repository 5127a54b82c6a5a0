import type { TableRef } from "../schema/index.ts";

/** What a database says is wrong with itself, or soon will be. */
export type Ailment =
  /** What numbers rows comes to its end: `used` is the share of its numbers that are gone, from 0 to 1. */
  | { readonly kind: "counter"; readonly table: TableRef; readonly column: string; readonly used: number }
  /** An index that no query uses and every write pays for: making it was broken off. */
  | { readonly kind: "invalidIndex"; readonly table: TableRef; readonly index: string }
  /** Rows whose foreign key leads nowhere, which the database let pass. */
  | {
      readonly kind: "brokenKey";
      readonly table: TableRef;
      readonly references: string;
      readonly rows: number;
    };

/** The largest value of an integer type by its size in bytes. */
export function largest(bytes: number, unsigned = false): number {
  return 2 ** (bytes * 8 - (unsigned ? 0 : 1)) - 1;
}
