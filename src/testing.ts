/** Helpers for the tests of projects that use Athanor (docs/verify.md). */
export { type OpenProjectOptions, openProject } from "./config/project.ts";
export type { Environment, VerifyDocument, VerifyFinding } from "./migrate/index.ts";
export {
  type MigrationTestsOptions,
  migrationTests,
  modelsMatch,
  noTraceLeft,
  type RegisterTest,
  singleHead,
  tried,
  upAndDown,
} from "./testing/index.ts";
