import type { LintDocument } from "../migrate/index.ts";
import type { Output } from "./output.ts";

type Finding = LintDocument["findings"][number];

const colors = { error: "red", warning: "yellow", notice: "cyan" } as const;

/** A finding as people read it: what, where, why, what waits, and how to do without. */
export function findingLines(finding: Finding, output: Output): readonly string[] {
  const { code, severity, silenced, operation, other } = finding;
  const dim = (text: string): string => output.style("dim", text);
  const name = `${code} ${finding.rule}`;
  const what = operation ?? finding.subject;
  if (silenced !== null && output.options.verbose !== true)
    return [dim(`  accepted ${name}: ${what} (${silenced})`)];
  const head = silenced === null ? output.style(colors[severity], severity) : "accepted";
  const lock = finding.lock === null ? null : `${finding.lock.name}, ${blocked[finding.lock.blocks]}`;
  return [
    `  ${head} ${name}: ${what}`,
    ...statementLines(finding).map((line) => `    ${dim(line)}`),
    `    why: ${finding.why}`,
    ...(other === null ? [] : [`    other side: ${other.operation}, in ${other.revision} (${other.file})`]),
    ...(lock === null ? [] : [`    lock: ${lock}; ${finding.duration}`]),
    ...(silenced === null ? [] : [`    accepted: ${silenced}`]),
    ...(finding.safe.length === 0 ? [] : ["    safe:", ...finding.safe.map((line) => `      ${line}`)]),
  ];
}

const blocked = {
  nothing: "nobody waits",
  "schema changes": "other schema changes wait",
  writes: "writes wait",
  "reads and writes": "reads and writes wait",
} as const;

/** The first statement, and how many more there are. */
function statementLines({ statements, operation }: Finding): readonly string[] {
  const [first, ...more] = statements;
  if (first === undefined || operation === null) return [];
  const lines = first.split("\n");
  const shown = lines.length > 4 ? [...lines.slice(0, 3), "…"] : lines;
  return more.length === 0 ? shown : [...shown, `(and ${more.length} more)`];
}

/** Notes at files, for a machine that is listening. */
export function annotateFinding(finding: Finding, output: Output): void {
  if (finding.silenced !== null || finding.severity === "notice") return;
  const text = `${finding.operation ?? finding.subject}: ${finding.why}\n${finding.code} ${finding.rule}`;
  output.annotate(finding.severity, text, { file: finding.file });
}
