/** Transactions of a Session: nested ones, read-only ones, isolation, locks, retries, scopes, and who may use it. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AthanorError,
  insert,
  isAthanorError,
  Session,
  type SessionOptions,
  scopedSession,
  select,
  sessionMaker,
  sql,
  update,
} from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";
import { Hero, heroModels, Power, Team } from "./heroes.ts";

for (const dialect of dialects) {
  describe(`transactions of a Session on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, heroModels, { busyTimeout: 2000 });
    });
    beforeEach(() => db.clear());
    after(() => db.remove());

    const names = (): Promise<string[]> =>
      db.run((session) => session.exec(select(Hero.c.name).orderBy(Hero.c.name)).all());
    const make = (...list: readonly string[]): Promise<void> =>
      db.run(async (session) => {
        session.addAll(list.map((name) => new Hero({ name })));
        await session.commit();
      });

    it("nest, and what is left without an end is rolled back", async () => {
      await db.run(async (session) => {
        await using outer = await session.begin();
        session.add(new Hero({ name: "outer" }));
        {
          await using inner = await session.begin();
          session.add(new Hero({ name: "inner" }));
          {
            await using innermost = await session.begin();
            session.add(new Hero({ name: "kept" }));
            await innermost.commit();
          }
          void inner; // left without commit
        }
        {
          await using second = await session.begin();
          session.add(new Hero({ name: "second" }));
          await second.commit();
        }
        await outer.commit();
      });
      assert.deepEqual(await names(), ["outer", "second"]);
    });

    it("end with the one around them, and what was left of them has nothing more to do", async () => {
      await db.run(async (session) => {
        {
          await using outer = await session.begin();
          await using inner = await session.begin();
          session.add(new Hero({ name: "kept" }));
          await outer.commit();
          await assert.rejects(inner.commit(), code("SESSION.NO_TRANSACTION"));
        }
        {
          await using outer = await session.begin();
          await using inner = await session.begin();
          session.add(new Hero({ name: "gone" }));
          void [outer, inner];
          await session.rollback();
        }
        assert.equal(session.state, "idle");
      });
      assert.deepEqual(await names(), ["kept"]);
    });

    it("hold what SQL writes that begins with named queries", async () => {
      await make("a");
      // Elsewhere reads begin a transaction as well, and MariaDB has no such statements.
      if (db.dialect.capabilities.concurrentWriters) return;
      const written = sql`with n as (select 'b' as name) update hero set name = (select name from n)`;
      await db.run(async (session) => {
        await session.exec(written);
        await session.rollback();
      });
      assert.deepEqual(await names(), ["a"]);
      await db.run((session) => assert.rejects(session.exec(written), code("SESSION.READ_ONLY")), {
        readOnly: true,
      });
    });

    it("end in order: the outer one only after those inside", async () => {
      await db.run(async (session) => {
        const outer = await session.begin();
        const inner = await session.begin();
        const innermost = await session.begin();
        await assert.rejects(inner.commit(), code("SESSION.NO_TRANSACTION"));
        await innermost.rollback();
        await inner.commit();
        await outer.commit();
        await assert.rejects(outer.rollback(), code("SESSION.NO_TRANSACTION"));
      });
    });

    it("go on after a failure inside a savepoint once that is rolled back", async () => {
      await db.run(async (session) => {
        const outer = await session.begin();
        session.add(new Team({ name: "t" }));
        await session.flush();
        const inner = await session.begin();
        session.add(new Team({ name: "t" }));
        await assert.rejects(session.flush(), code("DATABASE.UNIQUE"));
        assert.equal(session.state, "failed");
        await assert.rejects(session.exec(select(Team)).all(), code("SESSION.INACTIVE"));
        await inner.rollback();
        assert.equal(session.state, "active");
        session.add(new Team({ name: "u" }));
        await outer.commit();
        assert.equal(session.state, "idle");
        assert.equal((await session.exec(select(Team)).all()).length, 2);
      });
    });

    it("know whether a statement that failed and was caught has ended them", async () => {
      await db.run(async (session) => {
        const outer = await session.begin();
        session.add(new Team({ name: "kept" }));
        await session.flush();
        const inner = await session.begin();
        await assert.rejects(
          session.exec(insert(Team).values({ id: 1, name: "x" })),
          code("DATABASE.UNIQUE"),
        );
        if (db.dialect.capabilities.failureAborts === true) {
          assert.equal(session.state, "failed");
          await assert.rejects(session.exec(select(Team)).all(), (error) => {
            assert.ok(isAthanorError(error, "SESSION.INACTIVE"));
            return isAthanorError(error.cause, "DATABASE.UNIQUE");
          });
          await assert.rejects(session.commit(), code("SESSION.INACTIVE"));
        } else assert.equal((await session.exec(select(Team)).all()).length, 1);
        await inner.rollback();
        assert.equal(session.state, "active");
        await outer.commit();
        assert.deepEqual(await session.exec(select(Team.c.name)).all(), ["kept"]);
      });
    });

    it("that only read refuse to write, before the database is asked", async () => {
      await make("a");
      const readOnly: SessionOptions = { readOnly: true };
      await db.run(async (session) => {
        const hero = await session.exec(select(Hero)).one();
        hero.name = "b";
        await assert.rejects(session.commit(), code("SESSION.READ_ONLY"));
        await assert.rejects(session.exec(update(Hero).set({ age: 1 })), code("SESSION.READ_ONLY"));
        await session.rollback();
        await assert.rejects(session.exec(insert(Hero).values({ name: "c" })), code("SESSION.READ_ONLY"));
        await assert.rejects(session.exec(sql`delete from hero`), code("SESSION.READ_ONLY"));
      }, readOnly);
      assert.deepEqual(await names(), ["a"]);
      await make("b");
    });

    it("are begun with an isolation level, all of a Session's or one", async () => {
      await db.run(
        async (session) => {
          session.add(new Hero({ name: "a" }));
          await session.commit();
        },
        { isolation: "serializable" },
      );
      await db.run(async (session) => {
        await using transaction = await session.begin({ isolation: "serializable", readOnly: true });
        assert.equal((await session.exec(select(Hero)).all()).length, 1);
        session.add(new Hero({ name: "b" }));
        await assert.rejects(session.flush(), code("SESSION.READ_ONLY"));
        await assert.rejects(session.begin({ readOnly: true }), code("SESSION.BEGUN"));
        await transaction.rollback();
        session.add(new Hero({ name: "b" }));
        await session.commit(); // the options were those of that one transaction
      });
      assert.deepEqual(await names(), ["a", "b"]);
    });

    it("lock rows, so that nobody's change is lost", async () => {
      await make("a");
      const add = (): Promise<void> =>
        db.run(async (session) => {
          const hero = await session.exec(select(Hero).withForUpdate()).one();
          const age = hero.age ?? 0;
          await sleep(5);
          hero.age = age + 1;
          await session.commit();
        });
      await Promise.all([add(), add(), add()]);
      const hero = await db.run((session) => session.get(Hero, 1));
      assert.equal(hero?.age, 3);
      const again = (): Promise<void> =>
        db.run(async (session) => {
          await session.get(Hero, 1);
          const locked = (await session.get(Hero, 1, { withForUpdate: true })) as Hero;
          await sleep(5);
          locked.age = (locked.age ?? 0) + 1;
          await session.commit();
        });
      await Session.run(db.engine, async () => again(), { attempts: 1 });
      assert.equal((await db.run((session) => session.get(Hero, 1)))?.age, 4);
    });

    it("are tried again where another one was in their way", async () => {
      await make("a");
      let tries = 0;
      await db.run(async (session) => {
        const result = await session.run(async (own) => {
          tries += 1;
          const hero = (await own.get(Hero, 1)) as Hero;
          // The first time, the row is no longer the one that was read.
          if (tries === 1) await own.exec(update(Hero).set({ version: 7 }));
          hero.age = (hero.age ?? 0) + 1;
          return hero.name;
        });
        assert.equal(result, "a");
      });
      assert.equal(tries, 2);
    });

    it("that really are in each other's way all succeed in the end", async () => {
      await db.run(async (session) => {
        session.add(new Power({ name: "0" }));
        await session.commit();
      });
      let tries = 0;
      const add = (): Promise<void> =>
        db.run((session) =>
          session.run(
            async (own) => {
              tries += 1;
              const power = (await own.get(Power, 1)) as Power;
              await sleep(5);
              power.name = String(Number(power.name) + 1);
            },
            { isolation: "serializable", attempts: 50, pause: 5 },
          ),
        );
      await Promise.all([add(), add(), add(), add()]);
      assert.equal((await db.run((session) => session.get(Power, 1)))?.name, "4");
      if (db.dialect.capabilities.concurrentWriters) assert.ok(tries > 4, `${tries} tries`);
    });

    it("are not tried again for other reasons, nor when something was committed, nor for ever", async () => {
      await make("a");
      await db.run(async (session) => {
        let tries = 0;
        const failing = (): Promise<never> => {
          tries += 1;
          return Promise.reject(new AthanorError("SESSION.STALE", { model: "Hero", key: "1", action: "x" }));
        };
        await assert.rejects(session.run(failing, { attempts: 3, pause: 1 }), code("SESSION.STALE"));
        assert.equal(tries, 3);
        tries = 0;
        await assert.rejects(
          session.run(async (own) => {
            await own.commit();
            return failing();
          }),
          code("SESSION.STALE"),
        );
        assert.equal(tries, 1);
        await assert.rejects(
          session.run(async () => {
            tries += 1;
            throw new TypeError("no");
          }),
          TypeError,
        );
        assert.equal(tries, 2);
        session.add(new Hero({ name: "b" }));
        await assert.rejects(
          session.run(async () => 1),
          code("SESSION.UNCOMMITTED"),
        );
      });
      let sessions = 0;
      const seen = new Set<Session>();
      await Session.run(
        db.engine,
        async (session) => {
          seen.add(session);
          sessions += 1;
          if (sessions < 3) throw new AthanorError("SESSION.STALE", { model: "Hero", key: "1", action: "x" });
        },
        { attempts: 3, pause: 1 },
      );
      assert.deepEqual([sessions, seen.size], [3, 3]);
    });

    it("refuse a second task, wait for it at the end, and let it load on demand", async () => {
      await db.run(async (session) => {
        session.add(new Hero({ name: "a", team: new Team({ name: "t" }) }));
        await session.commit();
      });
      await db.run(async (session) => {
        const first = session.exec(select(Hero)).all();
        await assert.rejects(session.exec(select(Hero)).all(), code("SESSION.CONCURRENT"));
        await assert.rejects(session.commit(), code("SESSION.CONCURRENT"));
        const [hero] = await first;
        const [team, powers] = await Promise.all([hero?.team, hero?.powers]);
        assert.deepEqual([team?.name, powers?.length], ["t", 0]);
        session.expunge(hero as Hero);
        const again = session.get(Hero, hero?.id);
        await assert.rejects(session.get(Team, team?.id), code("SESSION.CONCURRENT"));
        assert.equal((await again)?.name, "a");
        for await (const each of session.exec(select(Hero))) {
          void each;
          await assert.rejects(session.exec(select(Hero)).all(), code("SESSION.CONCURRENT"));
        }
        assert.equal((await session.exec(select(Hero)).all()).length, 1);
      });
      const started = new Session(db.engine);
      started.add(new Hero({ name: "b" }));
      const commit = started.commit();
      await started.close();
      await commit;
      assert.equal(started.state, "closed");
      assert.deepEqual(await names(), ["a", "b"]);
    });

    it("of a maker share its options, and without autoflush nothing is written before it is said", async () => {
      const makeSession = sessionMaker(db.engine, { autoflush: false });
      await using session = makeSession();
      session.add(new Hero({ name: "a" }));
      assert.equal((await session.exec(select(Hero)).all()).length, 0);
      await session.flush();
      assert.equal((await session.exec(select(Hero)).all()).length, 1);
      await session.rollback();
      await using other = makeSession({ autoflush: true });
      other.add(new Hero({ name: "a" }));
      assert.equal((await other.exec(select(Hero)).all()).length, 1);
      assert.equal(await makeSession.run(async (third) => third.state), "idle");
    });

    it("of a scope are those of the task that runs", async () => {
      const scoped = scopedSession(sessionMaker(db.engine));
      assert.throws(() => scoped.session, code("SESSION.NO_SCOPE"));
      const task = (name: string): Promise<Session> =>
        scoped.run(async () => {
          const { session } = scoped;
          session.add(new Hero({ name }));
          await sleep(1);
          assert.equal(scoped.session, session);
          await scoped.session.commit();
          return session;
        });
      const first = await task("a");
      const second = await task("b");
      assert.notEqual(first, second);
      assert.deepEqual([first.state, second.state], ["closed", "closed"]);
      await scoped.run(async () => {
        const outer = scoped.session;
        await scoped.run(() => assert.notEqual(scoped.session, outer));
        assert.equal(scoped.session, outer);
        await scoped.remove();
        assert.notEqual(scoped.session, outer);
      });
      assert.deepEqual(await names(), ["a", "b"]);
    });
  });
}
