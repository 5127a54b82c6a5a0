/** How much a finding matters: an `error` will break something, or has; a `warning` may; a `notice` is worth knowing. */
export type Severity = "error" | "warning" | "notice";

/** What a check found. */
export interface Finding {
  /** `SM101`: as long as the rule is the same, so is the code. */
  readonly code: string;
  /** The rule in a word or two. */
  readonly rule: string;
  readonly severity: Severity;
  readonly module: string | null;
  /** What it is about: a table, a column, a revision, a module. */
  readonly subject: string;
  /** From the root, where one file is at fault. */
  readonly file: string | null;
  readonly message: string;
  readonly remedy: string;
  /** Why somebody lives with it; null where nobody does. */
  readonly ignored: string | null;
}

/** A finding as a check makes it. */
export type NewFinding = Pick<Finding, "subject" | "message" | "remedy"> &
  Partial<Pick<Finding, "module" | "file" | "severity">>;

/** What a check has to have. */
export type Need = "modules" | "models" | "history" | "database";

/** One rule. */
export interface Check<Input> {
  readonly code: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly needs: readonly Need[];
  /** What it looks for, for the list of checks. */
  readonly about: string;
  readonly find: (input: Input) => readonly NewFinding[] | Promise<readonly NewFinding[]>;
}
