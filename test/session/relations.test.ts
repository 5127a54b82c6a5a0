/** Relations of every kind, written and read. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { z } from "zod";
import { alias, createRegistry, field, foreignKey, many, one, select, toSchema } from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";

const { Model } = createRegistry("session-relations");
const id = field(z.int32(), { primaryKey: true });
const name = field(z.string().max(40));

/** Refers to itself: a tree, and friends of friends. */
class Person extends Model("person", {
  id,
  name,
  parentId: () => field(z.int32().nullable(), { foreignKey: Person.c.id }),
  parent: () => one(Person, { backPopulates: "children" }),
  children: () => many(Person, { backPopulates: "parent", orderBy: ["-name"] }),
  follows: () => many(Person, { through: Follow, foreignKey: "followerId", backPopulates: "followers" }),
  followers: () => many(Person, { through: Follow, foreignKey: "followedId", backPopulates: "follows" }),
  passport: () => one(Passport, { backPopulates: "holder" }),
  memberships: () => many(Membership, { backPopulates: "person", cascadeDelete: true }),
}) {}

class Follow extends Model("follow", {
  followerId: () => field(z.int32(), { primaryKey: true, foreignKey: Person.c.id }),
  followedId: () => field(z.int32(), { primaryKey: true, foreignKey: Person.c.id }),
}) {}

/** One to one. */
class Passport extends Model("passport", {
  id,
  number: field(z.string().max(20)),
  holderId: () => field(z.int32().nullable(), { foreignKey: Person.c.id, unique: true }),
  holder: () => one(Person, { backPopulates: "passport" }),
}) {}

class Club extends Model("club", {
  id,
  name,
  memberships: () => many(Membership, { backPopulates: "club" }),
}) {}

/** A link that is a model with more to say. */
class Membership extends Model("membership", {
  personId: () => field(z.int32(), { primaryKey: true, foreignKey: Person.c.id }),
  clubId: () => field(z.int32(), { primaryKey: true, foreignKey: Club.c.id }),
  role: field(z.string().max(20), { default: "member" }),
  person: () => one(Person, { backPopulates: "memberships" }),
  club: () => one(Club, { backPopulates: "memberships" }),
}) {}

/** Keys of two parts. */
class Order extends Model("order", {
  shop: field(z.string().max(10), { primaryKey: true }),
  number: field(z.int32(), { primaryKey: true }),
  lines: () => many(Line, { backPopulates: "order", orderBy: "position" }),
}) {}

class Line extends Model(
  "line",
  {
    id,
    shop: field(z.string().max(10).nullable()),
    orderNumber: field(z.int32().nullable()),
    position: field(z.int32()),
    order: () => one(Order, { backPopulates: "lines" }),
  },
  (c) => [foreignKey([c.shop, c.orderNumber], () => [Order.c.shop, Order.c.number])],
) {}

/** Two that need each other. */
class Chicken extends Model("chicken", {
  id,
  eggId: () => field(z.int32().nullable(), { foreignKey: Egg.c.id }),
  egg: () => one(Egg, { foreignKey: "eggId" }),
}) {}

class Egg extends Model("egg", {
  id,
  chickenId: () => field(z.int32(), { foreignKey: Chicken.c.id }),
  chicken: () => one(Chicken, { foreignKey: "chickenId" }),
}) {}

/** Many to many without a model between them. */
class Film extends Model("film", {
  id,
  name,
  labels: () => many(Label, { through: "film_label", backPopulates: "films" }),
}) {}

class Label extends Model("label", {
  code: field(z.string().max(10), { primaryKey: true }),
  films: () => many(Film, { through: "film_label", backPopulates: "labels" }),
}) {}

const models = [Film, Label, Person, Follow, Passport, Club, Membership, Order, Line, Chicken, Egg];

for (const dialect of dialects) {
  describe(`relations on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, models);
    });
    beforeEach(() => db.clear());
    after(() => db.remove());

    it("to the same table: trees of any depth, in the order they ask for", async () => {
      await db.run(async (session) => {
        const leaf = new Person({ name: "leaf" });
        const b = new Person({ name: "b", children: [leaf] });
        session.add(leaf);
        session.add(new Person({ name: "root", children: [new Person({ name: "a" }), b] }));
        await session.commit();
        assert.equal(leaf.parentId, b.id);
      });
      await db.run(async (session) => {
        const query = select(Person).where(Person.c.parentId.isNull()).with("children.children");
        const root = await session.exec(query).one();
        assert.deepEqual(
          root.children.map((child) => child.name),
          ["b", "a"],
        );
        assert.equal(root.children[0]?.children[0]?.name, "leaf");
        assert.equal(await root.children[0]?.parent, root);
        session.delete(root.children[0]?.children[0] as Person);
        for (const child of root.children) session.delete(child);
        session.delete(root);
        await session.commit();
        assert.equal((await session.exec(select(Person)).all()).length, 0);
      });
    });

    it("many to many with itself, each side its own key", async () => {
      await db.run(async (session) => {
        const [a, b] = [new Person({ name: "a" }), new Person({ name: "b" })];
        a.follows = [b];
        session.addAll([a, b]);
        await session.commit();
      });
      await db.run(async (session) => {
        const [a, b] = await session
          .exec(select(Person).with("follows", "followers").orderBy(Person.c.name))
          .all();
        assert.deepEqual([a?.follows, a?.followers.length], [[b], 0]);
        assert.deepEqual([b?.followers, b?.follows.length], [[a], 0]);
        b?.follows.push(a as Person);
        assert.deepEqual(a?.followers, [b]);
        await session.commit();
        assert.equal((await session.exec(select(Follow)).all()).length, 2);
        a?.follows.splice(0);
        await session.commit();
        const [left] = await session.exec(select(Follow)).all();
        assert.deepEqual([left?.followerId, left?.followedId], [b?.id, a?.id]);
      });
    });

    it("one to one, from both sides", async () => {
      await db.run(async (session) => {
        const [p, q] = [new Person({ name: "p" }), new Person({ name: "q" })];
        const passport = new Passport({ number: "1", holder: p });
        assert.equal(p.passport, passport);
        session.addAll([passport, q]);
        await session.commit();
        q.passport = passport;
        assert.equal(passport.holder, q);
        await session.commit();
        assert.equal(passport.holderId, q.id);
        assert.equal(await p.passport, null);
        q.passport = null;
        await session.commit();
        assert.equal(passport.holderId, null);
      });
    });

    it("through a link with a model of its own, whose required keys come from its relations", async () => {
      await db.run(async (session) => {
        const club = new Club({ name: "c" });
        const person = new Person({ name: "p", memberships: [new Membership({ club, role: "head" })] });
        session.add(person);
        await session.commit();
        assert.deepEqual(
          (await club.memberships).map((each) => [each.personId, each.clubId, each.role]),
          [[person.id, club.id, "head"]],
        );
      });
      await db.run(async (session) => {
        const person = await session.exec(select(Person).with("memberships.club")).one();
        const [membership] = person.memberships;
        assert.equal(membership?.club?.name, "c");
        assert.equal(await session.get(Membership, [person.id, membership?.clubId]), membership);
        session.delete(person);
        await session.commit();
        assert.equal((await session.exec(select(Membership)).all()).length, 0);
      });
    });

    it("through a table that has no model", async () => {
      const { schema } = toSchema([Film, Label]);
      const link = schema.tables.find((table) => table.name === "film_label");
      assert.deepEqual(link?.primaryKey?.columns, ["film_id", "label_code"]);
      assert.deepEqual(
        link?.foreignKeys.map((key) => [key.name, key.onDelete]),
        [
          ["fk_film_label_film_id_film", "cascade"],
          ["fk_film_label_label_code_label", "cascade"],
        ],
      );
      await db.run(async (session) => {
        const [noir, short] = [new Label({ code: "noir" }), new Label({ code: "short" })];
        const film = new Film({ name: "f", labels: [noir, short] });
        assert.deepEqual(await noir.films, [film]);
        session.add(film);
        await session.commit();
        (await film.labels).pop();
        session.add(new Film({ name: "g", labels: [short] }));
        await session.commit();
      });
      await db.run(async (session) => {
        const films = await session.exec(select(Film).with("labels").orderBy(Film.c.name)).all();
        assert.deepEqual(
          films.map(({ name, labels }) => [name, labels.map(({ code }) => code)]),
          [
            ["f", ["noir"]],
            ["g", ["short"]],
          ],
        );
        const joined = select(Film.c.name).join(Label, "labels").where(Label.c.code.eq("short"));
        assert.deepEqual(await session.exec(joined).all(), ["g"]);
        session.delete(films[0] as Film);
        await session.commit();
        assert.deepEqual(await ((await session.get(Label, "noir")) as Label).films, []);
      });
    });

    it("along keys of several parts, in order", async () => {
      await db.run(async (session) => {
        const order = new Order({ shop: "s", number: 1 });
        order.lines = [new Line({ position: 2 }), new Line({ position: 1 })];
        session.addAll([order, new Order({ shop: "s", number: 2 })]);
        await session.commit();
      });
      await db.run(async (session) => {
        const orders = await session.exec(select(Order).with("lines.order").orderBy(Order.c.number)).all();
        assert.deepEqual(
          orders.map((order) => order.lines.map((line) => line.position)),
          [[1, 2], []],
        );
        assert.equal(orders[0]?.lines[0]?.order, orders[0]);
        (orders[1] as Order).lines = [...(orders[0]?.lines ?? [])];
        await session.commit();
        assert.deepEqual(await session.exec(select(Line.c.orderNumber)).all(), [2, 2]);
        const [pair] = await session.exec(select(Order, Line).join(Line).limit(1)).all();
        assert.equal(pair?.[0], orders[1]);
      });
    });

    it("in circles: written in two steps where one key may wait, refused where none may", async () => {
      await db.run(async (session) => {
        const chicken = new Chicken({});
        const egg = new Egg({ chicken });
        chicken.egg = egg;
        session.add(chicken);
        await session.commit();
        assert.deepEqual([chicken.eggId, egg.chickenId], [egg.id, chicken.id]);
        session.delete(chicken);
        session.delete(egg);
        await session.commit();
        assert.equal((await session.exec(select(Egg)).all()).length, 0);
      });
      await db.run(async (session) => {
        const person = new Person({ name: "own parent" });
        person.parent = person;
        session.add(person);
        await session.commit();
        assert.equal(person.parentId, person.id);
      });
    });

    it("lead joins: to the same table, through links, along keys of several parts", async () => {
      await db.run(async (session) => {
        const [a, b, c] = ["a", "b", "c"].map((name) => new Person({ name })) as [Person, Person, Person];
        b.parent = a;
        c.parent = a;
        (await a.follows).push(b);
        (await c.follows).push(a);
        const club = new Club({ name: "chess" });
        session.addAll([a, b, c, club, new Membership({ person: a, club })]);
        const order = new Order({ shop: "s", number: 1 });
        session.addAll([order, new Line({ order, position: 7 })]);
        await session.commit();

        const child = alias(Person, "child");
        const children = select(Person, child.c.name).join(child, "children").orderBy(child.c.name);
        assert.deepEqual(
          (await session.exec(children).all()).map(([{ name }, inner]) => [name, inner]),
          [
            ["a", "b"],
            ["a", "c"],
          ],
        );
        const followed = alias(Person, "followed");
        const pairs = select(Person.c.name, followed.c.name).join(followed, "follows").orderBy(Person.c.name);
        assert.deepEqual(await session.exec(pairs).all(), [
          ["a", "b"],
          ["c", "a"],
        ]);
        // What comes third may hang on the second: along a name, or along the only key there is.
        const clubs = select(Person, Club.c.name).leftJoin(Membership, "memberships");
        for (const query of [clubs.leftJoin(Club), clubs.leftJoin(Club, Membership.c.clubId.eq(Club.c.id))]) {
          const rows = await session.exec(query.orderBy(Person.c.name)).all();
          assert.deepEqual(
            rows.map(([{ name }, at]) => [name, at]),
            [
              ["a", "chess"],
              ["b", null],
              ["c", null],
            ],
          );
        }
        assert.deepEqual(await session.exec(select(Line.c.position).join(Order, "order")).all(), [7]);
        assert.throws(() => select(Person).join(Club, "memberships"), code("SESSION.UNKNOWN_RELATION"));
        assert.throws(() => select(Person).join(Club, "clubs" as never), code("SESSION.UNKNOWN_RELATION"));
        assert.throws(() => select(Person).join(Club), code("QUERY.JOIN_CONDITION"));
      });
    });

    it("keep both sides equal in memory, and refuse the wrong class", async () => {
      const [p, q] = [new Person({ name: "p" }), new Person({ name: "q" })];
      q.parent = p;
      assert.deepEqual(p.children, [q]);
      p.children = [];
      assert.equal(q.parent, null);
      assert.throws(() => (p.parent = new Club({ name: "c" }) as never), code("MODEL.RELATION_VALUE"));
      assert.throws(
        () => (p.children as Person[]).push(new Club({ name: "c" }) as never),
        code("MODEL.RELATION_VALUE"),
      );
      assert.throws(() => (p.children = new Person({ name: "x" }) as never), code("MODEL.RELATION_VALUE"));
      assert.equal((p.children as Person[]).length, 0);
    });
  });
}
