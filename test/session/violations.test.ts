/** A violated unique key says what it is of, on every database: its columns, and the values that were there already. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { z } from "zod";
import {
  createRegistry,
  field,
  insert,
  isAthanorError,
  type Session,
  sql,
  unique,
  update,
} from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { TestDatabase } from "./database.ts";

const { Model } = createRegistry("session-violations");

class Ticket extends Model(
  "ticket",
  {
    id: field(z.int32(), { primaryKey: true }),
    code: field(z.string().max(20), { unique: true }),
    mail: field(z.string().max(40).nullable(), { unique: true, index: true }),
    seatRow: field(z.string().max(20)),
    day: field(z.date()),
  },
  (c) => [unique(c.seatRow, c.day)],
) {}

const day = new Date("2026-03-04T05:06:07.089Z");
const ticket = (code: string, seatRow = code, at = day, mail: string | null = null): Ticket =>
  new Ticket({ code, seatRow, day: at, mail });

for (const dialect of dialects) {
  describe(`violated keys on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, [Ticket]);
    });
    beforeEach(async () => {
      await db.clear();
      await db.run(async (session) => {
        session.add(ticket("a, b", "1-2", day, "x@example.org"));
        await session.commit();
      });
    });
    after(() => db.remove());

    const violated = (work: (session: Session) => Promise<unknown>): Promise<unknown> =>
      db.run(async (session) => {
        const error: unknown = await work(session).then(
          () => assert.fail("it went well"),
          (thrown: unknown) => thrown,
        );
        assert.ok(isAthanorError(error, "DATABASE.UNIQUE"), String(error));
        assert.ok(error.cause instanceof Error);
        assert.equal(error.fields.table, "ticket");
        return [error.fields.columns, error.fields.values];
      });

    it("by one new object", async () => {
      const one = await violated((session) => {
        session.add(ticket("a, b", "other"));
        return session.commit();
      });
      assert.deepEqual(one, [["code"], ["a, b"]]);
    });

    it("in words without what rows hold, which the cause may have", async () => {
      await db.run(async (session) => {
        session.add(ticket("c", "secret) already", day, "secret@example.org"));
        await session.commit();
        const attempts = [
          ticket("c", "free"),
          ticket("free", "secret) already"),
          ticket("free", "free", day, "secret@example.org"),
        ];
        for (const attempt of attempts) {
          session.add(attempt);
          await assert.rejects(session.flush(), (error: unknown) => {
            assert.ok(isAthanorError(error, "DATABASE.UNIQUE"));
            assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, /secret/);
            return true;
          });
          await session.rollback();
        }
        const broken = insert(Ticket).values({ code: sql`null`, seatRow: "secret", day } as never);
        await assert.rejects(session.exec(broken), (error: unknown) => {
          assert.ok(isAthanorError(error, "DATABASE.NOT_NULL"));
          assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, /secret/);
          return true;
        });
      });
    });

    it("by one of many, in an index, or in several columns", async () => {
      const many = Array.from({ length: 250 }, (_, n) => ticket(`t${n}`));
      const mail = await violated((session) => {
        session.addAll([...many, ticket("b", "other", day, "x@example.org")]);
        return session.flush();
      });
      assert.deepEqual(mail, [["mail"], ["x@example.org"]]);
      const fresh = Array.from({ length: 150 }, (_, n) => ticket(`t${n}`));
      const several = await violated((session) => {
        session.addAll([...fresh, ticket("b", "1-2")]);
        return session.flush();
      });
      assert.deepEqual(several, [
        ["seat_row", "day"],
        ["1-2", day],
      ]);
    });

    it("by two that are new", async () => {
      const twins = await violated((session) => {
        session.addAll([ticket("q"), ticket("twin", "1"), ticket("twin", "2")]);
        return session.commit();
      });
      assert.deepEqual(twins, [["code"], ["twin"]]);
    });

    it("by a change", async () => {
      const changed = await violated(async (session) => {
        const other = ticket("b");
        session.add(other);
        await session.commit();
        other.code = "a, b";
        await session.commit();
      });
      assert.deepEqual(changed, [["code"], ["a, b"]]);
    });

    it("by statements without objects", async () => {
      const inserted = await violated((session) =>
        session.exec(
          insert(Ticket).values({ code: "a, b", seatRow: "9", day }, { code: "c", seatRow: "8", day }),
        ),
      );
      assert.deepEqual(inserted, [["code"], ["a, b"]]);
      const updated = await violated(async (session) => {
        await session.exec(insert(Ticket).values({ code: "b", seatRow: "9", day }));
        await session.exec(update(Ticket).set({ code: "b" }));
      });
      assert.deepEqual(updated, [["code"], ["b"]]);
    });
  });
}
