import { AthanorError } from "../../errors/index.ts";
import {
  closingParenthesis,
  isIdentifier,
  isWord,
  type LexicalRules,
  type Token,
  tokenize,
} from "../../schema/lexer.ts";

/** How SQLite reads characters. */
export const sqliteRules: LexicalRules = {
  brackets: true,
  nestedComments: false,
  dollarAndEscapeStrings: false,
};

/** Walks over the tokens of a definition that SQLite has accepted. */
export class Cursor {
  readonly sql: string;
  readonly tokens: readonly Token[];
  at = 0;

  constructor(sql: string) {
    this.sql = sql;
    this.tokens = tokenize(sql, sqliteRules);
  }

  /** The token that comes, or one further on. */
  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** Whether these bare words come next, in any case. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, ahead) => isWord(this.peek(ahead), word));
  }

  /** Steps over the words if they come next; says whether they did. */
  take(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.at += words.length;
    return true;
  }

  /** Steps over the sign if it comes next; says whether it did. */
  takeSign(text: string): boolean {
    if (this.peek()?.text !== text) return false;
    this.at += 1;
    return true;
  }

  expectSign(text: string): void {
    if (!this.takeSign(text)) throw this.unreadable();
  }

  next(): Token {
    const token = this.peek();
    if (token === undefined) throw this.unreadable();
    this.at += 1;
    return token;
  }

  /** A name: SQLite takes a string in quotes for one as well. */
  name(): string {
    const token = this.next();
    if (token.kind === "string" || isIdentifier(token)) return token.value;
    throw this.unreadable();
  }

  /** The last part of a name that may be qualified. */
  qualifiedName(): string {
    const first = this.name();
    return this.takeSign(".") ? this.name() : first;
  }

  /** The text between the parenthesis that comes next and the one that closes it. */
  parenthesized(): string {
    const open = this.peek();
    if (open?.text !== "(") throw this.unreadable();
    const close = closingParenthesis(this.tokens, this.at);
    this.at = close + 1;
    return this.sql.slice(open.end, this.tokens[close]!.start).trim();
  }

  /** The names between parentheses that come next; null where no parenthesis does. */
  nameList(): readonly string[] | null {
    if (!this.takeSign("(")) return null;
    const names = [this.name()];
    while (this.takeSign(",")) names.push(this.name());
    this.expectSign(")");
    return names;
  }

  unreadable(): AthanorError {
    return new AthanorError("INSPECT.UNREADABLE", {
      sql: this.sql,
      position: this.peek()?.start ?? this.sql.length,
    });
  }
}
