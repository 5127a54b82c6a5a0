import type { Operation } from "../operation/index.ts";
import type { ColumnType, DefaultValue, TableRef } from "../schema/index.ts";
import { defaultNaming, type NamingConvention } from "../schema/naming.ts";
import type { RenderItem } from "../script/index.ts";
import type { Direction } from "./documents.ts";

/** What of a database has a name that a project may leave out of autogenerate. */
export type NamedKind =
  | "namespace"
  | "table"
  | "column"
  | "index"
  | "unique"
  | "foreignKey"
  | "check"
  | "primaryKey"
  | "exclusion";

/** One named thing that autogenerate looks at. */
export interface NamedObject {
  readonly kind: NamedKind;
  readonly name: string;
  /** The table it belongs to; for a table or namespace null. */
  readonly table: TableRef | null;
  readonly schema: string | null;
  /** The module that owns it; null for the host's. */
  readonly module: string | null;
  /** Whether the database has it, and whether the models have it. */
  readonly inDatabase: boolean;
  readonly inModels: boolean;
}

/** A column that both the database and the models have, and the part of it that is compared. */
export interface ComparedColumn<T> {
  readonly table: TableRef;
  /** Its name in the models, where it is being renamed. */
  readonly name: string;
  /** As the database has it. */
  readonly inDatabase: T;
  /** As the database would have it, were it made from the models. */
  readonly inModels: T;
  /** What Athanor holds: whether the database can tell the two apart, and is to compare at all. */
  readonly differs: boolean;
}

/** What a project may say about how migrations are made and applied. All are optional. */
export interface MigrationHooks {
  /** False leaves out what the database has under this name, before anything is compared. */
  readonly includeName?: (object: Omit<NamedObject, "inModels" | "inDatabase">) => boolean;
  /** False leaves the object out of the comparison, on both sides. */
  readonly includeObject?: (object: NamedObject) => boolean;
  /** Whether the type of a column that both sides have is another; undefined leaves it to the rules and settings. */
  readonly compareType?: (column: ComparedColumn<ColumnType>) => boolean | undefined;
  /** The same of its default. */
  readonly compareServerDefault?: (column: ComparedColumn<DefaultValue | null>) => boolean | undefined;
  /** The code of an operation, type or default in new files; undefined is Athanor's own. */
  readonly renderItem?: RenderItem;
  /** The operations of a new migration as they are to be written; return them changed, or as they are. */
  readonly processOperations?: (
    operations: readonly Operation[],
    direction: Direction,
  ) => readonly Operation[] | Promise<readonly Operation[]>;
  /** Called inside the transaction after the version table was written, once per revision. */
  readonly onVersionApply?: (step: VersionStep) => void | Promise<void>;
  /** How constraints and indexes are named that have no name of their own; what is left out is as it always is. */
  readonly namingConvention?: Partial<NamingConvention>;
}

const names: Readonly<Record<keyof MigrationHooks, true>> = {
  includeName: true,
  includeObject: true,
  compareType: true,
  compareServerDefault: true,
  renderItem: true,
  processOperations: true,
  onVersionApply: true,
  namingConvention: true,
};

/** The names of the hooks. */
export const hookNames: readonly string[] = Object.keys(names);

/** What a naming convention has templates for. */
export const namingKinds: readonly string[] = Object.keys(defaultNaming);

/** The whole convention, where a project says any of it. */
export function namingOf({ namingConvention }: MigrationHooks): NamingConvention | undefined {
  return namingConvention === undefined ? undefined : { ...defaultNaming, ...namingConvention };
}

/** One step of the version table. */
export interface VersionStep {
  readonly revision: string;
  readonly direction: Direction | "stamp";
  readonly heads: readonly string[];
  readonly tag: string | null;
}
