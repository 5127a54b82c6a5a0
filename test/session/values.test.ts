/** What the database, the program and types of one's own do to values between a model and its table. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { z } from "zod";
import { createRegistry, defineType, field, insert, max, select, sql, t, update } from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";

const { Model } = createRegistry("session-values");

/** A decimal class as users bring them. */
class Money {
  readonly #cents: bigint;
  constructor(text: string) {
    this.#cents = BigInt(Math.round(Number(text) * 100));
  }
  plus(other: Money): Money {
    return new Money(String(Number(this.#cents + other.#cents) / 100));
  }
  toString(): string {
    return `${this.#cents / 100n}.${String(this.#cents % 100n).padStart(2, "0")}`;
  }
}

const money = defineType({
  name: "money",
  from: "test/session/values.test.ts",
  base: t.numeric(12, 2),
  encode: (value: Money) => value.toString(),
  decode: (text: string) => new Money(text),
});

const point = z.object({ x: z.number(), y: z.number() });

class Everything extends Model("everything", {
  id: field(z.uuid(), { primaryKey: true }),
  small: field(z.int(), { type: t.smallint() }),
  int: field(z.int32()),
  big: field(z.bigint()),
  safe: field(z.int()),
  float: field(z.number()),
  flag: field(z.boolean()),
  exact: field(z.string(), { type: t.numeric(38, 10) }),
  price: field(z.instanceof(Money), { type: money }),
  maybe: field(z.instanceof(Money).nullable(), { type: money }),
  short: field(z.string().max(20)),
  text: field(z.string()),
  bytes: field(z.instanceof(Uint8Array)),
  day: field(z.iso.date()),
  time: field(z.iso.time()),
  wall: field(z.string(), { type: t.timestamp(3) }),
  instant: field(z.date()),
  span: field(z.iso.duration()),
  kind: field(z.enum(["a", "b"])),
  json: field(z.object({ name: z.string(), at: point, list: z.array(z.number()) })),
  list: field(z.array(z.string())),
  numbers: field(z.array(z.int()), { type: t.array(t.integer()) }),
  when: field(
    z.codec(z.iso.datetime(), z.date(), {
      decode: (text) => new Date(text),
      encode: (date) => date.toISOString(),
    }),
  ),
}) {}

class Stamped extends Model("stamped", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(20)),
  visits: field(z.int32(), { serverDefault: 7 }),
  label: field(z.string().max(40), { serverDefault: "'none'" }),
  made: field(z.date(), { serverDefault: "CURRENT_TIMESTAMP" }),
  double: field(z.int32(), { generated: "visits * 2" }),
  changes: field(z.int32(), { default: 0, onUpdateFactory: sql`stamped.changes + ${1}` }),
  seen: field(z.string().max(20).nullable(), { onUpdateFactory: () => "by update" }),
  version: field(z.int32(), { versionId: true }),
}) {}

/** Whole numbers that the program has as bigints, whatever their size. */
class Tally extends Model("tally", {
  id: field(z.bigint(), { primaryKey: true }),
  plain: field(z.int64()),
  maybe: field(z.bigint().nullable().default(3n)),
  either: field(z.union([z.literal(1n), z.bigint().min(5n), z.null()]), { type: t.bigint() }),
  list: field(z.array(z.bigint()), { type: t.array(t.bigint()) }),
  coded: field(
    z.codec(z.bigint(), z.string(), { decode: (n) => `#${n}`, encode: (s) => BigInt(s.slice(1)) }),
  ),
  version: field(z.bigint(), { versionId: true }),
}) {}

/** Columns whose type holds something else than the schema, and nothing is lost between the two. */
class Between extends Model("between_two", {
  id: field(z.int32(), { primaryKey: true }),
  price: field(z.number(), { type: t.numeric(12, 2) }),
  free: field(z.number().nullable(), { type: t.numeric(30, 12) }),
  whole: field(z.bigint(), { type: t.numeric(30) }),
  digits: field(z.string().regex(/^-?\d+$/), { type: t.bigint() }),
  flag: field(z.boolean(), { type: t.smallint() }),
  day: field(z.date(), { type: t.date() }),
  wall: field(z.date().nullable(), { type: t.timestamp(3) }),
  text: field(z.iso.datetime(), { type: t.timestamptz(3) }),
  prices: field(z.array(z.number()), { type: t.array(t.numeric(12, 2)) }),
}) {}

const models = [Everything, Stamped, Tally, Between];

for (const dialect of dialects) {
  describe(`values on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, models);
    });
    beforeEach(() => db.clear());
    after(() => db.remove());

    const values = {
      id: "0190a6f0-7f00-7000-8000-000000000001",
      small: -32768,
      int: 2147483647,
      big: 9223372036854775807n,
      safe: Number.MAX_SAFE_INTEGER,
      float: 0.1 + 0.2,
      flag: true,
      exact: "12345678901234567890.0123456789",
      price: new Money("19.99"),
      short: "ünïcödé 😀",
      text: "a'b\"c\\d\n",
      bytes: new Uint8Array([0, 1, 255]),
      day: "2024-02-29",
      time: "23:59:59",
      wall: "2024-06-01T12:30:00.123",
      instant: new Date("2024-06-01T12:30:00.123Z"),
      span: "P1Y2M3DT4H5M6S",
      kind: "b" as const,
      json: { name: "n", at: { x: 1.5, y: -2 }, list: [1, 2] },
      list: ["a", "b,c", '"'],
      numbers: [3, 1, 2],
      when: "2024-06-01T12:30:00.000Z",
    };

    it("are bigints where the schema says so, small or large", async () => {
      for (const n of [
        0n,
        7n,
        -7n,
        9_007_199_254_740_991n,
        9_223_372_036_854_775_807n,
        -9_223_372_036_854_775_808n,
      ]) {
        const given = { plain: n, either: n < 5n ? 1n : n, list: [n, 2n], coded: n };
        const id = await db.run(async (session) => {
          const tally = new Tally(given);
          session.add(tally);
          await session.commit();
          assert.deepEqual([typeof tally.id, tally.version], ["bigint", 1n]);
          return tally.id as bigint;
        });
        await db.run(async (session) => {
          const read = await session.get(Tally, id);
          assert.ok(read);
          assert.deepEqual({ ...read }, { id, ...given, coded: `#${n}`, maybe: 3n, version: 1n });
          assert.deepEqual(session.changes(read), {});
          assert.deepEqual(
            await session
              .exec(select(Tally.c.plain, max(Tally.c.plain)).where(Tally.c.id.eq(id)).groupBy(Tally.c.plain))
              .all(),
            [[n, n]],
          );
          read.plain = n === 0n ? 1n : -(n / 2n);
          read.list.push(5n);
          await session.commit();
          assert.equal(read.version, 2n);
          await session.refresh(read);
          assert.deepEqual([read.plain, read.list], [n === 0n ? 1n : -(n / 2n), [n, 2n, 5n]]);
        });
      }
    });

    it("become what the column holds, and are what the schema says when they come back", async () => {
      const given = {
        price: 1.5,
        free: 1e-7,
        whole: 123456789012345678901234567890n,
        digits: "9007199254740993",
        flag: true,
        day: new Date("2024-02-29T00:00:00Z"),
        wall: new Date("2024-06-01T12:30:00.123Z"),
        text: "2024-06-01T12:30:00.123Z",
        prices: [0.25, 12],
      };
      await db.run(async (session) => {
        session.add(new Between(given));
        await session.commit();
      });
      await db.run(async (session) => {
        const read = await session.exec(select(Between)).one();
        assert.deepEqual({ ...read }, { id: 1, ...given });
        assert.deepEqual(session.changes(read), {});
        Object.assign(read, {
          price: 0.1 + 0.2,
          free: null,
          whole: -5n,
          digits: "-7",
          flag: false,
          wall: null,
        });
        read.day.setUTCFullYear(2023, 0, 2);
        read.prices.push(0.5);
        await session.commit();
      });
      await db.run(async (session) => {
        const read = await session.exec(select(Between)).one();
        const { price, free, whole, digits, flag, day, wall, prices } = read;
        assert.deepEqual(
          [price, free, whole, digits, flag, day, wall, prices],
          [0.3, null, -5n, "-7", false, new Date("2023-01-02T00:00:00Z"), null, [0.25, 12, 0.5]],
        );
        const { price: column } = Between.c;
        const counts = [
          column.eq(0.3),
          column.gt(0.299),
          column.gt(0.3001),
          column.lt(1e9),
          column.in([0.3, 7]),
        ];
        const found: number[] = [];
        for (const each of counts) found.push((await session.exec(select(Between).where(each)).all()).length);
        assert.deepEqual(found, [1, 1, 0, 1, 1]);
        const wanted = Between.c.whole.eq(-5n).and(Between.c.digits.eq("-7"));
        assert.deepEqual(
          await session.exec(select(max(column), Between.c.flag).where(wanted).groupBy(Between.c.flag)).all(),
          [[0.3, false]],
        );
      });
    });

    it("come back as they went in, and count as unchanged", async () => {
      await db.run(async (session) => {
        session.add(new Everything(values));
        await session.commit();
      });
      await db.run(async (session) => {
        const read = await session.exec(select(Everything)).one();
        assert.deepEqual(session.changes(read), {});
        assert.deepEqual(
          { ...read, price: String(read.price), exact: Number(read.exact) },
          {
            ...values,
            price: "19.99",
            maybe: null,
            exact: Number(values.exact),
            when: new Date(values.when),
          },
        );
        assert.equal(read.exact.replace(/0+$/, ""), values.exact.replace(/0+$/, ""));
        read.json.at.x = 2;
        read.json.list.push(3);
        read.bytes[0] = 9;
        read.instant.setUTCFullYear(2025);
        read.numbers.reverse();
        assert.deepEqual(Object.keys(session.changes(read)), ["bytes", "instant", "json", "numbers"]);
        await session.commit();
      });
      await db.run(async (session) => {
        const read = await session.exec(select(Everything)).one();
        assert.deepEqual(read.json, { name: "n", at: { x: 2, y: -2 }, list: [1, 2, 3] });
        assert.deepEqual([...read.bytes], [9, 1, 255]);
        assert.equal(read.instant.getUTCFullYear(), 2025);
        assert.deepEqual(read.numbers, [2, 1, 3]);
      });
    });

    it("of the user's own types can be compared with, selected alone and written without objects", async () => {
      await db.run(async (session) => {
        session.add(new Everything(values));
        await session.commit();
        const query = select(Everything.c.price).where(Everything.c.price.gt(new Money("5.00")));
        const [price] = await session.exec(query).all();
        assert.ok(price instanceof Money);
        assert.equal(String(price.plus(new Money("0.01"))), "20.00");
        await session.exec(update(Everything).set({ price: new Money("1.50"), maybe: new Money("2.00") }));
        const read = await session.get(Everything, values.id);
        assert.equal(`${read?.price} ${read?.maybe}`, "1.50 2.00");
      });
    });

    it("of the database are read back after an insert, in the same round trip where it can", async () => {
      await db.run(async (session) => {
        const [a, b] = [new Stamped({ name: "a" }), new Stamped({ name: "b", visits: 3, label: "given" })];
        session.addAll([a, b]);
        await session.flush();
        assert.deepEqual([a.visits, a.label, a.double, a.version], [7, "none", 14, 1]);
        assert.deepEqual([b.visits, b.label, b.double], [3, "given", 6]);
        assert.ok(Math.abs(a.made.getTime() - Date.now()) < 3_600_000);
        if (db.dialect.capabilities.returning) assert.equal(db.sent("SELECT").length, 0);
        await session.commit();
      });
    });

    it("of an update are computed and read back, unless the program gave them", async () => {
      await db.run(async (session) => {
        const row = new Stamped({ name: "a" });
        session.add(row);
        await session.commit();
        row.name = "b";
        row.visits = 5;
        await session.commit();
        assert.deepEqual([row.changes, row.seen, row.double, row.version], [1, "by update", 10, 2]);
        row.changes = 40;
        await session.commit();
        assert.deepEqual([row.changes, row.version], [40, 3]);
        await session.rollback();
        assert.equal(row.changes, 40);
        row.name = "c";
        await session.flush();
        assert.equal(row.changes, 41);
        await session.rollback();
        assert.deepEqual([row.changes, row.name, row.version], [40, "b", 3]);
      });
    });

    it("of an update come with bulk statements too, so that objects of the rows are found stale", async () => {
      await db.run(async (session) => {
        const row = new Stamped({ name: "a" });
        session.add(row);
        await session.commit();
        await session.exec(update(Stamped).set({ name: "b" }));
        const upsert = insert(Stamped).values({ id: row.id, name: "x" }).onConflict(["id"], { name: "c" });
        await session.exec(upsert);
        row.name = "mine";
        await assert.rejects(session.commit(), code("SESSION.STALE"));
        await session.rollback();
        await session.refresh(row);
        assert.deepEqual([row.name, row.changes, row.seen, row.version], ["a", 0, null, 1]);
      });
    });

    it("in SQL written by hand are bound, dates and booleans as their columns have them", async () => {
      await db.run(async (session) => {
        session.add(new Everything(values));
        await session.commit();
        const { instant, flag, text } = Everything.c;
        const query = select(Everything).where(
          sql`${instant} = ${values.instant} and ${flag} = ${true} and ${text} = ${values.text}`,
        );
        assert.equal((await session.exec(query).all()).length, 1);
      });
    });

    it("become JSON as they are, big integers and bytes as text", async () => {
      const json = JSON.parse(JSON.stringify(new Everything(values))) as Record<string, unknown>;
      assert.equal(json["big"], "9223372036854775807");
      assert.equal(json["bytes"], "AAH/");
      assert.equal(json["instant"], "2024-06-01T12:30:00.123Z");
      assert.deepEqual(json["json"], values.json);
      assert.deepEqual(Object.keys(json), Object.keys(Everything.schema.shape));
      const { id, ...change } = Everything.updateSchema.parse({ big: 1n });
      assert.deepEqual([id, change], [undefined, { big: 1n }]);
      assert.equal(Everything.insertSchema.safeParse({ id: values.id }).success, false);
    });

    it("that a column cannot hold are refused by the model, with every issue", async () => {
      assert.throws(
        () => new Everything({ ...values, kind: "c" as never, int: 1.5 }),
        (error: unknown) => {
          const { issues } = error as { issues: { path: string[] }[] };
          assert.deepEqual(issues.map(({ path }) => path[0]).sort(), ["int", "kind"]);
          return true;
        },
      );
    });
  });
}
