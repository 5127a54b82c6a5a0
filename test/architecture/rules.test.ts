/** Each rule of the architecture sees what it is there to see. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { measureDuplication } from "./duplication.ts";
import { checkCycles, checkLayers, checkPackages, checkPlanes } from "./imports.ts";
import { type Problem, parseSource, type SourceFile } from "./source.ts";
import {
  checkAny,
  checkBareErrors,
  checkDatabaseNames,
  checkDocumented,
  checkProcess,
  checkSize,
} from "./text.ts";

type Rule = (files: readonly SourceFile[]) => readonly Problem[];

/** What `rule` says of the given files, as `path:line`. */
function places(rule: Rule, sources: Readonly<Record<string, string>>): readonly string[] {
  const files = Object.entries(sources).map(([path, text]) => parseSource(path, text));
  return rule(files).map((problem) => `${problem.file}:${problem.line}`);
}

describe("layers", () => {
  const seen = (path: string, text: string): readonly string[] => places(checkLayers, { [path]: text });

  test("every form of import is seen", () => {
    const forms = [
      'import { x } from "../session/index.ts";',
      'import type { x } from "../session/index.ts";',
      'export { x } from "../session/index.ts";',
      'export * from "../session/index.ts";',
      'const x = await import("../session/index.ts");',
      'type X = import("../session/index.ts").X;',
    ];
    for (const form of forms) assert.deepEqual(seen("src/diff/a.ts", `\n${form}`), ["src/diff/a.ts:2"], form);
  });

  test("the row is allowed, and so are util, errors and the folder itself", () => {
    const text = ["schema", "operation", "dialect", "util", "errors", "diff"]
      .map((to) => `import "../${to}/index.ts";`)
      .join("\n");
    assert.deepEqual(seen("src/diff/a.ts", text), []);
  });

  test("a database sees no other", () => {
    assert.deepEqual(seen("src/dialect/one/a.ts", 'import "../two/b.ts";'), ["src/dialect/one/a.ts:1"]);
    assert.deepEqual(seen("src/dialect/one/a.ts", 'import "../codec.ts"; import "./b.ts";'), []);
  });

  test("the contract loads a database by import() and in no other way", () => {
    assert.deepEqual(seen("src/dialect/a.ts", 'import "./one/index.ts";'), ["src/dialect/a.ts:1"]);
    assert.deepEqual(seen("src/dialect/a.ts", 'await import("./one/index.ts");'), []);
  });

  test("nothing imports cli, an entry, or what is outside src", () => {
    assert.deepEqual(seen("src/testing/a.ts", 'import "../cli/run.ts";'), ["src/testing/a.ts:1"]);
    assert.deepEqual(seen("src/index.ts", 'import "./cli/run.ts";'), ["src/index.ts:1"]);
    assert.deepEqual(seen("src/cli/a.ts", 'import "../index.ts";'), ["src/cli/a.ts:1"]);
    assert.deepEqual(seen("src/cli/a.ts", 'import "../../test/a.ts";'), ["src/cli/a.ts:1"]);
  });

  test("a folder or an entry that the table does not know is refused", () => {
    assert.deepEqual(seen("src/helpers/a.ts", ""), ["src/helpers/a.ts:1"]);
    assert.deepEqual(seen("src/helpers.ts", ""), ["src/helpers.ts:1"]);
  });
});

describe("packages", () => {
  const seen = (path: string, text: string): readonly string[] => places(checkPackages, { [path]: text });

  test("stand only in their layers", () => {
    assert.deepEqual(seen("src/model/a.ts", 'import { z } from "zod/v4";'), []);
    assert.deepEqual(seen("src/diff/a.ts", 'import type { z } from "zod";'), ["src/diff/a.ts:1"]);
    assert.deepEqual(seen("src/index.ts", 'import "zod";'), ["src/index.ts:1"]);
  });

  test("drivers are loaded when a database is opened", () => {
    assert.deepEqual(seen("src/dialect/one/a.ts", 'await import("mysql2/promise");'), []);
    assert.deepEqual(seen("src/dialect/one/a.ts", 'import type { Pool } from "pg";'), []);
    assert.deepEqual(seen("src/dialect/one/a.ts", 'import { type Pool } from "pg";'), [
      "src/dialect/one/a.ts:1",
    ]);
    assert.deepEqual(seen("src/session/a.ts", 'await import("pg");'), ["src/session/a.ts:1"]);
  });

  test("pure layers do without files, and everybody writes node:", () => {
    assert.deepEqual(seen("src/diff/a.ts", 'import "node:fs";'), ["src/diff/a.ts:1"]);
    assert.deepEqual(seen("src/script/a.ts", 'import "node:fs";'), []);
    assert.deepEqual(seen("src/script/a.ts", 'import "fs";'), ["src/script/a.ts:1"]);
  });
});

describe("planes", () => {
  const entry = 'export { a } from "./session/a.ts";';

  test("a load from afar is seen", () => {
    const middle = 'import { b } from "../dialect/b.ts"; export const a = b;';
    const far = (line: string): readonly string[] =>
      places(checkPlanes, { "src/index.ts": entry, "src/session/a.ts": middle, "src/dialect/b.ts": line });
    assert.deepEqual(far('import "../plan/c.ts";'), ["src/index.ts:1"]);
    assert.deepEqual(far('import { type C } from "../plan/c.ts";'), ["src/index.ts:1"]);
    assert.deepEqual(far('import "./one/ddl.ts";'), ["src/index.ts:1"]);
    assert.deepEqual(far('import type { C } from "../plan/c.ts";'), []);
    assert.deepEqual(far('export const c = () => import("../plan/c.ts");'), []);
    assert.deepEqual(far('import "./one/driver.ts";'), []);
  });

  test("migration files never reach the session", () => {
    assert.deepEqual(places(checkPlanes, { "src/migrations.ts": entry }), ["src/migrations.ts:1"]);
  });
});

test("circles are seen, however wide, and lazy imports do not close one", () => {
  const circle = (last: string): readonly string[] =>
    places(checkCycles, {
      "src/diff/a.ts": 'import "./b.ts";',
      "src/diff/b.ts": 'import type { C } from "./c.ts";',
      "src/diff/c.ts": last,
    });
  assert.equal(circle('import "./a.ts";').length, 1);
  assert.deepEqual(circle('await import("./a.ts");'), []);
});

test("long files and long functions are seen", () => {
  const body = (lines: number): string => "  work();\n".repeat(lines);
  assert.deepEqual(places(checkSize, { "src/diff/a.ts": `\nfunction f() {\n${body(79)}}` }), [
    "src/diff/a.ts:2",
  ]);
  assert.deepEqual(places(checkSize, { "src/diff/a.ts": `const f = () => {\n${body(78)}};` }), []);
  assert.deepEqual(places(checkSize, { "src/diff/a.ts": `class A {\n m() {\n${body(79)}}}` }), [
    "src/diff/a.ts:2",
  ]);
  assert.deepEqual(places(checkSize, { "src/diff/a.ts": body(501) }), ["src/diff/a.ts:1"]);
  assert.deepEqual(places(checkSize, { "src/diff/a.ts": body(500) }), []);
});

test("an exported declaration without a doc comment is seen where it is declared", () => {
  const seen = (text: string): readonly string[] => places(checkDocumented, { "src/diff/a.ts": text });
  assert.deepEqual(seen("export const a = 1;"), ["src/diff/a.ts:1"]);
  assert.deepEqual(seen("/** One. */\nexport const a = 1;\nexport type B = 1;"), ["src/diff/a.ts:3"]);
  assert.deepEqual(seen("\nfunction a() {}\nexport { a };"), ["src/diff/a.ts:2"]);
  assert.deepEqual(seen("// One.\nexport class A {}"), ["src/diff/a.ts:2"]);
  assert.deepEqual(seen("/** One. */\n// biome-ignore lint/a: b\nexport class A {}"), []);
  assert.deepEqual(seen("/** One. */\nexport function a(x: 1): 1;\nexport function a(x: 2): 2;"), []);
  assert.deepEqual(seen('const hidden = 1;\nexport { b } from "./b.ts";'), []);
});

test("a database's name is seen in identifiers and strings, not in comments", () => {
  const seen = (path: string, text: string): readonly string[] =>
    places(checkDatabaseNames, { [path]: text });
  assert.deepEqual(seen("src/diff/a.ts", 'if (d.id === "sqlite") {}'), ["src/diff/a.ts:1"]);
  assert.deepEqual(seen("src/diff/a.ts", "const isPostgres = 1;"), ["src/diff/a.ts:1"]);
  assert.deepEqual(seen("src/diff/a.ts", "const a = `use $" + "{b} mariadb`;"), ["src/diff/a.ts:1"]);
  assert.deepEqual(seen("src/diff/a.ts", "// as MySQL does\n/** SQLite */ const a = 1;"), []);
  assert.deepEqual(seen("src/dialect/sqlite/a.ts", 'const a = "sqlite";'), []);
  assert.deepEqual(seen("src/dialect/a.ts", 'const a = "sqlite";'), ["src/dialect/a.ts:1"]);
});

test("bare errors, console and the end of the process are seen", () => {
  assert.deepEqual(places(checkBareErrors, { "src/diff/a.ts": 'throw new Error("no");' }), [
    "src/diff/a.ts:1",
  ]);
  assert.deepEqual(places(checkBareErrors, { "src/diff/a.ts": 'Promise.reject(TypeError("no"));' }), [
    "src/diff/a.ts:1",
  ]);
  assert.deepEqual(places(checkBareErrors, { "src/diff/a.ts": 'throw explain(new Error("why"));' }), []);
  assert.deepEqual(places(checkBareErrors, { "src/diff/a.ts": 'const e = new Error("a");' }), [
    "src/diff/a.ts:1",
  ]);
  assert.deepEqual(places(checkBareErrors, { "src/errors/a.ts": 'throw new Error("no");' }), []);
  assert.deepEqual(places(checkProcess, { "src/log/a.ts": "console.log(1);" }), ["src/log/a.ts:1"]);
  assert.deepEqual(places(checkProcess, { "src/log/a.ts": "process.exitCode = 1;" }), ["src/log/a.ts:1"]);
  assert.deepEqual(places(checkProcess, { "src/log/a.ts": "process.stderr.write(a.console);" }), []);
  assert.deepEqual(places(checkProcess, { "src/cli/a.ts": "console.log(1); process.exit(1);" }), []);
});

test("any without a reason is seen", () => {
  const seen = (text: string): readonly string[] => places(checkAny, { "src/diff/a.ts": text });
  assert.deepEqual(seen("let a: any;"), ["src/diff/a.ts:1"]);
  assert.deepEqual(
    seen("// biome-ignore lint/suspicious/noExplicitAny: inference\nlet a: any;\nlet b: any;"),
    ["src/diff/a.ts:3"],
  );
  assert.deepEqual(seen("// biome-ignore lint/suspicious/noExplicitAny:\nlet a: any;"), ["src/diff/a.ts:2"]);
});

test("copies are seen", () => {
  const folder = mkdtempSync(join(tmpdir(), "athanor-copies-"));
  try {
    const line = (n: number): string =>
      `export const value${n}: number = compute(${n}, [1, 2, 3], { deep: true });\n`;
    const text = Array.from({ length: 30 }, (_, n) => line(n)).join("");
    writeFileSync(join(folder, "a.ts"), text);
    writeFileSync(join(folder, "b.ts"), text);
    const { percentage, clones } = measureDuplication(folder);
    assert.ok(percentage > 40, `${percentage}`);
    assert.equal(clones.length, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
