import type { Plan, PlanCheck, PlanStep } from "../dialect/index.ts";
import type { StatementParameter } from "../operation/index.ts";
import { inlineParameters } from "./inline-parameters.ts";
import type { ScriptTarget } from "./statements.ts";

/** What stands around the statements of a plan. */
export interface ScriptBlock {
  /** A comment at the top; null for none. */
  readonly title: string | null;
  /** What has to hold at the beginning of the transaction. */
  readonly guards: readonly PlanCheck[];
  /** Statements after them, before those of the plan. */
  readonly opening: readonly string[];
  /** What has to hold where a transaction begins after a statement that runs outside of any. */
  readonly resumed: readonly PlanCheck[];
  /** Statements at the end of the transaction. */
  readonly closing: readonly string[];
  /** What stands in the place of a data step of code. */
  readonly gap: (step: PlanStep & { readonly kind: "run" }) => string;
}

/** Statements that make whatever session runs the script one as a run would have; empty where none is needed. */
export function scriptOpening({ design }: ScriptTarget): readonly string[] {
  const { scriptNote, errorsLeaveTransactions, scriptSettings = [] } = design.ddl;
  const note = scriptNote !== undefined && errorsLeaveTransactions === true ? [`-- ${scriptNote}`] : [];
  return [...note, ...scriptSettings.map((sql) => `${sql};`)];
}

/** A plan as lines of a script, in a transaction where the database has those for DDL. */
export function scriptBlock(target: ScriptTarget, planned: Plan, block: ScriptBlock): readonly string[] {
  const { ddl } = target.design;
  const transaction = target.dialect.capabilities.transactionalDdl;
  const outside = planned.before.length > 0 || planned.steps.some(isAlone);
  const noted = ddl.scriptNote !== undefined && ddl.errorsLeaveTransactions !== true && outside;
  return [
    ...(block.title === null ? [] : [`-- ${block.title.replaceAll(/\s+/g, " ")}`]),
    ...(noted ? [`-- ${ddl.scriptNote}`] : []),
    ...planned.before.map((sql) => `${sql};`),
    ...(transaction ? ["BEGIN;"] : []),
    ...block.guards.map((guard) => checkSql(target, guard)),
    ...block.opening.map((sql) => `${sql};`),
    ...planned.steps.flatMap((step) => {
      if (step.kind === "run") return [block.gap(step)];
      const sql = statementSql(target, step);
      if (!transaction || !isAlone(step)) return [sql];
      return ["COMMIT;", sql, "BEGIN;", ...block.resumed.map((check) => checkSql(target, check))];
    }),
    ...planned.checks.map((check) => checkSql(target, check)),
    ...block.closing.map((sql) => `${sql};`),
    ...(transaction ? ["COMMIT;"] : []),
    ...planned.after.map((sql) => `${sql};`),
    "",
  ];
}

/** Whether a step runs outside any transaction. */
export function isAlone(step: PlanStep): boolean {
  return step.kind === "statement" && step.alone === true;
}

/** One statement of a plan, or what it checks. */
export function statementSql(target: ScriptTarget, step: PlanStep & { readonly kind: "statement" }): string {
  if (step.violation !== undefined) return checkSql(target, { sql: step.sql, violation: step.violation });
  return `${inlineParameters(target, step.sql, step.params as readonly StatementParameter[])};`;
}

/** A check that ends the script where the database has a statement for that; otherwise one to look at. */
export function checkSql({ design }: ScriptTarget, check: PlanCheck): string {
  const assertion = design.ddl.assertion?.(check) ?? null;
  return assertion === null
    ? `-- ${check.violation}, if this answers a row:\n${check.sql};`
    : `${assertion};`;
}
