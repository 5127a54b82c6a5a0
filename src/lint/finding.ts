import type { Blocks, DesignDialect, DurationClass } from "../dialect/index.ts";
import type { Operation } from "../operation/index.ts";
import type { Schema } from "../schema/index.ts";
import type { LintCode, Severity } from "./rules.ts";

/** A migration as lint reads it. */
export interface LintRevision {
  readonly revision: string;
  /** Relative to the project's root. */
  readonly file: string;
  /** What it does on the database in question: `op.on` is resolved. */
  readonly operations: readonly Operation[];
  /** What the file accepts: code, or code and subject, to the reason. */
  readonly ignore: { readonly [finding: string]: string };
}

/** What lint has to know beside the migrations. */
export interface LintContext {
  readonly design: DesignDialect;
  /** The ids whose `op.on` blocks count, for what raw statements say of themselves. */
  readonly ids: readonly string[];
  /** The schema before the first migration, as the database has it. */
  readonly state: Schema;
  /** Whether `state` is all there is: nothing before it kept silent about what it did. */
  readonly whole: boolean;
  /** The migrations are applied in one go, so that a table one of them makes is still empty in the next. */
  readonly together: boolean;
}

/** A finding of lint, as plain JSON. */
export interface Finding {
  readonly code: LintCode;
  /** The rule's name: `drop-column`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly revision: string;
  readonly file: string;
  /** What it is about: `hero.age`, `hero`, or the name of an index. */
  readonly subject: string;
  /** The operation in words; null for what is about a file as a whole. */
  readonly operation: string | null;
  /** The statements it comes to; empty where they cannot be foretold. */
  readonly statements: readonly string[];
  readonly why: string;
  /** What it locks meanwhile; null where that is not known or nothing is. */
  readonly lock: { readonly name: string; readonly blocks: Blocks } | null;
  readonly duration: DurationClass | null;
  /** The same done safely: lines of SQL and of SQL comments; empty where there is no other way. */
  readonly safe: readonly string[];
  /** Why the file accepts it; null where it does not. */
  readonly silenced: string | null;
  /** The other side of a conflict between two heads. */
  readonly other: { readonly revision: string; readonly file: string; readonly operation: string } | null;
}
