/** The command line for programs: `manage.ts` runs it after connecting handlers of its own. */
export type * from "./cli/documents.ts";
export { type ExitStatus, runCli } from "./cli/run.ts";
export type * from "./migrate/documents.ts";
export type { FleetDocument, FleetResult } from "./migrate/index.ts";
export type * from "./migrate/lint-document.ts";
export type * from "./migrate/module-documents.ts";
export type * from "./migrate/verify-document.ts";
