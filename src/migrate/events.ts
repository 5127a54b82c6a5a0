import type { Direction, ProblemDocument } from "./documents.ts";

/** What a run tells while it works: for progress on a terminal, logs and signals. Nothing is printed by itself. */
export type MigrationEvent =
  /** Somebody else holds the lock; told once per wait. */
  | { readonly kind: "lockWaiting"; readonly limit: number }
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
