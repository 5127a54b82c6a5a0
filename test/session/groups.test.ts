/** What field groups do beyond one row: deletes that follow relations, tables between, inserts whose key is taken. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { z } from "zod";
import {
  allTenants,
  audited,
  createRegistry,
  field,
  insert,
  many,
  one,
  type Session,
  select,
  softDelete,
  tenantOwned,
} from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";

const { Model } = createRegistry("groups");
const id = { id: field(z.int(), { primaryKey: true }) };

class House extends Model("group_house", {
  ...id,
  ...softDelete,
  rooms: () => many(Room, { backPopulates: "house", cascadeDelete: true }),
  lamps: () => many(Lamp, { cascadeDelete: true, passiveDeletes: true }),
  guests: () => many(Guest),
}) {}

class Room extends Model("group_room", {
  ...id,
  ...softDelete,
  ...audited,
  houseId: field(z.int(), { foreignKey: "group_house.id", index: true }),
  house: () => one(House, { backPopulates: "rooms" }),
  chairs: () => many(Chair, { cascadeDelete: true }),
}) {}

/** Kept when it is deleted, too: two relations away. */
class Chair extends Model("group_chair", {
  ...id,
  ...softDelete,
  roomId: field(z.int(), { foreignKey: "group_room.id", index: true }),
}) {}

/** Has nothing to be marked with. */
class Lamp extends Model("group_lamp", {
  ...id,
  houseId: field(z.int(), { foreignKey: "group_house.id", onDelete: "cascade", index: true }),
}) {}

/** No relation cascades to it. */
class Guest extends Model("group_guest", {
  ...id,
  ...softDelete,
  houseId: field(z.int().nullable(), { foreignKey: "group_house.id", index: true }),
}) {}

class Price extends Model("group_price", {
  item: field(z.string().max(10), { primaryKey: true }),
  ...tenantOwned,
  ...softDelete,
  cents: field(z.int()),
  state: field(z.string().max(10), { default: "old" }),
}) {}

class Student extends Model("group_student", {
  ...id,
  ...tenantOwned,
  courses: () => many(Course, { through: Attendance, backPopulates: "students", orderBy: "id" }),
}) {}

class Course extends Model("group_course", {
  ...id,
  ...tenantOwned,
  students: () => many(Student, { through: Attendance, backPopulates: "courses" }),
}) {}

/** Between two models, a tenant's, and kept when it is deleted. */
class Attendance extends Model("group_attendance", {
  studentId: field(z.int(), { primaryKey: true, foreignKey: "group_student.id" }),
  courseId: field(z.int(), { primaryKey: true, foreignKey: "group_course.id" }),
  ...tenantOwned,
  ...softDelete,
  ...audited,
}) {}

const shown = { tenant: allTenants, deleted: "show" } as const;

for (const row of dialects) {
  describe(`groups of fields on ${row.name}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await TestDatabase.create(row, [
        House,
        Room,
        Chair,
        Lamp,
        Guest,
        Price,
        Student,
        Course,
        Attendance,
      ]);
    });
    beforeEach(() => database.clear());
    after(() => database.remove());

    /** A house with two rooms of which one was deleted before, a chair in each, a lamp and a guest. */
    async function furnish(): Promise<void> {
      await database.run(async (session) => {
        session.add(new House({ id: 1 }));
        session.addAll([
          new Room({ id: 1, houseId: 1 }),
          new Room({ id: 2, houseId: 1, deletedAt: new Date(0) }),
        ]);
        session.addAll([new Chair({ id: 1, roomId: 1 }), new Chair({ id: 2, roomId: 2 })]);
        session.addAll([new Lamp({ id: 1, houseId: 1 }), new Guest({ id: 1, houseId: 1 })]);
        await session.commit();
      });
    }

    const all = (session: Session) => ({
      rooms: () => session.exec(select(Room).orderBy(Room.c.id)).all(),
      chairs: () => session.exec(select(Chair).orderBy(Chair.c.id)).all(),
      lamps: () => session.exec(select(Lamp)).all(),
      guests: () => session.exec(select(Guest)).all(),
    });

    it("what is marked as deleted marks what its relations cascade to, at the same time, and nothing else", async () => {
      await furnish();
      await database.run(
        async (session) => {
          session.delete((await session.get(House, 1))!);
          await session.commit();
          assert.deepEqual([await all(session).rooms(), (await all(session).guests()).length], [[], 1]);
          assert.equal((await all(session).lamps()).length, 1, "what cannot be marked stays");
        },
        { user: "ann" },
      );
      await database.run(async (session) => {
        const house = (await session.get(House, 1))!;
        const [first, second] = await all(session).rooms();
        assert.deepEqual(first!.deletedAt, house.deletedAt);
        assert.deepEqual([first!.deletedBy, first!.updatedBy], ["ann", "ann"]);
        assert.deepEqual(second!.deletedAt, new Date(0), "what was deleted before keeps its time");
        const [chair, other] = await all(session).chairs();
        assert.deepEqual([chair!.deletedAt, other!.deletedAt], [house.deletedAt, null]);
      }, shown);
    });

    it("what is purged takes along for good what its relations cascade to, what was marked included", async () => {
      await furnish();
      await database.run(async (session) => {
        session.purge((await session.get(House, 1))!);
        await session.flush();
        await session.rollback();
        assert.equal((await all(session).rooms()).length, 1);
        const room = (await session.get(Room, 1))!;
        session.delete(room);
        await session.flush();
        assert.ok(room.deletedAt instanceof Date, "a purge that was taken back is forgotten");
        await session.rollback();
        session.purge((await session.get(House, 1))!);
        await session.commit();
      });
      await database.run(async (session) => {
        const { rooms, chairs, lamps, guests } = all(session);
        assert.deepEqual([await rooms(), await chairs(), await lamps()], [[], [], []]);
        assert.deepEqual(
          (await guests()).map(({ houseId }) => houseId),
          [null],
        );
      }, shown);
    });

    it("a delete that is taken back marks nothing", async () => {
      await furnish();
      await database.run(async (session) => {
        session.delete((await session.get(House, 1))!);
        await session.rollback();
        await session.commit();
        assert.equal((await all(session).rooms()).length, 1);
      });
    });

    const priced = (item: string, cents: number) =>
      insert(Price)
        .values({ item, cents })
        .onConflict(["item"], (excluded) => ({ cents: excluded.cents, state: "new" }));

    it("an insert whose key is taken changes a row of the tenant's own, and no other", async () => {
      await database.run(async (session) => {
        const prices = [
          { item: "mine", tenantId: "a" },
          { item: "theirs", tenantId: "b" },
          { item: "gone", tenantId: "a", deletedAt: new Date(0) },
        ];
        session.addAll(prices.map((each) => new Price({ ...each, cents: 1 })));
        await session.commit();
      }, shown);
      await database.run(
        async (session) => {
          for (const item of ["mine", "theirs", "gone", "fresh"]) await session.exec(priced(item, 5));
          const moved = insert(Price)
            .values({ item: "mine", cents: 1 })
            .onConflict(["item"], { tenantId: "b" });
          await assert.rejects(session.exec(moved), code("SESSION.OTHER_TENANT"));
          await session.commit();
        },
        { tenant: "a" },
      );
      const rows = await database.run(
        (session) => session.exec(select(Price).orderBy(Price.c.item)).all(),
        shown,
      );
      assert.deepEqual(
        rows.map(({ item, tenantId, cents, state }) => [item, tenantId, cents, state]),
        [
          ["fresh", "a", 5, "old"],
          ["gone", "a", 1, "old"],
          ["mine", "a", 5, "new"],
          ["theirs", "b", 1, "old"],
        ],
      );
    });

    it("rows of a table between two models are a tenant's, are marked, and come back", async () => {
      const asAnn = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
        database.run(work, { tenant: "a", user: "ann" });
      const attendances = (): Promise<Attendance[]> =>
        database.run(
          (session) => session.exec(select(Attendance).orderBy(Attendance.c.courseId)).all(),
          shown,
        );
      await asAnn(async (session) => {
        const courses = [1, 2, 3].map((each) => new Course({ id: each, tenantId: "a" }));
        session.addAll([new Student({ id: 1, tenantId: "a", courses: courses.slice(0, 2) }), ...courses]);
        await session.commit();
      });
      assert.deepEqual(
        (await attendances()).map(({ courseId, tenantId, createdBy, deletedAt }) => [
          courseId,
          tenantId,
          createdBy,
          deletedAt,
        ]),
        [
          [1, "a", "ann", null],
          [2, "a", "ann", null],
        ],
      );
      await asAnn(async (session) => {
        const student = await session.exec(select(Student).with("courses")).one();
        assert.deepEqual(
          student.courses.map((course) => course.id),
          [1, 2],
        );
        student.courses = [student.courses[1]!, (await session.get(Course, 3))!];
        await session.commit();
        session.expire(student);
        assert.deepEqual(
          (await student.courses).map((course) => course.id),
          [2, 3],
        );
        const held = await session.get(Attendance, [1, 1]);
        assert.equal(held, null);
      });
      assert.deepEqual(
        (await attendances()).map(({ courseId, deletedBy }) => [courseId, deletedBy]),
        [
          [1, "ann"],
          [2, null],
          [3, null],
        ],
      );
      await asAnn(async (session) => {
        const student = await session.exec(select(Student).with("courses")).one();
        student.courses = [...student.courses, (await session.get(Course, 1))!];
        await session.commit();
      });
      assert.deepEqual(
        (await attendances()).map(({ courseId, deletedAt, deletedBy }) => [courseId, deletedAt, deletedBy]),
        [
          [1, null, null],
          [2, null, null],
          [3, null, null],
        ],
      );
      await database.run(async (session) => {
        const row = await session.get(Attendance, [1, 2]);
        row!.tenantId = "b";
        await session.commit();
      }, shown);
      await asAnn(async (session) => {
        const student = await session.exec(select(Student).with("courses")).one();
        assert.deepEqual(
          student.courses.map((course) => course.id),
          [1, 3],
          "what another tenant holds is not seen",
        );
      });
      await database.run(async (session) => {
        session.add(new Student({ id: 2, tenantId: "b", courses: [(await session.get(Course, 3))!] }));
        await session.commit();
        assert.equal((await session.get(Attendance, [2, 3]))?.tenantId, "b", "the tenant of what it links");
      }, shown);
    });

    it("an insert whose key is taken changes only rows for which its condition holds", async () => {
      await database.run(async (session) => {
        session.addAll([
          new Price({ item: "dear", tenantId: "a", cents: 9 }),
          new Price({ item: "cheap", tenantId: "a", cents: 1 }),
        ]);
        await session.commit();
        for (const item of ["dear", "cheap"]) {
          const change = insert(Price)
            .values({ item, tenantId: "a", cents: 5 })
            .onConflict(
              ["item"],
              { cents: 5, state: "new" },
              Price.c.cents.lt(5).and(Price.c.state.eq("old")),
            );
          await session.exec(change);
        }
        await session.commit();
        const rows = await session.exec(select(Price).orderBy(Price.c.item)).all();
        assert.deepEqual(
          rows.map(({ item, cents, state }) => [item, cents, state]),
          [
            ["cheap", 5, "new"],
            ["dear", 9, "old"],
          ],
        );
      }, shown);
    });
  });
}
