/** Queries and statements without objects, with the values they give. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { z } from "zod";
import {
  alias,
  and,
  avg,
  type Condition,
  caseWhen,
  cast,
  coalesce,
  count,
  createRegistry,
  cte,
  deleteFrom,
  exists,
  field,
  func,
  insert,
  many,
  max,
  min,
  not,
  type Operand,
  type OrderKey,
  one,
  or,
  scalar,
  select,
  sql,
  sum,
  t,
  update,
} from "../../src/index.ts";
import { returnsUpdates } from "../../src/session/returning.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";

const { Model } = createRegistry("session-queries");

class Shop extends Model("shop", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(40), { unique: true }),
  sales: () => many(Sale, { backPopulates: "shop" }),
}) {}

class Sale extends Model("sale", {
  id: field(z.int32(), { primaryKey: true }),
  item: field(z.string().max(40)),
  pieces: field(z.int32()),
  units: field(z.bigint()),
  price: field(z.string(), { type: t.numeric(10, 2) }),
  weight: field(z.number().nullable()),
  at: field(z.date()),
  version: field(z.int32(), { versionId: true }),
  shopId: () => field(z.int32().nullable(), { foreignKey: Shop.c.id }),
  shop: () => one(Shop, { backPopulates: "sales" }),
}) {}

class Archive extends Model("archive", {
  item: field(z.string().max(40), { primaryKey: true }),
  pieces: field(z.int32().nullable()),
  state: field(z.string().max(10), { default: "old" }),
  version: field(z.int32(), { versionId: true }),
}) {}

/** Defaults of every kind, in columns that take null and in others. */
class Ticket extends Model("some ticket", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(20)),
  rank: field(z.string().max(20).nullable(), { serverDefault: "'recruit'", column: "ra nk" }),
  pieces: field(z.int32(), { serverDefault: 7 }),
  isOpen: field(z.boolean(), { serverDefault: true }),
  at: field(z.date(), { serverDefault: "CURRENT_TIMESTAMP" }),
  kind: field(z.enum(["x", "y"]).default("y")),
  note: field(z.string().default("none").nullable()),
}) {}

const models = [Shop, Sale, Archive, Ticket];
const day = (n: number): Date => new Date(Date.UTC(2024, 0, n));

for (const dialect of dialects) {
  describe(`queries on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, models);
    });
    beforeEach(async () => {
      await db.clear();
      await db.run(async (session) => {
        const [a, b] = [new Shop({ name: "a" }), new Shop({ name: "b" })];
        session.addAll([a, b, new Shop({ name: "c" })]);
        const sale = (item: string, pieces: number, price: string, shop: Shop | null, n: number): Sale =>
          new Sale({
            item,
            pieces,
            units: BigInt(pieces) * 10n ** 15n,
            price,
            at: day(n),
            shop,
            weight: n === 1 ? null : n,
          });
        session.addAll([
          sale("apple", 3, "1.10", a, 1),
          sale("pear", 5, "2.20", a, 2),
          sale("plum_100%", 7, "0.30", b, 3),
          sale("none", 1, "9.99", null, 4),
        ]);
        await session.commit();
      });
    });
    after(() => db.remove());

    it("count, add up, and give what they add up in its own form", async () => {
      await db.run(async (session) => {
        const { pieces, units, price, weight, at, shopId } = Sale.c;
        const row = await session
          .exec(
            select(count(), sum(pieces), sum(units), sum(price), avg(pieces), min(at), max(at)).from(Sale),
          )
          .one();
        assert.deepEqual(row, [4, 16, 16n * 10n ** 15n, "13.59", 4, day(1), day(4)]);
        assert.deepEqual(
          await session.exec(select(count(shopId), count(shopId, { distinct: true }))).one(),
          [3, 2],
        );
        assert.equal(await session.exec(select(sum(weight)).where(Sale.c.id.lt(0))).one(), null);
      });
    });

    it("group and sort by what they calculate, its values bound", async () => {
      const { pieces, item } = Sale.c;
      const size = (): Operand<string> => caseWhen([[pieces.gt(4), "large"]], "small");
      await db.run(async (session) => {
        const groups = select(size(), count(), max(pieces.plus(1)))
          .groupBy(size())
          .having(max(pieces.plus(1)).gt(1))
          .orderBy(size());
        assert.deepEqual(await session.exec(groups).all(), [
          ["large", 2, 8],
          ["small", 2, 4],
        ]);
        const within = select(pieces.plus(1).times(2)).groupBy(pieces.plus(1)).orderBy(pieces.plus(1).desc());
        assert.deepEqual(await session.exec(within).all(), [16, 12, 8, 4]);
        const sorted = select(pieces.times(2)).distinct().orderBy(pieces.times(2).desc()).limit(2);
        assert.deepEqual(await session.exec(sorted).all(), [14, 10]);
        const word = func<string>("replace", item, "a", "o");
        const same = select(word).where(item.ne("a")).groupBy(word).orderBy(word).limit(1);
        assert.deepEqual(await session.exec(same).all(), ["none"]);
      });
    });

    it("set columns to what others held, in whatever order they say it", async () => {
      const { pieces, id } = Sale.c;
      await db.run(async (session) => {
        for (const changes of [
          { pieces: 50, weight: pieces.plus(1) as Operand<number | null> },
          { weight: pieces.plus(1) as Operand<number | null>, pieces: 50 },
        ]) {
          await session.exec(update(Sale).set(changes).where(id.eq(1)));
          const found = await session.exec(select(pieces, Sale.c.weight).where(id.eq(1))).one();
          assert.deepEqual(found, [50, 4]);
          await session.rollback();
        }
      });
    });

    it("need something to select from", async () => {
      await db.run(async (session) => {
        await assert.rejects(session.exec(select(count())).all(), code("QUERY.NO_SOURCE"));
        assert.throws(() => select(count()).join(Sale), code("QUERY.NO_SOURCE"));
        assert.deepEqual(await session.exec(select(sql<number>`1 + 1`)).all(), [2]);
      });
    });

    it("group, with conditions on groups, inner and outer joins, and aliases", async () => {
      await db.run(async (session) => {
        const bySale = await session
          .exec(
            select(Shop.c.name, count(Sale.c.id), coalesce(sum(Sale.c.pieces), 0))
              .leftJoin(Sale)
              .groupBy(Shop.c.name)
              .orderBy(Shop.c.name),
          )
          .all();
        assert.deepEqual(bySale, [
          ["a", 2, 8],
          ["b", 1, 7],
          ["c", 0, 0],
        ]);
        const big = select(Shop.c.name).join(Sale).groupBy(Shop.c.name).having(sum(Sale.c.pieces).gt(7));
        assert.deepEqual(await session.exec(big).all(), ["a"]);
        const other = alias(Sale, "other");
        const pairs = await session
          .exec(
            select(Sale.c.item, other.c.item)
              .join(other, and(Sale.c.shopId.eq(other.c.shopId), Sale.c.id.lt(other.c.id)))
              .orderBy(Sale.c.item),
          )
          .all();
        assert.deepEqual(pairs, [["apple", "pear"]]);
        const mixed = await session
          .exec(select(Shop, Sale, Sale.c.price).leftJoin(Sale).orderBy(Shop.c.name, Sale.c.item))
          .all();
        assert.deepEqual(
          mixed.map(([shop, sale, price]) => [shop.name, sale?.item ?? null, price]),
          [
            ["a", "apple", "1.10"],
            ["a", "pear", "2.20"],
            ["b", "plum_100%", "0.30"],
            ["c", null, null],
          ],
        );
      });
    });

    it("hold subqueries: as lists, as values, as questions", async () => {
      await db.run(async (session) => {
        const names = (list: readonly Shop[]): string[] => list.map((shop) => shop.name).sort();
        const ofShop = select(Sale).where(Sale.c.shopId.eq(Shop.c.id));
        assert.deepEqual(names(await session.exec(select(Shop).where(exists(ofShop))).all()), ["a", "b"]);
        assert.deepEqual(names(await session.exec(select(Shop).where(not(exists(ofShop)))).all()), ["c"]);
        const sold = select(Sale.c.shopId).where(Sale.c.pieces.gt(5));
        assert.deepEqual(names(await session.exec(select(Shop).where(Shop.c.id.in(sold))).all()), ["b"]);
        const total = scalar(select(sum(Sale.c.pieces)).where(Sale.c.shopId.eq(Shop.c.id)));
        const totals = await session.exec(select(Shop.c.name, total).orderBy(Shop.c.name)).all();
        assert.deepEqual(totals, [
          ["a", 8],
          ["b", 7],
          ["c", null],
        ]);
        const most = scalar(select(max(Sale.c.at)));
        assert.deepEqual(await session.exec(select(Sale.c.item).where(Sale.c.at.eq(most))).all(), ["none"]);
      });
    });

    it("name queries, and select from them and join them like tables", async () => {
      await db.run(async (session) => {
        const { shopId, pieces, price, at } = Sale.c;
        const totals = cte(
          "totals",
          ["shopId", "pieces", "highest", "last"],
          select(shopId, sum(pieces), max(price), max(at)).where(pieces.gt(1)).groupBy(shopId),
        );
        const rows = await session
          .exec(
            select(Shop, totals.c.pieces, totals.c.last)
              .join(totals, totals.c.shopId.eq(Shop.c.id))
              .where(totals.c.highest.lt("9.00"), totals.c.last.ge(day(2)))
              .orderBy(totals.c.highest.desc()),
          )
          .all();
        assert.deepEqual(
          rows.map(([{ name }, sold, last]) => [name, sold, last]),
          [
            ["a", 8, day(2)],
            ["b", 7, day(3)],
          ],
        );
        const shops = cte("shops", ["name"], select(Shop.c.name).where(Shop.c.name.ne("c")));
        assert.deepEqual(await session.exec(select(shops.c.name).orderBy(shops.c.name)).all(), ["a", "b"]);
        assert.equal(await session.exec(select(count()).from(shops)).one(), 2);
        const inside = select(Shop.c.id).where(
          Shop.c.name.in(select(shops.c.name).where(shops.c.name.gt("a"))),
        );
        assert.deepEqual(await session.exec(inside).all(), [2]);
        const both = select(shops.c.name, totals.c.pieces)
          .join(totals, totals.c.pieces.gt(7))
          .orderBy(shops.c.name);
        assert.deepEqual(await session.exec(both).all(), [
          ["a", 8],
          ["b", 8],
        ]);
        const copied = insert(Archive).fromSelect(["item"], select(shops.c.name));
        assert.equal((await session.exec(copied)).changes, 2);
        assert.throws(() => cte("x", ["a", "b"] as never, select(Shop.c.id)), code("QUERY.COLUMN_COUNT"));
        assert.throws(() => cte("x", ["a"] as never, select(Shop)), code("QUERY.COLUMN_COUNT"));
        assert.throws(() => select(Shop).join(shops), code("QUERY.JOIN_CONDITION"));
      });
    });

    it("calculate: cases, casts, functions, arithmetic", async () => {
      await db.run(async (session) => {
        const { item, pieces, at } = Sale.c;
        const size = caseWhen(
          [
            [pieces.lt(3), "few"],
            [pieces.lt(6), "some"],
          ],
          "many",
        );
        const latest = caseWhen([[pieces.gt(6), at]], null as never);
        const rows = await session
          .exec(select(item, size, pieces.plus(1).times(2), func<number>("length", item)).orderBy(item))
          .all();
        assert.deepEqual(rows, [
          ["apple", "some", 8, 5],
          ["none", "few", 4, 4],
          ["pear", "some", 12, 4],
          ["plum_100%", "many", 16, 9],
        ]);
        const dates = await session.exec(select(latest).orderBy(item)).all();
        assert.deepEqual(dates, [null, null, null, day(3)]);
        assert.deepEqual(
          await session
            .exec(
              select(cast<string>(pieces, t.varchar(10)))
                .limit(1)
                .orderBy(item),
            )
            .one(),
          "3",
        );
        assert.deepEqual(await session.exec(select(pieces.gt(4), item).orderBy(item).limit(2)).all(), [
          [false, "apple"],
          [false, "none"],
        ]);
      });
    });

    it("find text as it is written, and sort by several keys, empty ones where they are told to", async () => {
      await db.run(async (session) => {
        const items = async (...conditions: Condition[]): Promise<string[]> =>
          session
            .exec(
              select(Sale.c.item)
                .where(...conditions)
                .orderBy(Sale.c.item),
            )
            .all();
        const { item, weight, pieces } = Sale.c;
        assert.deepEqual(await items(item.contains("_100%")), ["plum_100%"]);
        assert.deepEqual(await items(item.startsWith("p")), ["pear", "plum_100%"]);
        assert.deepEqual(await items(item.endsWith("%")), ["plum_100%"]);
        assert.deepEqual(await items(or(item.startsWith("P"), item.eq("none"))), ["none"]);
        const sorted = async (key: OrderKey): Promise<string[]> =>
          (await session.exec(select(Sale).orderBy(key, pieces.desc())).all()).map((sale) => sale.item);
        assert.equal((await sorted(weight.asc().nullsFirst()))[0], "apple");
        assert.equal((await sorted(weight.asc().nullsLast()))[3], "apple");
        assert.equal((await sorted(weight.desc().nullsFirst()))[0], "apple");
        assert.deepEqual(
          await session
            .exec(select(Sale.c.shopId).distinct().where(Sale.c.shopId.isNotNull()).orderBy(Sale.c.shopId))
            .all(),
          [1, 2],
        );
        assert.deepEqual(await session.exec(select(item).orderBy(item).offset(1).limit(2)).all(), [
          "none",
          "pear",
        ]);
        assert.deepEqual(await session.exec(select(item).orderBy(item).offset(3)).all(), ["plum_100%"]);
      });
    });

    it("insert what a query gives, with the defaults that are the same for all", async () => {
      await db.run(async (session) => {
        const { item, pieces } = Sale.c;
        const statement = insert(Archive).fromSelect(
          ["item", "pieces"],
          select(item, pieces.plus(100)).where(pieces.gt(3)),
        );
        assert.equal((await session.exec(statement)).changes, 2);
        await session.exec(insert(Archive).fromSelect(["item"], select(item).where(pieces.eq(1))));
        const rows = await session.exec(select(Archive).orderBy(Archive.c.item)).all();
        assert.deepEqual(
          rows.map((row) => [row.item, row.pieces, row.state, row.version]),
          [
            ["none", null, "old", 1],
            ["pear", 105, "old", 1],
            ["plum_100%", 107, "old", 1],
          ],
        );
        assert.throws(
          () => insert(Archive).fromSelect(["item"], select(item, pieces) as never),
          code("QUERY.COLUMN_COUNT"),
        );
      });
    });

    it("insert rows that name different columns, each with the defaults of those it leaves out", async () => {
      const { name, rank, pieces, isOpen, kind, note, at } = Ticket.c;
      await db.run(async (session) => {
        const whole = {
          id: 5,
          name: "a",
          rank: "x",
          pieces: 1,
          isOpen: false,
          at: day(1),
          kind: "x" as const,
        };
        await session.exec(
          insert(Ticket).values(
            { ...whole, note: "n" },
            { name: "b" },
            { name: "c", rank: null, note: null },
          ),
        );
        const rows = await session.exec(select(name, rank, pieces, isOpen, kind, note).orderBy(name)).all();
        assert.deepEqual(rows, [
          ["a", "x", 1, false, "x", "n"],
          ["b", "recruit", 7, true, "y", "none"],
          ["c", null, 7, true, "y", null],
        ]);
        assert.equal(await session.exec(select(count(at)).where(at.gt(day(1)))).one(), 2);
      });
    });

    it("insert or change, by a key they name", async () => {
      await db.run(async (session) => {
        const values = [
          { item: "x", pieces: 1 },
          { item: "y", pieces: 2 },
        ];
        await session.exec(insert(Archive).values(...values));
        await session.exec(
          insert(Archive)
            .values({ item: "x", pieces: 10 }, { item: "z", pieces: 3 })
            .onConflict(["item"], (excluded) => ({ pieces: excluded.pieces, state: "new" })),
        );
        await session.exec(insert(Archive).values({ item: "y", pieces: 99 }).onConflict(["item"]));
        const rows = await session.exec(select(Archive).orderBy(Archive.c.item)).all();
        assert.deepEqual(
          rows.map((row) => [row.item, row.pieces, row.state, row.version]),
          [
            ["x", 10, "new", 2],
            ["y", 2, "old", 1],
            ["z", 3, "old", 1],
          ],
        );
        assert.throws(() => insert(Archive).values({ nothing: 1 } as never), code("MODEL.UNKNOWN_PROPERTY"));
        await assert.rejects(session.exec(insert(Archive)), code("QUERY.NO_VALUES"));
        await assert.rejects(session.exec(update(Archive)), code("QUERY.NO_VALUES"));
      });
    });

    it("change and delete many rows at once, by values and by what rows hold", async () => {
      await db.run(async (session) => {
        const { pieces, item } = Sale.c;
        const pear = await session.exec(select(Sale).where(item.eq("pear"))).one();
        const { changes } = await session.exec(
          update(Sale)
            .set({ pieces: pieces.plus(1) })
            .where(pieces.ge(5)),
        );
        assert.equal(changes, 2);
        await session.refresh(pear);
        assert.deepEqual([pear.pieces, pear.version], [6, 2]);
        const gone = await session.exec(deleteFrom(Sale).where(pieces.lt(4), item.ne("none")));
        assert.equal(gone.changes, 1);
        if (db.dialect.capabilities.returning) {
          const made = await session.exec(insert(Shop).values({ name: "d" }, { name: "e" }).returning());
          assert.deepEqual(made.rows.map(({ name }) => name).sort(), ["d", "e"]);
          assert.equal(await session.get(Shop, made.rows[0]?.id), made.rows[0]);
          const deleted = await session.exec(deleteFrom(Sale).where(item.eq("none")).returning());
          assert.equal(deleted.rows[0]?.item, "none");
        }
        const raised = update(Sale).set({ pieces: 9 }).where(item.eq("pear")).returning();
        if (returnsUpdates(db.dialect.capabilities)) {
          assert.deepEqual((await session.exec(raised)).rows, [pear]);
          assert.equal(pear.pieces, 9);
        } else await assert.rejects(session.exec(raised), code("QUERY.NO_RETURNING"));
      });
    });

    it("bind every value, whatever it looks like", async () => {
      await db.run(async (session) => {
        const evil = "'; drop table shop; --";
        session.add(new Shop({ name: evil }));
        await session.commit();
        assert.equal((await session.exec(select(Shop).where(Shop.c.name.eq(evil))).one()).name, evil);
        assert.equal((await session.exec(select(Shop).where(sql`${Shop.c.name} = ${evil}`)).all()).length, 1);
        const rows = await session.exec(
          sql<{ n: number }>`select count(*) as n from ${sql.id("shop")} where name <> ${evil}`,
        );
        assert.equal(Number(rows[0]?.["n"]), 3);
        assert.equal(
          db.statements.some((text) => text.includes("drop table shop")),
          false,
        );
      });
    });

    it("see what the Session has not written yet", async () => {
      await db.run(async (session) => {
        const sale = await session.exec(select(Sale).where(Sale.c.item.eq("apple"))).one();
        sale.pieces = 50;
        assert.deepEqual(await session.exec(select(Sale.c.item).where(Sale.c.pieces.eq(50))).all(), [
          "apple",
        ]);
        sale.pieces = 51;
        assert.deepEqual(await session.exec(select(Shop.c.name).where(Shop.c.name.eq("a"))).all(), ["a"]);
        assert.deepEqual(Object.keys(session.changes(sale)), ["pieces"]);
        const inside = select(Shop.c.name).where(exists(select(Sale).where(Sale.c.pieces.eq(51))));
        assert.equal((await session.exec(inside).all()).length, 3);
        assert.deepEqual(session.changes(sale), {});
      });
    });
  });
}
