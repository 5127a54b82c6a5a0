/**
 * The law of the Session: whatever is done to it, in whatever order, its objects and its rows are those of a plain
 * world in memory to which the same was done. `LAW_RUNS` says how many sequences are tried, `LAW_SEED` which.
 */
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { deleteFrom, update } from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { TestDatabase } from "./database.ts";
import { LawBench } from "./law/bench.ts";
import { Hero, HeroPower, lawModels, Pet, Power, Team, Toy, Trophy } from "./law/models.ts";
import { type Operation, operations } from "./law/operations.ts";

const runs = Number(process.env["LAW_RUNS"] ?? 1000);
const seed = process.env["LAW_SEED"];

for (const dialect of dialects) {
  describe(`the law of the Session on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, lawModels);
    });
    after(() => db.remove());

    const empty = (): Promise<void> =>
      db.run(async (session) => {
        await session.exec(update(Hero).set({ mentorId: null }));
        for (const model of [Toy, Pet, Trophy, HeroPower, Hero, Power, Team])
          await session.exec(deleteFrom(model as typeof Hero));
        await session.commit();
        db.forget();
      });

    const holds = async (list: readonly Operation[]): Promise<void> => {
      await empty();
      const bench = new LawBench(db.engine);
      try {
        for (const operation of list) await bench.run(operation);
        await bench.finish();
      } finally {
        await bench.close();
      }
    };

    it(`is kept by ${runs} sequences of operations`, async () => {
      await fc.assert(fc.asyncProperty(operations, holds), {
        numRuns: runs,
        ...(seed === undefined ? {} : { seed: Number(seed) }),
      });
    });
  });
}
