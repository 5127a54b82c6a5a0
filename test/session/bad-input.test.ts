/** What goes wrong, and what the Session says of it and of itself. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import {
  createEngine,
  createRegistry,
  field,
  isAthanorError,
  one,
  Session,
  select,
  update,
  ValidationError,
} from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { layCable } from "./cable.ts";
import { code, TestDatabase } from "./database.ts";
import { Hero, HeroPower, heroModels, Power, Seat, Team } from "./heroes.ts";

const { Model } = createRegistry("session-bad-input");

/** Two that cannot do without each other. */
class Lock extends Model("lock_part", {
  id: field(z.int32(), { primaryKey: true }),
  keyId: () => field(z.int32(), { foreignKey: Key.c.id }),
  key: () => one(Key, { foreignKey: "keyId" }),
}) {}

class Key extends Model("key_part", {
  id: field(z.int32(), { primaryKey: true }),
  lockId: () => field(z.int32(), { foreignKey: Lock.c.id }),
  lock: () => one(Lock, { foreignKey: "lockId" }),
}) {}

const models = [...heroModels, Lock, Key];

for (const dialect of dialects) {
  describe(`bad input on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, models);
    });
    beforeEach(() => db.clear());
    after(() => db.remove());

    const stored = async (session: Session, name: string): Promise<Hero> => {
      const hero = new Hero({ name });
      session.add(hero);
      await session.commit();
      return hero;
    };

    it("objects of another Session are refused, wherever they come up", async () => {
      await db.run(async (session) => {
        const hero = await stored(session, "a");
        const team = new Team({ name: "t" });
        session.add(team);
        await session.commit();
        await db.run(async (other) => {
          await other.exec(select(Hero)).all();
          assert.throws(() => other.add(hero), code("SESSION.OTHER_SESSION"));
          assert.throws(() => other.delete(hero), code("SESSION.OTHER_SESSION"));
          assert.throws(() => other.expunge(hero), code("SESSION.OTHER_SESSION"));
          assert.throws(() => other.expire(hero), code("SESSION.OTHER_SESSION"));
          await assert.rejects(other.refresh(hero), code("SESSION.OTHER_SESSION"));
          other.add(new Hero({ name: "b", team }));
          await assert.rejects(other.commit(), code("SESSION.OTHER_SESSION"));
          assert.notEqual(other.state, "failed");
        });
        assert.equal(session.has(hero), true);
      });
    });

    it("deleted objects are refused until a rollback brings them back", async () => {
      await db.run(async (session) => {
        const power = new Power({ name: "p" });
        session.add(power);
        await session.commit();
        session.delete(power);
        await session.flush();
        assert.throws(() => session.add(power), code("SESSION.DELETED"));
        assert.throws(() => session.delete(power), code("SESSION.DELETED"));
        await assert.rejects(session.refresh(power), code("SESSION.NOT_STORED"));
        session.add(new Hero({ name: "a", powers: [power] }));
        await assert.rejects(session.flush(), code("SESSION.DELETED"));
        await session.rollback();
        power.name = "again";
        await session.commit();
        session.delete(power);
        await session.commit();
        assert.throws(() => session.add(power), code("SESSION.DELETED"));
        assert.throws(() => session.delete(power), code("SESSION.NOT_HERE"));
      });
    });

    it("the wrong class in a relation is refused when it is assigned", async () => {
      await db.run(async (session) => {
        const hero = await stored(session, "a");
        assert.throws(() => (hero.team = new Power({ name: "p" }) as never), code("MODEL.RELATION_VALUE"));
        assert.throws(() => (hero.powers = [new Team({ name: "t" })] as never), code("MODEL.RELATION_VALUE"));
        assert.throws(() => (hero.powers = null as never), code("MODEL.RELATION_VALUE"));
        const powers = await hero.powers;
        assert.throws(() => powers.push({ name: "plain" } as never), code("MODEL.RELATION_VALUE"));
        assert.throws(() => new Hero({ name: "b", team: {} as never }), ValidationError);
        await session.commit();
        assert.equal((await session.exec(select(HeroPower)).all()).length, 0);
      });
    });

    it("unknown relations and properties are named, with those there are", async () => {
      await db.run(async (session) => {
        const hero = await stored(session, "a");
        const query = select(Hero).with("teem.heroes" as never);
        await assert.rejects(session.exec(query).all(), (error: unknown) => {
          assert.ok(isAthanorError(error, "SESSION.UNKNOWN_RELATION"));
          assert.deepEqual(error.fields, { model: "Hero", relation: "teem", known: ["team", "powers"] });
          return true;
        });
        await assert.rejects(
          session.exec(select(Hero).with("team.nothing" as never)).all(),
          code("SESSION.UNKNOWN_RELATION"),
        );
        assert.throws(() => session.flagModified(hero, "nothing"), code("SESSION.UNKNOWN_PROPERTY"));
        await assert.rejects(
          session.get(Hero, 1, { with: ["nothing" as never] }),
          code("SESSION.UNKNOWN_RELATION"),
        );
      });
    });

    it("values of the wrong type are found by the flush, all of them, and nothing is written", async () => {
      await db.run(async (session) => {
        const hero = await stored(session, "a");
        const values = hero as unknown as Record<string, unknown>;
        values["name"] = 5;
        values["born"] = "yesterday";
        values["tags"] = { not: "a list" };
        values["age"] = Number.NaN;
        values["rank"] = undefined;
        await assert.rejects(session.flush(), (error: unknown) => {
          assert.ok(error instanceof ValidationError);
          assert.deepEqual(error.issues.map(({ path }) => path[0]).sort(), [
            "age",
            "born",
            "name",
            "rank",
            "tags",
          ]);
          return true;
        });
        // A query that would flush first says the same, and the Session goes on once the values are right.
        await assert.rejects(session.exec(select(Hero)).all(), ValidationError);
        await session.rollback();
        assert.deepEqual(
          [hero.name, hero.born, hero.tags, hero.age, hero.rank],
          ["a", null, null, null, "recruit"],
        );
        const fresh = new Hero({ name: "b" });
        (fresh as { name: unknown }).name = null;
        session.add(fresh);
        await assert.rejects(session.commit(), ValidationError);
        fresh.name = "c";
        await session.commit();
        assert.deepEqual(await session.exec(select(Hero.c.name).orderBy(Hero.c.name)).all(), ["a", "c"]);
      });
    });

    it("keys are not set to null, not doubled, and not missing", async () => {
      await db.run(async (session) => {
        const hero = await stored(session, "a");
        (hero as { id: unknown }).id = null;
        await assert.rejects(session.flush(), (error: unknown) => error instanceof ValidationError);
        await session.rollback();
        session.addAll([new Seat({ line: "A", number: 1 }), new Seat({ line: "A", number: 1 })]);
        await assert.rejects(
          session.flush(),
          (error) =>
            isAthanorError(error, "DATABASE.UNIQUE") || isAthanorError(error, "SESSION.DUPLICATE_KEY"),
        );
        assert.equal(session.state, "failed");
        await session.rollback();
        const seat = new Seat({ line: "A", number: 1 });
        session.add(seat);
        await session.commit();
        (seat as { number: unknown }).number = 2;
        await session.commit();
        assert.equal(await session.get(Seat, ["A", 2]), seat);
        assert.equal(await session.get(Seat, ["A", 1]), null);
      });
    });

    it("dates that are none are refused where nothing validates them", async () => {
      const none = new Date(Number.NaN);
      await db.run(async (session) => {
        const bad = code("DATABASE.BAD_VALUE");
        await assert.rejects(session.exec(select(Hero).where(Hero.c.born.eq(none))).all(), bad);
        await assert.rejects(session.exec(update(Hero).set({ born: none })), bad);
      });
    });

    it("rows that need each other's keys are refused before anything is written", async () => {
      await db.run(async (session) => {
        const lock = new Lock({});
        const key = new Key({ lock });
        lock.key = key;
        session.addAll([lock, key]);
        await assert.rejects(session.commit(), (error: unknown) => {
          assert.ok(isAthanorError(error, "SESSION.CYCLE"));
          assert.deepEqual([...error.fields.models].sort(), ["Key", "Lock"]);
          return true;
        });
        await session.rollback();
        assert.equal(lock.keyId, undefined);
        session.add(new Lock({}));
        await assert.rejects(session.commit(), (error: unknown) => {
          assert.ok(error instanceof ValidationError);
          assert.deepEqual(error.issues[0]?.path, ["keyId"]);
          return true;
        });
      });
    });

    it("a closed Session refuses everything", async () => {
      const session = new Session(db.engine);
      const hero = await stored(session, "a");
      await session.close();
      await session.close();
      assert.equal(session.state, "closed");
      assert.throws(() => session.add(new Hero({ name: "b" })), code("SESSION.CLOSED"));
      await assert.rejects(session.commit(), code("SESSION.CLOSED"));
      await assert.rejects(session.exec(select(Hero)).all(), code("SESSION.CLOSED"));
      await assert.rejects(session.begin(), code("SESSION.CLOSED"));
      await assert.rejects(async () => hero.powers, code("SESSION.DETACHED"));
      assert.equal(hero.name, "a");
    });

    it("a failed flush leaves a Session that says so, and a rollback mends it", async () => {
      await db.run(async (session) => {
        session.add(new Team({ name: "t" }));
        await session.commit();
        const team = new Team({ name: "t" });
        session.add(team);
        await assert.rejects(session.commit(), (error: unknown) => {
          assert.ok(isAthanorError(error, "DATABASE.UNIQUE"));
          assert.equal(error.fields.table, "team");
          assert.deepEqual(error.fields.columns, ["name"]);
          assert.equal(JSON.stringify(error).includes('"t"'), false);
          return true;
        });
        assert.equal(session.state, "failed");
        for (const refused of [() => session.flush(), () => session.commit()]) {
          await assert.rejects(refused, (error: unknown) => {
            assert.ok(isAthanorError(error, "SESSION.INACTIVE"));
            return isAthanorError(error.cause, "DATABASE.UNIQUE");
          });
        }
        await session.rollback();
        assert.equal(session.state, "idle");
        assert.equal(team.id, undefined);
        team.name = "u";
        session.add(team);
        await session.commit();
      });
    });

    if (dialect.server !== null) {
      it("a connection lost during a commit leaves an unknown outcome, and says so", async () => {
        const cable = await layCable(db.url);
        const engine = createEngine(cable.url);
        try {
          await Session.run(engine, async (session) => {
            const hero = new Hero({ name: "perhaps" });
            session.add(hero);
            await session.flush();
            cable.cut();
            await assert.rejects(session.commit(), (error: unknown) => {
              assert.ok(isAthanorError(error, "SESSION.COMMIT_UNKNOWN"));
              return isAthanorError(error.cause, "DATABASE.CONNECTION");
            });
            assert.equal(session.state, "unknown");
            await assert.rejects(session.exec(select(Hero)).all(), code("SESSION.INACTIVE"));
            await session.rollback();
            assert.equal(session.state, "idle");
            assert.equal(session.has(hero), false);
            assert.equal((await session.exec(select(Hero)).all()).length, 0);
          });
        } finally {
          await engine.dispose();
          await cable.close();
        }
      });

      it("a commit that was made and whose answer is lost is as unknown", async () => {
        const cable = await layCable(db.url);
        const engine = createEngine(cable.url);
        try {
          await Session.run(engine, async (session) => {
            session.add(new Hero({ name: "there" }));
            await session.flush();
            cable.mute();
            const commit = assert.rejects(session.commit(), code("SESSION.COMMIT_UNKNOWN"));
            const isThere = async (): Promise<boolean> =>
              (await db.run((other) => other.exec(select(Hero)).all())).length === 1;
            while (!(await isThere())) await sleep(5);
            cable.cut();
            await commit;
            assert.equal(session.state, "unknown");
            await session.rollback();
            assert.deepEqual(await session.exec(select(Hero.c.name)).all(), ["there"]);
          });
        } finally {
          await engine.dispose();
          await cable.close();
        }
      });

      it("a connection lost among many inserts leaves no row, and objects that are new again", async () => {
        const cable = await layCable(db.url);
        let inserts = 0;
        const engine = createEngine(cable.url, {
          onStatement: ({ sql }) => {
            if (sql.startsWith("INSERT")) inserts += 1;
            if (inserts === 3) cable.cut();
          },
        });
        try {
          await Session.run(engine, async (session) => {
            const heroes = Array.from({ length: 10_000 }, (_, at) => new Hero({ name: `h${at}` }));
            session.addAll(heroes);
            await assert.rejects(session.commit(), code("DATABASE.CONNECTION"));
            assert.equal(session.state, "failed");
            await assert.rejects(session.flush(), code("SESSION.INACTIVE"));
            await session.rollback();
            assert.equal(session.state, "idle");
            assert.deepEqual(
              [heroes[0]?.id, heroes[9999]?.id, session.has(heroes[0]!)],
              [undefined, undefined, false],
            );
            assert.deepEqual(await session.exec(select(Hero)).all(), []);
            session.addAll(heroes);
            await session.commit();
            assert.equal(new Set(heroes.map(({ id }) => id)).size, 10_000);
          });
        } finally {
          await engine.dispose();
          await cable.close();
        }
      });

      it("a connection lost in the middle of a stream is known to the Session", async () => {
        const cable = await layCable(db.url);
        const engine = createEngine(cable.url);
        try {
          await db.run(async (session) => {
            session.addAll(Array.from({ length: 5000 }, (_, at) => new Hero({ name: `h${at}` })));
            await session.commit();
          });
          await Session.run(engine, async (session) => {
            const read = async (): Promise<void> => {
              let seen = 0;
              for await (const _ of session.exec(select(Hero))) {
                seen += 1;
                if (seen === 1) cable.cut();
              }
              await session.flush();
              await session.exec(select(Hero).limit(1)).all(); // where all rows had come already
            };
            await assert.rejects(read(), code("DATABASE.CONNECTION"));
            assert.equal(session.state, "failed");
            await session.rollback();
            assert.equal((await session.exec(select(Hero).limit(1)).all()).length, 1);
          });
        } finally {
          await engine.dispose();
          await cable.close();
        }
      });

      it("a connection lost before that takes the transaction with it, and the Session waits for a rollback", async () => {
        const cable = await layCable(db.url);
        const engine = createEngine(cable.url);
        try {
          await Session.run(engine, async (session) => {
            const hero = await stored(session, "a");
            hero.name = "b";
            await session.flush();
            cable.cut();
            await assert.rejects(session.exec(select(Hero)).all(), code("DATABASE.CONNECTION"));
            assert.equal(session.state, "failed");
            await assert.rejects(session.commit(), code("SESSION.INACTIVE"));
            await session.rollback();
            assert.equal(hero.name, "a");
            hero.name = "c";
            await session.commit();
          });
          assert.deepEqual(await db.run((session) => session.exec(select(Hero.c.name)).all()), ["c"]);
        } finally {
          await engine.dispose();
          await cable.close();
        }
      });
    }
  });
}
