import { resolve } from "node:path";
import { AthanorError } from "../../errors/index.ts";
import type { ApplyDocument, ModuleDocument, UninstallDocument } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { Output } from "../output.ts";
import { confirm } from "../prompt.ts";

const colors = {
  available: "dim",
  installed: "green",
  pending: "yellow",
  disabled: "dim",
  uninstalled: "dim",
  orphaned: "red",
} as const;

/** The modules, one a line. */
export const list: Action<object> = async (_args, options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.modules();
    output.document(document);
    if (document.modules.length === 0)
      output.line("No modules: no folder of MODULE_PATHS and no package has one.");
    for (const module of document.modules) output.result(lineOf(module, output));
  });
  return undefined;
};

function lineOf(module: ModuleDocument, output: Output): string {
  const { name, version, installedVersion, state, dependsOn, revisions, tables } = module;
  const versions =
    installedVersion !== null && version !== null && installedVersion !== version
      ? `${installedVersion} -> ${version}`
      : (version ?? installedVersion ?? "");
  const more = [
    dependsOn.length === 0 ? "" : `needs ${dependsOn.join(", ")}`,
    revisions.pending === 0 ? "" : `${revisions.pending} pending`,
    `${tables.length} ${tables.length === 1 ? "table" : "tables"}`,
  ].filter((part) => part !== "");
  return `${name} ${versions} ${output.style(colors[state], state)} (${more.join("; ")})`.replace("  ", " ");
}

/** Installs one. */
export const install: Action<object> = async ([name = ""], options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.addModule(name);
    output.document(document);
    printApplied(document, output);
  });
  return undefined;
};

/** Brings modules up to date. */
export const upgrade: Action<object> = async (names, options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const { modules } = await environment.modules();
    const active = modules.filter(({ state }) => state === "installed" || state === "pending");
    const wanted = names.length > 0 ? names : active.map(({ name }) => name);
    const applied: ApplyDocument[] = [];
    for (const name of wanted) applied.push(await environment.addModule(name));
    output.document({ modules: applied });
    for (const document of applied) printApplied(document, output);
    if (applied.length === 0) output.line("No module is installed.");
  });
  return undefined;
};

function printApplied({ target, steps }: ApplyDocument, output: Output): void {
  for (const step of steps) output.line(`  ${step.revision} ${step.message}`);
  output.line(`${target}: ${steps.length === 0 ? "nothing to do" : `${steps.length} applied`}`);
}

/** Lays one aside. */
export const disable: Action<object> = async ([name = ""], options, output) => {
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.disableModule(name);
    output.document(document);
    output.line(`${document.name} is laid aside, and keeps ${document.tables.join(", ") || "no tables"}.`);
  });
  return undefined;
};

interface UninstallFlags {
  readonly plan?: boolean;
  readonly cascade?: boolean;
  readonly dump?: string;
  readonly confirm?: boolean;
}

/** Drops what a module has, once somebody has seen what that is. */
export const uninstall: Action<UninstallFlags> = async ([name = ""], flags, output) => {
  const { cascade = false, dump } = flags;
  await withProject(flags, output, async ({ environment }) => {
    const planned = await environment.uninstallModule(name, { cascade, plan: true });
    if (flags.plan === true) return report(planned, output);
    if (flags.confirm !== true) {
      printPlan(planned, output, (line) => output.note(line));
      if (!(await confirm(`Drop ${planned.tables.length} tables of ${planned.modules.join(", ")}?`))) {
        const held = planned.tables.reduce((sum, table) => sum + table.rows, 0);
        const rows = `${held} ${held === 1 ? "row" : "rows"}`;
        const { modules, tables } = planned;
        throw new AthanorError("MODULE.CONFIRM", { modules, tables: tables.length, rows });
      }
    }
    const done = await environment.uninstallModule(name, {
      cascade,
      ...(dump === undefined ? {} : { dump: resolve(dump) }),
    });
    report(done, output);
  });
  return undefined;
};

function report(document: UninstallDocument, output: Output): void {
  output.document(document);
  printPlan(document, output, (line) => output.line(line));
}

function printPlan(document: UninstallDocument, output: Output, write: (line: string) => void): void {
  const { modules, tables, left, done, dumped, statements } = document;
  write(`${done ? "uninstalled" : "would uninstall"}: ${modules.join(", then ")}`);
  for (const { table, rows } of tables) write(`  ${table}: ${rows} ${rows === 1 ? "row" : "rows"}`);
  for (const each of left) write(`  stays: ${each}`);
  for (const file of dumped) write(`  written: ${file}`);
  if (!done && output.options.verbose === true) for (const sql of statements) write(`  ${sql};`);
}
