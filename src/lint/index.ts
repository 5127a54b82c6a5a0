export { type Branch, conflicts } from "./conflicts.ts";
export type { Finding, LintContext, LintRevision } from "./finding.ts";
export { lint } from "./lint.ts";
export { isLintCode, type LintCode, type Rule, rules, type Severity } from "./rules.ts";
export { idleSilences } from "./silence.ts";
