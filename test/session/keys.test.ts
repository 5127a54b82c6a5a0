/** Keys of every type: one object for one row, however the program and the database spell its key. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { z } from "zod";
import { createRegistry, type Field, type FieldOptions, field, select, t } from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { TestDatabase } from "./database.ts";

const { Model } = createRegistry("session-keys");

type Key = (options: FieldOptions) => Field<z.ZodType<unknown, unknown>, { readonly primaryKey: true }>;

// biome-ignore lint/suspicious/noExplicitAny: the fields are of many kinds
const made = (key: Field<any, any>): ReturnType<Key> => key;

const kinds: Readonly<Record<string, { readonly key: Key; readonly value: unknown }>> = {
  int: { key: (options) => made(field(z.int(), options)), value: 5 },
  "large int": { key: (options) => made(field(z.int(), options)), value: Number.MIN_SAFE_INTEGER },
  bigint: { key: (options) => made(field(z.bigint(), options)), value: 5n },
  "large bigint": { key: (options) => made(field(z.bigint(), options)), value: 9007199254740993n },
  decimal: {
    key: (options) => made(field(z.string(), { ...options, type: t.numeric(20, 4) })),
    value: "-01.50",
  },
  zero: { key: (options) => made(field(z.string(), { ...options, type: t.numeric(20, 4) })), value: "-0.0" },
  number: { key: (options) => made(field(z.number(), { ...options, type: t.numeric(20, 4) })), value: 1.5 },
  char: { key: (options) => made(field(z.string(), { ...options, type: t.char(5) })), value: "ab" },
  uuid: { key: (options) => made(field(z.uuid(), options)), value: "0190A6F0-7F00-7000-8000-00000000000A" },
  time: { key: (options) => made(field(z.iso.time(), options)), value: "10:00" },
  "time with a fraction": { key: (options) => made(field(z.iso.time(), options)), value: "10:00:00.500" },
  "wall time": {
    key: (options) => made(field(z.string(), { ...options, type: t.timestamp(6) })),
    value: "2026-03-08T02:30:00.100",
  },
  "wall time as a date": {
    key: (options) => made(field(z.date(), { ...options, type: t.timestamp(3) })),
    value: new Date("1950-01-01T00:00:00.100Z"),
  },
  instant: { key: (options) => made(field(z.date(), options)), value: new Date("1950-01-01T00:00:00.100Z") },
  bytes: {
    key: (options) => made(field(z.instanceof(Uint8Array), { ...options, type: t.bytes(16) })),
    value: new Uint8Array([0, 1, 255]),
  },
};

/** Models with such a key, alone and with a second part. */
const models = Object.entries(kinds).map(([kind, { key, value }]) => {
  const own = key({ primaryKey: true, autoIncrement: false, column: "the key" });
  class Alone extends Model(`alone ${kind}`, { key: own, name: field(z.string()) }) {}
  class Both extends Model(`both ${kind}`, {
    key: own,
    part: field(z.int(), { primaryKey: true }),
    name: field(z.string()),
  }) {}
  return { kind, value, Alone, Both };
});

for (const dialect of dialects) {
  describe(`keys on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      const all = models.flatMap(({ Alone, Both }) => [Alone, Both]);
      db = await TestDatabase.create(dialect, all);
    });
    after(() => db.remove());

    for (const { kind, value, Alone, Both } of models) {
      it(`of ${kind} have one object for one row, whoever spelled them`, async () => {
        await db.run(async (session) => {
          const alone = new Alone({ key: value, name: "a" });
          const both = new Both({ key: value, part: 7, name: "a" });
          session.addAll([alone, both]);
          await session.commit();
          assert.equal(await session.exec(select(Alone)).one(), alone);
          assert.equal(await session.exec(select(Both)).one(), both);
          db.forget();
          assert.equal(await session.get(Alone, value as never), alone);
          assert.equal(await session.get(Both, [value, 7] as never), both);
          assert.deepEqual(db.sent("SELECT"), []);
        });
        await db.run(async (session) => {
          const alone = await session.exec(select(Alone)).one();
          const both = await session.exec(select(Both)).one();
          db.forget();
          assert.equal(await session.get(Alone, value as never), alone);
          assert.equal(await session.get(Both, [value, 7] as never), both);
          assert.deepEqual(db.sent("SELECT"), []);
          await assert.rejects(async () => {
            session.add(new Alone({ key: value, name: "b" }));
            await session.flush();
          });
        });
      });
    }
  });
}
