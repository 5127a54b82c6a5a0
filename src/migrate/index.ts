export type { DiagnosisDocument } from "./diagnose.ts";
export type * from "./documents.ts";
export { openEnvironment } from "./environment.ts";
export type { Environment } from "./environment-api.ts";
export type { MigrationEvent, MigrationListener } from "./events.ts";
export {
  type FleetDocument,
  type FleetOptions,
  type FleetResult,
  type FleetTarget,
  migrateFleet,
  targetOf,
  targetsOfQuery,
} from "./fleet.ts";
export type * from "./hooks.ts";
export type * from "./lint-document.ts";
export type { ModuleBranch, ModuleConnection, ModuleHooks } from "./module-branch.ts";
export type * from "./module-documents.ts";
export type * from "./options.ts";
export type {
  VerifiedRevision,
  VerifyCode,
  VerifyDocument,
  VerifyFinding,
  VerifyOptions,
} from "./verify-document.ts";
