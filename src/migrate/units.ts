import { isDataStatement } from "../operation/raw-statement.ts";
import type { StoredStep } from "./stored-plan.ts";

/** Steps that are run in one transaction; or one that no transaction holds. */
export interface Unit {
  /** The first step, and the one after the last. */
  readonly start: number;
  readonly end: number;
  /** Nothing takes it back. */
  readonly bare: boolean;
}

/** How a revision is divided. */
export interface Division {
  readonly transactionalDdl: boolean;
  /** Each operation is committed by itself. */
  readonly apart: boolean;
}

/** Divides the steps of a plan, in order. */
export function unitsOf(steps: readonly StoredStep[], division: Division): readonly Unit[] {
  const units: Unit[] = [];
  for (const [at, step] of steps.entries()) {
    const bare = isBare(step, division);
    const open = units.at(-1);
    if (open !== undefined && !bare && !open.bare && joins(steps[at - 1]!, step, division)) {
      units[units.length - 1] = { ...open, end: at + 1 };
    } else units.push({ start: at, end: at + 1, bare });
  }
  return units;
}

function isBare(step: StoredStep, { transactionalDdl }: Division): boolean {
  if (step.sql === null || step.violation !== undefined) return false;
  return transactionalDdl ? step.alone === true : !isDataStatement(step.sql);
}

function joins(before: StoredStep, step: StoredStep, { transactionalDdl, apart }: Division): boolean {
  return transactionalDdl && (!apart || before.operation === step.operation);
}
