/** Errors of operations that do not fit the schema they are applied to. */
export const operationErrors = {
  "OPERATION.MISSING": {
    exit: 3 as const,
    message: (f: { readonly kind: string; readonly name: string; readonly table: string | null }): string =>
      `There is no ${f.kind} "${f.name}"${f.table === null ? "" : ` in table "${f.table}"`}.`,
    remedy: (_: { readonly kind: string; readonly name: string; readonly table: string | null }): string =>
      "Check the name in the migration, and whether an earlier migration renamed or dropped it.",
  },
  "OPERATION.EXISTS": {
    exit: 3 as const,
    message: (f: { readonly kind: string; readonly name: string; readonly table: string | null }): string =>
      `There is already a ${f.kind} "${f.name}"${f.table === null ? "" : ` in table "${f.table}"`}.`,
    remedy: (_: { readonly kind: string; readonly name: string; readonly table: string | null }): string =>
      "Drop or rename it first, or choose another name.",
  },
  "OPERATION.IN_USE": {
    exit: 3 as const,
    message: (f: { readonly table: string; readonly column: string; readonly by: string }): string =>
      `Column "${f.column}" of table "${f.table}" is used by ${f.by}.`,
    remedy: (f: { readonly table: string; readonly column: string; readonly by: string }): string =>
      `Drop ${f.by} in an operation before the column.`,
  },
  "OPERATION.IRREVERSIBLE": {
    exit: 2 as const,
    message: (f: { readonly operation: string }): string =>
      `This operation cannot be reversed by itself: ${f.operation}.`,
    remedy: (_: { readonly operation: string }): string =>
      "Write the downgrade by hand, or say what the step does to the schema with `changes`.",
  },
};
