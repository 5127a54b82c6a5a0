import type { Environment, ProblemDocument } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { Output } from "../output.ts";

/** What is wrong, and what mends it. */
export function printProblems(problems: readonly ProblemDocument[], output: Output): void {
  for (const problem of problems) {
    output.result(
      `${output.style("red", problem.code.toLowerCase().replaceAll("_", " "))}: ${problem.message}`,
    );
    output.result(`  what to do: ${problem.remedy}`);
  }
}

/** Whether anything is left to do; exit 1 where something is. */
export const check: Action<object> = (_args, options, output) =>
  withProject(options, output, ({ environment }) => checkAll(environment, output), { models: true });

async function checkAll(environment: Environment, output: Output): Promise<0 | 1> {
  const document = await environment.check();
  output.document(document);
  for (const { revision, message } of document.pending) output.result(`pending: ${revision}  ${message}`);
  for (const { description } of document.differences) output.result(`models differ: ${description}`);
  printProblems(document.problems, output);
  if (document.ok)
    output.line(
      `${output.style("green", "ok")}: nothing is pending, and the models are what the database has.`,
    );
  return document.ok ? 0 : 1;
}

/** Whether files and database agree; exit 1 where they do not. */
export const validate: Action<object> = (_args, options, output) =>
  withProject(options, output, async ({ environment }) => {
    const document = await environment.validate();
    output.document(document);
    printProblems(document.problems, output);
    if (document.ok)
      output.line(`${output.style("green", "ok")}: ${document.checked} applied migrations are as they were.`);
    return document.ok ? 0 : 1;
  });
