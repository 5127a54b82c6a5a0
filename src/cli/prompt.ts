import type { RenameAnswer, RenameCandidate } from "../migrate/index.ts";
import { endProgress } from "./progress.ts";

/** Whether somebody is there to answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

async function ask(question: string): Promise<string> {
  endProgress();
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim().toLowerCase();
  } finally {
    terminal.close();
  }
}

/** Asks for a yes; where nobody can answer, the answer is no. */
export async function confirm(question: string): Promise<boolean> {
  if (!canAsk()) return false;
  return ["y", "yes"].includes(await ask(`${question} [y/N] `));
}

/** Asks whether what goes and what comes are the same under a new name. */
export async function askRename({ rename }: RenameCandidate): Promise<RenameAnswer> {
  const [what, to] =
    rename.kind === "column"
      ? [`column ${rename.table.name}.${rename.from}`, rename.to]
      : [`table ${rename.from.name}`, rename.to.name];
  const answer = await ask(`Was ${what} renamed to ${to}? (r)enamed, (d)ropped and added, (a)bort: `);
  if (answer.startsWith("r") || answer.startsWith("y")) return "rename";
  return answer.startsWith("d") || answer.startsWith("n") ? "drop" : "abort";
}
