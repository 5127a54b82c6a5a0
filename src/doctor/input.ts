import type { Ailment } from "../dialect/index.ts";
import type { FoundModule } from "../discover/find-modules.ts";
import type { CheckDocument, DifferenceDocument, ModulesDocument } from "../migrate/index.ts";
import type { Schema, TableRef } from "../schema/index.ts";

/** What could not be had, and why: a broken file is a finding, and what it hides is not looked at. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** Models as discovery gives them. */
export interface DoctorModels {
  readonly schema: Schema;
  readonly models: readonly { readonly name: string; readonly table: TableRef; readonly file: string }[];
}

/** What the database tells. */
export interface DoctorDatabase {
  readonly check: CheckDocument;
  readonly modules: ModulesDocument;
  readonly ailments: readonly Ailment[];
  /** Tables that neither models nor migrations know. */
  readonly strangers: readonly string[];
}

/** Everything that checks look at, gathered beforehand: they are pure. What is null could not be had, or was not wanted. */
export interface DoctorInput {
  readonly modules: readonly FoundModule[] | null;
  readonly models: DoctorModels | null;
  /** What the models have and the history has not, and the other way round. */
  readonly history: {
    readonly differences: readonly DifferenceDocument[];
    readonly heads: readonly Head[];
  } | null;
  readonly database: DoctorDatabase | null;
  /** What a file imports at run time of the project's own; paths are from the root, with `/`. */
  readonly imports: (file: string) => readonly { readonly specifier: string; readonly target: string }[];
  readonly troubles: readonly Trouble[];
}

/** A head of the history, with the module whose branch it ends. */
export interface Head {
  readonly revision: string;
  readonly file: string;
  readonly labels: readonly string[];
}
