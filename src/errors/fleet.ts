/** Errors of migrating many databases at once. */
export const fleetErrors = {
  "FLEET.SAME_NAME": {
    exit: 2 as const,
    message: (f: { readonly name: string }): string => `Two targets are called "${f.name}".`,
    remedy: (_: { readonly name: string }): string =>
      "Give each a name of its own; the same target twice would be migrated by two at once.",
  },
  "FLEET.TARGET": {
    exit: 2 as const,
    message: (f: { readonly given: string }): string => `${f.given} is no target.`,
    remedy: (_: { readonly given: string }): string =>
      'A target is the name of a schema, a URL, or { "name", "url", "schema" } with a URL or a schema.',
  },
  "FLEET.SOURCE": {
    exit: 2 as const,
    message: (f: { readonly source: string; readonly reason: string }): string =>
      `The targets cannot be had from ${f.source}: ${f.reason}.`,
    remedy: (_: { readonly source: string; readonly reason: string }): string =>
      'Name a file (.json, .jsonl, .txt), a module (.ts, .js) whose default export is a list or a function that gives one, or a query: --targets "SELECT name FROM tenant".',
  },
  "FLEET.NO_SCHEMA": {
    exit: 2 as const,
    message: (f: { readonly schema: string }): string => `There is no schema "${f.schema}".`,
    remedy: (_: { readonly schema: string }): string => "--create-schemas makes those that are missing.",
  },
  "FLEET.FAILED": {
    exit: 3 as const,
    message: (f: { readonly failed: number; readonly skipped: number; readonly total: number }): string =>
      `Of ${f.total} targets ${f.failed} failed and ${f.skipped} were not begun.`,
    remedy: (_: { readonly failed: number; readonly skipped: number; readonly total: number }): string =>
      "The results say why. --only-failed takes up those alone that were not migrated.",
  },
};
