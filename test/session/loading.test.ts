/** How relations and columns come: joined, level by level, on demand, in parts, in a stream. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { not, select, sql, update } from "../../src/index.ts";
import type { ManyLoads } from "../../src/session/many-loads.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";
import { Book, Hero, heroModels, Power, Team } from "./heroes.ts";

for (const dialect of dialects) {
  describe(`loading on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, heroModels);
    });
    beforeEach(async () => {
      await db.clear();
      await db.run(async (session) => {
        for (const team of ["s", "t"]) {
          const heroes = ["a", "b"].map((name) => new Hero({ name: `${team}${name}` }));
          session.add(new Team({ name: team, heroes }));
        }
        session.add(new Hero({ name: "z", powers: [new Power({ name: "p" })] }));
        await session.commit();
      });
      db.forget();
    });
    after(() => db.remove());

    const names = (list: readonly { readonly name: string }[]): string[] => list.map((each) => each.name);

    it("asks once for each relation, however many objects have it", async () => {
      await db.run(async (session) => {
        const teams = await session.exec(select(Team).with("heroes.powers").orderBy(Team.c.name)).all();
        assert.deepEqual(
          teams.map((team) => names(team.heroes)),
          [
            ["sa", "sb"],
            ["ta", "tb"],
          ],
        );
        assert.equal(db.sent("SELECT").length, 3);
      });
    });

    it("asks for what many objects have, whatever they are called", async () => {
      await db.run(async (session) => {
        for (let n = 0; n < 120; n += 1) {
          const heroes = Array.from({ length: n % 3 }, (_, i) => new Hero({ name: `m${n}.${i}` }));
          session.add(new Team({ name: `m${n}`, heroes }));
        }
        await session.commit();
      });
      for (let times = 0; times < 2; times += 1) {
        await db.run(async (session) => {
          const teams = await session.exec(select(Team).with("heroes").where(Team.c.name.like("m%"))).all();
          assert.equal(teams.length, 120);
          for (const { name, heroes } of teams) {
            const expected = Array.from({ length: Number(name.slice(1)) % 3 }, (_, i) => `${name}.${i}`);
            assert.deepEqual(names(heroes).sort(), expected);
          }
        });
      }
    });

    it("asks for a range where keys are consecutive, and reads a table once where that is most of it", async () => {
      const [teams, each] = [600, 2];
      await db.run(async (session) => {
        for (let n = 0; n < teams; n += 1) {
          const heroes = Array.from({ length: each }, (_, i) => new Hero({ name: `r${n}.${i}` }));
          session.add(new Team({ name: `r${n}`, heroes }));
        }
        await session.commit();
      });
      const load = async (...wanted: readonly string[]): Promise<string> => {
        db.forget();
        await db.run(async (session) => {
          const all = select(Team).with("heroes");
          const query = wanted.length === 0 ? all : all.where(Team.c.name.in(wanted));
          const found = await session.exec(query).all();
          for (const { name, heroes } of found) {
            const expected = Array.from({ length: each }, (_, i) => `${name}.${i}`);
            assert.deepEqual(
              names(heroes).sort(),
              name.startsWith("r") ? expected : [`${name}a`, `${name}b`],
            );
          }
        });
        return db.sent("SELECT")[1] ?? "";
      };
      const scans = /\+["`]/;
      assert.match(await load(), /BETWEEN/);
      const isSqlite = dialect.name.startsWith("sqlite");
      assert.equal(scans.test(await load()), isSqlite);
      const few = await load("r1", "r2", "r3");
      assert.match(few, /BETWEEN/);
      assert.doesNotMatch(few, scans);
      assert.doesNotMatch(await load("r1", "r3", "r7"), /BETWEEN/);
      // Few of the rows belong to a team now, and the index is what finds them.
      await db.run(async (session) => {
        await session.exec(
          update(Hero)
            .set({ teamId: null })
            .where(not(Hero.c.name.like("r1.%"))),
        );
        await session.commit();
      });
      for (const expected of [isSqlite, false]) {
        db.forget();
        await db.run((session) => session.exec(select(Team).with("heroes")).all());
        assert.equal(scans.test(db.sent("SELECT")[1] ?? ""), expected);
      }
    });

    it("joins what a small page refers to, and what it is told to", async () => {
      for (const query of [
        select(Hero).with("team").limit(10),
        select(Hero).withJoined("team"),
        select(Hero).withJoined("team.heroes"),
      ]) {
        db.forget();
        await db.run(async (session) => {
          const heroes = await session.exec(query.orderBy(Hero.c.name)).all();
          assert.deepEqual(
            heroes.map((hero) => hero.team?.name ?? null),
            ["s", "s", "t", "t", null],
          );
          assert.equal(heroes[0]?.team, heroes[1]?.team);
          assert.match(db.sent("SELECT")[0] ?? "", /LEFT JOIN/);
        });
      }
      assert.equal(db.sent("SELECT").length, 2); // the last query: its heroes in a second one
    });

    it("does not join where that could change what the query means", async () => {
      for (const query of [
        select(Hero).with("team").where(sql`name <> ${"x"}`).limit(10),
        select(Hero).with("team").limit(1000),
      ]) {
        db.forget();
        await db.run(async (session) => {
          const heroes = await session.exec(query).all();
          assert.equal(heroes.find((hero) => hero.name === "ta")?.team?.name, "t");
        });
        assert.equal(db.sent("SELECT").length, 2);
      }
    });

    it("keeps what the program changed in a relation, and loads it for the others", async () => {
      await db.run(async (session) => {
        const heroes = await session.exec(select(Hero).orderBy(Hero.c.name)).all();
        const other = new Team({ name: "new" });
        (heroes[0] as Hero).team = other;
        const again = await session.exec(select(Hero).with("team").orderBy(Hero.c.name)).all();
        assert.equal(again[0]?.team, other);
        assert.equal(again[1]?.team?.name, "s");
      });
    });

    it("on demand loads for all that came together, so that a loop is no query each", async () => {
      await db.run(async (session) => {
        const heroes = await session.exec(select(Hero).orderBy(Hero.c.name)).all();
        db.forget();
        const seen: (string | null)[] = [];
        for (const hero of heroes) {
          const team = await hero.team;
          seen.push(team?.name ?? null);
          for (const mate of (await team?.heroes) ?? []) await mate.powers;
        }
        assert.deepEqual(seen, ["s", "s", "t", "t", null]);
        assert.equal(db.sent("SELECT").length, 3);
      });
    });

    it("warns of a loop over objects that were got one by one", async () => {
      const warnings: ManyLoads[] = [];
      await db.run(async (session) => {
        for (let n = 0; n < 12; n += 1)
          session.add(new Hero({ name: `n${n}`, team: new Team({ name: `n${n}` }) }));
        await session.commit();
      });
      await db.run(
        async (session) => {
          for (let n = 6; n < 18; n += 1) {
            const hero = await session.get(Hero, n);
            await hero?.team;
            await hero?.powers;
          }
        },
        { onManyLoads: (loads) => warnings.push(loads) },
      );
      assert.deepEqual(warnings, [
        { model: "Hero", relation: "team", queries: 10 },
        { model: "Hero", relation: "powers", queries: 10 },
      ]);
    });

    it("gives null for an empty key without asking, and refuses to read through what is not loaded", async () => {
      await db.run(async (session) => {
        const hero = await session.exec(select(Hero).where(Hero.c.name.eq("z"))).one();
        db.forget();
        assert.equal(hero.team, null);
        assert.equal(db.statements.length, 0);
        const other = await session.exec(select(Hero).where(Hero.c.name.eq("sa"))).one();
        assert.throws(() => (other.team as unknown as Team).name, code("MODEL.UNLOADED"));
        assert.equal(JSON.stringify({ ...other }).includes("team"), true);
        assert.equal(JSON.stringify(other).includes('"team"'), false);
        await assert.rejects(
          session.exec(select(Hero).with("nothing" as never)).all(),
          code("SESSION.UNKNOWN_RELATION"),
        );
        session.expunge(other);
        await assert.rejects(async () => other.team, code("SESSION.DETACHED"));
      });
    });

    it("leaves deferred columns out until they are awaited or asked for, for all that came together", async () => {
      await db.run(async (session) => {
        session.addAll(["x", "y"].map((name) => new Book({ name, text: `${name}!`, notes: ["n"] })));
        await session.commit();
      });
      await db.run(async (session) => {
        const books = await session.exec(select(Book).orderBy(Book.c.name)).all();
        const [x, y] = books as [Book, Book];
        assert.equal(JSON.stringify(x), '{"id":1,"name":"x"}');
        assert.deepEqual(session.changes(x), {});
        assert.throws(() => (x.text as string).length, code("MODEL.UNLOADED"));
        db.forget();
        assert.equal(await x.text, "x!");
        assert.equal(y.text, "y!");
        assert.equal(db.sent("SELECT").length, 1);
        ((await x.notes) as string[]).push("m");
        y.notes = ["written, never read"];
        assert.deepEqual(Object.keys(session.changes(x)), ["notes"]);
        await session.commit();
      });
      await db.run(async (session) => {
        const books = await session.exec(select(Book).with("notes").orderBy(Book.c.name)).all();
        assert.deepEqual(
          books.map((book) => book.notes),
          [["n", "m"], ["written, never read"]],
        );
        const got = await session.get(Book, 1, { with: ["text"] });
        assert.equal(got?.text.length, 2);
      });
    });

    it("keeps deferred columns through changes, rollbacks and merges", async () => {
      await db.run(async (session) => {
        session.add(new Book({ name: "x", text: "old", notes: [] }));
        await session.commit();
      });
      const detached = await db.run((session) => session.get(Book, 1));
      assert.ok(detached);
      await assert.rejects(async () => detached.text, code("SESSION.DETACHED"));
      detached.name = "merged";
      await db.run(async (session) => {
        const book = await session.merge(detached);
        assert.equal(await book.text, "old");
        await session.commit();
        assert.equal(book.name, "merged");
      });
      await db.run(async (session) => {
        const book = (await session.get(Book, 1)) as Book;
        book.text = "new";
        await session.flush();
        await session.rollback();
        assert.equal(await book.text, "old");
      });
    });

    it("reads only what it is told to, and the rest when it is awaited", async () => {
      await db.run(async (session) => {
        const [hero] = await session.exec(select(Hero).loadOnly("name").orderBy(Hero.c.name)).all();
        assert.equal(hero?.name, "sa");
        assert.doesNotMatch(db.sent("SELECT")[0] ?? "", /"tags"/);
        assert.equal(await hero?.age, null);
        assert.equal((await hero?.team)?.name, "s");
        assert.throws(() => select(Hero).loadOnly("nothing" as never), code("MODEL.UNKNOWN_PROPERTY"));
        const whole = await session.exec(select(Hero).orderBy(Hero.c.name)).first();
        assert.equal(whole as unknown, hero);
        assert.equal(whole?.rank, "recruit");
        (whole as Hero).rank = "major";
        await session.commit();
      });
    });

    it("streams at constant memory, and keeps what the program keeps or changes", async () => {
      await db.run(async (session) => {
        for (let n = 0; n < 3000; n += 1) session.add(new Power({ name: `p${n}` }));
        await session.commit();
      });
      await db.run(async (session) => {
        const kept: Power[] = [];
        let seen = 0;
        for await (const power of session.exec(select(Power).orderBy(Power.c.id))) {
          seen += 1;
          if (seen % 1000 === 1) kept.push(power);
          if (seen === 700) power.name = "changed while it passed";
        }
        assert.equal(seen, 3001);
        (kept[1] as Power).name = "changed later";
        assert.equal(await session.get(Power, kept[2]?.id), kept[2]);
        (await (kept[0] as Power).heroes).push(new Hero({ name: "linked later" }));
        await session.commit();
      });
      await db.run(async (session) => {
        const changed = select(Power.c.name).where(Power.c.name.like("changed%")).orderBy(Power.c.name);
        assert.deepEqual(await session.exec(changed).all(), ["changed later", "changed while it passed"]);
        assert.equal((await session.exec(select(Hero).where(Hero.c.name.like("linked%"))).all()).length, 1);
      });
    });
  });
}
