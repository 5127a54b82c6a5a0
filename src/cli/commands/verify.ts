import type { Environment, VerifyDocument, VerifyFinding, VerifyOptions } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { Output } from "../output.ts";

interface VerifyFlags {
  readonly on?: string;
  readonly rows?: number;
  readonly models?: boolean;
}

/** Every migration up, down and up again; exit 1 where something is found that no file accepts. */
export const verify: Action<VerifyFlags> = ([range], { on, rows, models = true, ...options }, output) =>
  withProject(
    options,
    output,
    ({ environment }) =>
      verifyAll(
        environment,
        {
          ...(range !== undefined && { range }),
          ...(on !== undefined && { on }),
          compareModels: models,
          ...(rows !== undefined && { rows }),
        },
        output,
      ),
    { models: models && range === undefined },
  );

async function verifyAll(environment: Environment, options: VerifyOptions, output: Output): Promise<0 | 1> {
  const document = await environment.verify({
    ...options,
    onRevision: (revision, index, total) => {
      output.progress.update(`verify ${index + 1} of ${total}: ${revision}`);
    },
  });
  output.progress.end();
  output.document(document);
  const byFile = Map.groupBy(document.findings, ({ revision }) => revision ?? "the whole history");
  for (const [name, findings] of byFile) {
    output.result(`${output.style("bold", name)}  ${findings[0]?.file ?? ""}`.trimEnd());
    for (const finding of findings) printFinding(finding, output);
  }
  for (const { revision, unfilled } of document.revisions) {
    if (output.options.verbose === true && unfilled.length > 0)
      output.line(output.style("dim", `${revision}: no rows in ${unfilled.join(", ")}`));
  }
  if (document.unchecked.length > 0)
    output.result(`not tried, since they come after: ${document.unchecked.join(", ")}`);
  output.line(summary(document, output));
  return document.ok ? 0 : 1;
}

function printFinding(finding: VerifyFinding, output: Output): void {
  const { code, rule, severity, why, details, silenced, file } = finding;
  if (silenced !== null && output.options.verbose !== true) {
    output.result(output.style("dim", `  accepted ${code} ${rule} (${silenced})`));
    return;
  }
  const head =
    silenced === null ? output.style(severity === "error" ? "red" : "yellow", severity) : "accepted";
  output.result(`  ${head} ${code} ${rule}: ${why}`);
  for (const detail of details) output.result(`    ${detail.replaceAll("\n", "\n    ")}`);
  if (silenced === null)
    output.annotate(severity, `${why}\n${details.join("\n")}\n${code} ${rule}`, { file });
}

function summary({ revisions, findings, place, comparedModels }: VerifyDocument, output: Output): string {
  const tried = `${revisions.length} ${revisions.length === 1 ? "migration" : "migrations"} up, down and up again on ${place}`;
  const open = findings.filter((finding) => finding.silenced === null);
  if (open.length > 0)
    return `${open.length} ${open.length === 1 ? "finding" : "findings"} in ${tried}; a file accepts one with ignore: { "CODE": "reason" }`;
  return `${output.style("green", "ok")}: ${tried}${comparedModels ? "; the models are what they give" : ""}.`;
}
