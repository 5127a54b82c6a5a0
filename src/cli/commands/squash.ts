import type { RebaseDocument, SquashDocument } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { Output } from "../output.ts";
import { showConflicts } from "./merge.ts";

interface SquashFlags {
  readonly message?: string;
  readonly leaveOut?: readonly string[];
  readonly on?: string;
  readonly dryRun?: boolean;
}

/** Puts the revisions of a range into one file. */
export const squash: Action<SquashFlags> = async ([range = ""], options, output) => {
  const { message, leaveOut, on, dryRun } = options;
  await withProject(options, output, async ({ environment }) => {
    output.progress.update(`squash ${range}: trying it on throwaway databases`);
    const document = await environment.squash(range, {
      ...(message !== undefined && { message }),
      ...(leaveOut !== undefined && { leaveOut }),
      ...(on !== undefined && { on }),
      ...(dryRun !== undefined && { dryRun }),
    });
    output.progress.end();
    printSquashed(document, output);
  });
  return undefined;
};

function printSquashed(document: SquashDocument, output: Output): void {
  output.document(document);
  if (document.outcome === "dry run") output.result(document.source.trimEnd());
  else {
    output.result(`${output.style("green", "wrote")} ${document.file}`);
    for (const file of document.removed) output.result(`${output.style("yellow", "removed")} ${file}`);
  }
  const [first, ...more] = [
    `${document.replaces.length} migrations are one, proven equal on ${document.place}.`,
    ...(document.leftOut.length === 0 ? [] : [`left out: ${document.leftOut.join(", ")}`]),
    `A database past ${document.revision} has it; one in the middle has to be brought past it with the old files.`,
  ];
  for (const line of [first ?? "", ...more]) output.note(line);
}

interface RebaseFlags {
  readonly onto?: string;
  readonly dryRun?: boolean;
}

/** Lets a branch follow another head. */
export const rebase: Action<RebaseFlags> = async ([revision = ""], options, output) => {
  const { onto, dryRun } = options;
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.rebase({
      revision,
      ...(onto !== undefined && { onto }),
      dryRun: true,
    });
    await showConflicts(environment, [document.moved.at(-1) ?? revision, document.onto], output);
    if (dryRun === true) return printRebased(document, output);
    printRebased(await environment.rebase({ revision, onto: document.onto }), output);
  });
  return undefined;
};

function printRebased(document: RebaseDocument, output: Output): void {
  output.document(document);
  const { outcome, file, source, revision, from, onto, moved } = document;
  if (outcome === "dry run") output.result(source.trimEnd());
  else output.result(`${output.style("green", "changed")} ${file}`);
  const more = moved.length === 1 ? "" : `, and ${moved.slice(1).join(", ")} with it`;
  output.note(`${revision} follows ${onto}, no longer ${from.join(", ")}${more}.`);
}
