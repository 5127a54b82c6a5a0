import { databaseErrors } from "./database.ts";
import { migrateErrors } from "./migrate.ts";
import { operationErrors } from "./operation.ts";
import { revisionErrors } from "./revision.ts";
import { schemaErrors } from "./schema.ts";
import { scriptErrors } from "./script.ts";
import { sessionErrors } from "./session.ts";

/** Every error Athanor raises, by code. Each area of the code has a file of its own in this folder. */
export type Catalog = typeof databaseErrors &
  typeof migrateErrors &
  typeof operationErrors &
  typeof revisionErrors &
  typeof schemaErrors &
  typeof scriptErrors &
  typeof sessionErrors;

/** The wording, remedy and exit code of every error, by code. */
export const catalog: Catalog = {
  ...databaseErrors,
  ...migrateErrors,
  ...operationErrors,
  ...revisionErrors,
  ...schemaErrors,
  ...scriptErrors,
  ...sessionErrors,
};

/** The closed set of codes. */
export type ErrorCode = keyof Catalog;

/** The fields that belong to a code. */
export type ErrorFields<C extends ErrorCode> = Parameters<Catalog[C]["message"]>[0];
