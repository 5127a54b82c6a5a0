import { cliErrors } from "./cli.ts";
import { configErrors } from "./config.ts";
import { databaseErrors } from "./database.ts";
import { discoveryErrors } from "./discovery.ts";
import { doctorErrors } from "./doctor.ts";
import { fleetErrors } from "./fleet.ts";
import { inspectErrors } from "./inspect.ts";
import { logErrors } from "./log.ts";
import { migrateErrors } from "./migrate.ts";
import { modelErrors } from "./model.ts";
import { moduleErrors } from "./module.ts";
import { operationErrors } from "./operation.ts";
import { planErrors } from "./plan.ts";
import { queryErrors } from "./query.ts";
import { revisionErrors } from "./revision.ts";
import { schemaErrors } from "./schema.ts";
import { scriptErrors } from "./script.ts";
import { sessionErrors } from "./session.ts";
import { signalErrors } from "./signal.ts";

/** Every error Athanor raises, by code. Each area of the code has a file of its own in this folder. */
export type Catalog = typeof cliErrors &
  typeof discoveryErrors &
  typeof configErrors &
  typeof databaseErrors &
  typeof doctorErrors &
  typeof fleetErrors &
  typeof inspectErrors &
  typeof migrateErrors &
  typeof modelErrors &
  typeof moduleErrors &
  typeof operationErrors &
  typeof planErrors &
  typeof queryErrors &
  typeof revisionErrors &
  typeof schemaErrors &
  typeof scriptErrors &
  typeof sessionErrors &
  typeof logErrors &
  typeof signalErrors;

/** The wording, remedy and exit code of every error, by code. */
export const catalog: Catalog = {
  ...cliErrors,
  ...discoveryErrors,
  ...configErrors,
  ...databaseErrors,
  ...doctorErrors,
  ...fleetErrors,
  ...inspectErrors,
  ...migrateErrors,
  ...modelErrors,
  ...moduleErrors,
  ...operationErrors,
  ...planErrors,
  ...queryErrors,
  ...revisionErrors,
  ...schemaErrors,
  ...scriptErrors,
  ...sessionErrors,
  ...logErrors,
  ...signalErrors,
};

/** The closed set of codes. */
export type ErrorCode = keyof Catalog;

/** The fields that belong to a code. */
export type ErrorFields<C extends ErrorCode> = Parameters<Catalog[C]["message"]>[0];
