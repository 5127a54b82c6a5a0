/** Exact decimals in queries: what they are compared, calculated and added up as. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { z } from "zod";
import {
  avg,
  type Condition,
  cast,
  createRegistry,
  field,
  insert,
  max,
  min,
  select,
  sql,
  sum,
  t,
  update,
} from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { TestDatabase } from "./database.ts";

const { Model } = createRegistry("session-decimals");

class Entry extends Model("entry", {
  id: field(z.int32(), { primaryKey: true }),
  amount: field(z.string(), { type: t.numeric(10, 2) }),
  rate: field(z.number(), { type: t.numeric(12, 4), default: 1 }),
  long: field(z.string().nullable(), { type: t.numeric(30, 10) }),
}) {}

const long = "12345678901234567890.0123456789";

for (const dialect of dialects) {
  describe(`decimals on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, [Entry]);
    });
    beforeEach(async () => {
      await db.clear();
      const amounts = ["0.10", "0.20", "10.00", "9.00", "-3.50"];
      await db.run(async (session) => {
        session.addAll(amounts.map((amount, at) => new Entry({ amount, long: at === 0 ? long : null })));
        await session.commit();
      });
    });
    after(() => db.remove());

    const { id, amount, rate, long: longer } = Entry.c;
    const ids = (condition: Condition): Promise<number[]> =>
      db.run((session) => session.exec(select(id).where(condition).orderBy(id)).all());

    it("are compared by size, with all the digits of either side", async () => {
      assert.deepEqual(await ids(amount.gt("0.104")), [2, 3, 4]);
      assert.deepEqual(await ids(amount.between("-4", "0.2")), [1, 2, 5]);
      assert.deepEqual(await ids(amount.in(["10", "9.0"])), [3, 4]);
      assert.deepEqual(await ids(longer.eq(long)), [1]);
      // As floating-point numbers these two are one.
      assert.deepEqual(await ids(longer.eq(long.replace(/9$/, "8"))), []);
      assert.deepEqual(await ids(amount.in(select(amount).where(id.gt(2)))), [3, 4, 5]);
      const sorted = await db.run((session) => session.exec(select(amount).orderBy(amount)).all());
      assert.deepEqual(sorted, ["-3.50", "0.10", "0.20", "9.00", "10.00"]);
    });

    it("are added up exactly, and the largest is not the one that sorts last", async () => {
      await db.run(async (session) => {
        const all = select(sum(amount), min(amount), max(amount), avg(amount), sum(longer)).from(Entry);
        assert.deepEqual(await session.exec(all).one(), ["15.80", "-3.50", "10.00", 3.16, long]);
        const none = select(sum(amount), max(amount)).from(Entry).where(id.gt(99));
        assert.deepEqual(await session.exec(none).one(), [null, null]);
        const large = select(rate, sum(amount)).from(Entry).groupBy(rate).having(sum(amount).gt("15.7"));
        assert.deepEqual(await session.exec(large).all(), [[1, "15.80"]]);
      });
    });

    it("are calculated with exactly", async () => {
      await db.run(async (session) => {
        const [row] = await session
          .exec(
            select(amount.plus("0.20"), amount.minus("0.05"), amount.times("3"), amount.plus(amount)).where(
              id.eq(1),
            ),
          )
          .all();
        assert.deepEqual(row?.map(Number), [0.3, 0.05, 0.3, 0.2]);
        assert.equal(row?.[0], "0.30");
        assert.equal(row?.[3], "0.20");
        const [as] = await session
          .exec(select(cast(id, t.numeric(10, 2)), cast(amount, t.numeric(10, 1))).where(id.eq(1)))
          .all();
        assert.deepEqual(as, ["1.00", "0.1"]);
        const [quotient] = await session.exec(select(amount.dividedBy("4")).where(id.eq(4))).all();
        assert.equal(Number(quotient), 2.25);
      });
      assert.deepEqual(await ids(amount.plus("0.20").gt("0.35")), [2, 3, 4]);
      assert.deepEqual(await ids(amount.times(amount).eq("0.01")), [1]);
    });

    it("that are computed by an UPDATE are as the column has them", async () => {
      await db.run(async (session) => {
        await session.exec(update(Entry).set({ amount: amount.plus("0.25"), rate: rate.dividedBy(3) }));
        await session.exec(update(Entry).where(id.eq(5)).set({ amount: sql`amount * 1.015` }));
        await session.commit();
        const rows = await session.exec(select(amount, rate).orderBy(id)).all();
        assert.deepEqual(
          rows,
          ["0.35", "0.45", "10.25", "9.25", "-3.30"].map((each) => [each, 0.3333]),
        );
        assert.deepEqual(await session.exec(select(id).where(amount.eq("-3.30"))).all(), [5]);
      });
    });

    it("of an upsert are as well", async () => {
      await db.run(async (session) => {
        const row = insert(Entry).values({ id: 1, amount: "1.00" });
        await session.exec(row.onConflict(["id"], { amount: amount.times("2.5") }));
        await session.exec(row.onConflict(["id"], (given) => ({ amount: amount.plus(given.amount) })));
        await session.commit();
        assert.deepEqual(await session.exec(select(amount).where(id.eq(1))).all(), ["1.25"]);
      });
    });
  });
}
