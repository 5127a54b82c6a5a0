/** What functions, cases, subqueries and other expressions over columns take and give: values as the columns have them. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { z } from "zod";
import {
  alias,
  type Condition,
  caseWhen,
  cast,
  coalesce,
  createRegistry,
  cte,
  defineType,
  field,
  insert,
  max,
  type Operand,
  type Select,
  scalar,
  select,
  sql,
  t,
  update,
} from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { TestDatabase } from "./database.ts";

const { Model } = createRegistry("session-expressions");

/** Text that is stored backwards, so that one that is not encoded, or not decoded, is seen. */
const backwards = defineType({
  name: "backwards",
  from: "test/session/expressions.test.ts",
  base: t.text(),
  encode: (text: string) => [...text].reverse().join(""),
  decode: (text: string) => [...text].reverse().join(""),
});

const letter = z.codec(z.enum(["Y", "N"]), z.boolean(), {
  decode: (text) => text === "Y",
  encode: (flag) => (flag ? ("Y" as const) : ("N" as const)),
});

class Thing extends Model("some thing", {
  id: field(z.int32(), { primaryKey: true, column: "Thing Id" }),
  int: field(z.int32(), { column: "order" }),
  big: field(z.bigint(), { column: "c_big" }),
  float: field(z.number(), { column: "c_float" }),
  flag: field(z.boolean(), { column: "c_flag" }),
  exact: field(z.string(), { type: t.numeric(30, 10), column: "c_exact" }),
  cents: field(z.number(), { type: t.numeric(12, 2), column: "c_cents" }),
  secret: field(z.string(), { type: backwards, column: "c_secret" }),
  text: field(z.string(), { column: "c_text" }),
  bytes: field(z.instanceof(Uint8Array), { column: "c_bytes" }),
  day: field(z.iso.date(), { column: "c_day" }),
  dayDate: field(z.date(), { type: t.date(), column: "c_day_date" }),
  time: field(z.iso.time(), { column: "c_time" }),
  wall: field(z.string(), { type: t.timestamp(6), column: "c_wall" }),
  instant: field(z.date(), { column: "c_instant" }),
  instantText: field(z.iso.datetime(), { type: t.timestamptz(3), column: "c_instant_text" }),
  kind: field(z.enum(["a", "b"]), { column: "c_kind" }),
  json: field(z.object({ name: z.string(), n: z.number().nullable() }), { column: "c_json" }),
  list: field(z.array(z.string()), { column: "c_list" }),
  numbers: field(z.array(z.int()), { type: t.array(t.integer()), column: "c_numbers" }),
  letter: field(letter, { column: "c_letter" }),
}) {}

class Copy extends Model("copy", {
  id: field(z.int32(), { primaryKey: true }),
  text: field(z.string()),
  kind: field(z.enum(["a", "b"]), { default: "b" }),
  made: field(z.date(), { default: new Date(5) }),
}) {}

const first = {
  int: 5,
  big: 9007199254740993n,
  float: 0.1,
  flag: true,
  exact: "123.4500000000",
  cents: 12.5,
  secret: "abc",
  text: "",
  bytes: new Uint8Array([0, 1, 255]),
  day: "1969-12-31",
  dayDate: new Date("1950-01-02T00:00:00Z"),
  time: "23:59:59",
  wall: "2050-01-02T03:04:05.123456",
  instant: new Date("2090-06-01T12:30:00.123Z"),
  instantText: "1960-01-01T00:00:00.500Z",
  kind: "b" as const,
  json: { name: "n", n: null },
  list: ["a", "b"],
  numbers: [3, 1],
  letter: true,
};
const second: typeof first = {
  int: -7,
  big: -1n,
  float: -1e300,
  flag: false,
  exact: "-0.0000000001",
  cents: -0.01,
  secret: "xy",
  text: "'\\\"%_\n😀",
  bytes: new Uint8Array([]),
  day: "2400-02-29",
  dayDate: new Date("2050-01-02T00:00:00Z"),
  time: "00:00:00",
  wall: "1800-01-02T03:04:05",
  instant: new Date("1901-06-01T12:30:00Z"),
  instantText: "2100-01-01T00:00:00.000Z",
  kind: "a" as unknown as "b",
  json: { name: "", n: null },
  list: [],
  numbers: [],
  letter: false,
};
const properties = Object.keys(first) as (keyof typeof first)[];
/** Kinds of which some database has no greatest value. */
const unsorted: ReadonlySet<string> = new Set(["flag", "bytes", "json", "list", "numbers"]);
const Other = alias(Thing, "an other");

for (const dialect of dialects) {
  describe(`expressions on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, [Thing, Copy]);
      await db.run(async (session) => {
        await session.exec(insert(Thing).values({ id: 1, ...first }, { id: 2, ...second }));
        await session.commit();
      });
    });
    after(() => db.remove());

    const one = Thing.c.id.eq(1);
    const byId = Thing.c.id.asc();

    for (const property of properties) {
      const column = Thing.c[property] as unknown as Operand<unknown>;
      const other = Other.c[property] as unknown as Operand<unknown>;
      const [a, b]: readonly unknown[] = [first[property], second[property]];

      it(`of ${property} give what the column has, and take it`, async () => {
        await db.run(async (session) => {
          const all = (query: Select<unknown>): Promise<unknown> => session.exec(query).all();
          const whole = coalesce(column, b);
          const named = cte("named", ["of it"], select(column).where(one));
          assert.deepEqual(await all(select(whole).where(one)), [a]);
          const missing = select(coalesce(other, b)).from(Thing).leftJoin(Other, Other.c.id.eq(99));
          assert.deepEqual(await all(missing.where(one)), [b]);
          const choices = [
            caseWhen([[one, column]], b),
            caseWhen([[one, a]], column),
            caseWhen([[Thing.c.id.eq(2), b]], column),
          ];
          for (const choice of choices) {
            assert.deepEqual(await all(select(choice).orderBy(byId)), [a, b]);
            assert.deepEqual(await all(select(Thing.c.id).where(choice.eq(a))), [1]);
          }
          assert.deepEqual(await all(select(caseWhen([[one, column]])).orderBy(byId)), [a, null]);
          assert.deepEqual(await all(select(Thing.c.id).where(whole.eq(a))), [1]);
          assert.deepEqual(await all(select(Thing.c.id).where(column.eq(a))), [1]);
          assert.deepEqual(await all(select(Thing.c.id).where(column.eq(caseWhen([[one, a]])))), [1]);
          assert.deepEqual(await all(select(Thing.c.id).join(Other, column.eq(other)).orderBy(byId)), [1, 2]);
          const chosen: Operand<unknown> = scalar(select(other).where(Other.c.id.eq(1)));
          assert.deepEqual(await all(select(chosen).from(Thing).where(one)), [a]);
          assert.deepEqual(await all(select(Thing.c.id).where(chosen.eq(a)).orderBy(byId)), [1, 2]);
          assert.deepEqual(await all(select(named.c["of it"]).from(named).where(named.c["of it"].eq(a))), [
            a,
          ]);
          if (unsorted.has(property)) return;
          assert.deepEqual(await all(select(max(column)).where(one)), [a]);
          const greatest = max(column);
          const groups = select(Thing.c.id).groupBy(Thing.c.id);
          assert.deepEqual(await all(groups.having(greatest.eq(a))), [1]);
          assert.deepEqual(await all(groups.having(greatest.in([a])).having(greatest.ge(a as never))), [1]);
        });
      });

      it(`are what ${property} is set to, by an update and by an upsert`, async () => {
        await db.run(async (session) => {
          const of = (id: number): Promise<unknown> =>
            session.exec(select(column).where(Thing.c.id.eq(id))).one();
          for (const value of [caseWhen([[Thing.c.id.eq(2), a]], column), caseWhen([[one, b]], a)]) {
            await session.exec(update(Thing).set({ [property]: value }));
            assert.deepEqual(await of(2), a);
            await session.rollback();
          }
          await session.exec(
            insert(Thing)
              .values({ id: 1, ...second })
              .onConflict(
                ["id"],
                (excluded) => ({ [property]: caseWhen([[excluded[property].eq(b as never), b]], column) }),
                column.eq(a),
              ),
          );
          assert.deepEqual(await of(1), b);
          await session.rollback();
        });
      });
    }

    it("of values alone are of the types that they look like", async () => {
      await db.run(async (session) => {
        for (const [yes, no] of [
          [true, false],
          [1, -2],
          [1.5, 2],
          [3n, 4n],
          ["x", ""],
          [new Date(1), new Date("2300-01-01T00:00:00.123Z")],
          [{ a: 1 }, { a: null }],
        ]) {
          const choice = caseWhen<unknown>([[one, yes]], no);
          assert.deepEqual(await session.exec(select(choice).from(Thing).orderBy(byId)).all(), [yes, no]);
        }
      });
    });

    it("that are cast are compared with values of that type, the user's own among them", async () => {
      await db.run(async (session) => {
        const { id, text, int, secret } = Thing.c;
        const ids = (...conditions: readonly Condition[]): Promise<number[]> =>
          session.exec(select(id).where(...conditions)).all();
        assert.deepEqual(await ids(cast<string>(int, t.text()).eq("5")), [1]);
        assert.deepEqual(await ids(cast<number>(int, t.numeric(10, 2)).gt(4.5)), [1]);
        assert.deepEqual(await ids(cast<string>(secret, backwards).eq("abc"), text.eq("")), [1]);
        assert.deepEqual(await session.exec(select(cast<string>(secret, backwards)).where(one)).all(), [
          "abc",
        ]);
      });
    });

    it("are inserted with defaults of the program beside them, enums among them", async () => {
      await db.run(async (session) => {
        await session.exec(insert(Copy).fromSelect(["text"], select(coalesce(Thing.c.text, "")).where(one)));
        const [copy] = await session.exec(select(Copy.c.text, Copy.c.kind, Copy.c.made)).all();
        assert.deepEqual(copy, ["", "b", new Date(5)]);
        await session.rollback();
      });
    });

    it("written by hand take objects and lists", async () => {
      await db.run(async (session) => {
        const [row] = await session.exec(
          sql`select 1 as "n" from ${sql.id("some thing")} where ${one} and ${Thing.c.text} <> ${{ a: 1 }}`,
        );
        assert.equal(Number(row?.["n"]), 1);
      });
    });
  });
}
