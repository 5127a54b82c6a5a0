/** How a database says what others say in other words. What a dialect leaves out is said as the standard does. */
export interface QueryWords {
  /** What begins the clause that an insert has for keys that are taken. */
  readonly upsert: "on conflict" | "on duplicate key";
  /** The end of an insert without any values. */
  readonly noValues: string;
  /** Whether DEFAULT can stand in VALUES. */
  readonly defaultInValues: boolean;
  /** Whether ORDER BY has NULLS FIRST and NULLS LAST. */
  readonly nullsOrder: boolean;
  /** The clause that locks rows and lets others lock them likewise. */
  readonly shareLock: string;
  /** Whether assignments are made one after the other, so that later ones read what earlier ones have set. */
  readonly assignsInTurn: boolean;
}

const standard: QueryWords = {
  upsert: "on conflict",
  noValues: " DEFAULT VALUES",
  defaultInValues: true,
  nullsOrder: true,
  shareLock: " FOR SHARE",
  assignsInTurn: false,
};

/** The words of a dialect. */
export function wordsOf(dialect: { readonly words?: Partial<QueryWords> }): QueryWords {
  return dialect.words === undefined ? standard : { ...standard, ...dialect.words };
}
