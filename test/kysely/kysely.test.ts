/** Kysely over a Session: in the words of the models, in the Session's transaction. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type Kysely, sql } from "kysely";
import { z } from "zod";
import { createRegistry, field, many, one, type Session, select, t } from "../../src/index.ts";
import { type DatabaseOf, kyselyFor } from "../../src/kysely.ts";
import { wordsOf } from "../../src/sql/index.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "../session/database.ts";

const { Model } = createRegistry("kysely-tests");

class Team extends Model("guild", {
  id: field(z.int32(), { primaryKey: true }),
  teamName: field(z.string().max(40), { unique: true, column: "label" }),
  heroes: () => many(Hero, { backPopulates: "team" }),
}) {}

class Hero extends Model("hero", {
  id: field(z.int32(), { primaryKey: true }),
  heroName: field(z.string().max(40)),
  bornAt: field(z.date().nullable()),
  fee: field(z.string(), { type: t.numeric(10, 2) }),
  tags: field(z.array(z.string()).nullable()),
  active: field(z.boolean(), { default: true }),
  rank: field(z.string().max(20), { serverDefault: "'recruit'" }),
  version: field(z.int32(), { versionId: true }),
  bossId: () => field(z.int32().nullable(), { foreignKey: Hero.c.id }),
  teamId: () => field(z.int32().nullable(), { foreignKey: Team.c.id }),
  team: () => one(Team, { backPopulates: "heroes" }),
}) {}

const models = { team: Team, hero: Hero };
type DB = DatabaseOf<typeof models>;

async function collected<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

const born = new Date(Date.UTC(1990, 4, 6, 7, 8, 9, 123));

for (const dialect of dialects) {
  describe(`Kysely on ${dialect.name}`, () => {
    let test: TestDatabase;
    before(async () => {
      test = await TestDatabase.create(dialect, [Team, Hero]);
    });
    beforeEach(async () => {
      await test.clear();
      await test.run(async (session) => {
        const team = new Team({ teamName: "Preventers" });
        const boss = new Hero({ heroName: "Boss", fee: "9.50", tags: ["old", "wise"], bornAt: born, team });
        session.add(boss);
        await session.flush();
        session.add(new Hero({ heroName: "Left", fee: "10.00", bossId: boss.id, team, active: false }));
        session.add(new Hero({ heroName: "Right", fee: "2.25", bossId: boss.id }));
        await session.commit();
      });
    });
    after(() => test.remove());

    const run = <T>(work: (db: Kysely<DB>, session: Session) => Promise<T>): Promise<T> =>
      test.run(async (session) => work(await kyselyFor(session, models), session));

    it("reads in the words of the models, values as their fields have them", () =>
      run(async (db) => {
        const rows = await db
          .selectFrom("hero")
          .leftJoin("team", "team.id", "hero.teamId")
          .select(["hero.heroName", "hero.bornAt", "hero.tags", "hero.active", "team.teamName"])
          .select((eb) => eb.ref("hero.fee").as("price"))
          .where("hero.bornAt", "=", born)
          .orderBy("hero.heroName")
          .execute();
        assert.deepEqual(rows, [
          {
            heroName: "Boss",
            bornAt: born,
            tags: ["old", "wise"],
            active: true,
            teamName: "Preventers",
            price: "9.50",
          },
        ]);
        const [left] = await db.selectFrom("hero").selectAll().where("active", "=", false).execute();
        assert.equal(left?.active, false);
        assert.equal(left?.rank, "recruit");
        assert.deepEqual(Object.keys(left ?? {}), Object.keys(Hero.schema.shape));
      }));

    it("compares and sorts as the column's type does", () =>
      run(async (db) => {
        const byFee = await db.selectFrom("hero").select("fee").orderBy("fee").execute();
        assert.deepEqual(
          byFee.map(({ fee }) => fee),
          ["2.25", "9.50", "10.00"],
        );
        const over = await db
          .selectFrom("hero")
          .select("heroName")
          .where("fee", ">", "9.00")
          .orderBy("id")
          .execute();
        assert.deepEqual(
          over.map(({ heroName }) => heroName),
          ["Boss", "Left"],
        );
        const some = await db.selectFrom("hero").select("id").where("fee", "in", ["2.25", "9.50"]).execute();
        assert.equal(some.length, 2);
      }));

    it("has windows, recursive expressions, subqueries and what stands under an alias", () =>
      run(async (db) => {
        const ranked = await db
          .selectFrom("hero as h")
          .select((eb) => [
            "h.heroName",
            eb.fn
              .agg<number>("rank")
              .over((over) => over.orderBy("h.heroName", "desc"))
              .as("place"),
          ])
          .orderBy("h.heroName")
          .execute();
        assert.deepEqual(
          ranked.map(({ heroName, place }) => [heroName, Number(place)]),
          [
            ["Boss", 3],
            ["Left", 2],
            ["Right", 1],
          ],
        );
        const tree = await db
          .withRecursive("below", (q) =>
            q
              .selectFrom("hero")
              .select(["hero.id", "hero.heroName", "hero.bornAt"])
              .where("hero.bossId", "is", null)
              .unionAll((u) =>
                u
                  .selectFrom("hero")
                  .innerJoin("below", "below.id", "hero.bossId")
                  .select(["hero.id", "hero.heroName", "hero.bornAt"]),
              ),
          )
          .selectFrom("below")
          .select(["below.heroName", "below.bornAt"])
          .orderBy("below.heroName")
          .execute();
        assert.deepEqual(tree[0], { heroName: "Boss", bornAt: born });
        assert.equal(tree.length, 3);
        // A query of its own inside another one, and one that refers outwards.
        const known = db.selectFrom("team").select("id").where("teamName", "=", "Preventers");
        const inside = await db
          .selectFrom("hero")
          .select("heroName")
          .where("teamId", "in", known)
          .orderBy("id")
          .execute();
        assert.deepEqual(
          inside.map(({ heroName }) => heroName),
          ["Boss", "Left"],
        );
        const counted = await db
          .selectFrom("team")
          .select((eb) => [
            "teamName",
            eb
              .selectFrom("hero")
              .whereRef("hero.teamId", "=", "team.id")
              .select((inner) => inner.fn.max("hero.bornAt").as("last"))
              .as("lastBorn"),
          ])
          .execute();
        assert.deepEqual(counted, [{ teamName: "Preventers", lastBorn: born }]);
      }));

    it("writes what a Session would write: encoded, with defaults and the next version", () =>
      run(async (db, session) => {
        const boss = await session.exec(select(Hero).where(Hero.c.heroName.eq("Boss"))).one();
        const { numUpdatedRows } = await db
          .updateTable("hero")
          .set({ tags: ["new"], bornAt: null })
          .where("heroName", "=", "Boss")
          .executeTakeFirstOrThrow();
        assert.equal(numUpdatedRows, 1n);
        await session.refresh(boss);
        assert.deepEqual([boss.tags, boss.bornAt, boss.version], [["new"], null, 2]);
        await db
          .insertInto("hero")
          .values([{ heroName: "Fresh", fee: "1.00", bornAt: born }])
          .execute();
        const fresh = await session.exec(select(Hero).where(Hero.c.heroName.eq("Fresh"))).one();
        assert.deepEqual([fresh.active, fresh.version, fresh.bornAt], [true, 1, born]);
        const gone = await db.deleteFrom("hero").where("heroName", "=", "Fresh").executeTakeFirst();
        assert.equal(gone.numDeletedRows, 1n);
        if (test.dialect.capabilities.returning && db.getExecutor().adapter.supportsReturning) {
          const made = await db
            .insertInto("hero")
            .values({ heroName: "Back", fee: "3.00", tags: ["x"] })
            .returning(["id", "tags", "heroName"])
            .executeTakeFirstOrThrow();
          assert.deepEqual([made.tags, made.heroName], [["x"], "Back"]);
        }
      }));

    it("inserts or changes, by the names of properties", () =>
      run(async (db, session) => {
        const taken = { id: 1, heroName: "Again", fee: "5.00" };
        const insert = db.insertInto("hero").values(taken);
        const upsert =
          wordsOf(test.dialect.query).upsert === "on duplicate key"
            ? insert.onDuplicateKeyUpdate({ heroName: "Again" })
            : insert.onConflict((conflict) =>
                conflict.column("id").doUpdateSet((eb) => ({ heroName: eb.ref("excluded.heroName") })),
              );
        await upsert.execute();
        const hero = await session.get(Hero, 1);
        assert.deepEqual([hero?.heroName, hero?.fee, hero?.version], ["Again", "9.50", 2]);
      }));

    it("shares the Session's transaction and sees what it has not written yet", () =>
      run(async (db, session) => {
        const team = await session.exec(select(Team)).one();
        team.teamName = "Changed";
        const seen = await db.selectFrom("team").select("teamName").executeTakeFirstOrThrow();
        assert.equal(seen.teamName, "Changed");
        await db.updateTable("team").set({ teamName: "Twice" }).execute();
        await session.rollback();
        assert.equal(team.teamName, "Preventers");
        await db.transaction().execute(async (trx) => {
          await trx.updateTable("team").set({ teamName: "Kept" }).execute();
        });
        const failing = db.transaction().execute(async (trx) => {
          await trx.updateTable("team").set({ teamName: "Lost" }).execute();
          throw new RangeError("no");
        });
        await assert.rejects(failing, RangeError);
        const { rows } = await sql<{ label: string }>`select label from guild`.execute(db);
        assert.deepEqual(rows, [{ label: "Kept" }]);
      }));

    it("streams rows in the words of the models, and can be left in the middle", () =>
      run(async (db, session) => {
        session.addAll(Array.from({ length: 250 }, (_, at) => new Hero({ heroName: `h${at}`, fee: "0.50" })));
        const query = db.selectFrom("hero").select(["id", "heroName", "tags", "bornAt"]).orderBy("id");
        const seen = await collected(query.stream(40));
        assert.equal(seen.length, 253);
        assert.deepEqual(
          [seen[0]?.heroName, seen[0]?.tags, seen[0]?.bornAt],
          ["Boss", ["old", "wise"], born],
        );
        assert.deepEqual(seen.at(-1), { id: seen.at(-1)?.id, heroName: "h249", tags: null, bornAt: null });
        for await (const row of query.stream()) {
          if (row.heroName === "h3") break;
        }
        assert.equal((await query.limit(1).execute())[0]?.heroName, "Boss");
        const nobody = query.where("heroName", "=", "nobody").stream();
        assert.deepEqual(await collected(nobody), []);
        const one = query.stream();
        await one.next();
        await assert.rejects(session.get(Hero, 1), code("SESSION.CONCURRENT"));
        await one.return?.();
        await session.commit();
      }));

    it("gives back the rows it writes, or says that the database cannot", () =>
      run(async (db) => {
        const { capabilities } = (await test.engine.open()).dialect;
        const { returning, updateReturning = returning } = capabilities;
        const attempt = async (can: boolean, query: { execute(): Promise<unknown> }, expected: unknown) => {
          if (can) assert.deepEqual(await query.execute(), expected);
          else await assert.rejects(query.execute(), code("QUERY.NO_RETURNING"));
        };
        const left = db
          .updateTable("hero")
          .set({ tags: ["u"] })
          .where("heroName", "=", "Left");
        await attempt(updateReturning, left.returning(["heroName", "tags"]), [
          { heroName: "Left", tags: ["u"] },
        ]);
        const fresh = db.insertInto("hero").values({ heroName: "Fresh", fee: "3.00", tags: ["x"] });
        await attempt(returning, fresh.returning(["tags", "heroName"]), [{ tags: ["x"], heroName: "Fresh" }]);
        const right = db.deleteFrom("hero").where("heroName", "=", "Right").returning("fee");
        await attempt(returning, right, [{ fee: "2.25" }]);
      }));

    it("says what it does not have", () =>
      run(async (db) => {
        const stream = async (): Promise<void> => {
          for await (const _ of db.updateTable("hero").set({ fee: "1.00" }).stream()) break;
        };
        await assert.rejects(stream(), code("QUERY.NO_KYSELY"));
        const snapshot = db.transaction().setIsolationLevel("snapshot");
        await assert.rejects(
          snapshot.execute(async () => {}),
          code("QUERY.NO_KYSELY"),
        );
      }));
  });
}
