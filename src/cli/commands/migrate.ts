import type { ApplyDocument, Environment, PlanDocument, RunOptions } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { Output } from "../output.ts";

interface ApplyOptions {
  readonly plan?: boolean;
  readonly sql?: boolean;
  readonly tag?: string;
}

interface Way {
  readonly target: string;
  readonly run: (environment: Environment, target: string, options: RunOptions) => Promise<ApplyDocument>;
  readonly plan: (environment: Environment, target: string) => Promise<PlanDocument>;
  readonly sql: (environment: Environment, range: string) => ReturnType<Environment["upgradeSql"]>;
}

/** Applies migrations. */
export const migrate: Action<ApplyOptions> = (args, options, output) =>
  take(args, options, output, {
    target: "heads",
    run: (environment, target, rest) => environment.upgrade(target, rest),
    plan: (environment, target) => environment.planUpgrade(target),
    sql: (environment, range) => environment.upgradeSql({ range }),
  });

/** Undoes migrations. */
export const rollback: Action<ApplyOptions> = (args, options, output) =>
  take(args, options, output, {
    target: "-1",
    run: (environment, target, rest) => environment.downgrade(target, rest),
    plan: (environment, target) => environment.planDowngrade(target),
    sql: (environment, range) => environment.downgradeSql({ range }),
  });

async function take(
  args: readonly string[],
  options: ApplyOptions & Parameters<typeof withProject>[0],
  output: Output,
  way: Way,
): Promise<undefined> {
  const target = args[0] ?? way.target;
  const sql = options.sql === true;
  await withProject(
    options,
    output,
    async ({ environment }) => {
      if (sql) return printSql(await way.sql(environment, target), output);
      if (options.plan === true) return printPlan(await way.plan(environment, target), output);
      const rest = options.tag === undefined ? {} : { tag: options.tag };
      return printApplied(await way.run(environment, target, rest), output);
    },
    { database: !sql },
  );
  return undefined;
}

function printSql(document: Awaited<ReturnType<Environment["upgradeSql"]>>, output: Output): void {
  output.document(document);
  output.result(document.sql.trimEnd());
}

function printPlan(document: PlanDocument, output: Output): void {
  output.document(document);
  if (document.steps.length === 0) output.result("Nothing to do.");
  for (const step of document.steps) {
    output.result(output.style("bold", `${step.direction} ${step.revision}  ${step.message}`));
    for (const operation of step.operations) output.result(`  ${operation}`);
    for (const { sql, run } of step.statements) {
      output.result(
        output.style(
          "dim",
          `    ${sql === null ? `-- runs "${run}"` : `${sql.replaceAll("\n", "\n    ")};`}`,
        ),
      );
    }
  }
}

function printApplied(document: ApplyDocument, output: Output): void {
  output.document(document);
  for (const step of document.steps) {
    const done =
      step.direction === "upgrade" ? output.style("green", "applied") : output.style("yellow", "undone ");
    const count = `${step.statements} ${step.statements === 1 ? "statement" : "statements"}`;
    output.line(
      `${done}  ${step.revision}  ${step.message}  ${output.style("dim", `(${count}, ${Math.round(step.milliseconds)} ms)`)}`,
    );
  }
  if (document.steps.length === 0) output.line("Nothing to do: the database is there already.");
}
