import assert from "node:assert/strict";
import { test } from "node:test";
import { isAthanorError } from "../errors/index.ts";
import { readHeader, readHeaderFirst } from "./header.ts";

const body = "upgrade(op) {}, downgrade(op) {}";

function file(header: string, rest: string = body): string {
  return `import { migration } from "athanor/migrations";\n\nexport default migration({\n  ${header}\n  ${rest},\n});\n`;
}

function failure(text: string): { code: string; line: unknown; problem: unknown } {
  try {
    readHeader("versions/a.ts", text);
  } catch (error) {
    assert.ok(isAthanorError(error));
    assert.match(error.message, /^versions\/a\.ts:\d+: /);
    const { line, problem } = error.fields as { line: number; problem: string };
    return { code: error.code, line, problem };
  }
  return assert.fail("it was read");
}

test("a whole header", () => {
  const header = readHeader(
    "a.ts",
    file(
      'revision: "b2", downRevision: ["a1", `a2`], branchLabels: ["x"], dependsOn: ["c"], message: "it\'s", createdAt: "2026-11-20T12:00:00Z",',
    ),
  );
  assert.deepEqual(header, {
    revision: "b2",
    downRevisions: ["a1", "a2"],
    branchLabels: ["x"],
    dependsOn: ["c"],
    message: "it's",
    createdAt: "2026-11-20T12:00:00Z",
  });
});

test("the header alone is read where it comes first, the whole file where it does not", () => {
  const whole = file(
    'revision: "b2",\n  downRevision: null, message: "m",\n',
    "  upgrade(op) { }, downgrade(op) {}",
  );
  assert.deepEqual(readHeaderFirst("a.ts", whole), readHeader("a.ts", whole));
  const broken = file('revision: "b2", downRevision: null, message: "m",\n', "  upgrade(op) { (((");
  assert.equal(readHeaderFirst("a.ts", broken).revision, "b2");
  for (const text of [
    `/*\nupgrade(\n*/\n${whole}`,
    `export default migration({\n  upgrade(op) {},\n  downgrade(op) {},\n revision: "b2", downRevision: "a1", message: "m" });`,
  ]) {
    assert.deepEqual(readHeaderFirst("a.ts", text), readHeader("a.ts", text), text);
  }
  assert.throws(() => readHeaderFirst("a.ts", "export default migration({\n  upgrade(op) {},\n"), {
    code: "SCRIPT.SYNTAX",
  });
});

test("what may be left out", () => {
  const header = readHeader("a.ts", file('revision: "b2", downRevision: null, message: "",'));
  assert.deepEqual(header, {
    revision: "b2",
    downRevisions: [],
    branchLabels: [],
    dependsOn: [],
    message: "",
    createdAt: null,
  });
});

test("types around the object, a constant that is exported, quoted keys", () => {
  const text = `const it = (migration({ "revision": "b2" as const, downRevision: "a1"!, message: "m", ${body} } satisfies X)) as Y;\nexport default it;`;
  assert.equal(readHeader("a.ts", text).revision, "b2");
});

test("nothing of the file runs", () => {
  const text = `throw new Error("ran");\n${file('revision: "b2", downRevision: null, message: "m",')}`;
  assert.equal(readHeader("a.ts", text).revision, "b2");
});

test("nonsense is named by its line", () => {
  const cases: readonly (readonly [text: string, code: string, line: number, problem: RegExp])[] = [
    ["export default migration({,", "SCRIPT.SYNTAX", 1, /./],
    ["\n\nconst x = 1;", "SCRIPT.HEADER", 1, /no `export default/],
    ["\nexport default 3;", "SCRIPT.HEADER", 2, /not `migration/],
    ["\nexport default migration();", "SCRIPT.HEADER", 2, /without its object/],
    ["\nexport default migration(make());", "SCRIPT.HEADER", 2, /written in place/],
    [file('downRevision: null, message: "m",'), "SCRIPT.HEADER", 3, /"revision"/],
    [file('revision: "a1", message: "m",'), "SCRIPT.HEADER", 3, /"downRevision"/],
    [file('revision: "a1", downRevision: null,'), "SCRIPT.HEADER", 3, /"message"/],
    [file('revision: id(), downRevision: null, message: "m",'), "SCRIPT.HEADER", 4, /text in quotes/],
    [file('revision: "a-1", downRevision: null, message: "m",'), "SCRIPT.HEADER", 4, /meaning of their own/],
    [file('revision: "head", downRevision: null, message: "m",'), "SCRIPT.HEADER", 4, /meaning of its own/],
    [file('revision: "a1", downRevision: 3, message: "m",'), "SCRIPT.HEADER", 4, /null, or a list/],
    [file('revision: "a1", downRevision: [null], message: "m",'), "SCRIPT.HEADER", 4, /text in quotes/],
    [
      file('revision: "a1", downRevision: null, message: "m", branchLabels: "x",'),
      "SCRIPT.HEADER",
      4,
      /list/,
    ],
    [file('revision: "a1",\n downRevisions: null, message: "m",'), "SCRIPT.HEADER", 5, /no "downRevisions"/],
    [file('revision: "a1", revision: "a2", downRevision: null, message: "m",'), "SCRIPT.HEADER", 4, /twice/],
    [file('...shared, revision: "a1", downRevision: null, message: "m",'), "SCRIPT.HEADER", 4, /spread/],
    [
      file('revision: "a1", downRevision: null, message: "m", createdAt: "noon",'),
      "SCRIPT.HEADER",
      4,
      /ISO 8601/,
    ],
    [
      file('revision: "a1", downRevision: null, message: "m",', "upgrade() {}"),
      "SCRIPT.HEADER",
      3,
      /"downgrade"/,
    ],
  ];
  for (const [text, code, line, problem] of cases) {
    const found = failure(text);
    assert.deepEqual({ code: found.code, line: found.line }, { code, line }, text);
    assert.match(String(found.problem), problem);
  }
});

test("findings of lint that are accepted, each with a reason", () => {
  const start = 'revision: "b2", downRevision: null, message: "m",';
  const read = (text: string) => readHeader("a.ts", file(`${start} ignore: ${text},`)).ignore;
  assert.deepEqual(read('{ LINT102: "nothing reads it", "LINT103 hero.age": `checked` }'), {
    LINT102: "nothing reads it",
    "LINT103 hero.age": "checked",
  });
  assert.equal("ignore" in readHeader("a.ts", file(start)), false);
  for (const text of ['["LINT102"]', '{ LINT102: " " }', "{ LINT102: why }", "{ ...others }"]) {
    assert.equal(failure(file(`${start} ignore: ${text},`)).code, "SCRIPT.HEADER", text);
  }
});
