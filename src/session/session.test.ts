import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { z } from "zod";
import { createAll, dropAll } from "../create/index.ts";
import { isAthanorError } from "../errors/index.ts";
import { createRegistry, field, many, one, ValidationError } from "../model/index.ts";
import { count, deleteFrom, insert, select, update } from "../query/index.ts";
import { type Condition, sql } from "../sql/index.ts";
import { createEngine, type Engine } from "./engine.ts";
import { Session } from "./session.ts";

const { Model } = createRegistry("session");

class Team extends Model("team", {
  id: field(z.int(), { primaryKey: true }),
  name: field(z.string(), { unique: true }),
  heroes: () => many(Hero, { backPopulates: "team" }),
}) {}

class Hero extends Model("hero", {
  id: field(z.int(), { primaryKey: true }),
  name: field(z.string()),
  age: field(z.int().min(0).nullable()),
  tags: field(z.array(z.string()).nullable()),
  born: field(z.date().nullable()),
  rank: field(z.string(), { serverDefault: "'recruit'" }),
  version: field(z.int(), { versionId: true }),
  teamId: () => field(z.int().nullable(), { foreignKey: Team.c.id, onDelete: "set null" }),
  team: () => one(Team, { backPopulates: "heroes" }),
  powers: () => many(Power, { through: HeroPower, backPopulates: "heroes" }),
}) {}

class Power extends Model("power", {
  id: field(z.int(), { primaryKey: true }),
  name: field(z.string()),
  heroes: () => many(Hero, { through: HeroPower, backPopulates: "powers" }),
}) {}

class HeroPower extends Model("hero_power", {
  heroId: () => field(z.int(), { primaryKey: true, foreignKey: Hero.c.id, onDelete: "cascade" }),
  powerId: () => field(z.int(), { primaryKey: true, foreignKey: Power.c.id, onDelete: "cascade" }),
}) {}

const models = [Team, Hero, Power, HeroPower];
let engine: Engine;
let statements: string[] = [];

const code =
  (expected: string) =>
  (error: unknown): boolean =>
    isAthanorError(error) && error.code === expected;

const run = <T>(work: (session: Session) => Promise<T>): Promise<T> => Session.run(engine, work);

describe("a Session", () => {
  before(() => {
    engine = createEngine("sqlite://", { echo: (line) => statements.push(line) });
  });
  beforeEach(async () => {
    await dropAll(engine, models);
    await createAll(engine, models);
    statements = [];
  });
  after(() => engine.dispose());

  it("writes objects with their relations, and reads them back loaded", async () => {
    await run(async (session) => {
      const team = new Team({ name: "Preventers" });
      const flight = new Power({ name: "flight" });
      session.add(new Hero({ name: "Rusty-Man", age: 48, team, powers: [flight] }));
      await session.commit();
    });
    await run(async (session) => {
      const hero = await session.exec(select(Hero).with("team.heroes", "powers")).one();
      assert.equal(hero.team?.name, "Preventers");
      assert.equal(hero.team?.heroes[0], hero);
      assert.deepEqual(
        hero.powers.map((power) => power.name),
        ["flight"],
      );
      assert.equal(hero.rank, "recruit");
      assert.equal(hero.version, 1);
    });
  });

  it("fills keys and defaults of the database into the objects it inserted", async () => {
    await run(async (session) => {
      const hero = new Hero({ name: "Deadpond" });
      assert.equal(hero.id, undefined);
      session.add(hero);
      await session.flush();
      assert.equal(typeof hero.id, "number");
      assert.equal(hero.rank, "recruit");
    });
  });

  it("keeps one object for each row", async () => {
    await run(async (session) => {
      session.add(new Hero({ name: "Deadpond" }));
      await session.commit();
      const [first] = await session.exec(select(Hero)).all();
      assert.equal(await session.get(Hero, first!.id), first);
      assert.equal(await session.exec(select(Hero).where(Hero.c.name.eq("Deadpond"))).first(), first);
      assert.equal(await session.get(Hero, 99), null);
    });
  });

  it("updates changed columns alone, JSON and dates edited in place included", async () => {
    await run(async (session) => {
      session.add(new Hero({ name: "Spider-Boy", tags: ["young"], born: new Date("2010-01-01T00:00:00Z") }));
      await session.commit();
    });
    await run(async (session) => {
      const hero = await session.exec(select(Hero)).one();
      statements = [];
      await session.commit();
      assert.deepEqual(
        statements.filter((line) => line.includes("UPDATE")),
        [],
      );
      hero.tags?.push("promising");
      await session.commit();
      const [written] = statements.filter((line) => line.includes("UPDATE"));
      assert.match(written ?? "", /"tags"/);
      assert.doesNotMatch(written ?? "", /"name" = /);
      hero.born?.setUTCFullYear(2011);
      await session.commit();
    });
    await run(async (session) => {
      const hero = await session.exec(select(Hero)).one();
      assert.deepEqual(hero.tags, ["young", "promising"]);
      assert.equal(hero.born?.toISOString(), "2011-01-01T00:00:00.000Z");
      assert.equal(hero.version, 3);
    });
  });

  it("puts objects back as they were on rollback", async () => {
    await run(async (session) => {
      const hero = new Hero({ name: "Deadpond" });
      session.add(hero);
      await session.commit();
      hero.name = "Wade";
      await session.flush();
      await session.rollback();
      assert.equal(hero.name, "Deadpond");
      const other = new Hero({ name: "nobody" });
      session.add(other);
      await session.flush();
      await session.rollback();
      assert.equal(other.id, undefined);
      assert.equal(await session.exec(select(count()).from(Hero)).one(), 1);
    });
  });

  it("has savepoints that take back their own part", async () => {
    await run(async (session) => {
      const outer = await session.begin();
      session.add(new Hero({ name: "kept" }));
      const inner = await session.begin();
      session.add(new Hero({ name: "lost" }));
      await session.flush();
      await inner.rollback();
      await outer.commit();
      const names = await session.exec(select(Hero.c.name)).all();
      assert.deepEqual(names, ["kept"]);
      await assert.rejects(outer.commit(), code("SESSION.NO_TRANSACTION"));
    });
  });

  it("loads an unloaded relation when it is awaited, once for all objects that came together", async () => {
    await run(async (session) => {
      for (const name of ["a", "b", "c"]) session.add(new Hero({ name, team: new Team({ name }) }));
      await session.commit();
    });
    await run(async (session) => {
      const heroes = await session.exec(select(Hero).orderBy(Hero.c.name)).all();
      statements = [];
      const names: (string | undefined)[] = [];
      for (const hero of heroes) names.push((await hero.team)?.name);
      assert.deepEqual(names, ["a", "b", "c"]);
      assert.equal(statements.length, 1);
      assert.equal(JSON.stringify(heroes[0]).includes('team"'), false);
    });
  });

  it("says what to write where an unloaded relation is read through", async () => {
    await run(async (session) => {
      session.add(new Hero({ name: "a", team: new Team({ name: "t" }) }));
      await session.commit();
    });
    await run(async (session) => {
      const hero = await session.exec(select(Hero)).one();
      assert.throws(() => (hero.team as unknown as Team).name, code("MODEL.UNLOADED"));
    });
  });

  it("moves an object between collections", async () => {
    await run(async (session) => {
      const [a, b] = [new Team({ name: "a" }), new Team({ name: "b" })];
      const hero = new Hero({ name: "x", team: a });
      session.addAll([a, b, hero]);
      await session.commit();
      hero.team = b;
      await session.commit();
      assert.equal(hero.teamId, b.id);
      assert.deepEqual([(await a.heroes).length, (await b.heroes).length], [0, 1]);
      (await a.heroes).push(hero);
      await session.commit();
      assert.equal(hero.teamId, a.id);
    });
  });

  it("adds and removes rows of link tables", async () => {
    await run(async (session) => {
      const hero = new Hero({
        name: "x",
        powers: [new Power({ name: "flight" }), new Power({ name: "strength" })],
      });
      session.add(hero);
      await session.commit();
      assert.equal(await session.exec(select(count(HeroPower.c.heroId))).one(), 2);
      const powers = await hero.powers;
      powers.pop();
      await session.commit();
      assert.equal(await session.exec(select(count(HeroPower.c.heroId))).one(), 1);
    });
  });

  it("deletes, and what is deleted cannot be used again", async () => {
    await run(async (session) => {
      const hero = new Hero({ name: "x" });
      session.add(hero);
      await session.commit();
      session.delete(hero);
      await session.commit();
      assert.equal(await session.get(Hero, hero.id), null);
      assert.throws(() => session.add(hero), code("SESSION.DELETED"));
    });
  });

  it("refuses values that do not fit when it flushes, and says which", async () => {
    await run(async (session) => {
      const hero = new Hero({ name: "x", age: 1 });
      session.add(hero);
      await session.commit();
      hero.age = -1;
      await assert.rejects(session.commit(), (error: unknown) => {
        assert.ok(error instanceof ValidationError);
        assert.deepEqual(error.issues[0]?.path, ["age"]);
        return true;
      });
      await session.rollback();
      assert.equal(hero.age, 1);
    });
  });

  it("reports a unique key that is taken, with table and columns, and goes on after a rollback", async () => {
    await run(async (session) => {
      session.add(new Team({ name: "a" }));
      await session.commit();
      session.add(new Team({ name: "a" }));
      await assert.rejects(session.commit(), (error: unknown) => {
        assert.ok(isAthanorError(error, "DATABASE.UNIQUE"));
        assert.equal(error.fields.table, "team");
        assert.deepEqual(error.fields.columns, ["name"]);
        return true;
      });
      await assert.rejects(session.exec(select(Team)).all(), code("SESSION.INACTIVE"));
      await session.rollback();
      assert.equal((await session.exec(select(Team)).all()).length, 1);
    });
  });

  it("refuses two tasks at once", async () => {
    await run(async (session) => {
      const first = session.exec(select(Hero)).all();
      await assert.rejects(session.exec(select(Hero)).all(), code("SESSION.CONCURRENT"));
      await first;
    });
  });

  it("finds a row that somebody changed meanwhile", async () => {
    const file = createEngine("sqlite://");
    await createAll(file, models);
    await Session.run(file, async (session) => {
      const hero = new Hero({ name: "x" });
      session.add(hero);
      await session.commit();
      await session.exec(update(Hero).set({ version: 7 }));
      hero.name = "y";
      await assert.rejects(session.commit(), code("SESSION.STALE"));
    });
    await file.dispose();
  });

  it("answers values, tuples, groups, and one or none", async () => {
    await run(async (session) => {
      const team = new Team({ name: "t" });
      session.addAll([new Hero({ name: "a", age: 1, team }), new Hero({ name: "b", age: 2, team })]);
      await session.commit();
      const rows = await session
        .exec(select(Team.c.name, count(Hero.c.id)).join(Hero).groupBy(Team.c.name))
        .all();
      assert.deepEqual(rows, [["t", 2]]);
      const pairs = await session.exec(select(Hero, Team).join(Team).where(Hero.c.name.eq("a"))).all();
      assert.equal(pairs[0]?.[1], team);
      await assert.rejects(session.exec(select(Hero)).one(), code("SESSION.NOT_ONE"));
      assert.equal(await session.exec(select(Hero).where(Hero.c.age.gt(9))).oneOrNull(), null);
      assert.equal(await session.exec(select(Hero).where(Hero.c.age.gt(9))).first(), null);
    });
  });

  it("has every operator, with a value or a column on the right", async () => {
    await run(async (session) => {
      session.addAll([
        new Hero({ name: "Ann", age: 20, rank: "Ann" }),
        new Hero({ name: "bob", age: 30 }),
        new Hero({ name: "Cleo" }),
      ]);
      await session.commit();
      const names = async (condition: Condition): Promise<string[]> =>
        (await session.exec(select(Hero).where(condition).orderBy(Hero.c.id)).all()).map((hero) => hero.name);
      const { name, age, rank } = Hero.c;
      assert.deepEqual(await names(age.eq(20)), ["Ann"]);
      assert.deepEqual(await names(age.ne(20)), ["bob"]);
      assert.deepEqual(await names(age.lt(30)), ["Ann"]);
      assert.deepEqual(await names(age.le(30)), ["Ann", "bob"]);
      assert.deepEqual(await names(age.ge(30)), ["bob"]);
      assert.deepEqual(await names(age.gt(20)), ["bob"]);
      assert.deepEqual(await names(age.in([20, 99])), ["Ann"]);
      assert.deepEqual(await names(age.notIn([20])), ["bob"]);
      assert.deepEqual(await names(age.in([])), []);
      assert.deepEqual(await names(name.like("a%")), []);
      assert.deepEqual(await names(name.like("A%")), ["Ann"]);
      assert.deepEqual(await names(name.ilike("a%")), ["Ann"]);
      assert.deepEqual(await names(age.eq(null)), ["Cleo"]);
      assert.deepEqual(await names(age.isNotNull()), ["Ann", "bob"]);
      assert.deepEqual(await names(age.between(20, 25)), ["Ann"]);
      assert.deepEqual(await names(name.eq(rank)), ["Ann"]);
      assert.deepEqual(await names(sql`length(${name}) = ${4}`), ["Cleo"]);
    });
  });

  it("writes without objects", async () => {
    await run(async (session) => {
      const made = await session.exec(insert(Hero).values({ name: "a" }, { name: "b" }).returning());
      assert.deepEqual(
        made.rows.map((hero) => hero.name),
        ["a", "b"],
      );
      const changed = await session.exec(update(Hero).set({ age: 5 }).where(Hero.c.name.eq("a")));
      assert.equal(changed.changes, 1);
      const gone = await session.exec(deleteFrom(Hero).where(Hero.c.age.eq(5)));
      assert.equal(gone.changes, 1);
      await session.commit();
      assert.deepEqual(await session.exec(select(Hero.c.name)).all(), ["b"]);
    });
  });

  it("streams", async () => {
    await run(async (session) => {
      for (let n = 0; n < 1200; n++) session.add(new Hero({ name: `h${n}` }));
      await session.commit();
    });
    await run(async (session) => {
      let seen = 0;
      for await (const hero of session.exec(select(Hero))) seen += hero.name.startsWith("h") ? 1 : 0;
      assert.equal(seen, 1200);
    });
  });

  it("refuses what is not its own", async () => {
    await run(async (session) => {
      const hero = new Hero({ name: "x" });
      session.add(hero);
      await session.commit();
      await run(async (other) => {
        assert.throws(() => other.add(hero), code("SESSION.OTHER_SESSION"));
        assert.throws(() => other.delete(hero), code("SESSION.OTHER_SESSION"));
      }).catch((error: unknown) => assert.fail(String(error)));
      assert.throws(() => session.add({ name: "plain" }), code("SESSION.NOT_A_MODEL"));
      await assert.rejects(
        session.exec(select(Hero).with("nothing" as never)).all(),
        code("SESSION.UNKNOWN_RELATION"),
      );
    });
  });
});
