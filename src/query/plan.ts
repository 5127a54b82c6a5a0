import type { FieldMetadata } from "../model/index.ts";
import type { Expression, Operand, SelectStatement } from "../sql/index.ts";
import type { Source } from "./source.ts";

/** One thing a query gives per row: an object of a model, or a value. */
export type Selection =
  | { readonly kind: "entity"; readonly source: Source }
  | {
      readonly kind: "value";
      readonly expression: Expression;
      /** The operand itself: what it is compared with takes the form of its values. */
      readonly operand: Operand<unknown>;
      /** The field a bare column belongs to, which decodes its values. */
      readonly field: FieldMetadata | null;
    };

/** A query as data: what a Session needs to run it. */
export interface SelectPlan {
  readonly selections: readonly Selection[];
  /** Rows are tuples where several things were selected. */
  readonly tuple: boolean;
  /** Without columns; `statementOf` puts them in. */
  readonly statement: Omit<SelectStatement, "columns">;
  /** Sources in FROM and JOIN, first the one selected from. */
  readonly sources: readonly Source[];
  /** Relations to load, as paths. */
  readonly with: readonly string[];
  /** Those of them that are to be read in the query itself. */
  readonly joined: readonly string[];
  /** The properties that objects are to have, where not all. */
  readonly only: readonly string[] | null;
}
