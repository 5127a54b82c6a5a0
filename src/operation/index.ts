export { type ApplyOptions, apply, applyAll } from "./apply.ts";
export { describe, typeLabel } from "./describe.ts";
export type * from "./operation.ts";
export { reverse } from "./reverse.ts";
