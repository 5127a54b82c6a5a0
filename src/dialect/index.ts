export type { Capabilities } from "./capabilities.ts";
export type {
  Connection,
  ConnectionSource,
  ConnectOptions,
  DriverValue,
  Result,
  StatementEvent,
  TransactionOptions,
} from "./connection.ts";
export type {
  DdlWriter,
  DesignDialect,
  DiffRules,
  InspectOptions,
  Inspector,
  Plan,
  PlanCheck,
  PlanStep,
  RebuildStatements,
  Surroundings,
} from "./design.ts";
export type { Codec, Dialect, QueryDialect } from "./dialect.ts";
