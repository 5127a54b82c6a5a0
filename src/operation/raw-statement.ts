/** First words of statements that read or change rows and leave the schema alone. */
const harmless: ReadonlySet<string> = new Set([
  "select",
  "insert",
  "update",
  "delete",
  "replace",
  "merge",
  "values",
  "with",
  "truncate",
  "analyze",
  "explain",
  "set",
  "lock",
]);

/** A statement's text without comments and the space around it. */
export function withoutComments(sql: string): string {
  return sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ").trim();
}

/** Whether a statement reads or writes rows and nothing else, as far as its first word tells; in doubt it does more. */
export function isDataStatement(sql: string): boolean {
  return /^(?:\(\s*)?(?:insert|update|delete|replace|select|with|values|set|do|merge|load)\b/i.test(
    withoutComments(sql),
  );
}

/** Whether a raw statement can change the schema, as far as its first word tells. In doubt it can. */
export function canChangeSchema(sql: string): boolean {
  const bare = sql
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ")
    .trim()
    .toLowerCase();
  const word = /^[a-z]+/.exec(bare)?.[0];
  if (word === undefined || !harmless.has(word)) return true;
  if (bare.replace(/;\s*$/, "").includes(";")) return true;
  return (word === "select" || word === "with") && /\binto\b/.test(bare) && !/\binsert\s+into\b/.test(bare);
}
