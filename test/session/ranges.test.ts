/** Ranges, where the database has them: as they went in, bounds of every type, and found by what is in them. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { z } from "zod";
import { createRegistry, exclude, field, range, select, sql, toSchema } from "../../src/index.ts";
import { dialects, loadDialect } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";

const { Model } = createRegistry("session-ranges");

class Booking extends Model(
  "booking",
  {
    id: field(z.int32(), { primaryKey: true }),
    during: field(range("tstzrange")),
    days: field(range("daterange").nullable()),
    wall: field(range("tsrange").nullable()),
    seats: field(range("int4range").nullable()),
    big: field(range("int8range").nullable()),
    price: field(range("numrange").nullable()),
  },
  (c) => [exclude([{ key: c.during, operator: "&&" }], { name: "no_overlap" })],
) {}

const at = (hour: number): Date => new Date(Date.UTC(2026, 0, 2, hour, 30, 0, 250));

for (const dialect of dialects) {
  const { exclusionConstraints } = (await loadDialect(dialect)).capabilities;
  describe(`ranges on ${dialect.name}`, { skip: !exclusionConstraints }, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, [Booking]);
    });
    beforeEach(() => db.clear());
    after(() => db.remove());

    it("come back as they went in, and count as unchanged", async () => {
      const values = {
        during: { lower: at(1), upper: at(2), lowerInclusive: true, upperInclusive: true },
        days: { lower: "2026-01-01", upper: null, lowerInclusive: true, upperInclusive: false },
        wall: { lower: null, upper: "2026-01-01T12:00:00", lowerInclusive: false, upperInclusive: false },
        seats: { lower: 3, upper: 9, lowerInclusive: true, upperInclusive: false },
        big: { lower: -(2n ** 62n), upper: 2n ** 62n, lowerInclusive: true, upperInclusive: false },
        price: {
          lower: "0.10",
          upper: "12345678901234567890.5",
          lowerInclusive: false,
          upperInclusive: true,
        },
      };
      await db.run(async (session) => {
        session.add(new Booking(values));
        await session.commit();
        assert.deepEqual(session.changes((await session.exec(select(Booking)).one()) as Booking), {});
      });
      await db.run(async (session) => {
        const { id, ...read } = await session.exec(select(Booking)).one();
        assert.deepEqual({ ...read }, values);
        const booking = (await session.get(Booking, id)) as Booking;
        assert.deepEqual(session.changes(booking), {});
        booking.seats = { lower: 1, upper: 4, upperInclusive: true };
        booking.big = { lower: null, upper: null, empty: true };
        booking.days = null;
        await session.commit();
        await session.refresh(booking);
        assert.deepEqual(booking.seats, { lower: 1, upper: 5, lowerInclusive: true, upperInclusive: false });
        assert.equal(booking.big?.empty, true);
        assert.equal(booking.days, null);
      });
    });

    it("are found by what is in them, and keep out what overlaps", async () => {
      await db.run(async (session) => {
        session.add(new Booking({ during: { lower: at(1), upper: at(3) } }));
        await session.commit();
        const there = select(Booking).where(sql`${Booking.c.during} @> ${at(2)}::timestamptz`);
        assert.equal((await session.exec(there).all()).length, 1);
        const same = select(Booking).where(Booking.c.during.eq({ lower: at(1), upper: at(3) }));
        assert.equal((await session.exec(same).all()).length, 1);
        session.add(new Booking({ during: { lower: at(2), upper: at(4) } }));
        await assert.rejects(session.commit(), code("DATABASE.UNIQUE"));
      });
    });
  });
}

describe("ranges", () => {
  it("are columns of their type, and refuse bounds of another", () => {
    const [table] = toSchema([Booking]).schema.tables;
    const type = table?.columns.find(({ name }) => name === "during")?.type;
    assert.deepEqual(type, { kind: "native", dialect: "postgresql", sql: "tstzrange" });
    const wrong = { during: { lower: "yesterday", upper: null }, seats: { lower: 1.5, upper: 2 } };
    assert.throws(() => new Booking(wrong as never), code("MODEL.INVALID"));
  });
});
