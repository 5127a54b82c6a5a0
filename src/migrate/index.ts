import { InternalError } from "../errors/index.ts";
import type { Environment } from "./environment-api.ts";
import type { EnvironmentOptions } from "./options.ts";

export type * from "./documents.ts";
export type { Environment } from "./environment-api.ts";
export type { MigrationEvent, MigrationListener } from "./events.ts";
export type * from "./options.ts";

/** Opens a project's history together with a database. Nothing connects before it is needed. */
export function openEnvironment(_options: EnvironmentOptions): Environment {
  throw new InternalError("openEnvironment is not there yet");
}
