export { type Position, type RelationOptions, RevisionGraph } from "./graph.ts";
export type { HeadWrite } from "./heads.ts";
export type { RevisionInput } from "./node.ts";
export type { Direction, Plan, Step } from "./plan.ts";
export type { StampPlan, StampStep } from "./stamp.ts";
