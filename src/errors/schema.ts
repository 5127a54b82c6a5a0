/** Errors of schemas and of SQL text in them. */
export const schemaErrors = {
  "SCHEMA.SQL_UNREADABLE": {
    exit: 2 as const,
    message: (f: { readonly sql: string; readonly position: number }): string =>
      `This SQL has a quote or bracket that never closes, at character ${f.position + 1}: ${f.sql}`,
    remedy: (_: { readonly sql: string; readonly position: number }): string =>
      "Close it; inside a string a quote is written twice.",
  },
  "SCHEMA.NO_LITERAL": {
    exit: 2 as const,
    message: (f: { readonly value: string }): string => `${f.value} cannot be written into a definition.`,
    remedy: (_: { readonly value: string }): string =>
      "Use strings, numbers, booleans and null, or write it as SQL with sql.raw.",
  },
};
