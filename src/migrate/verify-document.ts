import type { ThrowawayOptions } from "./options.ts";

/** What `verify` can find. */
export type VerifyCode =
  | "VERIFY101"
  | "VERIFY102"
  | "VERIFY103"
  | "VERIFY104"
  | "VERIFY105"
  | "VERIFY106"
  | "VERIFY107"
  | "VERIFY108"
  | "VERIFY109";

interface VerifyRule {
  readonly name: string;
  readonly severity: "error" | "warning";
  readonly why: string;
}

/** The rules of `verify`: codes are never given anew. */
export const verifyRules: Readonly<Record<VerifyCode, VerifyRule>> = {
  VERIFY101: { name: "up-fails", severity: "error", why: "The upgrade fails on an empty database." },
  VERIFY102: {
    name: "up-fails-on-rows",
    severity: "warning",
    why: "The upgrade runs on empty tables and fails on generated rows.",
  },
  VERIFY103: { name: "down-fails", severity: "error", why: "The downgrade fails." },
  VERIFY104: {
    name: "down-differs",
    severity: "error",
    why: "The downgrade does not lead back to what was before the upgrade; left to be done:",
  },
  VERIFY105: { name: "rows-lost", severity: "error", why: "Rows in columns that are kept do not survive." },
  VERIFY106: {
    name: "up-again-fails",
    severity: "error",
    why: "The upgrade fails where it was undone before: the downgrade leaves something behind.",
  },
  VERIFY107: {
    name: "up-again-differs",
    severity: "error",
    why: "The second upgrade does not give what the first gave; left to be done:",
  },
  VERIFY108: {
    name: "models-differ",
    severity: "error",
    why: "The models are not what the whole history gives.",
  },
  VERIFY109: {
    name: "history-differs",
    severity: "error",
    why: "The migrations do something else than they say: what a raw statement says in `changes` is not what it does.",
  },
};

/** What `verify` looks at, and where. */
export interface VerifyOptions extends ThrowawayOptions {
  /** Only the revisions of a range `a:b`, or one; what comes before them is applied without a look. Default all. */
  readonly range?: string;
  /** Rows put into each table before a migration runs. Default 3; 0 for none. */
  readonly rows?: number;
  /** Whether the models are compared with what the whole history gives, where there are any. Default true. */
  readonly compareModels?: boolean;
  /** Called before each revision. */
  readonly onRevision?: (revision: string, index: number, total: number) => void;
}

/** One thing that `verify` found. */
export interface VerifyFinding {
  readonly code: VerifyCode;
  /** The rule's name: `down-differs`. */
  readonly rule: string;
  readonly severity: "error" | "warning";
  /** Null for what is about the history as a whole. */
  readonly revision: string | null;
  readonly file: string | null;
  readonly why: string;
  /** What differs, a line each, or the database's words. */
  readonly details: readonly string[];
  /** Why the file accepts it; null where it does not. */
  readonly silenced: string | null;
}

/** One revision that was tried. */
export interface VerifiedRevision {
  readonly revision: string;
  readonly message: string;
  readonly file: string;
  readonly milliseconds: number;
  /** Tables that took no generated rows, so that nothing is known of rows in them. */
  readonly unfilled: readonly string[];
}

/** `verify` */
export interface VerifyDocument {
  /** Whether nothing was found that no file accepts. */
  readonly ok: boolean;
  readonly dialect: string;
  /** The database that it was tried on. */
  readonly place: string;
  readonly revisions: readonly VerifiedRevision[];
  /** Those that come after one that cannot be applied. */
  readonly unchecked: readonly string[];
  /** Whether the models were compared with the whole history. */
  readonly comparedModels: boolean;
  readonly findings: readonly VerifyFinding[];
}
