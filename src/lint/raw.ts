import { type Token, tryTokenize } from "../schema/lexer.ts";

/** What raw SQL takes away, as far as its words tell. */

/** What a raw statement empties or drops, for people; null where nothing shows. */
export function rawLoss(sql: string, said: boolean): string | null {
  for (const statement of statementsOf(sql)) {
    const [first, second, third] = statement.map((token) => token.value.toLowerCase());
    if (first === "truncate") return "every row of a table is deleted";
    const filtered = statement.some((token) => isWord(token, "where"));
    if (first === "delete" && second === "from" && !filtered) return "every row of a table is deleted";
    if (said) continue;
    if (first === "drop" && dropped.has(second ?? "")) return `a ${second} is dropped`;
    if (first === "drop" && second === "materialized" && third === "view") continue;
    if (first === "alter" && statement.some((token, at) => dropsColumn(statement, token, at)))
      return "a column is dropped";
  }
  return null;
}

/** Things that hold rows. */
const dropped: ReadonlySet<string> = new Set(["table", "schema", "database"]);

function dropsColumn(statement: readonly Token[], token: Token, at: number): boolean {
  const next = statement[at + 1];
  return isWord(token, "drop") && next !== undefined && isWord(next, "column");
}

function isWord(token: Token, word: string): boolean {
  return token.kind === "name" && token.value.toLowerCase() === word;
}

function statementsOf(sql: string): readonly (readonly Token[])[] {
  const statements: Token[][] = [[]];
  for (const token of readTokens(sql)) {
    if (token.text === ";") statements.push([]);
    else statements.at(-1)!.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

/** Text that nobody can read tells nothing; the database will say what is wrong with it. */
function readTokens(sql: string): readonly Token[] {
  return tryTokenize(sql) ?? [];
}
