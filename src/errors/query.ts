/** Errors of queries that cannot be built. */
export const queryErrors = {
  "QUERY.JOIN_CONDITION": {
    exit: 2 as const,
    message: (f: { readonly left: string; readonly right: string; readonly found: number }): string =>
      `${f.left} and ${f.right} have ${f.found === 0 ? "no foreign key" : `${f.found} foreign keys`} between them to join along.`,
    remedy: (f: { readonly left: string; readonly right: string; readonly found: number }): string =>
      `Give the condition: .join(${f.right}, ${f.left}.c.….eq(${f.right}.c.…)).`,
  },
  "QUERY.NO_SOURCE": {
    exit: 2 as const,
    message: (_: Record<never, never>): string => "The query does not say what it selects from.",
    remedy: (_: Record<never, never>): string => "Add .from(Model): select(count()).from(Hero).",
  },
  "QUERY.COLUMN_COUNT": {
    exit: 2 as const,
    message: (f: { readonly model: string; readonly columns: number; readonly selected: number }): string =>
      `${f.columns} columns of ${f.model} are to be inserted, and the query gives ${f.selected}.`,
    remedy: (_: { readonly model: string; readonly columns: number; readonly selected: number }): string =>
      "Select one value for each column, in the same order.",
  },
  "QUERY.NO_KYSELY": {
    exit: 2 as const,
    message: (f: { readonly what: string }): string => `Kysely over a Session has no ${f.what}.`,
    remedy: (_: { readonly what: string }): string =>
      "Ask the Session itself: `session.exec(select(…))`, which streams too, or `session.exec(sql`…`)` with any text.",
  },
  "QUERY.NO_RETURNING": {
    exit: 2 as const,
    message: (f: { readonly statement: string }): string =>
      `This database gives no rows back from ${f.statement.toUpperCase()}.`,
    remedy: (f: { readonly statement: string }): string =>
      f.statement === "insert"
        ? "Leave `.returning()` out; objects that a Session inserts are read back on every database."
        : "Leave `.returning()` out, and select the rows before or afterwards, with the same condition.",
  },
  "QUERY.NO_VALUES": {
    exit: 2 as const,
    message: (f: { readonly statement: string; readonly model: string }): string =>
      `The ${f.statement} of ${f.model} has no values.`,
    remedy: (f: { readonly statement: string; readonly model: string }): string =>
      f.statement === "insert" ? "Give rows with .values(…)." : "Give changes with .set(…).",
  },
};
