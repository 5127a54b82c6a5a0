/** Expressions that PostgreSQL writes in other words once it has read its own: what stands stays, in whichever words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DesignDialect } from "../../src/dialect/index.ts";
import { diff } from "../../src/diff/index.ts";
import { describe } from "../../src/operation/index.ts";
import type { Schema } from "../../src/schema/index.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

const create = `CREATE TABLE words (kind varchar(9) NOT NULL, n integer, m integer, at int4range,
  CONSTRAINT kinds CHECK (kind IN ('a', 'b')), CONSTRAINT both_sides CHECK (n BETWEEN 1 AND 9 AND m > 0),
  is_a boolean GENERATED ALWAYS AS (kind IN ('a', 'c')) STORED,
  CONSTRAINT never_both EXCLUDE USING gist (at WITH &&) WHERE (kind IN ('b', 'c')))`;

const createIndex = "CREATE INDEX words_a ON words (n, (kind IN ('c', 'd'))) WHERE kind IN ('a', 'd')";

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  test(`what the server would read as the same is the same (${row.name})`, async (context) => {
    const { design, connection, close } = await openWorkplace(row);
    context.after(close);
    const inspect = (): Promise<Schema> => design.inspector.inspect(connection);
    const { rules } = design as DesignDialect;
    await connection.query(create);
    await connection.query(createIndex);
    const first = await inspect();
    const second = await design.canonical(first, connection);
    assert.notDeepEqual(diff(first, second, rules), [], "the server has one way to write it");
    for (const written of [first, second]) {
      const wanted = await design.canonical(written, connection, first);
      assert.deepEqual(diff(first, wanted, rules).map(describe), []);
    }
    // What is another expression is one in any words.
    const other = JSON.parse(JSON.stringify(first).replaceAll("'a'", "'z'")) as Schema;
    const changed = diff(first, await design.canonical(other, connection, first), rules).map(describe);
    assert.ok(changed.some((each) => each.includes("check kinds")));
    assert.ok(!changed.some((each) => each.includes("both_sides") || each.includes("never_both")));
  });
}
