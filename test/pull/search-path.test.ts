/** A database whose connections do not start in `public`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectDatabase } from "../../src/inspect/index.ts";
import { dialects, loadDialect, temporaryDatabase } from "../dialects.ts";

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  test("the schema that every database has is made by nobody", async (t) => {
    const database = await temporaryDatabase(row);
    const dialect = await loadDialect(row);
    const source = await dialect.open(`${database.url}?search_path=app,public`);
    const connection = await source.acquire();
    t.after(async () => {
      await connection.release();
      await source.close();
      await database.remove();
    });
    await connection.query("CREATE SCHEMA app CREATE TABLE here (id integer)");
    await connection.query("CREATE SCHEMA other CREATE TABLE elsewhere (id integer)");
    await connection.query("CREATE TABLE public.there (id integer)");
    const found = await inspectDatabase(dialect, connection);
    assert.deepEqual(
      found.tables.map(({ schema, name }) => [schema, name]),
      [
        [null, "here"],
        ["other", "elsewhere"],
        ["public", "there"],
      ],
    );
    assert.deepEqual(found.namespaces, ["other"]);
    const wanted = await (await dialect.design()).canonical(
      { ...found, namespaces: ["other", "public"] },
      null,
    );
    assert.deepEqual(wanted.namespaces, ["other"]);
  });
}
