/** Errors of reading a database back. */
export const inspectErrors = {
  "INSPECT.UNREADABLE": {
    exit: 3 as const,
    message: (f: { readonly sql: string; readonly position: number }): string =>
      `A definition in the database cannot be read, from "${f.sql.slice(f.position, f.position + 30)}" (character ${f.position + 1}): ${f.sql}`,
    remedy: (_: { readonly sql: string; readonly position: number }): string =>
      "Nothing was changed. Please report the definition; until then leave the table out with `includeName`.",
  },
};
