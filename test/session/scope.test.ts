/** Rows of tenants and rows that were deleted softly: no shape of query shows what it should not. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import {
  actAs,
  alias,
  allTenants,
  audited,
  count,
  cte,
  deleteFrom,
  exists,
  field,
  insert,
  Model,
  many,
  one,
  type Session,
  scalar,
  select,
  softDelete,
  sql,
  sum,
  tenantOwned,
  update,
  versioned,
} from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";

class Owner extends Model("scope_owner", {
  id: field(z.int(), { primaryKey: true }),
  ...tenantOwned,
  ...softDelete,
  name: field(z.string().max(20)),
  notes: () => many(Note, { backPopulates: "owner" }),
}) {}

class Note extends Model("scope_note", {
  id: field(z.int(), { primaryKey: true }),
  ...tenantOwned,
  ...softDelete,
  ...audited,
  ...versioned,
  text: field(z.string().max(20)),
  worth: field(z.int()),
  ownerId: field(z.int().nullable(), { foreignKey: "scope_owner.id", index: true }),
  owner: () => one(Owner, { backPopulates: "notes" }),
}) {}

/** Seen by everybody, and refers to what is not. */
class Mark extends Model("scope_mark", {
  id: field(z.int(), { primaryKey: true }),
  noteId: field(z.int(), { foreignKey: "scope_note.id", index: true }),
  note: () => one(Note),
}) {}

/** What each row is, as the generator made it. */
interface Row {
  readonly tenant: "a" | "b";
  readonly deleted: boolean;
  readonly worth: number;
}

const rowsOf = fc.array(
  fc.record({
    tenant: fc.constantFrom("a" as const, "b" as const),
    deleted: fc.boolean(),
    worth: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 8 },
);

const all = { tenant: allTenants, deleted: "show" } as const;

for (const row of dialects) {
  describe(`tenants and soft deletes on ${row.name}`, () => {
    let database: TestDatabase;
    before(async () => {
      database = await TestDatabase.create(row, [Owner, Note, Mark]);
    });
    after(() => database.remove());

    /** Puts these rows in place of all others: every owner refers to notes of both tenants. */
    async function fill(rows: readonly Row[]): Promise<void> {
      await wipe();
      await database.run(async (session) => {
        const owners = (["a", "b"] as const).map(
          (tenantId, at) => new Owner({ id: at + 1, tenantId, name: tenantId }),
        );
        session.addAll(owners);
        const notes = rows.map(
          ({ tenant, deleted, worth }, at) =>
            new Note({
              id: at + 1,
              tenantId: tenant,
              text: `${tenant}${at}`,
              worth,
              ownerId: 1 + (at % 2),
              deletedAt: deleted ? new Date(0) : null,
            }),
        );
        session.addAll(notes);
        await session.flush();
        session.addAll(notes.map((note, at) => new Mark({ id: at + 1, noteId: note.id })));
        await session.commit();
      }, all);
    }

    /** Every row, past Sessions: they would only mark them. */
    async function wipe(): Promise<void> {
      const connection = await database.engine.connect();
      const { quote } = database.dialect.query;
      for (const table of ["scope_mark", "scope_note", "scope_owner"])
        await connection.query(`DELETE FROM ${quote(table)}`);
      await connection.release();
    }

    const as = <T>(tenant: "a" | "b", work: (session: Session) => Promise<T>): Promise<T> =>
      database.run(work, { tenant });

    const other = alias(Note, "other");
    const visible = (rows: readonly Row[], tenant: string): Row[] =>
      rows.filter((each) => each.tenant === tenant && !each.deleted);

    /** Every shape of query, with what it has to answer. */
    const shapes: Readonly<
      Record<string, (session: Session, mine: readonly Row[], rows: readonly Row[]) => Promise<void>>
    > = {
      async rows(session, mine) {
        assert.equal((await session.exec(select(Note)).all()).length, mine.length);
      },
      async "a column alone"(session, mine) {
        const worths = await session.exec(select(Note.c.worth).orderBy(Note.c.worth)).all();
        assert.deepEqual(worths, mine.map(({ worth }) => worth).sort());
      },
      async counts(session, mine) {
        assert.equal(Number(await session.exec(select(count(Note.c.id))).one()), mine.length);
      },
      async sums(session, mine) {
        const total = await session.exec(select(sum(Note.c.worth))).one();
        assert.equal(
          Number(total ?? 0),
          mine.reduce((all, { worth }) => all + worth, 0),
        );
      },
      async "conditions with or"(session, mine) {
        const found = await session.exec(select(Note).where(Note.c.worth.gt(0).or(Note.c.worth.lt(0)))).all();
        assert.equal(found.length, mine.length);
      },
      async "inner joins"(session, mine) {
        const found = await session.exec(select(Mark).join(Note)).all();
        assert.equal(found.length, mine.length);
      },
      async "outer joins stay outer"(session, _mine, rows) {
        assert.equal((await session.exec(select(Mark).leftJoin(Note)).all()).length, rows.length);
      },
      async aliases(session, mine) {
        assert.equal((await session.exec(select(other)).all()).length, mine.length);
      },
      async "in a subquery"(session, mine) {
        const inner = select(Note.c.id);
        assert.equal(
          (await session.exec(select(Mark).where(Mark.c.noteId.in(inner))).all()).length,
          mine.length,
        );
      },
      async "that exist"(session, mine) {
        const found = await session
          .exec(select(Mark).where(exists(select(Note.c.id).where(Note.c.id.eq(Mark.c.noteId)))))
          .all();
        assert.equal(found.length, mine.length);
      },
      async scalars(session, mine) {
        const inner = scalar(select(count(Note.c.id)));
        const [first] = await session.exec(select(inner).limit(1)).all();
        assert.equal(Number(first ?? mine.length), mine.length);
      },
      async "named queries"(session, mine) {
        const named = cte("named", ["id", "worth"], select(Note.c.id, Note.c.worth));
        assert.equal((await session.exec(select(named.c.id).from(named)).all()).length, mine.length);
      },
      async groups(session, mine) {
        const groups = await session.exec(select(Note.c.worth, count(Note.c.id)).groupBy(Note.c.worth)).all();
        assert.equal(groups.length, new Set(mine.map(({ worth }) => worth)).size);
      },
      async "by key"(session, _mine, rows) {
        for (const [at, each] of rows.entries()) {
          const seen = each.tenant === "a" && !each.deleted;
          assert.equal((await session.get(Note, at + 1)) !== null, seen);
        }
      },
      async "relations to many"(session, mine, rows) {
        const owners = await session.exec(select(Owner).with("notes")).all();
        assert.deepEqual(
          owners.map(({ name }) => name),
          ["a"],
        );
        const expected = rows.filter((each, at) => at % 2 === 0 && mine.includes(each)).length;
        assert.equal(owners[0]?.notes.length, expected);
      },
      async "relations to one, joined and awaited"(session, mine) {
        const marks = await session.exec(select(Mark).with("note")).all();
        assert.equal(marks.filter(({ note }) => note !== null).length, mine.length);
        const [first] = await session.exec(select(Note).limit(1)).all();
        const owner = (await first?.owner) ?? null;
        assert.ok(owner === null || owner.tenantId === "a");
      },
      async "relations awaited"(session, mine) {
        const marks = await session.exec(select(Mark)).all();
        const notes = [];
        for (const mark of marks) notes.push(await mark.note);
        assert.equal(notes.filter((note) => note !== null).length, mine.length);
      },
      async streams(session, mine) {
        let seen = 0;
        for await (const note of session.exec(select(Note))) seen += note.tenantId === "a" ? 1 : 100;
        assert.equal(seen, mine.length);
      },
      async "bulk updates"(session, mine) {
        const { changes } = await session.exec(update(Note).set({ worth: 5 }));
        assert.equal(changes, mine.length);
        await session.rollback();
      },
      async "bulk deletes"(session, mine) {
        const { changes } = await session.exec(deleteFrom(Note));
        assert.equal(changes, mine.length);
        await session.rollback();
      },
      async "updates by a subquery"(session, mine) {
        const { changes } = await session.exec(
          update(Mark)
            .set({ noteId: Mark.c.noteId })
            .where(Mark.c.noteId.in(select(Note.c.id))),
        );
        assert.ok(changes <= mine.length || mine.length === 0);
        await session.rollback();
      },
    };

    it("no shape of query shows or changes another tenant's rows, or deleted ones", async () => {
      await fc.assert(
        fc.asyncProperty(rowsOf, async (rows) => {
          await fill(rows);
          const mine = visible(rows, "a");
          for (const [name, shape] of Object.entries(shapes)) {
            await as("a", (session) => shape(session, mine, rows)).catch((error: unknown) => {
              throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, {
                cause: error,
              });
            });
          }
        }),
        { numRuns: row.server === null ? 25 : 8 },
      );
    });

    it("closed by default: nobody's rows are nobody's", async () => {
      await fill([{ tenant: "a", deleted: false, worth: 1 }]);
      for (const query of [select(Note), select(count(Note.c.id)), select(Mark).join(Note)] as const)
        await assert.rejects(
          database.run((session) => session.exec(query as never).all()),
          code("SESSION.NO_TENANT"),
        );
      await assert.rejects(
        database.run((session) => session.get(Note, 1)),
        code("SESSION.NO_TENANT"),
      );
      await assert.rejects(
        database.run((session) => session.exec(update(Note).set({ worth: 2 }))),
        code("SESSION.NO_TENANT"),
      );
      assert.throws(() => new Note({ id: 9, text: "x", worth: 1 }), code("SESSION.NO_TENANT"));
      assert.equal((await database.run((session) => session.exec(select(Note)).all(), all)).length, 1);
    });

    it("SQL written by hand cannot get round it", async () => {
      await as("a", async (session) => {
        await assert.rejects(session.exec(sql`SELECT * FROM scope_note`), code("SESSION.RAW_SCOPE"));
        const inside = select(Mark).where(sql`EXISTS (SELECT 1 FROM scope_note WHERE 1 = 1)`);
        await assert.rejects(session.exec(inside).all(), code("SESSION.RAW_SCOPE"));
      });
    });

    it("new rows are the tenant's, and nobody writes another's", async () => {
      await fill([]);
      await actAs({ tenant: "a", user: "ann" }, () =>
        database.run(async (session) => {
          const note = new Note({ id: 1, text: "x", worth: 1 });
          session.add(note);
          await session.exec(insert(Note).values({ id: 2, text: "y", worth: 2 }));
          await session.commit();
          const seen = await session.exec(select(Note).orderBy(Note.c.id)).all();
          assert.deepEqual(
            seen.map(({ tenantId, createdBy, updatedBy, updatedAt }) => [
              tenantId,
              createdBy,
              updatedBy,
              updatedAt,
            ]),
            [
              ["a", "ann", null, null],
              ["a", "ann", null, null],
            ],
          );
          note.worth = 3;
          await session.commit();
          assert.equal(note.updatedBy, "ann");
          assert.ok(note.updatedAt instanceof Date);
          assert.equal(note.version, 2);
        }),
      );
      await as("a", async (session) => {
        session.add(new Note({ id: 3, tenantId: "b", text: "x", worth: 1 }));
        await assert.rejects(session.flush(), code("SESSION.OTHER_TENANT"));
      });
      await as("a", async (session) => {
        const note = await session.get(Note, 1);
        note!.tenantId = "b";
        await assert.rejects(session.flush(), code("SESSION.OTHER_TENANT"));
      });
      await as("a", async (session) => {
        const moved = update(Note).set({ tenantId: "b" });
        await assert.rejects(session.exec(moved), code("SESSION.OTHER_TENANT"));
        const foreign = insert(Note).values({ id: 4, tenantId: "b", text: "x", worth: 1 });
        await assert.rejects(session.exec(foreign), code("SESSION.OTHER_TENANT"));
      });
    });

    it("what is deleted is marked, is not seen, and can be brought back or purged", async () => {
      await fill([{ tenant: "a", deleted: false, worth: 1 }]);
      await database.run(
        async (session) => {
          const note = await session.get(Note, 1);
          session.delete(note!);
          await session.commit();
          assert.equal(note?.deletedBy, "ann");
          assert.equal(await session.get(Note, 1), null);
        },
        { tenant: "a", user: "ann" },
      );
      await database.run(
        async (session) => {
          const note = await session.get(Note, 1);
          assert.ok(note?.deletedAt instanceof Date);
          note.deletedAt = null;
          await session.commit();
        },
        { tenant: "a", deleted: "show" },
      );
      await as("a", async (session) => {
        await session.exec(deleteFrom(Mark));
        const note = await session.get(Note, 1);
        session.purge(note!);
        await session.commit();
      });
      assert.deepEqual(await database.run((session) => session.exec(select(Note)).all(), all), []);
    });
  });
}
