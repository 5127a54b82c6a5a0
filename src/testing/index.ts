export { modelsMatch, noTraceLeft, singleHead, tried, upAndDown } from "./migration-checks.ts";
export { type MigrationTestsOptions, migrationTests, type RegisterTest } from "./migration-tests.ts";
