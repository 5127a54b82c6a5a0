import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chain, rev, twoBases } from "../../test/revisions.ts";
import { RevisionGraph, type RevisionInput } from "./index.ts";

describe("a graph that cannot be", () => {
  const broken: readonly (readonly [string, readonly RevisionInput[], Record<string, unknown>])[] = [
    ["DUPLICATE_REVISION", [rev("a"), rev("a")], { revision: "a" }],
    ["SELF_LOOP", [rev("a", ["a"])], { revision: "a" }],
    ["DEPENDENCY_SELF_LOOP", [rev("a", [], { needs: ["a"] })], { revision: "a" }],
    ["DEPENDENCY_SELF_LOOP", [rev("a", [], { needs: ["x"], labels: ["x"] })], { revision: "a" }],
    ["MISSING_PARENT", [rev("a", ["b"])], { revision: "a", missing: "b", field: "downRevision" }],
    ["MISSING_PARENT", [rev("a", [], { needs: ["b"] })], { revision: "a", missing: "b", field: "dependsOn" }],
    [
      "MISSING_PARENT",
      [rev("a", [], { labels: ["x"] }), rev("b", ["x"])],
      { revision: "b", missing: "x", field: "downRevision" },
    ],
    [
      "DUPLICATE_LABEL",
      [rev("a", [], { labels: ["x"] }), rev("b", [], { labels: ["x"] })],
      { label: "x", revisions: ["a", "b"] },
    ],
    ["DUPLICATE_LABEL", [rev("a"), rev("b", [], { labels: ["a"] })], { label: "a", revisions: ["a", "b"] }],
    [
      "CYCLE",
      [rev("a"), rev("b", ["a", "d"]), rev("c", ["b"]), rev("d", ["c"])],
      { revisions: ["b", "d", "c"] },
    ],
    ["CYCLE", [rev("a", ["b"]), rev("b", ["a"])], { revisions: ["a", "b"] }],
    [
      "DEPENDENCY_CYCLE",
      [rev("a", [], { needs: ["c"] }), rev("b", ["a"]), rev("c", ["b"])],
      { revisions: ["a", "c", "b"] },
    ],
  ];
  for (const [reason, revisions, fields] of broken) {
    test(`${reason} ${JSON.stringify(fields)}`, () =>
      assert.throws(() => RevisionGraph.from(revisions), { code: `REVISION.${reason}`, fields }));
  }

  for (const id of ["", "a@b", "a-b", "a+b", "a:b", "a b", "head", "heads", "base", "current"]) {
    test(`the id "${id}"`, () =>
      assert.throws(() => RevisionGraph.from([rev(id)]), { code: "REVISION.ILLEGAL_ID" }));
  }

  for (const label of ["", "a@b", "a:b", "a b", "+1", "-x", "head", "base"]) {
    test(`the label "${label}"`, () =>
      assert.throws(() => RevisionGraph.from([rev("a", [], { labels: [label] })]), {
        code: "REVISION.ILLEGAL_LABEL",
      }));
  }
});

describe("a graph", () => {
  const graph = twoBases();

  test("takes one, several or none for what it follows, by either name", () => {
    const built = RevisionGraph.from([
      { revision: "a", downRevision: null },
      { revision: "b", downRevision: "a", branchLabels: "x", dependsOn: null },
      { revision: "c", downRevisions: ["a"], dependsOn: "x" },
      { revision: "d", downRevision: ["b", "c"], downRevisions: ["b", "c"] },
    ]);
    assert.deepEqual(built.parents("d"), ["b", "c"]);
    assert.deepEqual(built.dependencies("c"), ["b"]);
    assert.deepEqual(built.dependents("x"), ["c"]);
    assert.deepEqual([built.bases, built.heads], [["a"], ["d"]]);
  });

  test("knows its ends, its branch points and its neighbours", () => {
    assert.deepEqual(graph.bases, ["aa10", "e1"]);
    assert.deepEqual(graph.heads, ["d1", "d2", "e2"]);
    assert.deepEqual(graph.branches, ["ab20"]);
    assert.deepEqual(graph.children("ab20"), ["c1", "c2"]);
    assert.deepEqual(graph.dependents("left"), ["e2"]);
    const depended = RevisionGraph.from([rev("a"), rev("b", [], { needs: ["a"] })]);
    assert.deepEqual([depended.heads, depended.realHeads], [["a", "b"], ["b"]]);
  });

  test("knows what is above and below, with dependencies and without", () => {
    assert.deepEqual(graph.ancestors("e2"), ["aa10", "ab20", "c1", "e1"]);
    assert.deepEqual(graph.ancestors("e2", { dependencies: false }), ["e1"]);
    assert.deepEqual(graph.descendants("c1"), ["d1", "e2"]);
    assert.deepEqual(graph.descendants("c1", { dependencies: false }), ["d1"]);
    assert.deepEqual(graph.lineage("left"), ["aa10", "ab20", "c1", "d1"]);
  });

  test("gives back what it was given", () => {
    const files = [
      { revision: "b", downRevision: "a", path: "b.ts" },
      { revision: "a", downRevision: null, path: "a.ts" },
    ];
    const built = RevisionGraph.from(files);
    assert.deepEqual(
      [...built].map((file) => file.path),
      ["a.ts", "b.ts"],
    );
    assert.equal(built.get("b"), files[0]);
    assert.equal(built.has("b"), true);
    assert.equal(built.has("x"), false);
    assert.throws(() => built.get("x"), { code: "REVISION.NOT_FOUND" });
  });

  test("keeps the declared order as far as it can", () => {
    assert.deepEqual(graph.order, ["aa10", "ab20", "c1", "d1", "c2", "d2", "e1", "e2"]);
    const mixed = [rev("d", ["b", "c"]), rev("c", ["a"]), rev("b", ["a"]), rev("z"), rev("a")];
    assert.deepEqual(RevisionGraph.from(mixed).order, ["a", "b", "c", "d", "z"]);
    assert.deepEqual(RevisionGraph.from(chain(4).toReversed()).order, ["r0", "r1", "r2", "r3"]);
  });

  test("says what is applied and what is pending", () => {
    assert.deepEqual(graph.applied(["e2"]), ["aa10", "ab20", "c1", "e1", "e2"]);
    assert.deepEqual(graph.pending(["e2"]), ["d1", "c2", "d2"]);
    assert.deepEqual(graph.pending([]), graph.order);
    assert.throws(() => graph.pending(["zz"]), { code: "REVISION.NOT_FOUND", fields: { identifier: "zz" } });
  });
});

describe("branch labels", () => {
  const labels = (graph: RevisionGraph): Record<string, readonly string[]> =>
    Object.fromEntries(graph.order.map((id) => [id, graph.branchLabels(id)]));

  test("hold upwards, and down to the branch point; dependencies carry none", () => {
    assert.deepEqual(labels(twoBases()), {
      aa10: [],
      ab20: [],
      c1: ["left"],
      d1: ["left"],
      c2: ["right"],
      d2: ["right"],
      e1: ["other"],
      e2: ["other"],
    });
  });

  test("hold down a branch that is labelled late, and meet in a merge", () => {
    const graph = RevisionGraph.from([
      rev("a"),
      rev("b1", ["a"]),
      rev("c1", ["b1"], { labels: ["one"] }),
      rev("b2", ["a"], { labels: ["two", "zwei"] }),
      rev("m", ["c1", "b2"]),
      rev("n", ["m"], { labels: ["late"] }),
    ]);
    assert.deepEqual(labels(graph), {
      a: [],
      b1: ["one"],
      c1: ["one"],
      b2: ["two", "zwei"],
      m: ["one", "two", "zwei"],
      n: ["late", "one", "two", "zwei"],
    });
  });
});
