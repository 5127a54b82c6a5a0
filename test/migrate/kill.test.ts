/**
 * Runs that are killed, again and again, at statements chosen by chance, and come out as if nothing had happened.
 * `KILLS=300` kills more often, `KILL_SEED=7` at other statements.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dialects, type TestDialect } from "../dialects.ts";
import { outcome, writeChain } from "./kill-chain.ts";
import { migrateMortal } from "./killed.ts";
import { Project } from "./project.ts";

const kills = Number(process.env["KILLS"] ?? 40);
const seed = Number(process.env["KILL_SEED"] ?? 1);

/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
function numbers(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

async function made(row: TestDialect, onEnd: (work: () => Promise<void>) => void): Promise<Project> {
  const project = await Project.make(onEnd, row);
  await writeChain(project);
  return project;
}

describe("runs that are killed come out as others do", { concurrency: true }, () => {
  for (const row of dialects) {
    test(row.name, async (t) => {
      const onEnd = (work: () => Promise<void>): void => t.after(work);
      const undisturbed = await made(row, onEnd);
      const { out } = await migrateMortal(undisturbed, { at: 0, when: "before" });
      const wanted = await outcome(undisturbed);
      const span = Math.ceil(Number(out) / 2);
      const random = numbers(seed);
      let done = 0;
      let passes = 0;
      for (; done < kills; passes += 1) {
        const project = await made(row, onEnd);
        const trail: string[] = [];
        for (let alive = false; !alive; ) {
          const at = 1 + Math.floor(random() * span);
          const when = (["before", "sent", "after"] as const)[Math.floor(random() * 3)]!;
          trail.push(`${at} ${when}`);
          alive = !(await migrateMortal(project, { at, when })).killed;
          if (!alive) done += 1;
        }
        assert.deepEqual(await outcome(project), wanted, trail.join(", "));
      }
      t.diagnostic(`${row.name}: ${done} kills among ${out} statements, in ${passes} passes`);
    });
  }
});
