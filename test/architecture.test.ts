/** The structure of `src`, held: see `docs/contributing.md` for the why, `test/architecture/layers.ts` for the table. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { measureDuplication } from "./architecture/duplication.ts";
import { exceptions } from "./architecture/exceptions.ts";
import { checkCycles, checkLayers, checkPackages, checkPlanes } from "./architecture/imports.ts";
import { layers } from "./architecture/layers.ts";
import { type Problem, readSources, type SourceFile } from "./architecture/source.ts";
import {
  checkAny,
  checkBareErrors,
  checkDatabaseNames,
  checkDocumented,
  checkProcess,
  checkSize,
} from "./architecture/text.ts";

const files = readSources();

/** Every rule by the name its test has. */
const rules: Readonly<Record<string, (files: readonly SourceFile[]) => readonly Problem[]>> = {
  "imports stay within the row of their layer": checkLayers,
  "packages are imported only where the table says, and pure layers have nothing of the outside":
    checkPackages,
  "design time and run time do not load each other": checkPlanes,
  "no files import each other in a circle": checkCycles,
  "files have at most 500 lines, functions 80": checkSize,
  "every exported declaration has a doc comment": checkDocumented,
  "no database is named outside its folder": checkDatabaseNames,
  "errors carry a code": checkBareErrors,
  "console and process.exit belong to the command line": checkProcess,
  "any has a reason": checkAny,
};

describe("the architecture", () => {
  const broken = Object.entries(rules).map(([name, check]) => [name, check(files)] as const);

  for (const [name, problems] of broken) {
    test(name, () => {
      const left = problems.filter((problem) => !isExcused(problem));
      assert.ok(left.length === 0, `\n${left.map(describeProblem).join("\n")}\n`);
    });
  }

  test("every exception is still needed", () => {
    const all = broken.flatMap(([, problems]) => problems);
    const idle = exceptions.filter(({ rule, file }) => !all.some((p) => p.rule === rule && p.file === file));
    assert.deepEqual(idle, [], "remove them from test/architecture/exceptions.ts");
  });

  test("the table of layers has no circle of its own", () => {
    const placed = new Set<string>();
    for (let before = -1; before !== placed.size; ) {
      before = placed.size;
      for (const [name, row] of Object.entries(layers))
        if (row.may.every((to) => placed.has(to))) placed.add(name);
    }
    assert.deepEqual([...placed].sort(), Object.keys(layers).sort());
  });

  test("at most 2 % of src is written twice", () => {
    const { percentage, clones } = measureDuplication("src");
    assert.ok(percentage <= 2, `${percentage} % is:\n${clones.join("\n")}`);
  });
});

function isExcused(problem: Problem): boolean {
  return exceptions.some(({ rule, file }) => rule === problem.rule && file === problem.file);
}

function describeProblem({ file, line, what }: Problem): string {
  return `${file}:${line} ${what}`;
}
