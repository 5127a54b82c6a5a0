import type { Finding, LintRevision } from "./finding.ts";
import { isLintCode, type LintCode, rules } from "./rules.ts";

/** What migration files accept, in the field `ignore` of their headers. */

/** Why a file accepts a finding: by its code and subject, or by its code alone; null where it does not. */
export function reasonFor(ignore: LintRevision["ignore"], code: LintCode, subject: string): string | null {
  const said = (key: string): string | null => (Object.hasOwn(ignore, key) ? ignore[key]! : null);
  return said(`${code} ${subject}`) ?? said(code);
}

/** What files accept that is not found (`LINT901`), or that there is no code for (`LINT902`). */
export function idleSilences(
  revisions: readonly LintRevision[],
  findings: readonly Finding[],
): readonly Finding[] {
  return revisions.flatMap((revision) =>
    Object.keys(revision.ignore).flatMap((key): readonly Finding[] => {
      const [code = ""] = key.split(" ", 1);
      if (code.startsWith("VERIFY")) return [];
      if (!isLintCode(code)) return [idle(revision, "LINT902", key, `there is no ${code}`)];
      // Whether heads conflict is found out elsewhere, and no longer once they are merged.
      if (code.startsWith("LINT5")) return [];
      const made = findings.some(
        (each) =>
          each.revision === revision.revision &&
          (key === code || key === `${each.code} ${each.subject}`) &&
          each.code === code,
      );
      return made ? [] : [idle(revision, "LINT901", key, `${key} is accepted, and not found`)];
    }),
  );
}

function idle(revision: LintRevision, code: "LINT901" | "LINT902", key: string, why: string): Finding {
  const { name, severity } = rules[code];
  return {
    code,
    rule: name,
    severity,
    revision: revision.revision,
    file: revision.file,
    subject: key,
    operation: null,
    statements: [],
    why,
    lock: null,
    duration: null,
    safe: [],
    silenced: null,
    other: null,
  };
}
