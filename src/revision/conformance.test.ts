/** The cases recorded from Alembic in `test/corpus/revision-graph.jsonl`, all of them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { isAthanorError } from "../errors/index.ts";
import { RevisionGraph, type RevisionInput } from "./index.ts";

interface Case {
  readonly graph: readonly RevisionInput[];
  readonly op: "heads" | "resolve" | "upgrade" | "downgrade";
  readonly current: readonly string[];
  readonly target: string | null;
  readonly expect: Answer;
}

/** Sets, in any order. Any code does for an error. */
interface Answer {
  readonly error?: string;
  readonly revisions?: readonly string[];
  readonly steps?: readonly string[];
  readonly heads?: readonly string[];
}

const corpus = join(import.meta.dirname, "../../test/corpus/revision-graph.jsonl");
const cases = readFileSync(corpus, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Case);

function answer({ graph: revisions, op, current, target }: Case): Answer {
  const graph = RevisionGraph.from(revisions);
  if (op === "heads") return { revisions: graph.heads };
  if (op === "resolve") return { revisions: graph.resolve(target ?? "") };
  const { steps, heads } = graph[op](current, target ?? "");
  return { steps: steps.map((step) => step.revision), heads };
}

function answerOrCode(asked: Case): Answer {
  try {
    return answer(asked);
  } catch (error) {
    if (isAthanorError(error)) return { error: error.code };
    throw error;
  }
}

const sorted = (answered: Answer): unknown =>
  Object.fromEntries(Object.entries(answered).map(([key, value]) => [key, [...value].sort()]));

describe("what Alembic answers", () => {
  test("the corpus is whole", () => assert.equal(cases.length, 300));

  for (const [index, asked] of cases.entries()) {
    const { op, target, current, expect, graph } = asked;
    test(`${index + 1}: ${op} ${target ?? ""} from ${current.join(", ") || "base"}`, () => {
      const found = answerOrCode(asked);
      if (expect.error !== undefined) assert.match(found.error ?? "no error", /^REVISION\./);
      else assert.deepEqual(sorted(found), sorted(expect));
      assertRunnable(graph, op, found.steps ?? []);
    });
  }
});

/** No step comes before one it needs, downwards the other way round. */
function assertRunnable(graph: readonly RevisionInput[], op: Case["op"], steps: readonly string[]): void {
  const order = op === "downgrade" ? steps.toReversed() : steps;
  const built = RevisionGraph.from(graph);
  for (const [index, revision] of order.entries()) {
    const later = new Set(order.slice(index + 1));
    assert.deepEqual(
      built.ancestors(revision).filter((ancestor) => later.has(ancestor)),
      [],
    );
  }
}
