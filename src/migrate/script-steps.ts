import type { Plan, PlanCheck } from "../dialect/index.ts";
import { checkSql, statementSql } from "./script-sql.ts";
import type { ScriptTarget } from "./statements.ts";
import type { StoredPlan } from "./stored-plan.ts";
import { type Division, unitsOf } from "./units.ts";

/** What a script writes beside the statements of a plan that is committed bit by bit. */
export interface StepwiseBlock {
  readonly title: string;
  readonly division: Division;
  /** What has to hold before anything is done. */
  readonly guards: readonly PlanCheck[];
  /** Notes that the plan has begun. */
  readonly opening: readonly string[];
  /** Notes that so many statements are finished, of which so many were when these began: else it notes nothing. */
  readonly advance: (began: number, finished: number) => string;
  /** That so many statements are finished, and no more: else what comes next must not run. */
  readonly reached: (finished: number) => PlanCheck;
  readonly closing: readonly string[];
  readonly gap: (operation: number) => string;
}

/**
 * A plan as lines of a script that keeps the log as a run would: after each statement it says how far the revision has
 * come, in the statement's own transaction where it has one, so that a run can go on where the script was broken off.
 */
export function stepwiseBlock(
  target: ScriptTarget,
  planned: Plan,
  stored: StoredPlan,
  block: StepwiseBlock,
): readonly string[] {
  const { ddl } = target.design;
  const noted = ddl.scriptNote !== undefined && ddl.errorsLeaveTransactions !== true;
  const checks = (list: readonly PlanCheck[]): readonly string[] =>
    list.map((check) => checkSql(target, check));
  const transaction = (lines: readonly string[]): readonly string[] => ["BEGIN;", ...lines, "COMMIT;"];
  const step = (at: number): string => {
    const planStep = planned.steps[at]!;
    return planStep.kind === "run" ? block.gap(planStep.operation) : statementSql(target, planStep);
  };
  const units = unitsOf(stored.steps, block.division).flatMap(({ start, end, bare }) => {
    const reached = start === 0 ? [] : checks([block.reached(start)]);
    if (bare) return [...reached, step(start), `${block.advance(start, end)};`];
    const lines = Array.from({ length: end - start }, (_, i) => step(start + i));
    return transaction([...reached, ...lines, `${block.advance(start, end)};`]);
  });
  return [
    `-- ${block.title.replaceAll(/\s+/g, " ")}`,
    ...(noted ? [`-- ${ddl.scriptNote}`] : []),
    ...planned.before.map((sql) => `${sql};`),
    ...transaction([...checks(block.guards), ...block.opening.map((sql) => `${sql};`)]),
    ...units,
    ...transaction([
      ...checks([block.reached(stored.steps.length)]),
      ...checks(planned.checks),
      ...block.closing.map((sql) => `${sql};`),
    ]),
    ...planned.after.map((sql) => `${sql};`),
    "",
  ];
}
