export { type Catalog, catalog, type ErrorCode, type ErrorFields } from "./catalog.ts";
export { AthanorError, type ErrorDefinition, type ExitCode, InternalError, isAthanorError } from "./error.ts";
