export { CommonTable, cte, type OutputNames, type Outputs } from "./cte.ts";
export { avg, caseWhen, cast, coalesce, count, exists, func, max, min, scalar, sum } from "./functions.ts";
export type { Loaded, LoadedOnly, RelationPath } from "./path.ts";
export type { Selection, SelectPlan } from "./plan.ts";
export {
  fieldsOf,
  type JoinName,
  type LockOptions,
  type ResultOf,
  Select,
  type Selectable,
  select,
  statementOf,
} from "./select.ts";
export { alias, type Source } from "./source.ts";
export {
  type Changes,
  Delete,
  deleteFrom,
  type Excluded,
  Insert,
  insert,
  Update,
  update,
  type WritePlan,
} from "./write.ts";
