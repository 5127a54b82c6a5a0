import assert from "node:assert/strict";
import { test } from "node:test";
import { readHeader } from "./header.ts";
import { readPlainHeader } from "./plain-header.ts";
import { renderScript } from "./render-file.ts";

const operations = { upgrade: [], downgrade: [] };

test("what is written is read as the parser reads it", async () => {
  for (const [downRevisions, branchLabels, dependsOn, message] of [
    [[], [], [], "create hero"],
    [["a1"], ["users"], ["b2", "c3"], "don't; // drop /* a */ `x` upgrade("],
    [["a1", "b2"], [], ["users@head"], ""],
    [["a1"], [], [], 'with "quotes" and \\ and \n lines'],
    [["a1"], [], [], "a long message ".repeat(20)],
    [Array.from({ length: 20 }, (_, i) => `parent_revision_${i}`), ["ünïcode\u2028"], [], "tab\there"],
  ] as const) {
    const header = { revision: "d4", downRevisions, branchLabels, dependsOn, message };
    const text = await renderScript(
      { ...header, createdAt: "2026-11-20T12:00:00Z", ...operations },
      { root: "/", path: "/a.ts" },
    );
    const plain = readPlainHeader(text);
    if (/["\\\n\t]/.test(message) || downRevisions.length > 9) assert.equal(plain, null, text);
    else assert.deepEqual(plain, readHeader("a.ts", text));
  }
});

const file = (head: string, header: string, rest = "  upgrade() {},\n  downgrade() {},\n});\n"): string =>
  `${head}export default migration({\n${header}\n${rest}`;
const lines = '  revision: "a1",\n  downRevision: null,\n  message: "m",';

test("whatever could mean something else is left to the parser", () => {
  assert.equal(readPlainHeader(file('// a comment\nimport { t } from "x";\n\n', lines))?.revision, "a1");
  for (const text of [
    file("/*\n", lines),
    file("const text = `\n", lines),
    file('import x from "x"; /* \n', lines),
    file("import {\n  t,\n} from `x`;\n", lines),
    file("", `${lines}\n  message: "twice",`),
    file("", `${lines}\n  ignore: { LINT102: "why" },`),
    file("", `${lines} // a note`),
    file("", '  revision: "a1",\n  message: "m",'),
    file("", '  revision: id,\n  downRevision: null,\n  message: "m",'),
    file("", '  revision: "a1",\n  downRevision: null,\n  message: null,'),
    file("", '  revision: "a-1",\n  downRevision: null,\n  message: "m",'),
    file("", `${lines}\n  branchLabels: "x",`),
    file("", `${lines}\n  createdAt: "noon",`),
    file("", `${lines}\n  created: "2026-11-20T12:00:00Z",`),
    file("", lines, "  downgrade() {},\n});\n"),
    "",
  ]) {
    assert.equal(readPlainHeader(text), null, text);
  }
});
