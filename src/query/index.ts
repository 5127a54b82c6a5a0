export { avg, caseWhen, cast, count, exists, func, max, min, scalar, sum } from "./functions.ts";
export type { Loaded, RelationPath } from "./path.ts";
export {
  type ResultOf,
  Select,
  type Selectable,
  type Selection,
  type SelectPlan,
  select,
  statementOf,
} from "./select.ts";
export { alias, type Source } from "./source.ts";
export { type Changes, Delete, deleteFrom, Insert, insert, Update, update, type WritePlan } from "./write.ts";
