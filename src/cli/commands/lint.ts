import type { Environment, LintDocument, LintOptions } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import { annotateFinding, findingLines } from "../finding-lines.ts";
import type { Output } from "../output.ts";

interface LintFlags {
  readonly offline?: boolean;
  readonly exitCode?: NonNullable<LintOptions["failOn"]>;
}

/** What migrations would do to a system that is running; exit 1 where something is found to stop for. */
export const lint: Action<LintFlags> = ([range], { offline, exitCode, ...options }, output) =>
  withProject(options, output, ({ environment }) =>
    lintAll(
      environment,
      {
        ...(range !== undefined && { range }),
        ...(offline !== undefined && { offline }),
        ...(exitCode !== undefined && { failOn: exitCode }),
      },
      output,
    ),
  );

async function lintAll(environment: Environment, options: LintOptions, output: Output): Promise<0 | 1> {
  const document = await environment.lint(options);
  output.document(document);
  const byRevision = Map.groupBy(document.findings, (finding) => finding.revision);
  for (const [revision, findings] of byRevision) {
    output.result(`${output.style("bold", revision)}  ${findings[0]?.file ?? ""}`);
    for (const finding of findings) {
      for (const line of findingLines(finding, output)) output.result(line);
      annotateFinding(finding, output);
    }
  }
  output.line(summary(document, output));
  return document.ok ? 0 : 1;
}

const scopes: Readonly<Record<LintDocument["scope"], string>> = {
  pending: "pending",
  range: "of the range",
  heads: "at the heads",
};

function summary({ findings, revisions, scope }: LintDocument, output: Output): string {
  const looked = `${revisions.length} ${revisions.length === 1 ? "migration" : "migrations"} ${scopes[scope]}`;
  const open = findings.filter((finding) => finding.silenced === null);
  const accepted = findings.length - open.length;
  const counts = (["error", "warning", "notice"] as const).flatMap((severity) => {
    const count = open.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? "" : "s"}`];
  });
  if (accepted > 0) counts.push(`${accepted} accepted`);
  if (open.length === 0) {
    const rest = accepted > 0 ? ` (${accepted} accepted)` : "";
    return `${output.style("green", "ok")}: nothing found in ${looked}${rest}.`;
  }
  const how = 'a file accepts one with ignore: { "CODE": "reason" }; docs/lint.md has all codes';
  return `${counts.join(", ")} in ${looked}; ${how}`;
}
