export type { Ailment } from "./ailment.ts";
export type { Capabilities } from "./capabilities.ts";
export type { Columnwise, ColumnwiseType, ColumnwiseTypes } from "./columnwise.ts";
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
  ServerDescription,
  Surroundings,
} from "./design.ts";
export type { Codec, Dialect, QueryDialect } from "./dialect.ts";
export type { Blocks, DurationClass, Hazard, HazardKind, LiveEffect } from "./hazards.ts";
export type { RunLimits } from "./run-limits.ts";
