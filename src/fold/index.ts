export { operationsFor } from "../operation/for-dialect.ts";
export { canChangeSchema } from "../operation/raw-statement.ts";
export { emptyFold, type Folded, fold, foldOperations, type UnknownStep } from "./fold.ts";
