import type { DialectOptions } from "../schema/index.ts";
import type { ResolvedField } from "./field-metadata.ts";
import type { ForeignKeyMetadata, ModelMetadata } from "./metadata.ts";
import type { TableItem } from "./table-items.ts";

/** A foreign key with the name and the match its definition gives. */
export interface ResolvedForeignKey extends ForeignKeyMetadata {
  readonly name: string | null;
  readonly match: "simple" | "full";
  readonly options: DialectOptions;
}

/** A model's metadata with what only its table needs to know. */
export interface ResolvedMetadata extends ModelMetadata {
  readonly fields: readonly ResolvedField[];
  readonly fieldsByProperty: ReadonlyMap<string, ResolvedField>;
  readonly primaryKey: readonly ResolvedField[];
  readonly foreignKeys: readonly ResolvedForeignKey[];
  /** What the third argument of `Model` gave. */
  readonly tableItems: readonly TableItem[];
}
