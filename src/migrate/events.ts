import type { Direction, ProblemDocument } from "./documents.ts";

/** What a run tells while it works: for progress on a terminal, logs and signals. Nothing is printed by itself. */
export type MigrationEvent =
  /** Somebody else holds the lock; told once per wait. */
  | {
      readonly kind: "lockWaiting";
      /** The longest wait, in milliseconds. */
      readonly limit: number;
      /** Who holds it, for people; null where the database does not say. */
      readonly holder: string | null;
    }
  | { readonly kind: "lockTaken"; readonly waited: number }
  | {
      readonly kind: "revisionStarted";
      readonly revision: string;
      readonly message: string;
      readonly direction: Direction;
      /** Its place in the run, from 0, and how many there are as far as is known. */
      readonly index: number;
      readonly total: number;
    }
  /** The revision was broken off before, after so many statements, and is gone on with. */
  | {
      readonly kind: "revisionResumed";
      readonly revision: string;
      readonly direction: Direction;
      readonly finished: number;
    }
  /** A lock or a deadlock was in the way: the revision is tried again after a pause. */
  | {
      readonly kind: "retry";
      readonly revision: string;
      readonly direction: Direction;
      /** The number of the try that failed, from 1, and how many there are at most. */
      readonly attempt: number;
      readonly attempts: number;
      /** Milliseconds. */
      readonly pause: number;
      readonly error: unknown;
      /** Sessions that may be in the way, for people. */
      readonly blockers: readonly string[];
    }
  | {
      readonly kind: "statementFinished";
      readonly revision: string;
      readonly sql: string;
      readonly milliseconds: number;
    }
  /** A data step of code is done. */
  | {
      readonly kind: "stepFinished";
      readonly revision: string;
      readonly name: string;
      readonly milliseconds: number;
    }
  | {
      readonly kind: "revisionFinished";
      readonly revision: string;
      readonly message: string;
      readonly direction: Direction;
      readonly statements: number;
      readonly milliseconds: number;
    }
  | {
      readonly kind: "revisionFailed";
      readonly revision: string;
      readonly direction: Direction;
      readonly error: unknown;
    }
  /** Something is wrong that does not stop the run. */
  | { readonly kind: "warning"; readonly problem: ProblemDocument };

/** Takes events; awaited, so that a handler can write before the run goes on. What it throws stops the run. */
export type MigrationListener = (event: MigrationEvent) => void | Promise<void>;
