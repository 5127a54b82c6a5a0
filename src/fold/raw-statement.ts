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
