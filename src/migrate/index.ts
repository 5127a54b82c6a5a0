export type * from "./documents.ts";
export { openEnvironment } from "./environment.ts";
export type { Environment } from "./environment-api.ts";
export type { MigrationEvent, MigrationListener } from "./events.ts";
export type * from "./options.ts";
