/** What becomes of an object: get, merge, expire, expunge, refresh. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { Session, select, update, ValidationError } from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";
import { Hero, heroModels, Power, Seat, Team } from "./heroes.ts";

for (const dialect of dialects) {
  describe(`objects and their states on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, heroModels);
    });
    beforeEach(() => db.clear());
    after(() => db.remove());

    const heroes = (...names: readonly string[]): Promise<number[]> =>
      db.run(async (session) => {
        const made = names.map((name) => new Hero({ name }));
        session.addAll(made);
        await session.commit();
        return made.map((hero) => hero.id);
      });

    it("gets several objects by their keys, in order, with one query for those it has not", async () => {
      const [a, b, c] = await heroes("a", "b", "c");
      await db.run(async (session) => {
        const first = await session.get(Hero, b);
        db.forget();
        const found = await session.getMany(Hero, [c, 999, b, a]);
        assert.deepEqual(
          found.map((hero) => hero?.name ?? null),
          ["c", null, "b", "a"],
        );
        assert.equal(found[2], first);
        assert.equal(db.sent("SELECT").length, 1);
      });
    });

    it("gets by the parts of a composite key, and says how many there are", async () => {
      await db.run(async (session) => {
        session.addAll([new Seat({ line: "A", number: 1, guest: "x" }), new Seat({ line: "A", number: 2 })]);
        await session.commit();
      });
      await db.run(async (session) => {
        assert.equal((await session.get(Seat, ["A", 1]))?.guest, "x");
        assert.equal(await session.get(Seat, ["B", 1]), null);
        const both = await session.getMany(Seat, [
          ["A", 2],
          ["A", 1],
        ]);
        assert.deepEqual(
          both.map((seat) => seat?.number),
          [2, 1],
        );
        await assert.rejects(session.get(Seat, "A"), code("SESSION.KEY_PARTS"));
        await assert.rejects(session.get(Hero, null), code("SESSION.KEY_PARTS"));
        await assert.rejects(session.get(Hero, undefined), code("SESSION.KEY_PARTS"));
      });
    });

    it("gets with relations", async () => {
      await db.run(async (session) => {
        const hero = new Hero({
          name: "a",
          team: new Team({ name: "t" }),
          powers: [new Power({ name: "p" })],
        });
        session.add(hero);
        await session.commit();
      });
      await db.run(async (session) => {
        const hero = await session.get(Hero, 1, { with: ["team.heroes", "powers"] });
        assert.equal(hero?.team?.heroes[0], hero);
        assert.equal(hero?.powers[0]?.name, "p");
      });
    });

    it("merges a detached copy onto the row, and leaves the copy alone", async () => {
      const [id] = await heroes("a");
      const detached = await db.run(async (session) => session.get(Hero, id));
      assert.ok(detached);
      detached.name = "changed";
      detached.tags = ["x"];
      await db.run(async (session) => {
        const merged = await session.merge(detached);
        assert.notEqual(merged, detached);
        assert.equal(merged, await session.get(Hero, id));
        merged.tags?.push("y");
        await session.commit();
        assert.deepEqual(detached.tags, ["x"]);
      });
      await db.run(async (session) => {
        const hero = await session.get(Hero, id);
        assert.equal(hero?.name, "changed");
        assert.deepEqual(hero?.tags, ["x", "y"]);
        assert.equal(hero?.version, 2);
      });
    });

    it("merges new objects with their relations, each once", async () => {
      const [id] = await heroes("a");
      await db.run(async (session) => {
        const team = new Team({ name: "t" });
        const given = new Hero({ id: id as number, name: "a2", team });
        const other = new Hero({ name: "b", team });
        void other;
        const merged = await session.merge(given);
        await session.commit();
        assert.equal(session.has(given), false);
        assert.equal(session.has(team), false);
        const stored = await merged.team;
        assert.deepEqual(
          (await stored?.heroes)?.map((hero) => hero.name),
          ["a2", "b"],
        );
      });
    });

    it("refuses to merge what was read before somebody changed it", async () => {
      const [id] = await heroes("a");
      const detached = await db.run(async (session) => session.get(Hero, id));
      await db.run(async (session) => {
        const hero = await session.get(Hero, id);
        (hero as Hero).name = "b";
        await session.commit();
        await assert.rejects(session.merge(detached as Hero), code("SESSION.STALE"));
      });
    });

    it("merging an object of its own gives it back, and what is no object of a model is refused", async () => {
      await db.run(async (session) => {
        const hero = new Hero({ name: "a" });
        session.add(hero);
        assert.equal(await session.merge(hero), hero);
        await assert.rejects(session.merge({ name: "x" }), code("SESSION.NOT_A_MODEL"));
      });
    });

    it("expires: changes are forgotten, and the row is read when it next comes by", async () => {
      const [id] = await heroes("a");
      await db.run(async (session) => {
        const hero = (await session.get(Hero, id)) as Hero;
        hero.name = "unsaved";
        session.expire(hero);
        assert.equal(hero.name, "a");
        await session.exec(update(Hero).set({ name: "elsewhere" }));
        assert.equal((await session.get(Hero, id))?.name, "elsewhere");
        db.forget();
        await session.get(Hero, id);
        assert.equal(db.sent("SELECT").length, 0);
        session.expireAll();
        await session.get(Hero, id);
        assert.equal(db.sent("SELECT").length, 1);
      });
    });

    it("expires relations, all or some, so that they are loaded again", async () => {
      await db.run(async (session) => {
        const team = new Team({ name: "t" });
        session.add(new Hero({ name: "a", team }));
        await session.commit();
        assert.equal((await team.heroes).length, 1);
        await session.exec(update(Hero).set({ teamId: null }));
        assert.equal((await team.heroes).length, 1);
        session.expire(team, "heroes");
        assert.equal((await team.heroes).length, 0);
        assert.throws(() => session.expire(team, "nothing"), code("SESSION.UNKNOWN_RELATION"));
        assert.throws(() => session.expire(new Team({ name: "u" })), code("SESSION.NOT_HERE"));
      });
    });

    it("lets go of an object: nothing of it is written, and a rollback does not bring it back", async () => {
      const [id] = await heroes("a");
      await db.run(async (session) => {
        const hero = (await session.get(Hero, id)) as Hero;
        hero.name = "flushed";
        await session.flush();
        hero.name = "not written";
        session.expunge(hero);
        assert.equal(session.has(hero), false);
        await session.rollback();
        assert.equal(session.has(hero), false);
        const again = await session.get(Hero, id);
        assert.notEqual(again, hero);
        assert.equal(again?.name, "a");
        assert.throws(() => session.expunge(hero), code("SESSION.NOT_HERE"));
        const fresh = new Hero({ name: "b" });
        session.add(fresh);
        session.expunge(fresh);
        await session.commit();
        assert.equal((await session.exec(select(Hero)).all()).length, 1);
      });
    });

    it("takes a detached object back, and writes what was changed meanwhile", async () => {
      const [id] = await heroes("a");
      const detached = (await db.run(async (session) => session.get(Hero, id))) as Hero;
      detached.name = "later";
      await db.run(async (session) => {
        session.add(detached);
        await session.commit();
        assert.deepEqual(await session.exec(select(Hero.c.name)).all(), ["later"]);
        await db.run(async (other) => {
          await other.get(Hero, id);
          assert.throws(() => other.add(detached), code("SESSION.OTHER_SESSION"));
        });
      });
    });

    it("that is closed leaves objects that know what their rows hold", async () => {
      await heroes("changed", "deleted");
      const [changed, deleted] = (await db.run((session) =>
        session.exec(select(Hero).orderBy(Hero.c.name)).all(),
      )) as [Hero, Hero];
      const added = new Hero({ name: "added", team: new Team({ name: "t" }) });
      await db.run(async (session) => {
        session.addAll([changed, deleted, added]);
        await session.flush();
        changed.age = 7;
        session.delete(deleted);
        await using inner = await session.begin();
        await using innermost = await session.begin();
        changed.tags = ["kept"];
        await session.flush();
        await innermost.commit();
        void inner;
        await session.close(); // without a commit
      });
      assert.deepEqual([added.id, added.teamId, changed.age], [undefined, null, 7]);
      await db.run(async (session) => {
        session.addAll([changed, deleted, added]);
        assert.ok("age" in session.changes(changed));
        await session.commit();
        assert.equal(changed.version, 2);
        deleted.name = "there again";
        await session.commit();
      });
      const rows = await db.run((session) => session.exec(select(Hero).orderBy(Hero.c.name)).all());
      assert.deepEqual(
        rows.map(({ name, age, tags }) => [name, age, tags]),
        [
          ["added", null, null],
          ["changed", 7, ["kept"]],
          ["there again", null, null],
        ],
      );
    });

    it("takes an object back that it let go in the transaction that has made its row", async () => {
      const hero = new Hero({ name: "a" });
      await db.run(async (session) => {
        session.add(hero);
        await session.flush();
        session.expunge(hero);
        hero.name = "b";
        session.add(hero);
        await session.flush();
        session.expunge(hero);
        await session.rollback();
        assert.equal(hero.id, undefined);
        session.add(hero);
        await session.flush();
        session.expunge(hero);
        await session.commit();
        hero.name = "c";
        session.add(hero); // it has a row by now
        await session.commit();
        assert.deepEqual(await session.exec(select(Hero.c.name)).all(), ["c"]);
      });
    });

    it("leaves an object alone that it let go and another Session has taken in", async () => {
      const [id] = await heroes("a");
      await db.run(async (session) => {
        const hero = (await session.get(Hero, id)) as Hero;
        hero.name = "b";
        await session.flush();
        session.expunge(hero);
        await using other = new Session(db.engine);
        other.add(hero);
        hero.name = "c";
        await session.rollback();
        assert.equal(hero.name, "c");
        assert.equal(other.has(hero), true);
        assert.notEqual(await session.get(Hero, id), hero);
      });
    });

    it("tells what changed", async () => {
      const [id] = await heroes("a");
      await db.run(async (session) => {
        const hero = (await session.get(Hero, id)) as Hero;
        assert.deepEqual(session.changes(hero), {});
        hero.name = "b";
        hero.tags = ["x"];
        assert.deepEqual(session.changes(hero), {
          name: { from: "a", to: "b" },
          tags: { from: null, to: ["x"] },
        });
        await session.flush();
        assert.deepEqual(session.changes(hero), {});
        assert.deepEqual(session.changes(new Hero({ name: "n" })), {});
      });
    });

    it("refreshes, and says where the row is gone", async () => {
      const [id] = await heroes("a");
      await db.run(async (session) => {
        const hero = (await session.get(Hero, id)) as Hero;
        await session.exec(update(Hero).set({ name: "b" }));
        hero.age = 3;
        await session.refresh(hero);
        assert.equal(hero.name, "b");
        assert.equal(hero.age, null);
        await session.commit();
        await db.run(async (other) => {
          other.delete((await other.get(Hero, id)) as Hero);
          await other.commit();
        });
        await assert.rejects(session.refresh(hero), code("SESSION.NO_ROW"));
        await assert.rejects(session.refresh(new Hero({ name: "n" })), code("SESSION.NOT_HERE"));
      });
    });

    it("refuses a key of the wrong type with every issue", async () => {
      await db.run(async (session) => {
        await assert.rejects(
          session.get(Hero, { id: 1 }),
          (error: unknown) => error instanceof ValidationError,
        );
      });
    });
  });
}
