type Dependent = {
  /** `view` or `trigger`. */
  readonly kind: string;
  readonly name: string;
  readonly table: string;
  /** Null where the whole table goes. */
  readonly column: string | null;
};
type Leftover = { readonly table: string; readonly leftover: string };
type Unsupported = { readonly operation: string; readonly reason: string };
type Violation = { readonly violation: string; readonly rows: number; readonly example: string };

/** Errors of turning operations into statements, and of running them. */
export const planErrors = {
  "PLAN.DEPENDENT": {
    exit: 3 as const,
    message: (f: Dependent): string =>
      `The ${f.kind} "${f.name}" uses ${f.column === null ? "" : `column "${f.column}" of `}table "${f.table}", which is to be dropped.`,
    remedy: (f: Dependent): string =>
      `Drop or change the ${f.kind} in the migration first, with op.execute(…).`,
  },
  "PLAN.LEFTOVER": {
    exit: 3 as const,
    message: (f: Leftover): string =>
      `Table "${f.table}" cannot be made anew: "${f.leftover}" stands in the way, left over from something that failed.`,
    remedy: (f: Leftover): string =>
      `See whether "${f.leftover}" holds rows that "${f.table}" lacks, then drop it.`,
  },
  "PLAN.UNSUPPORTED": {
    exit: 3 as const,
    message: (f: Unsupported): string => `This database cannot do this: ${f.operation}. ${f.reason}`,
    remedy: (_: Unsupported): string =>
      "Put the operation into `op.on(…)` for the databases that can, or leave it out.",
  },
  "PLAN.VIOLATION": {
    exit: 3 as const,
    message: (f: Violation): string =>
      `Everything was taken back: ${f.violation} (${f.rows} ${f.rows === 1 ? "row" : "rows"}; for example ${f.example}).`,
    remedy: (_: Violation): string => "Correct the rows, or have a step before correct them, and try again.",
  },
};
