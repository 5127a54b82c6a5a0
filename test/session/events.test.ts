/** Listeners: what they are told, when, and what they may do. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { select, sessionMaker, ValidationError } from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";
import { Hero, heroModels, Power, Team } from "./heroes.ts";

for (const dialect of dialects) {
  describe(`events of a Session on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, heroModels);
    });
    beforeEach(() => db.clear());
    after(() => db.remove());

    it("come before and after everything a commit does", async () => {
      const heard: string[] = [];
      await db.run(async (session) => {
        const names = ["Flush", "Insert", "Update", "Delete", "Commit", "Rollback"] as const;
        for (const name of names) {
          session.on(`before${name}`, () => void heard.push(`before${name}`));
          session.on(`after${name}`, () => void heard.push(`after${name}`));
        }
        const [stays, goes] = [new Hero({ name: "a" }), new Hero({ name: "b" })];
        session.addAll([stays, goes]);
        await session.commit();
        assert.deepEqual(heard.splice(0), [
          "beforeCommit",
          "beforeFlush",
          "beforeInsert",
          "beforeInsert",
          "afterInsert",
          "afterInsert",
          "afterFlush",
          "afterCommit",
        ]);
        stays.name = "c";
        session.delete(goes);
        await session.flush();
        await session.rollback();
        assert.deepEqual(heard, [
          "beforeFlush",
          "beforeUpdate",
          "beforeDelete",
          "afterUpdate",
          "afterDelete",
          "afterFlush",
          "beforeRollback",
          "afterRollback",
        ]);
      });
    });

    it("may change the object they are told of, and the change is checked and written", async () => {
      await db.run(async (session) => {
        session.on("beforeInsert", Hero, ({ object }) => {
          object.tags = ["made"];
        });
        session.on("beforeUpdate", Hero, ({ object, session: { changes } }) => {
          assert.equal(typeof changes, "function");
          object.age = object.name === "bad" ? -1 : 7;
        });
        const hero = new Hero({ name: "a" });
        session.addAll([hero, new Team({ name: "t" })]);
        await session.commit();
        hero.name = "b";
        await session.commit();
        hero.name = "bad";
        await assert.rejects(session.commit(), (error: unknown) => error instanceof ValidationError);
      });
      await db.run(async (session) => {
        const hero = await session.exec(select(Hero)).one();
        assert.deepEqual([hero.name, hero.age, hero.tags], ["b", 7, ["made"]]);
      });
    });

    it("tell of a row whose only change is a foreign key filled in by a relation", async () => {
      await db.run(async (session) => {
        const hero = new Hero({ name: "a" });
        session.add(hero);
        await session.commit();
        const heard: object[] = [];
        session.on("beforeUpdate", ({ object }) => void heard.push(object));
        session.on("afterUpdate", ({ object }) => void heard.push(object));
        hero.team = new Team({ name: "t" });
        await session.commit();
        assert.deepEqual(heard, [hero, hero]);
      });
    });

    it("may add and delete before a flush, and after it what the commit then writes too", async () => {
      const makeSession = sessionMaker(db.engine, {
        events: {
          beforeFlush: ({ session, added }) => {
            for (const object of added) {
              if (object instanceof Hero && object.name === "twin")
                session.add(new Hero({ name: "other twin" }));
            }
          },
          afterInsert: ({ session, object }) => {
            if (object instanceof Hero) session.add(new Power({ name: `log of ${object.id}` }));
          },
        },
      });
      await using session = makeSession();
      session.add(new Hero({ name: "twin" }));
      await session.commit();
      assert.equal((await session.exec(select(Hero)).all()).length, 2);
      assert.deepEqual(await session.exec(select(Power.c.name).orderBy(Power.c.name)).all(), [
        "log of 1",
        "log of 2",
      ]);
    });

    it("that throw before the fact stop it, and nothing is lost", async () => {
      await db.run(async (session) => {
        const off = session.on("beforeInsert", () => {
          throw new TypeError("not now");
        });
        session.add(new Hero({ name: "a" }));
        await assert.rejects(session.commit(), TypeError);
        assert.notEqual(session.state, "failed");
        off();
        await session.commit();
        assert.equal((await session.exec(select(Hero)).all()).length, 1);
      });
    });

    it("that throw after the fact say that it happened", async () => {
      await db.run(async (session) => {
        session.on("afterCommit", () => {
          throw new TypeError("too late");
        });
        session.add(new Hero({ name: "a" }));
        await assert.rejects(session.commit(), code("SESSION.LISTENER_FAILED"));
      });
      await db.run(async (session) => {
        assert.equal((await session.exec(select(Hero)).all()).length, 1);
      });
    });

    it("may query before and after a commit", async () => {
      await db.run(async (session) => {
        const counts: number[] = [];
        const count = async (): Promise<void> => {
          counts.push((await session.exec(select(Hero.c.id)).all()).length);
        };
        session.on("beforeCommit", count);
        session.on("afterCommit", count);
        session.add(new Hero({ name: "a" }));
        await session.commit();
        assert.deepEqual(counts, [1, 1]);
      });
    });

    it("that change something at every flush are stopped", async () => {
      await db.run(async (session) => {
        session.on("afterInsert", ({ session: own }) => own.add(new Power({ name: "again" })));
        session.add(new Power({ name: "first" }));
        await assert.rejects(session.commit(), code("SESSION.FLUSH_LOOP"));
        await session.rollback();
        assert.equal((await session.exec(select(Power)).all()).length, 0);
      });
    });
  });
}
