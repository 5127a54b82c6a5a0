import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { twoBases } from "../../test/revisions.ts";

const graph = twoBases();
const all = graph.order;

describe("a range", () => {
  const ranges: readonly (readonly [string, readonly string[], (readonly string[])?])[] = [
    [":", all],
    ["base:heads", all],
    ["ab20:d1", ["ab20", "c1", "d1"]],
    [":c1", ["aa10", "ab20", "c1"]],
    ["c2:", ["c2", "d2"]],
    ["aa:ab", ["aa10", "ab20"]],
    [":e2", ["aa10", "ab20", "c1", "e1", "e2"]],
    ["e1:e2", ["e1", "e2"]],
    ["d1:d1", ["d1"]],
    ["left:left@head", ["c1", "d1"]],
    ["other@base:", ["aa10", "ab20", "c1", "e1", "e2"]],
    ["aa10:+1", ["aa10", "ab20"]],
    ["c1:+9", ["c1", "d1"]],
    ["-1:d1", ["c1", "d1"]],
    ["-9:c1", ["aa10", "ab20", "c1"]],
    ["-1:", ["c1", "d1", "c2", "d2", "e1", "e2"]],
    ["right@-1:", ["c2", "d2"]],
    ["ab20:left@head-1", ["ab20", "c1"]],
    ["ab20+0:d1-1", ["ab20", "c1"]],
    ["current:", ["c2", "d2"], ["c2"]],
    [":current", ["aa10", "ab20"], ["ab20"]],
    [":current", [], []],
    ["-1:current", ["ab20", "c1"], ["c1"]],
    ["-1:+1", ["ab20", "c1", "d1"], ["c1"]],
    ["current:+1", ["c1", "d1"], ["c1"]],
    ["aa10:-1", ["aa10", "ab20"], ["c1"]],
  ];
  for (const [range, expected, current] of ranges) {
    test(`${range}${current === undefined ? "" : ` at ${current.join(", ") || "base"}`}`, () =>
      assert.deepEqual(graph.range(range, { current }), expected));
  }

  test("has its lower end below", () => {
    assert.throws(() => graph.range("c2:d1"), {
      code: "REVISION.NOT_ANCESTOR",
      fields: { lower: "c2", upper: ["d1"] },
    });
    assert.throws(() => graph.range("d1:aa10"), { code: "REVISION.NOT_ANCESTOR" });
  });

  test("has one colon", () => {
    for (const range of ["", "aa10", "a:b:c"]) {
      assert.throws(() => graph.range(range), { code: "REVISION.RANGE", fields: { range } });
    }
  });

  test("needs a database for `current`", () => {
    assert.throws(() => graph.range("current:"), { code: "REVISION.NOT_ABSOLUTE" });
  });

  test("from base up has to say which base", () => {
    assert.throws(() => graph.range(":+1"), { code: "REVISION.AMBIGUOUS_WALK" });
    assert.deepEqual(graph.range(":other@+1"), ["e1"]);
  });
});
