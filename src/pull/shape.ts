import type { ColumnType, DefaultValue, Table } from "../schema/index.ts";
import type { Code } from "../script/code.ts";

/** A column as a model will say it. */
export interface ShapedColumn {
  readonly property: string;
  readonly zod: Code;
  /** Null where the Zod schema says it all. */
  readonly type: ColumnType | null;
  readonly default: DefaultValue | null;
}

/** A relation as a model will say it. */
export interface ShapedRelation {
  readonly property: string;
  readonly cardinality: "one" | "many";
  readonly target: ShapedModel;
  readonly backPopulates: string | null;
  readonly through: ShapedModel | null;
  /** The properties that hold the key; null where only one key can be meant. */
  readonly foreignKey: readonly string[] | null;
}

/** A model to be written. */
export interface ShapedModel {
  readonly table: Table;
  readonly className: string;
  /** Where it is written, from the folder of the models: `sales/order.ts`. */
  readonly file: string;
  readonly columns: ReadonlyMap<string, ShapedColumn>;
  /** Filled once all models are known. */
  readonly relations: ShapedRelation[];
}
