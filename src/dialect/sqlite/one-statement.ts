/** What is not code: strings, quoted names and comments. */
const quoted = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\//g;

/**
 * Whether a second statement follows the first. The driver would leave it out and say nothing, which is how half
 * a migration gets lost.
 */
export function hasSecondStatement(sql: string): boolean {
  if (!sql.includes(";")) return false;
  const code = sql.replaceAll(quoted, (text) => (/^(?:--|\/\*)/.test(text) ? " " : "x"));
  if (!/^\s*create\s+(?:temp(?:orary)?\s+)?trigger\b/i.test(code)) return /;\s*[^\s;]/.test(code);
  return /;\s*end\s*;\s*[^\s;]/i.test(code);
}
