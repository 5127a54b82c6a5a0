/** The tests' own servers: found, refused or started, and always stopped. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dialects, loadDialect, matrix, type ServerKind, select, temporaryDatabase } from "../dialects.ts";
import { provideServer } from "../servers.ts";
import { mariadb } from "./mariadb.ts";
import { postgresql } from "./postgresql.ts";
import { freePort, isReachable } from "./process.ts";

const providers = { postgresql, mariadb };

for (const kind of Object.keys(providers) as ServerKind[]) {
  const provider = providers[kind];
  const missing = !provider.hasBinaries() && `no ${provider.binaries.join(", ")} on this machine`;

  describe(`a server of kind ${kind}`, () => {
    test("a private one starts on a port of its own, answers, and is gone when stopped", {
      skip: missing,
    }, async () => {
      const server = await provideServer(kind, { alwaysPrivate: true });
      const port = Number(new URL(server.url).port);
      try {
        assert.notEqual(port, provider.usualPort);
        const again = await provideServer(kind, { url: server.url });
        assert.equal(again.url, server.url);
      } finally {
        await server.stop();
      }
      assert.equal(await isReachable("127.0.0.1", port), false);
    });

    test("one that was asked for by URL and does not answer is an error, its password unsaid", async () => {
      const url = `${kind}://root:secret@127.0.0.1:${await freePort()}/x`;
      await assert.rejects(provideServer(kind, { url }), (error: Error) => {
        assert.match(error.message, /does not answer/);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    });
  });
}

describe("the matrix of dialects", () => {
  const all = matrix.map((dialect) => ({ ...dialect, enabled: !/^(mariadb|mysql)$/.test(dialect.name) }));

  test("gives the enabled ones without a filter", () => {
    assert.deepEqual(
      select(all, undefined).map((dialect) => dialect.name),
      ["sqlite", "postgresql", "pglite"],
    );
  });

  test("gives the ones asked for, in that order", () => {
    assert.deepEqual(
      select(all, "postgresql, sqlite").map((dialect) => dialect.name),
      ["postgresql", "sqlite"],
    );
  });

  test("refuses what it does not know or does not have yet", () => {
    assert.throws(() => select(all, "oracle"), /"oracle"/);
    assert.throws(() => select(all, "mariadb"), /"mariadb"/);
  });
});

for (const dialect of dialects) {
  test(`a temporary database of ${dialect.name} is empty, takes a table, and can be removed`, async () => {
    const database = await temporaryDatabase(dialect);
    try {
      const source = await (await loadDialect(dialect)).open(database.url);
      const connection = await source.acquire();
      await connection.query("create table alone (id integer)");
      assert.equal((await connection.query("select * from alone")).rows.length, 0);
      await connection.release();
      await source.close();
    } finally {
      await database.remove();
    }
  });
}
