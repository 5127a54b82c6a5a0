import type { CheckOptions, ComparisonSource, Environment, ProblemDocument } from "../../migrate/index.ts";
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
    for (const file of problem.files.length > 0 ? problem.files : [null])
      output.annotate("error", `${problem.message}\n${problem.remedy}\n${problem.code}`, { file });
  }
}

/** Whether anything is left to do; exit 1 where something is. */
export const check: Action<CheckOptions> = (_args, { from, on, ...options }, output) =>
  withProject(
    options,
    output,
    ({ environment }) =>
      checkAll(environment, { ...(from !== undefined && { from }), ...(on !== undefined && { on }) }, output),
    { models: true, database: (from ?? "database") === "database" || on === "server" },
  );

const allWell: Readonly<Record<ComparisonSource, string>> = {
  database: "nothing is pending, and the models are what the database has.",
  history: "the models are what the history says.",
  shadow: "the models are what the history gives on an empty database.",
};

async function checkAll(environment: Environment, options: CheckOptions, output: Output): Promise<0 | 1> {
  const document = await environment.check(options);
  output.document(document);
  for (const { revision, message, file } of document.pending) {
    output.result(`pending: ${revision}  ${message}`);
    output.annotate("error", `pending: ${revision}  ${message}`, { file });
  }
  for (const { description } of document.differences) {
    output.result(`models differ: ${description}`);
    output.annotate("error", `models differ: ${description}`, {});
  }
  printProblems(document.problems, output);
  if (document.ok) output.line(`${output.style("green", "ok")}: ${allWell[options.from ?? "database"]}`);
  return document.ok ? 0 : 1;
}

/** Whether files and database agree; exit 1 where they do not. */
export const validate: Action<object> = (_args, options, output) =>
  withProject(options, output, async ({ environment }) => {
    const document = await environment.validate();
    output.document(document);
    printProblems(document.problems, output);
    if (document.ok)
      output.line(
        `${output.style("green", "ok")}: ${document.checked === 1 ? "1 applied migration is as it was" : `${document.checked} applied migrations are as they were`}.`,
      );
    return document.ok ? 0 : 1;
  });
