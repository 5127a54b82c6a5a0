/** How much a finding matters: an error or a warning makes `athanor lint` end with 1, a notice does not. */
export type Severity = "error" | "warning" | "notice";

/** One thing that lint looks for. */
export interface Rule {
  /** A name for people; the code is what is stable. */
  readonly name: string;
  readonly severity: Severity;
  /** What is found. */
  readonly what: string;
  /** Why it matters on a live system. */
  readonly why: string;
  /** What to do instead. */
  readonly instead: string;
}

/** The code of a finding. */
export type LintCode =
  | "LINT101"
  | "LINT102"
  | "LINT103"
  | "LINT104"
  | "LINT105"
  | "LINT201"
  | "LINT202"
  | "LINT203"
  | "LINT301"
  | "LINT302"
  | "LINT303"
  | "LINT304"
  | "LINT305"
  | "LINT306"
  | "LINT307"
  | "LINT401"
  | "LINT402"
  | "LINT403"
  | "LINT404"
  | "LINT501"
  | "LINT502"
  | "LINT901"
  | "LINT902";

/**
 * Everything that lint looks for, by code. A code never changes its meaning and is never used again: 1xx what loses
 * data, 2xx what breaks code that is running, 3xx what locks, 4xx what cannot be foretold, 5xx what branches do to
 * each other, 9xx what is accepted.
 */
export const rules: { readonly [Code in LintCode]: Rule } = {
  LINT101: {
    name: "drop-table",
    severity: "error",
    what: "A table is dropped.",
    why: "Its rows are gone, and code that still asks for it fails.",
    instead: "Deploy code that does without it first, keep a copy, and drop it in a later release.",
  },
  LINT102: {
    name: "drop-column",
    severity: "error",
    what: "A column is dropped, or becomes a computed one.",
    why: "Its values are gone, and code that still names it fails.",
    instead: "Deploy code that does without it first, keep a copy, and drop it in a later release.",
  },
  LINT103: {
    name: "narrow-type",
    severity: "error",
    what: "A column gets a type that does not hold all values of the old one.",
    why: "Values are cut or rounded, or the migration stops at the first row that does not fit.",
    instead: "Look for values that do not fit and settle them first, or fill a second column.",
  },
  LINT104: {
    name: "enum-value-removed",
    severity: "warning",
    what: "An enum loses a value.",
    why: "Rows that have it have to become something else, and code that still writes it fails.",
    instead:
      "Deploy code that no longer writes it, change the rows, and remove the value in a later release.",
  },
  LINT105: {
    name: "raw-data-loss",
    severity: "error",
    what: "A raw statement empties or drops something.",
    why: "What it takes away is in no operation, and no downgrade brings it back.",
    instead: "Use the operation where there is one; otherwise keep a copy, and say WHERE.",
  },
  LINT201: {
    name: "rename-column",
    severity: "warning",
    what: "A column is renamed.",
    why: "Code that is running while the migration is applied still uses the old name.",
    instead:
      "Add the new column, write both, fill it, read the new one, drop the old one in a later release.",
  },
  LINT202: {
    name: "rename-table",
    severity: "warning",
    what: "A table is renamed.",
    why: "Code that is running while the migration is applied still uses the old name.",
    instead: "Leave a view under the old name until nothing uses it.",
  },
  LINT203: {
    name: "not-null-without-default",
    severity: "error",
    what: "A column that cannot be null is added without a default.",
    why: "It fails where there are rows, and code that is running inserts rows without it.",
    instead: "Give it a default, or add it nullable, fill it, and forbid nulls in a later release.",
  },
  LINT301: {
    name: "table-rewrite",
    severity: "warning",
    what: "A table is written anew, whole.",
    why: "It takes as long as the table is big, and others wait meanwhile.",
    instead: "Fill a second column bit by bit and let it take the place of the first.",
  },
  LINT302: {
    name: "set-not-null",
    severity: "warning",
    what: "A column that stands is forbidden to be null, and the whole table is read to see that it is not.",
    why: "Reads and writes wait until every row was looked at.",
    instead:
      "Add a check NOT VALID, validate it in a migration of its own, then forbid nulls and drop the check.",
  },
  LINT303: {
    name: "foreign-key-validated",
    severity: "warning",
    what: "A foreign key is added and all rows are looked up at once.",
    why: "Writes to both tables wait until every row was looked up.",
    instead: "Add it without looking rows up (NOT VALID), and validate it in a migration of its own.",
  },
  LINT304: {
    name: "check-validated",
    severity: "warning",
    what: "A check is added and all rows are checked at once.",
    why: "Others wait until every row was checked.",
    instead: "Add it NOT VALID, and validate it in a migration of its own.",
  },
  LINT305: {
    name: "unique-constraint-built",
    severity: "warning",
    what: "A unique constraint or primary key is added, and its index built, under one lock.",
    why: "Reads and writes wait until the index is built.",
    instead: "Build a unique index concurrently, and make it the constraint's.",
  },
  LINT306: {
    name: "index-built",
    severity: "warning",
    what: "An index is built in a way that keeps others from writing.",
    why: "Writes wait until it is built.",
    instead: "Build it concurrently.",
  },
  LINT307: {
    name: "exclusion-built",
    severity: "warning",
    what: "An exclusion constraint is added to a table that stands.",
    why: "Reads and writes wait until its index is built; there is no other way to add one.",
    instead: "Choose a quiet hour, with a lock timeout.",
  },
  LINT401: {
    name: "unknown-statement",
    severity: "warning",
    what: "A raw statement may change the schema and does not say how.",
    why: "Neither lint nor autogenerate without a database can tell what comes of it.",
    instead: "Say `changes`: the operations it amounts to, or `[]` where there are none.",
  },
  LINT402: {
    name: "unknown-step",
    severity: "warning",
    what: "A data step may change the schema and does not say how.",
    why: "Neither lint nor autogenerate without a database can tell what comes of it.",
    instead: "Say `changes`: the operations it amounts to, or `[]` where there are none.",
  },
  LINT403: {
    name: "not-foretold",
    severity: "notice",
    what: "The statements of a migration cannot be foretold, since something before it does not say what it does.",
    why: "What is found in it rests on the operations alone.",
    instead: "Say `changes` where the history is silent.",
  },
  LINT404: {
    name: "does-not-fit",
    severity: "error",
    what: "A migration cannot be planned on the schema that it meets.",
    why: "It fails when it is applied.",
    instead: "Repair the migration; the reason is in the finding.",
  },
  LINT501: {
    name: "branches-conflict",
    severity: "error",
    what: "Two heads change the same thing.",
    why: "Applied one after the other they fail, or what comes of it hangs on which was first.",
    instead: "Rewrite the one that nobody has applied yet so that it follows the other.",
  },
  LINT502: {
    name: "branches-touch",
    severity: "warning",
    what: "One head changes what another one uses.",
    why: "Each was written for a schema that the other one changes.",
    instead: "Read both before merging, and try them on a copy.",
  },
  LINT901: {
    name: "accepts-nothing",
    severity: "notice",
    what: "A file accepts a finding that is not made.",
    why: "The next one of that kind would pass unseen.",
    instead: "Take it out of `ignore`, unless it is for another database.",
  },
  LINT902: {
    name: "accepts-unknown",
    severity: "warning",
    what: "A file accepts a code that does not exist.",
    why: "It is probably misspelt, and accepts nothing.",
    instead: "Write one of the codes of this table.",
  },
};

/** Whether a text is a code of lint. */
export function isLintCode(text: string): text is LintCode {
  return Object.hasOwn(rules, text);
}
