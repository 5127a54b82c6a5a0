import type { Finding, Severity } from "../lint/index.ts";

/** What lint looks at, and what it stops for. */
export interface LintOptions {
  /**
   * `a:b` for what `migrate` would apply between two revisions, or one identifier for that revision by itself. Left
   * out: what is pending in the database; where none is asked, the last revision of each head.
   */
  readonly range?: string;
  /** No database is asked. Default false. */
  readonly offline?: boolean;
  /** From which severity on the answer is no; `never` is always yes. Default `warning`. */
  readonly failOn?: Severity | "never";
}

/** `lint` */
export interface LintDocument {
  readonly dialect: string;
  /** What was looked at: pending revisions, those of a range, or the last one of each head. */
  readonly scope: "pending" | "range" | "heads";
  readonly revisions: readonly string[];
  /** Whether nothing was found to stop for. */
  readonly ok: boolean;
  /** In the order of the revisions; what files accept is among them, with the reason. */
  readonly findings: readonly Finding[];
}

/** What is in the way of joining heads. */
export interface ConflictsDocument {
  readonly heads: readonly string[];
  readonly findings: readonly Finding[];
}
