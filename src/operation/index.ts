export { type ApplyOptions, apply, applyAll } from "./apply.ts";
export { describe, typeLabel } from "./describe.ts";
export { operationsFor } from "./for-dialect.ts";
export type * from "./operation.ts";
export { canChangeSchema } from "./raw-statement.ts";
export { reverse } from "./reverse.ts";
