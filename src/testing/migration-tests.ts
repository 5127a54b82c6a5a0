import { type OpenProjectOptions, openProject } from "../config/project.ts";
import type { Environment, VerifyDocument, VerifyOptions } from "../migrate/index.ts";
import { modelsMatch, noTraceLeft, singleHead, tried, upAndDown } from "./migration-checks.ts";

/** A test runner's `test`: that of `node:test`, vitest, jest, bun. */
export type RegisterTest = (name: string, work: () => Promise<void>) => unknown;

/** Which project is tested, and how. */
export interface MigrationTestsOptions extends OpenProjectOptions, Pick<VerifyOptions, "on" | "rows"> {
  /** Whether the history may have several heads: one for each module, say. Default false. */
  readonly severalHeads?: boolean;
}

/**
 * Registers the tests that every history ought to pass: one head, every migration goes up, and down and up again, no
 * downgrade leaves a trace, and the models are what the whole history gives. The history is gone through once, on a
 * throwaway database, for all of them; neither the project's database nor a file is touched.
 *
 *     import { test } from "node:test";
 *     import { migrationTests } from "athanor/testing";
 *     migrationTests(test);
 */
export function migrationTests(test: RegisterTest, options: MigrationTestsOptions = {}): void {
  const { on, rows, severalHeads = false, ...project } = options;
  let document: Promise<VerifyDocument> | null = null;
  const verified = (): Promise<VerifyDocument> => {
    document ??= withProject(project, (environment) =>
      environment.verify({ ...(on !== undefined && { on }), ...(rows !== undefined && { rows }) }),
    );
    return document;
  };
  if (!severalHeads) test("migrations have a single head", () => withProject(project, singleHead));
  test("every migration goes up", async () => tried(await verified()));
  test("every migration goes down and up again", async () => upAndDown(await verified()));
  test("no downgrade leaves a trace, and no row is lost", async () => noTraceLeft(await verified()));
  test("the models are what the migrations give", async () => modelsMatch(await verified()));
}

async function withProject<T>(
  options: OpenProjectOptions,
  work: (environment: Environment) => Promise<T>,
): Promise<T> {
  const environment = await openProject(options);
  try {
    return await work(environment);
  } finally {
    await environment.close();
  }
}
