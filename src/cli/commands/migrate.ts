import { branchesOf, findProjectModules } from "../../config/project-modules.ts";
import type {
  ApplyDocument,
  Environment,
  PlanDocument,
  RunOptions,
  SqlDocument,
  SqlOptions,
  TransactionMode,
} from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { GlobalOptions, Output } from "../output.ts";
import type { FleetFlags } from "./fleet.ts";

/** Flags of what changes the database. */
export interface ApplyOptions {
  readonly plan?: boolean;
  readonly sql?: boolean;
  readonly tag?: string;
  readonly transaction?: TransactionMode;
  readonly waitTimeout?: number;
  readonly lockTimeout?: number;
  readonly lockRetries?: number;
  readonly statementTimeout?: number;
  readonly resume?: "retry" | "skip";
  readonly withDependents?: boolean;
  readonly allowRun?: boolean;
}

interface Way {
  readonly target: string;
  readonly run: (environment: Environment, target: string, options: RunOptions) => Promise<ApplyDocument>;
  readonly plan: (environment: Environment, target: string) => Promise<PlanDocument>;
  readonly sql: (environment: Environment, options: SqlOptions) => Promise<SqlDocument>;
}

/** Applies migrations, to one database or to many. */
export const migrate: Action<ApplyOptions & FleetFlags> = (args, options, output) => {
  if (options.targets !== undefined) return migrateMany(args[0] ?? "heads", options.targets, options, output);
  return takeUp(args, options, output);
};

async function migrateMany(
  to: string,
  source: string,
  options: ApplyOptions & FleetFlags & GlobalOptions,
  output: Output,
): Promise<undefined> {
  const [{ migrateTargets }, { projectOptions }] = await Promise.all([
    import("./fleet.ts"),
    import("../../config/index.ts"),
  ]);
  return withProject(options, output, async ({ config }) => {
    const modules = branchesOf(await findProjectModules(config));
    const moduleNaming = config.values.discovery.MODULE_NAMING;
    const base = { ...(await projectOptions(config)), modules, moduleNaming };
    return migrateTargets({ config, base, source, to, run: runOptions(options) }, options, output);
  });
}

const takeUp: Action<ApplyOptions> = (args, options, output) =>
  take(args, options, output, {
    target: "heads",
    run: (environment, target, rest) => environment.upgrade(target, rest),
    plan: (environment, target) => environment.planUpgrade(target),
    sql: (environment, how) => environment.upgradeSql(how),
  });

/** Undoes migrations. */
export const rollback: Action<ApplyOptions> = (args, options, output) =>
  take(args, options, output, {
    target: "-1",
    run: (environment, target, rest) => environment.downgrade(target, rest),
    plan: (environment, target) => environment.planDowngrade(target),
    sql: (environment, how) => environment.downgradeSql(how),
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
      if (sql) {
        const allowRun = options.allowRun === true;
        const dependents = options.withDependents === true;
        return printSql(await way.sql(environment, { range: target, allowRun, dependents }), output);
      }
      if (options.plan === true) return printPlan(await way.plan(environment, target), output);
      if (options.withDependents === true) await tellDependents(environment, target, output);
      return printApplied(await way.run(environment, target, runOptions(options)), output);
    },
    { database: !sql },
  );
  return undefined;
}

/** What goes with a branch is named before anything is done. */
async function tellDependents(environment: Environment, target: string, output: Output): Promise<void> {
  const { dependents } = await environment.planDowngrade(target);
  if (dependents.length > 0) output.note(`undone as well, of other branches: ${dependents.join(", ")}`);
}

/** Seconds are milliseconds to the engine. */
export function runOptions(options: ApplyOptions): RunOptions {
  const { tag, transaction, waitTimeout, lockTimeout, lockRetries, statementTimeout, resume } = options;
  return {
    ...(options.withDependents === true ? { dependents: true } : {}),
    ...(tag === undefined ? {} : { tag }),
    ...(transaction === undefined ? {} : { transaction }),
    ...(waitTimeout === undefined ? {} : { waitTimeout: waitTimeout * 1000 }),
    ...(lockTimeout === undefined ? {} : { lockTimeout: lockTimeout * 1000 }),
    ...(lockRetries === undefined ? {} : { lockRetries }),
    ...(statementTimeout === undefined ? {} : { statementTimeout: statementTimeout * 1000 }),
    ...(resume === undefined ? {} : { resume }),
  };
}

function printSql(document: SqlDocument, output: Output): void {
  output.document(document);
  output.result(document.sql.trimEnd());
}

function printPlan(document: PlanDocument, output: Output): void {
  output.document(document);
  if (document.steps.length === 0) output.result("Nothing to do.");
  if (document.dependents.length > 0)
    output.result(`of other branches: ${document.dependents.join(", ")} (undone only --with-dependents)`);
  for (const step of document.steps) {
    const on = step.resumedAfter === null ? "" : `  (goes on after ${step.resumedAfter} finished)`;
    output.result(output.style("bold", `${step.direction} ${step.revision}  ${step.message}${on}`));
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

/** What was applied or undone; the document as well, unless it is a part of another. */
export function printApplied(
  document: ApplyDocument,
  output: Output,
  { document: whole = true }: { readonly document?: boolean } = {},
): void {
  if (whole) output.document(document);
  for (const step of document.steps) {
    const done =
      step.direction === "upgrade" ? output.style("green", "applied") : output.style("yellow", "undone ");
    const count = `${step.statements} ${step.statements === 1 ? "statement" : "statements"}`;
    output.line(
      `${done}  ${step.revision}  ${step.message}  ${output.style("dim", `(${count}, ${Math.round(step.milliseconds)} ms)`)}`,
    );
  }
  if (document.steps.length > 0) return;
  const isEmpty = document.direction === "upgrade" && document.to.length === 0;
  output.line(
    isEmpty
      ? "There are no migrations yet: athanor makemigrations"
      : "Nothing to do: the database is there already.",
  );
}
