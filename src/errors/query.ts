/** Errors of queries that cannot be built. */
export const queryErrors = {
  "QUERY.JOIN_CONDITION": {
    exit: 2 as const,
    message: (f: { readonly left: string; readonly right: string; readonly found: number }): string =>
      `${f.left} and ${f.right} have ${f.found === 0 ? "no foreign key" : `${f.found} foreign keys`} between them to join along.`,
    remedy: (f: { readonly left: string; readonly right: string; readonly found: number }): string =>
      `Give the condition: .join(${f.right}, ${f.left}.c.….eq(${f.right}.c.…)).`,
  },
  "QUERY.NO_VALUES": {
    exit: 2 as const,
    message: (f: { readonly statement: string; readonly model: string }): string =>
      `The ${f.statement} of ${f.model} has no values.`,
    remedy: (f: { readonly statement: string; readonly model: string }): string =>
      f.statement === "insert" ? "Give rows with .values(…)." : "Give changes with .set(…).",
  },
};
