/** Finding the models of a project (docs/discovery.md). */
export * from "./discover/index.ts";
export { AthanorError, isAthanorError } from "./errors/index.ts";
