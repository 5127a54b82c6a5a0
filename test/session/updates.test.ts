/** Many changed rows: written together, each found by its key and its version, read back what the database computes. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { z } from "zod";
import {
  createRegistry,
  field,
  isAthanorError,
  one,
  type Session,
  select,
  sql,
  t,
  unique,
  uniqueIndex,
  update,
} from "../../src/index.ts";
import { lawDialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";

const { Model } = createRegistry("update-tests");

class Reading extends Model("reading", {
  place: field(z.string().max(8), { primaryKey: true }),
  at: field(z.int32(), { primaryKey: true }),
  words: field(z.string().max(12).nullable()),
  count: field(z.bigint()),
  ratio: field(z.number().nullable()),
  exact: field(z.string(), { type: t.numeric(20, 4) }),
  flag: field(z.boolean()),
  seen: field(z.date().nullable()),
  bytes: field(z.instanceof(Uint8Array).nullable(), { type: t.bytes() }),
  kind: field(z.enum(["low", "high"])),
  extra: field(z.record(z.string(), z.unknown()).nullable()),
  tags: field(z.array(z.string())),
}) {}

class Counter extends Model("counter", {
  id: field(z.int32(), { primaryKey: true }),
  value: field(z.int32()),
  twice: field(z.int32(), { generated: "value * 2" }),
  writes: field(z.int32(), { defaultFactory: () => 0, onUpdateFactory: sql`writes + 1` }),
  mark: field(z.string().max(20).nullable(), { onUpdateFactory: () => "touched" }),
  version: field(z.int32(), { versionId: true }),
}) {}

/** Numbers that no two of them may have alike, in three ways. */
class Place extends Model("place", {
  id: field(z.int32(), { primaryKey: true }),
  rank: field(z.int32(), { unique: true }),
  name: field(z.string().max(20)),
}) {}

class Pair extends Model(
  "pair",
  {
    id: field(z.int32(), { primaryKey: true }),
    a: field(z.int32()),
    b: field(z.int32()),
    c: field(z.int32()),
  },
  (c) => [unique(c.a, c.b), uniqueIndex(c.c)],
) {}

class Ticket extends Model("ticket", {
  id: field(z.bigint(), { primaryKey: true }),
  seat: field(z.int32()),
}) {}

/** The key of a row is in part that of the one it belongs to. */
class Floor extends Model("floor", {
  place: () => one(Place, { foreignKey: "placeId" }),
  placeId: () => field(z.int32(), { primaryKey: true, foreignKey: Place.c.id }),
  number: field(z.int32(), { primaryKey: true }),
  note: field(z.string().max(20)),
}) {}

const models = [Reading, Counter, Place, Pair, Ticket, Floor];

for (const dialect of lawDialects) {
  describe(`many changed rows on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, models);
    });
    beforeEach(() => db.clear());
    after(() => db.remove());

    const reading = (at: number): Reading =>
      new Reading({
        place: at % 2 === 0 ? 'a"\\' : "b,{}",
        at,
        words: "first",
        count: 1n,
        ratio: 0.5,
        exact: "1.5000",
        flag: false,
        seen: null,
        bytes: null,
        kind: "low",
        extra: null,
        tags: [],
      });

    it("holds values of every type, nulls and characters that mean something elsewhere", async () => {
      const words = ['"', "\\", "{a,b}", "NULL", "", " x ", "it's", null, "é", "\n"];
      const count = 63; // more than one statement takes on each database
      await db.run(async (session) => {
        const all = Array.from({ length: count }, (_, at) => reading(at));
        session.addAll(all);
        await session.commit();
        for (const [at, each] of all.entries()) {
          each.words = words[at % words.length] as string | null;
          each.count = 9_007_199_254_740_993n + BigInt(at);
          each.ratio = at === 3 ? null : at / 3;
          each.exact = `${at}.1250`;
          each.flag = at % 2 === 0;
          each.seen = at === 4 ? null : new Date(1_700_000_000_000 + at);
          each.bytes = at === 5 ? null : new Uint8Array([0, 92, 34, at]);
          each.kind = at % 3 === 0 ? "high" : "low";
          each.extra = at === 6 ? null : { text: `"\\${at}`, list: [1, null, { deep: at }] };
          each.tags = at === 7 ? [] : ['x"y', "a,b", "\\", "NULL"];
        }
        await session.commit();
      });
      await db.run(async (session) => {
        const found = await session.exec(select(Reading).orderBy(Reading.c.at)).all();
        assert.equal(found.length, count);
        for (const [at, each] of found.entries()) {
          assert.equal(each.words, words[at % words.length]);
          assert.equal(each.count, 9_007_199_254_740_993n + BigInt(at));
          assert.equal(each.ratio, at === 3 ? null : at / 3);
          assert.equal(each.exact, `${at}.1250`);
          assert.equal(each.flag, at % 2 === 0);
          assert.deepEqual(each.seen, at === 4 ? null : new Date(1_700_000_000_000 + at));
          assert.deepEqual(each.bytes && [...each.bytes], at === 5 ? null : [0, 92, 34, at]);
          assert.equal(each.kind, at % 3 === 0 ? "high" : "low");
          assert.deepEqual(each.extra, at === 6 ? null : { text: `"\\${at}`, list: [1, null, { deep: at }] });
          assert.deepEqual(each.tags, at === 7 ? [] : ['x"y', "a,b", "\\", "NULL"]);
        }
      });
    });

    it("takes a great many new rows, with values of every type, in the order in which they came", async () => {
      const words = ['"', "\\", "{a,b}", "NULL", "", " x ", "it's", null, "é", "\n"];
      const instants = ["1753-01-01T00:00:00", "1969-12-31T23:59:59.999", "9999-12-31T23:59:59.999"];
      const floats = [-1.5, 5e-324, 1.7e308, 0.1];
      const made = Array.from({ length: 2500 }, (_, at) => {
        const row = reading(at);
        row.words = words[at % words.length] as string | null;
        row.count = 9_007_199_254_740_993n + BigInt(at);
        row.ratio = at % 7 === 3 ? null : (floats[at % 50] ?? at / 3);
        row.exact = `${at}.1250`;
        row.flag = at % 2 === 0;
        const instant = instants[at % 50];
        row.seen =
          at % 5 === 4 ? null : new Date(instant === undefined ? 1_700_000_000_000 + at : `${instant}Z`);
        row.bytes = at % 9 === 5 ? null : new Uint8Array([0, 92, 34, at % 256]);
        row.kind = at % 3 === 0 ? "high" : "low";
        row.extra = at % 11 === 6 ? null : { text: `"\\${at}`, list: [1, null, { deep: at }] };
        row.tags = at % 13 === 7 ? [] : ['x"y', "a,b", "\\", "NULL"];
        return row;
      });
      const counters = made.map((_, at) => new Counter({ value: at }));
      const expected = made.map((row) => JSON.stringify(row));
      await db.run(async (session) => {
        session.addAll([...made, ...counters]);
        db.forget();
        await session.commit();
        if (db.dialect.columnwise !== undefined) assert.equal(db.sent("INSERT").length, 4);
      });
      await db.run(async (session) => {
        const rows = await session.exec(select(Reading).orderBy(Reading.c.at)).all();
        assert.deepEqual(
          rows.map((row) => JSON.stringify(row)),
          expected,
        );
        const found = await session.getMany(
          Counter,
          counters.map(({ id }) => id),
        );
        assert.deepEqual(
          found.map((each) => [each?.value, each?.twice, each?.version]),
          counters.map((each, at) => [at, each.twice, 1]),
        );
        assert.equal(counters[2000]!.twice, 4000);
      });
    });

    it("gives many new rows the numbers that the database gave them, large ones and under rules as well", async () => {
      const check = async (session: Session, first: bigint): Promise<void> => {
        const tickets = Array.from({ length: 700 }, (_, seat) => new Ticket({ seat }));
        session.addAll(tickets);
        await session.commit();
        assert.deepEqual(
          tickets.map(({ id }) => id),
          tickets.map((_, at) => first + BigInt(at)),
        );
        const stored = await session
          .exec(select(Ticket).where(Ticket.c.id.ge(first)).orderBy(Ticket.c.id))
          .all();
        assert.deepEqual(
          stored.map(({ seat }) => seat),
          tickets.map(({ seat }) => seat),
        );
      };
      await db.run((session) => check(session, 1n));
      if (db.dialect.columnwise === undefined) return;
      const edge = BigInt(Number.MAX_SAFE_INTEGER) - 300n;
      await db.run(async (session) => {
        await session.exec(sql`SELECT setval(pg_get_serial_sequence('ticket', 'id'), ${edge}, false)`);
        await check(session, edge);
        await session.exec(sql`CREATE RULE noted AS ON INSERT TO ticket DO ALSO NOTIFY tickets`);
        await session.commit();
      });
      // The rule is new to this engine, which may have been told of the table before; another one has not.
      await db.reconnect();
      await db.run(async (session) => {
        await check(session, edge + 700n);
        await session.exec(sql`DROP RULE noted ON ticket`);
        await session.commit();
      });
    });

    it("says which of many new rows is refused, and has written none of them", async () => {
      await db.run(async (session) => {
        const places = Array.from({ length: 120 }, (_, at) => new Place({ rank: at, name: `p${at}` }));
        places[77]!.rank = 11;
        session.addAll(places);
        await assert.rejects(session.commit(), (error) => {
          assert.ok(isAthanorError(error, "DATABASE.UNIQUE"));
          assert.deepEqual([error.fields.columns, error.fields.values], [["rank"], [11]]);
          return true;
        });
        await session.rollback();
        assert.deepEqual(await session.exec(select(Place)).all(), []);
        places[77]!.rank = 77;
        session.addAll(places);
        await session.commit();
        assert.equal((await session.exec(select(Place)).all()).length, 120);
      });
    });

    it("takes few statements for rows that change alike, where each is a round trip", async () => {
      await db.run(async (session) => {
        const all = Array.from({ length: 300 }, (_, at) => reading(at));
        session.addAll(all);
        await session.commit();
        for (const each of all) each.words = `w${each.at}`;
        for (const each of all.slice(0, 7)) each.flag = true;
        db.forget();
        await session.commit();
        // Of the 293 and the 7: all, a hundred at a time, or, where a statement is no more than a call, fifty and the rest.
        const alone = dialect.server === null ? 5 + 43 + 7 : 4;
        assert.equal(db.sent("UPDATE").length, db.dialect.columnwise === undefined ? alone : 2);
        db.forget();
        await session.commit();
        assert.deepEqual(db.statements, []);
        const rows = await session.exec(select(Reading).orderBy(Reading.c.at)).all();
        assert.deepEqual(
          rows.map((row) => [row.words, row.flag]),
          rows.map((_, at) => [`w${at}`, at < 7]),
        );
      });
    });

    it("refuses what is too long for its column, and takes everything back", async () => {
      const keys = await db.run(async (session) => {
        const all = Array.from({ length: 4 }, (_, at) => reading(at));
        session.addAll(all);
        await session.commit();
        return all.map(({ place, at }) => [place, at]);
      });
      await db.run(async (session) => {
        const all = await session.getMany(Reading, keys);
        for (const each of all) if (each !== null) each.exact = "12345678901234567890.5";
        await assert.rejects(session.commit(), (error) => isAthanorError(error));
        await session.rollback();
        assert.deepEqual(
          all.map((each) => each?.exact),
          ["1.5000", "1.5000", "1.5000", "1.5000"],
        );
        for (const each of all) if (each !== null) each.words = "good";
        await session.commit();
      });
    });

    it("counts versions, runs what changes with every update, and reads back what is computed", async () => {
      await db.run(async (session) => {
        const all = Array.from({ length: 25 }, (_, at) => new Counter({ value: at }));
        session.addAll(all);
        await session.commit();
        for (const each of all) each.value += 100;
        await session.commit();
        for (const [at, each] of all.entries()) {
          assert.deepEqual(
            [each.value, each.twice, each.writes, each.mark, each.version],
            [at + 100, (at + 100) * 2, 1, "touched", 2],
          );
        }
        all[3]!.mark = "mine";
        for (const each of all) each.value += 1;
        db.forget();
        await session.commit();
        assert.deepEqual([all[3]!.mark, all[3]!.version, all[3]!.writes], ["mine", 3, 2]);
        assert.deepEqual([all[4]!.mark, all[4]!.version, all[4]!.twice], ["touched", 3, 210]);
      });
    });

    it("finds the one row that somebody else has changed, and changes none", async () => {
      const ids = await db.run(async (session) => {
        const all = Array.from({ length: 10 }, (_, at) => new Counter({ value: at }));
        session.addAll(all);
        await session.commit();
        return all.map(({ id }) => id);
      });
      await db.run(async (session) => {
        const all = (await session.getMany(Counter, ids)) as Counter[];
        await session.commit();
        await db.engine.connect().then(async (connection) => {
          const stolen = `UPDATE counter SET version = 7 WHERE id = ${ids[6]}`;
          await connection.query(stolen);
          await connection.release();
        });
        for (const each of all) each.value = -1;
        await assert.rejects(session.commit(), (error) => {
          assert.ok(code("SESSION.STALE")(error));
          assert.equal(isAthanorError(error, "SESSION.STALE") && error.fields.key, String(ids[6]));
          return true;
        });
        await session.rollback();
        assert.deepEqual(
          all.map(({ value, version }) => [value, version]),
          ids.map((_, at) => [at, 1]),
        );
      });
      await db.run(async (session) => {
        const rows = await session.exec(select(Counter).orderBy(Counter.c.id)).all();
        assert.deepEqual(
          rows.map(({ value }) => value),
          ids.map((_, at) => at),
        );
      });
    });

    it("deletes none of many rows when somebody else has changed one", async () => {
      const ids = await db.run(async (session) => {
        const all = Array.from({ length: 130 }, (_, at) => new Counter({ value: at }));
        session.addAll(all);
        await session.commit();
        return all.map(({ id }) => id);
      });
      await db.run(async (session) => {
        const all = (await session.getMany(Counter, ids)) as Counter[];
        await session.exec(
          update(Counter)
            .set({ version: 7 })
            .where(Counter.c.id.eq(ids[120] as number)),
        );
        for (const each of all) session.delete(each);
        await assert.rejects(session.commit(), (error) => {
          assert.ok(isAthanorError(error, "SESSION.STALE"));
          assert.deepEqual([error.fields.key, error.fields.action], [String(ids[120]), "deleted"]);
          return true;
        });
        await session.rollback();
        assert.equal((await session.exec(select(Counter)).all()).length, 130);
        for (const each of all) session.delete(each);
        db.forget();
        await session.commit();
        const alone = dialect.server === null && db.dialect.columnwise === undefined;
        assert.equal(db.sent("DELETE").length, alone ? 130 : 1);
        assert.deepEqual(await session.exec(select(Counter)).all(), []);
      });
    });

    for (const count of [5, 120]) {
      it(`finds a row without a version that is gone among ${count}`, async () => {
        await db.run(async (session) => {
          const all = Array.from({ length: count }, (_, at) => reading(at));
          session.addAll(all);
          await session.commit();
          const { place, at } = all[count - 2] as Reading;
          await session.exec(update(Reading).set({ at: 999 }).where(Reading.c.at.eq(at)));
          for (const each of all) each.words = "new";
          await assert.rejects(session.commit(), (error) => {
            assert.ok(isAthanorError(error, "SESSION.STALE"));
            assert.equal(error.fields.key, `${place}, ${at}`);
            return true;
          });
        });
        await db.run(async (session) => {
          const rows = await session.exec(select(Reading)).all();
          assert.deepEqual(new Set(rows.map(({ words }) => words)), new Set(["first"]));
        });
      });
    }

    it("hands unique values on in the order in which objects came", async () => {
      await db.run(async (session) => {
        const places = [3, 2, 1].map((rank) => new Place({ rank, name: `p${rank}` }));
        const pairs = [3, 2, 1].map((n) => new Pair({ a: 0, b: n, c: n }));
        session.addAll([...places, ...pairs]);
        await session.commit();
        for (const place of places) {
          place.rank += 1;
          place.name = "moved";
        }
        for (const pair of pairs) {
          pair.b += 1;
          pair.c += 1;
        }
        await session.commit();
        assert.deepEqual(
          (await session.exec(select(Place).orderBy(Place.c.id)).all()).map(({ rank }) => rank),
          [4, 3, 2],
        );
      });
    });

    it("takes few statements for unique values that nobody else had, and a key is changed alone", async () => {
      await db.run(async (session) => {
        const places = Array.from({ length: 200 }, (_, at) => new Place({ rank: at, name: `p${at}` }));
        session.addAll(places);
        await session.commit();
        for (const place of places) place.rank += 1000;
        db.forget();
        await session.commit();
        if (dialect.server !== null) assert.ok(db.sent("UPDATE").length <= 3, db.statements.join());
        for (const place of places) place.id += 1000;
        await session.commit();
        assert.equal(await session.get(Place, 1001), places[0]);
      });
      await db.run(async (session) => {
        const rows = await session.exec(select(Place).orderBy(Place.c.id)).all();
        assert.deepEqual(
          rows.map(({ id, rank }) => [id, rank]),
          rows.map((_, at) => [1001 + at, 1000 + at]),
        );
      });
    });

    it("hands unique values on whatever the order in which objects came, to new rows too", async () => {
      await db.run(async (session) => {
        const places = Array.from({ length: 40 }, (_, at) => new Place({ rank: at, name: `p${at}` }));
        session.addAll(places);
        await session.commit();
        for (const place of places) place.rank += 1; // each takes what the next one has
        session.add(new Place({ rank: 0, name: "new" }));
        await session.commit();
        for (const place of places) place.rank -= 1; // and back, which the new one is in the way of
        await assert.rejects(session.commit(), code("DATABASE.UNIQUE"));
        await session.rollback();
        assert.deepEqual(
          places.map(({ rank }) => rank),
          places.map((_, at) => at + 1),
        );
      });
      await db.run(async (session) => {
        const ranks = await session.exec(select(Place.c.rank).orderBy(Place.c.rank)).all();
        assert.deepEqual(
          ranks,
          Array.from({ length: 41 }, (_, at) => at),
        );
      });
    });

    it("gives the key of a row that moves to a row that is there to a new one", async () => {
      await db.run(async (session) => {
        const [here, there] = [new Place({ rank: 1, name: "here" }), new Place({ rank: 2, name: "there" })];
        const moves = new Floor({ place: here, number: 3, note: "moves" });
        session.addAll([here, there, moves]);
        await session.commit();
        moves.place = there;
        session.add(new Floor({ place: here, number: 3, note: "new" }));
        await session.commit();
        const rows = await session.exec(select(Floor.c.placeId, Floor.c.note).orderBy(Floor.c.placeId)).all();
        assert.deepEqual(rows, [
          [here.id, "new"],
          [there.id, "moves"],
        ]);
      });
    });
  });
}
