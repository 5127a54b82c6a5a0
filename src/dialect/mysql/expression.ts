/**
 * Text of SQL expressions, to the server and from it. A literal may hold escapes with backslashes here, and double
 * quotes are round strings, while neutral text has them round names.
 */

/** A literal in single quotes, one in double quotes, a name in backticks, a comment, or any one other character. */
const piece = /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"|`(?:[^`]|``)*`|\/\*[\s\S]*?\*\/|[\s\S]/g;

function rewrite(sql: string, change: (piece: string) => string): string {
  return sql.replaceAll(piece, (text) => (text.length > 1 ? change(text) : text));
}

/**
 * The expression with quotes in literals doubled where the server escapes them with backslashes, so that readers of
 * standard SQL find the end of each literal.
 */
export function standardQuotes(sql: string): string {
  return rewrite(sql, (text) => {
    if (!text.startsWith("'")) return text;
    const inside = text.slice(1, -1).replaceAll(/''|\\([\s\S])/g, (pair, escaped: string | undefined) => {
      if (escaped === "'") return "''";
      return escaped === '"' ? '"' : pair;
    });
    return `'${inside}'`;
  });
}

/** A literal with the character set it is in, a number in parentheses with its sign, or what is left alone whole. */
const unsteady =
  /(?<![\w$])_(\w+)('(?:[^'\\]|''|\\[\s\S])*')|-\((\d+(?:\.\d+)?)\)|'(?:[^'\\]|''|\\[\s\S])*'|`(?:[^`]|``)*`/g;

/**
 * The expression without what MySQL prints in one way when it is made and in another once a column in it has been
 * altered: `-(10)` and `-10`, `_utf8mb4'x'` and `_latin1'x'`. A connection says what a literal without it is in.
 */
export function steady(sql: string): string {
  return sql.replaceAll(unsteady, (text, charset?: string, literal?: string, number?: string) => {
    if (number !== undefined) return `-${number}`;
    if (charset === undefined || literal === undefined || charset === "binary") return text;
    const isPlain = /^utf8(?:mb[34])?$/.test(charset) || /^\p{ASCII}*$/u.test(literal);
    return isPlain ? literal : text;
  });
}

/** Text as information_schema of MySQL has it, where quotes and backslashes of literals are escaped once more. */
export function unescaped(sql: string): string {
  return sql.replaceAll(/\\(['\\])/g, "$1");
}

/**
 * A neutral expression as the server reads it: double quotes round the name of one of these columns are backticks.
 * Round anything else they are a string, as the server has it.
 */
export function serverExpression(sql: string, columns: readonly { readonly name: string }[]): string {
  return rewrite(sql, (text) => {
    if (!text.startsWith('"')) return text;
    const name = text.slice(1, -1).replaceAll('""', '"');
    return columns.some((column) => column.name === name) ? `\`${name.replaceAll("`", "``")}\`` : text;
  });
}

/** Whether the whole text stands in one pair of parentheses. */
export function isParenthesized(sql: string): boolean {
  let depth = 0;
  let closedAt = -1;
  let at = 0;
  for (const [text] of sql.matchAll(piece)) {
    if (text === "(") depth++;
    if (text === ")" && --depth === 0 && closedAt < 0) closedAt = at;
    at += text.length;
  }
  return sql.startsWith("(") && closedAt === sql.length - 1;
}

const literal =
  /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|(?:_\w+\s*|[xbn])?'(?:[^'\\]|''|\\[\s\S])*'|0x[0-9a-f]+|null|true|false)$/i;

/** Whether the text is one literal. */
export function isLiteral(sql: string): boolean {
  return literal.test(sql);
}

const moment = /^(?:current_timestamp|localtimestamp|localtime|now)(?:\s*\(\s*\d*\s*\))?$/i;

/** Whether the text is the present moment, in any of its spellings. */
export function isPresentMoment(sql: string): boolean {
  return moment.test(sql);
}

/** The text without parentheses round the whole. */
export function bare(sql: string): string {
  const trimmed = sql.trim();
  return isParenthesized(trimmed) ? bare(trimmed.slice(1, -1)) : trimmed;
}
