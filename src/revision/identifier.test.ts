import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rev, twoBases } from "../../test/revisions.ts";
import { RevisionGraph } from "./index.ts";

const graph = twoBases();

describe("names", () => {
  const names: readonly (readonly [string, readonly string[]])[] = [
    ["aa10", ["aa10"]],
    ["aa", ["aa10"]],
    ["left", ["c1"]],
    ["lef", ["c1"]],
    ["base", []],
    ["left@base", []],
    ["heads", ["d1", "d2", "e2"]],
    ["left@head", ["d1"]],
    ["c1@head", ["d1"]],
    ["right@heads", ["d2"]],
    ["aa10@heads", ["d1", "d2"]],
    ["left@aa10", ["aa10"]],
    [" d1 ", ["d1"]],
  ];
  for (const [identifier, expected] of names) {
    test(identifier, () => assert.deepEqual(graph.resolve(identifier), expected));
  }

  test("a label means the revision it is written at; a prefix of several is told from one of none", () => {
    assert.throws(() => graph.resolve("a"), {
      code: "REVISION.AMBIGUOUS_PREFIX",
      fields: { identifier: "a", candidates: ["aa10", "ab20"] },
    });
    assert.throws(() => graph.resolve("left@a"), { code: "REVISION.AMBIGUOUS_PREFIX" });
    assert.throws(() => graph.resolve("zz"), { code: "REVISION.NOT_FOUND", fields: { identifier: "zz" } });
  });

  test("a prefix is unique where the branch makes it so", () => {
    const branches = RevisionGraph.from([
      rev("abc1", [], { labels: ["x"] }),
      rev("abc2", [], { labels: ["y"] }),
    ]);
    assert.deepEqual(branches.resolve("y@abc"), ["abc2"]);
  });

  test("an id and a label that begin alike are no two revisions", () => {
    const one = RevisionGraph.from([rev("abc1", [], { labels: ["abcdef"] })]);
    assert.deepEqual(one.resolve("abc"), ["abc1"]);
  });

  test("several heads are named", () => {
    assert.throws(() => graph.resolve("head"), {
      code: "REVISION.MULTIPLE_HEADS",
      fields: { identifier: "head", heads: ["d1", "d2", "e2"] },
    });
    assert.throws(() => graph.resolveOne("heads"), { code: "REVISION.MULTIPLE_HEADS" });
    assert.throws(() => graph.resolve("ab20@head"), { code: "REVISION.MULTIPLE_HEADS" });
    assert.deepEqual(RevisionGraph.from([]).resolve("head"), []);
  });

  test("a revision of another branch is refused, and so is a branch that is not", () => {
    assert.throws(() => graph.resolve("left@c2"), {
      code: "REVISION.NOT_IN_BRANCH",
      fields: { revision: "c2", branch: "left" },
    });
    assert.throws(() => graph.resolve("nowhere@head"), { code: "REVISION.NOT_FOUND" });
    assert.throws(() => graph.resolve("nowhere@base"), { code: "REVISION.NOT_FOUND" });
    assert.throws(() => graph.downgrade(["d1"], "nowhere@base"), { code: "REVISION.NOT_FOUND" });
  });

  test("what the grammar does not hold is found nowhere", () => {
    for (const text of ["", " ", "@", "@head", "left@", "a@b@c", "aa10+", "aa10+1x"]) {
      assert.throws(() => graph.resolve(text), { code: "REVISION.NOT_FOUND" }, text);
    }
    assert.throws(() => graph.upgrade([], "aa10+1+1"), { code: "REVISION.NOT_FOUND" });
  });

  test("a label may look like a walk", () => {
    const releases = RevisionGraph.from([
      rev("a"),
      rev("b", ["a"], { labels: ["release-2024"] }),
      rev("c", ["b"]),
    ]);
    assert.deepEqual(releases.resolve("release-2024"), ["b"]);
    assert.deepEqual(releases.resolve("release-2024@head"), ["c"]);
    assert.deepEqual(releases.upgrade([], "release-2024+1").heads, ["c"]);
    assert.deepEqual(releases.upgrade([], "release-2024-1").heads, ["a"]);
    assert.deepEqual(releases.upgrade([], "release-2024@+1").heads, ["a"]);
  });

  test("resolveAll gives each once, in the order of the graph", () => {
    assert.deepEqual(graph.resolveAll(["d2", "aa", "heads"]), ["aa10", "d1", "d2", "e2"]);
  });

  test("a new revision follows a head", () => {
    assert.equal(graph.resolveHead("left@head"), "d1");
    assert.equal(graph.resolveHead("base"), null);
    assert.throws(() => graph.resolveHead("ab20"), {
      code: "REVISION.NOT_A_HEAD",
      fields: { revision: "ab20", children: ["c1", "c2"] },
    });
  });
});

describe("walks", () => {
  const from = (...current: string[]) => ({ current });
  const walks: readonly (readonly [string, readonly string[], string | null])[] = [
    ["aa10+1", [], "ab20"],
    ["aa+1", [], "ab20"],
    ["left@ab20+2", [], "d1"],
    ["d1-2", [], "ab20"],
    ["left@head-1", [], "c1"],
    ["d1+0", [], "d1"],
    ["aa10-1", [], null],
    ["right@base+3", [], "c2"],
    ["+1", ["aa10"], "ab20"],
    ["left@+1", ["d2"], "c1"],
    ["left@+1", [], "aa10"],
    ["other@+1", ["d2"], "e1"],
    ["-1", ["d2"], "c2"],
    ["left@-1", ["d1", "d2"], "c1"],
    ["left@-1", ["e2"], "ab20"],
    ["current", ["d1"], "d1"],
    ["left@current", ["d1", "d2"], "d1"],
    ["current-1", ["d1"], "c1"],
    ["current+1", ["c1"], "d1"],
  ];
  for (const [identifier, current, expected] of walks) {
    test(`${identifier} from ${current.join(", ") || "base"}`, () =>
      assert.equal(graph.resolveOne(identifier, { current }), expected));
  }

  test("without a database only names are understood, and how far below the heads", () => {
    for (const identifier of ["+1", "aa10+1", "d1-1", "left@+1", "current"]) {
      assert.throws(() => graph.resolve(identifier), { code: "REVISION.NOT_ABSOLUTE" }, identifier);
    }
    assert.deepEqual(graph.resolve("-1"), ["c1", "c2", "e1"]);
    assert.deepEqual(graph.resolve("left@-1"), ["c1"]);
    assert.deepEqual(graph.resolve("-9"), []);
  });

  test("a walk past the end of the history says how far it could go", () => {
    assert.throws(() => graph.resolve("d1+1", from()), {
      code: "REVISION.WALK_TOO_FAR",
      fields: { identifier: "d1+1", steps: 1, possible: 0 },
    });
    assert.throws(() => graph.resolve("c1-9", from()), {
      code: "REVISION.WALK_TOO_FAR",
      fields: { identifier: "c1-9", steps: -9, possible: 3 },
    });
    assert.throws(() => graph.resolve("base-1", from()), { code: "REVISION.WALK_TOO_FAR" });
    assert.throws(() => graph.resolve("-1", from()), { code: "REVISION.WALK_TOO_FAR" });
  });

  test("a walk that could go several ways says which", () => {
    assert.throws(() => graph.resolve("ab20+1", from()), {
      code: "REVISION.AMBIGUOUS_WALK",
      fields: { identifier: "ab20+1", candidates: ["c1", "c2"] },
    });
    assert.throws(() => graph.resolve("+1", from("d1", "d2")), { code: "REVISION.AMBIGUOUS_WALK" });
    assert.throws(() => graph.resolve("-1", from("d1", "d2")), { code: "REVISION.AMBIGUOUS_WALK" });
    assert.throws(() => graph.resolve("ab20@-1", from("d1", "d2")), { code: "REVISION.AMBIGUOUS_WALK" });
  });

  test("a branch of which nothing is applied cannot be walked down", () => {
    assert.throws(() => graph.resolve("right@-1", from("e1")), {
      code: "REVISION.BRANCH_NOT_APPLIED",
      fields: { identifier: "right@-1", branch: "right" },
    });
  });

  test("rows of the version table are taken by the letter", () => {
    assert.throws(() => graph.resolve("+1", from("aa")), { code: "REVISION.NOT_FOUND" });
    assert.throws(() => graph.resolve("+1", from("left")), { code: "REVISION.NOT_FOUND" });
  });
});
