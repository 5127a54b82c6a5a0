import { migrateErrors } from "./migrate.ts";
import { revisionErrors } from "./revision.ts";
import { scriptErrors } from "./script.ts";

/** Every error Athanor raises, by code. Each area of the code has a file of its own in this folder. */
export type Catalog = typeof migrateErrors & typeof revisionErrors & typeof scriptErrors;

/** The wording, remedy and exit code of every error, by code. */
export const catalog: Catalog = { ...migrateErrors, ...revisionErrors, ...scriptErrors };

/** The closed set of codes. */
export type ErrorCode = keyof Catalog;

/** The fields that belong to a code. */
export type ErrorFields<C extends ErrorCode> = Parameters<Catalog[C]["message"]>[0];
