import type { Plan, PlanCheck } from "../dialect/index.ts";
import type { Operation } from "../operation/index.ts";
import { digest } from "../script/checksum.ts";
import type { Segment } from "./segments.ts";

/** One thing a plan does, as the log keeps it: parameters stay in the file, since they may be secrets. */
export interface StoredStep {
  /** The place of its operation among all of the revision's. */
  readonly operation: number;
  /** Null for a data step of code. */
  readonly sql: string | null;
  readonly alone?: true;
  /** The user's own statement. */
  readonly raw?: true;
  readonly violation?: string;
}

/**
 * What a revision runs, as the log keeps it where statements are not all taken back together: whoever goes on after a
 * crash runs the rest of this very plan.
 */
export interface StoredPlan {
  readonly format: 1;
  /** A digest of each of the revision's operations: whether the file still says what it said. */
  readonly operations: readonly string[];
  /** The operations that the steps are for: the first, and the one after the last. */
  readonly start: number;
  readonly end: number;
  /** How many statements of the revision were finished before the first of these. */
  readonly offset: number;
  readonly steps: readonly StoredStep[];
  readonly checks: readonly PlanCheck[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What there was before a statement that no transaction takes back. */
export interface Mark {
  /** The place of the statement among all of the revision's, from 0. */
  readonly step: number;
  /** Names that the statements of its operation mention. */
  readonly names: readonly string[];
  /** What the catalog had under these names before the first statement of the operation, as data. */
  readonly before: unknown;
  /** The digest of what it had before this statement. */
  readonly now: string;
}

/** The plan of a segment as the log keeps it. `offset` statements were finished before. */
export function storedPlan(
  operations: readonly Operation[],
  segment: Segment,
  planned: Plan,
  offset: number,
): StoredPlan {
  const { start } = segment;
  return {
    format: 1,
    operations: operations.map(digest),
    start,
    end: start + segment.operations.length,
    offset,
    steps: planned.steps.map((step): StoredStep => {
      const operation = start + step.operation;
      if (step.kind === "run") return { operation, sql: null };
      const { sql, violation } = step;
      return {
        operation,
        sql,
        ...(step.alone === true ? { alone: true as const } : {}),
        ...(operations[operation]?.kind === "execute" ? { raw: true as const } : {}),
        ...(violation === undefined ? {} : { violation }),
      };
    }),
    checks: planned.checks,
    before: planned.before,
    after: planned.after,
  };
}

/** How many statements are finished once the plan is. */
export function endOf(stored: StoredPlan): number {
  return stored.offset + stored.steps.length;
}

/** Reads what the log keeps; null where there is nothing, or another version's form. */
export function readStoredPlan(text: unknown): StoredPlan | null {
  const value = readJson(text);
  return typeof value === "object" && value !== null && "format" in value && value.format === 1
    ? (value as StoredPlan)
    : null;
}

/** The same for a mark. */
export function readMark(text: unknown): Mark | null {
  const value = readJson(text);
  return typeof value === "object" && value !== null && "step" in value ? (value as Mark) : null;
}

function readJson(text: unknown): unknown {
  if (typeof text !== "string") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The operation from which a file that was changed meanwhile is run on: all before it are as they were, and finished.
 * Null where what was finished is not the same any more, or is half an operation. `rebuilds` says whether a table may
 * have been made anew for later operations as well.
 */
export function resumableFrom(
  stored: StoredPlan,
  finished: number,
  operations: readonly Operation[],
  rebuilds: boolean,
): number | null {
  const at = finished - stored.offset;
  const next = stored.steps[at];
  const from = next?.operation ?? stored.end;
  const rest = new Set(stored.steps.slice(at).map((step) => step.operation));
  const whole = stored.steps.slice(0, at).every((step) => step.operation < from);
  const apart = !rebuilds || stored.operations.every((_, i) => i < from || i >= stored.end || rest.has(i));
  if (!whole || !apart) return null;
  const same = stored.operations.slice(0, from).every((each, i) => {
    const operation = operations[i];
    return operation !== undefined && digest(operation) === each;
  });
  return same ? from : null;
}

/** Whether the file's operations are those that the plan was made for. */
export function isUnchanged(stored: StoredPlan, operations: readonly Operation[]): boolean {
  return (
    stored.operations.length === operations.length &&
    operations.every((operation, i) => digest(operation) === stored.operations[i])
  );
}
