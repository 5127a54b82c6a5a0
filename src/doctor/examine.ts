import { databaseChecks } from "./database-checks.ts";
import type { Check, Finding, Need } from "./finding.ts";
import type { DoctorInput } from "./input.ts";
import { moduleChecks } from "./module-checks.ts";
import { schemaChecks } from "./schema-checks.ts";

/** Every check there is, by code. */
export const checks: readonly Check<DoctorInput>[] = [
  ...moduleChecks,
  ...schemaChecks,
  ...databaseChecks,
].sort((a, b) => (a.code < b.code ? -1 : 1));

/** Which checks run, and what is lived with. */
export interface ExamineOptions {
  /** Codes; none means all. */
  readonly only?: readonly string[];
  /** Reasons by code, or by `CODE:subject`. */
  readonly ignore?: Readonly<Record<string, string>>;
}

/** `doctor` */
export interface DoctorDocument {
  /** Whether nothing was found that breaks something: no error that nobody lives with. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** The codes that were looked for. */
  readonly ran: readonly string[];
  /** Those that could not be, and what they would have needed. */
  readonly skipped: readonly { readonly code: string; readonly needs: Need }[];
}

const order = { error: 0, warning: 1, notice: 2 } as const;

/** Runs the checks. Pure but for the imports of files that are asked for. */
export async function examine(input: DoctorInput, options: ExamineOptions = {}): Promise<DoctorDocument> {
  const { only = [], ignore = {} } = options;
  const findings: Finding[] = [];
  const ran: string[] = [];
  const skipped: { code: string; needs: Need }[] = [];
  for (const check of checks) {
    const { code, rule, severity, needs } = check;
    if (only.length > 0 && !only.includes(code)) continue;
    const missing = needs.find((need) => input[need] === null);
    if (missing !== undefined) {
      skipped.push({ code, needs: missing });
      continue;
    }
    ran.push(code);
    for (const found of await check.find(input)) {
      const ignored = ignore[`${code}:${found.subject}`] ?? ignore[code] ?? null;
      findings.push({ code, rule, severity, module: null, file: null, ...found, ignored });
    }
  }
  findings.sort((a, b) => order[a.severity] - order[b.severity]);
  const ok = !findings.some((finding) => finding.severity === "error" && finding.ignored === null);
  return { ok, findings, ran, skipped };
}
