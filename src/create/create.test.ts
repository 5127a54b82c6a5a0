import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { dialectFor } from "../dialect/registry.ts";
import { createRegistry, field } from "../model/index.ts";
import { createAll, type Database, dropAll } from "./index.ts";

const { Model } = createRegistry("create");

class Author extends Model("author", {
  id: field(z.int(), { primaryKey: true }),
  bookId: () => field(z.int().nullable(), { foreignKey: Book.c.id }),
}) {}

class Book extends Model("book", {
  id: field(z.int(), { primaryKey: true }),
  authorId: () => field(z.int(), { foreignKey: Author.c.id, onDelete: "cascade" }),
}) {}

async function withDatabase(
  work: (database: Database, names: () => Promise<unknown[]>) => Promise<void>,
): Promise<void> {
  const dialect = await dialectFor("sqlite");
  const source = await dialect.open("sqlite://");
  const connect = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
    const connection = await source.acquire();
    const { rows } = await connection.query(sql);
    await connection.release();
    return rows;
  };
  const names = async (): Promise<unknown[]> =>
    (await connect("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")).map(
      ([name]) => name,
    );
  await work({ open: async () => ({ dialect, source }) }, names);
  await source.close();
}

describe("createAll and dropAll", () => {
  it("create tables that reference each other in a circle, once, and drop them", async () => {
    await withDatabase(async (database, names) => {
      await createAll(database, [Author, Book]);
      await createAll(database, [Author, Book]);
      assert.deepEqual(await names(), ["author", "book"]);
      await dropAll(database, [Author, Book]);
      assert.deepEqual(await names(), []);
    });
  });

  it("leave other tables alone", async () => {
    await withDatabase(async (database, names) => {
      await createAll(database, [Author, Book]);
      const { source } = await database.open();
      const connection = await source.acquire();
      await connection.query("CREATE TABLE stranger (id INTEGER PRIMARY KEY)");
      await connection.release();
      await dropAll(database, [Author, Book]);
      assert.deepEqual(await names(), ["stranger"]);
    });
  });
});
