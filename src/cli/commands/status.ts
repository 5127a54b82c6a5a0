import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import { printProblems } from "./check.ts";

/** Where the database stands. */
export const status: Action<object> = async (_args, options, output) => {
  await withProject(options, output, async ({ environment, config }) => {
    const { maskUrl } = await import("../../util/mask-url.ts");
    const document = await environment.status();
    output.document(document);
    const names = (list: readonly string[]): string => list.join(", ") || "<base>";
    const { PROJECT_NAME } = config.values.general;
    if (config.origins.get("PROJECT_NAME") !== "default") output.result(`project   ${PROJECT_NAME}`);
    output.result(`database  ${maskUrl(config.databaseUrl)} (${document.dialect})`);
    output.result(`current   ${names(document.current)}`);
    output.result(`heads     ${names(document.heads)}`);
    output.result(`applied   ${document.applied}`);
    output.result(`pending   ${document.pending.length}`);
    for (const revision of document.pending) output.result(`  ${revision.revision}  ${revision.message}`);
    printProblems(document.problems, output);
  });
  return undefined;
};
