export { inspectDatabase } from "./inspect.ts";
export { findLeftovers, type Leftover } from "./leftovers.ts";
