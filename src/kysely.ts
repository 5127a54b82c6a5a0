/** `athanor/kysely`: Kysely on a Session's connection, typed from the models. */
export { type DatabaseOf, kyselyFor, type TableOf, type TypedModel } from "./kysely/index.ts";
