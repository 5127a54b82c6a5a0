import assert from "node:assert/strict";
import { test } from "node:test";
import type { RevisionDocument } from "../migrate/index.ts";
import { drawn, graphLines, meetings } from "./graph-lines.ts";

/** `c a b` is a revision c that follows a and b; newest first. */
function history(...rows: readonly string[]): readonly RevisionDocument[] {
  const parents = new Set(rows.flatMap((row) => row.split(" ").slice(1)));
  return rows.map((row) => {
    const [revision = "", ...downRevisions] = row.split(" ");
    return { revision, downRevisions, isHead: !parents.has(revision) } as unknown as RevisionDocument;
  });
}

function draw(all: readonly RevisionDocument[], keep?: ReadonlySet<string>): string {
  return graphLines(drawn(all, keep), {
    sign: () => "o",
    text: ({ revision }) => [revision],
    skipped: (count) => `${count} more`,
  }).join("\n");
}

test("one line of development", () => {
  assert.equal(draw(history("c b", "b a", "a")), "o  c\no  b\no  a");
  assert.equal(draw([]), "");
});

test("branches come together and merges part", () => {
  assert.equal(
    draw(history("e d c", "d b", "c b", "b a", "a")),
    ["o  e", "├─╮", "o │  d", "│ o  c", "├─╯", "o  b", "o  a"].join("\n"),
  );
  assert.equal(
    draw(history("d a", "c a", "b a", "a")),
    ["o  d", "│ o  c", "│ │ o  b", "├─┴─╯", "o  a"].join("\n"),
  );
});

test("lines cross, and end at a base of their own", () => {
  assert.equal(
    draw(history("f c e", "e b", "d b", "c a", "b", "a")),
    ["o  f", "├─╮", "│ o  e", "│ │ o  d", "o │ │  c", "│ ├─╯", "│ o  b", "o  a"].join("\n"),
  );
  assert.equal(
    draw(history("d a", "c a b", "b", "a")),
    ["o  d", "│ o  c", "│ ├─╮", "│ │ o  b", "├─╯", "o  a"].join("\n"),
  );
});

test("a merge with a line that is open already", () => {
  assert.equal(
    draw(history("d b", "c a b", "b a", "a")),
    ["o  d", "│ o  c", "├─┤", "o │  b", "├─╯", "o  a"].join("\n"),
  );
});

test("heads with where they meet, and what is between", () => {
  const all = history("h g", "g c", "f d", "d c", "x w", "w", "c b", "b a", "a");
  const heads = new Set(["h", "f", "x"]);
  assert.deepEqual([...meetings(all, heads)], ["h", "f", "x", "c"]);
  assert.deepEqual([...meetings(all, new Set(["h"]))], ["h"]);
  assert.equal(
    draw(all, meetings(all, heads)),
    ["o  h", "┊  1 more", "│ o  f", "│ ┊  1 more", "│ │ o  x", "├─╯", "o  c"].join("\n"),
  );
});

test("a part of the history: lines to what is left out end", () => {
  assert.equal(draw(history("e d c", "d b", "c b").filter(({ revision }) => revision !== "c")), "o  e\no  d");
});
