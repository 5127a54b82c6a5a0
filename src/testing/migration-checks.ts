import { AthanorError } from "../errors/index.ts";
import type { Environment, VerifyCode, VerifyDocument } from "../migrate/index.ts";

/** Throws `MIGRATE.SEVERAL_HEADS` where the history, or the branch of a module, has more than one. */
export async function singleHead(environment: Environment): Promise<void> {
  const { problems } = await environment.heads();
  const [problem] = problems;
  if (problem !== undefined) throw new AthanorError("MIGRATE.SEVERAL_HEADS", { heads: problem.revisions });
}

/** Throws `MIGRATE.NOT_VERIFIED` where a migration cannot be applied, to empty tables or to rows. */
export function tried(document: VerifyDocument): void {
  refuse(document, ["VERIFY101", "VERIFY102"]);
}

/** Throws `MIGRATE.NOT_VERIFIED` where a migration cannot be undone, or applied again afterwards. */
export function upAndDown(document: VerifyDocument): void {
  refuse(document, ["VERIFY103", "VERIFY106", "VERIFY107"]);
}

/** Throws `MIGRATE.NOT_VERIFIED` where a downgrade does not lead back, or rows do not survive. */
export function noTraceLeft(document: VerifyDocument): void {
  refuse(document, ["VERIFY104", "VERIFY105"]);
}

/** Throws `MIGRATE.NOT_VERIFIED` where the models are not what the history gives, or it does not do what it says. */
export function modelsMatch(document: VerifyDocument): void {
  refuse(document, ["VERIFY108", "VERIFY109"]);
}

/** What no file accepts of these is thrown. */
function refuse({ findings }: VerifyDocument, codes: readonly VerifyCode[]): void {
  const found = findings.filter(({ code, silenced }) => codes.includes(code) && silenced === null);
  if (found.length === 0) return;
  const lines = found.map(
    ({ code, file, why, details }) =>
      `${code} ${file === null ? "" : `${file}: `}${why}${details.map((detail) => `\n    ${detail}`).join("")}`,
  );
  throw new AthanorError("MIGRATE.NOT_VERIFIED", { findings: lines });
}
