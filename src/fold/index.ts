export { emptyFold, type Folded, fold, foldOperations, type UnknownStep } from "./fold.ts";
export { operationsFor } from "./for-dialect.ts";
export { canChangeSchema } from "./raw-statement.ts";
