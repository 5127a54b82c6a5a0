/** Laws that hold in every graph and for every state of a database. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { rev } from "../../test/revisions.ts";
import { isAthanorError } from "../errors/index.ts";
import { type Plan, RevisionGraph, type StampPlan } from "./index.ts";

/** Up to three earlier revisions to follow or need, as shares of what came before; and where it is declared. */
const seeds = fc.array(
  fc.record({
    follows: fc.array(fc.nat({ max: 99 }), { maxLength: 3 }),
    needs: fc.array(fc.nat({ max: 99 }), { maxLength: 2 }),
    labelled: fc.boolean(),
    place: fc.nat(),
  }),
  { minLength: 1, maxLength: 14 },
);

const graphs = seeds.map((list) => {
  const earlier = (picks: readonly number[], i: number) =>
    i === 0 ? [] : [...new Set(picks.map((pick) => `r${pick % i}`))];
  return RevisionGraph.from(
    list
      .map(({ follows, needs, labelled, place }, i) => ({
        place,
        revision: rev(`r${i}`, earlier(follows, i), {
          needs: earlier(needs, i),
          labels: labelled ? [`l${i}`] : [],
        }),
      }))
      .sort((a, b) => a.place - b.place)
      .map(({ revision }) => revision),
  );
});

/** A graph, and the rows that a version table can have: revisions of which none needs another. */
const states = fc.tuple(graphs, fc.array(fc.nat({ max: 99 }), { maxLength: 5 })).map(([graph, picks]) => ({
  graph,
  rows: headsOf(
    graph,
    picks.map((pick) => pickFrom(graph, pick)),
  ),
}));

const targets = fc.oneof(
  fc.constantFrom("head", "heads", "base", "+1", "-1", "+2", "-2", "head+1", "head-1", "base+1", "zz", "r"),
  fc
    .nat({ max: 14 })
    .chain((i) =>
      fc.constantFrom(
        ...[`r${i}`, `l${i}`, `r${i}+1`, `r${i}-1`, `r${i}@head`, `r${i}@heads`, `r${i}@base`],
        ...[`l${i}@+1`, `l${i}@-1`, `l${i}@head-1`, `l${i}@base+2`, `l${i}@r0`, `l${i}@head`],
      ),
    ),
);

function pickFrom(graph: RevisionGraph, pick: number): string {
  return graph.order[pick % graph.size] as string;
}

/** Those of which no other one needs them. */
function headsOf(graph: RevisionGraph, revisions: readonly string[]): readonly string[] {
  const below = new Set(revisions.flatMap((revision) => graph.ancestors(revision)));
  return [...new Set(revisions)].filter((revision) => !below.has(revision));
}

/** Runs the writes on a table with a unique column, and holds its rows against what each step says. */
function assertWrites(rows: readonly string[], { steps, heads }: Plan | StampPlan): void {
  const table = new Set(rows);
  for (const step of steps) {
    for (const write of step.writes) {
      const [gone, come] =
        write.kind === "update"
          ? [write.from, write.to]
          : write.kind === "insert"
            ? [null, write.revision]
            : [write.revision, null];
      if (gone !== null) assert.ok(table.delete(gone), `row ${gone}`);
      if (come !== null) assert.ok(!table.has(come), `no row ${come}`);
      if (come !== null) table.add(come);
    }
    assert.deepEqual(new Set(step.heads), table);
  }
  assert.deepEqual(new Set(heads), table);
}

/** Runs the steps: each on what it needs, and never under what needs it. The rows are the heads at each step. */
function assertRuns(graph: RevisionGraph, rows: readonly string[], plan: Plan): void {
  const applied = new Set(graph.applied(rows));
  for (const { revision, direction, heads } of plan.steps) {
    const up = direction === "upgrade";
    assert.equal(applied.has(revision), !up);
    if (up) applied.add(revision);
    else applied.delete(revision);
    const [needed, needing] = [graph.ancestors(revision), graph.descendants(revision)];
    assert.ok(needed.every((id) => applied.has(id)));
    assert.ok(!needing.some((id) => applied.has(id)));
    assert.deepEqual(new Set(heads), new Set(headsOf(graph, [...applied])));
  }
  assertWrites(rows, plan);
}

describe("laws of the graph", () => {
  test("from nothing to the heads and back to base, everything runs once", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const up = graph.upgrade([], "heads");
        assertRuns(graph, [], up);
        assert.deepEqual(
          up.steps.map((step) => step.revision),
          graph.order,
        );
        assert.deepEqual(new Set(up.heads), new Set(graph.realHeads));
        const down = graph.downgrade(up.heads, "base");
        assertRuns(graph, up.heads, down);
        assert.equal(down.steps.length, graph.size);
        assert.deepEqual(down.heads, []);
      }),
    );
  });

  test("from any state to any target a plan can be run, or a coded error says why there is none", () => {
    fc.assert(
      fc.property(
        states,
        targets,
        fc.constantFrom("upgrade", "downgrade"),
        ({ graph, rows }, target, way) => {
          const planned = orError(() => graph[way as "upgrade" | "downgrade"](rows, target));
          if (planned !== null) assertRuns(graph, rows, planned);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("up from a revision and down to it again, where all that came follows it", () => {
    fc.assert(
      fc.property(graphs, fc.nat({ max: 99 }), fc.nat({ max: 99 }), (graph, from, to) => {
        const start = pickFrom(graph, from);
        const above = new Set(graph.descendants(start, { dependencies: false }));
        const up = graph.upgrade([start], pickFrom(graph, to));
        fc.pre(up.steps.every((step) => above.has(step.revision)));
        const down = graph.downgrade(up.heads, start);
        assertRuns(graph, up.heads, down);
        assert.deepEqual(down.heads, [start]);
      }),
    );
  });

  test("a stamp writes what an upgrade or a downgrade would leave behind", () => {
    fc.assert(
      fc.property(states, targets, ({ graph, rows }, target) => {
        const stamped = orError(() => graph.stamp(rows, target));
        if (stamped === null) return;
        assertWrites(rows, stamped);
        assert.deepEqual(new Set(stamped.heads), new Set(headsOf(graph, stamped.heads)));
      }),
      { numRuns: 1000 },
    );
  });

  test("what is applied and what is pending are everything, in one order", () => {
    fc.assert(
      fc.property(states, ({ graph, rows }) => {
        const applied = new Set(graph.applied(rows));
        assert.deepEqual(
          graph.pending(rows),
          graph.order.filter((id) => !applied.has(id)),
        );
        const done = graph.upgrade(rows, "heads");
        assert.deepEqual(
          done.steps.map((step) => step.revision),
          graph.pending(rows),
        );
      }),
    );
  });

  test("every range holds its ends and what is between them", () => {
    fc.assert(
      fc.property(graphs, fc.nat({ max: 99 }), fc.nat({ max: 99 }), (graph, a, b) => {
        const [lower, upper] = [pickFrom(graph, a), pickFrom(graph, b)];
        const range = orError(() => graph.range(`${lower}:${upper}`));
        const below = [upper, ...graph.ancestors(upper)];
        assert.equal(range === null, !below.includes(lower));
        const above = new Set([lower, ...graph.descendants(lower, { dependencies: false })]);
        if (range !== null) {
          assert.deepEqual(new Set(range), new Set(below.filter((id) => above.has(id))));
        }
      }),
    );
  });
});

/** The result, or null for a coded error; any other error is a failure. */
function orError<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (isAthanorError(error)) return null;
    throw error;
  }
}
