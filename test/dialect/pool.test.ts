/** Pools of connections to servers: how many, how long, how old. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Connection, ConnectionSource, ConnectOptions } from "../../src/dialect/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import { dialects, loadDialect, serverUrl } from "../dialects.ts";

/** A query for what the server calls the session. */
const identity: Readonly<Record<string, string>> = {
  postgresql: "SELECT pg_backend_pid()",
  mariadb: "SELECT CONNECTION_ID()",
  mysql: "SELECT CONNECTION_ID()",
};

for (const row of dialects.filter(({ server }) => server !== null)) {
  const id = async (connection: Connection): Promise<unknown> =>
    (await connection.query(identity[row.name] ?? "")).rows[0]?.[0];
  const withPool = (
    name: string,
    options: ConnectOptions,
    work: (source: ConnectionSource) => Promise<void>,
  ): void => {
    test(`${row.name}: ${name}`, { timeout: 60_000 }, async () => {
      const dialect = await loadDialect(row);
      const source = await dialect.open(serverUrl(row) ?? "", options);
      try {
        await work(source);
      } finally {
        await source.close();
      }
    });
  };

  withPool(
    "beyond its size it lends as many as may overflow",
    { poolSize: 1, maxOverflow: 1 },
    async (source) => {
      const [one, two] = [await source.acquire(), await source.acquire()];
      const ids = [await id(one), await id(two)];
      await two.release();
      await one.release();
      const again = await source.acquire();
      assert.ok(ids.includes(await id(again)), "one is kept");
      const other = await source.acquire();
      assert.ok(!ids.includes(await id(other)), "the other one was closed");
      await other.release();
      await again.release();
    },
  );

  withPool(
    "one beyond its size is handed on while somebody waits",
    { poolSize: 1, maxOverflow: 1 },
    async (source) => {
      const [one, two] = [await source.acquire(), await source.acquire()];
      const wanted = await id(two);
      const waiting = source.acquire();
      await two.release();
      const third = await waiting;
      assert.equal(await id(third), wanted);
      await third.release();
      await one.release();
    },
  );

  withPool("it says when none comes back in time", { poolSize: 1, poolTimeout: 2000 }, async (source) => {
    const one = await source.acquire();
    await assert.rejects(source.acquire(), (error) => {
      assert.ok(isAthanorError(error, "DATABASE.CONNECTION"));
      assert.match(error.message, /none of the 1 connections .* within 2 s/);
      return true;
    });
    await one.release();
    const next = await source.acquire();
    await next.release();
  });

  withPool(
    "an old one is replaced before it is used again",
    { poolSize: 1, poolRecycle: 1 },
    async (source) => {
      const one = await source.acquire();
      const before = await id(one);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await one.release();
      const next = await source.acquire();
      assert.notEqual(await id(next), before);
      await next.release();
    },
  );

  withPool("a young one is used again", { poolSize: 1, poolRecycle: 3_600_000 }, async (source) => {
    const one = await source.acquire();
    const before = await id(one);
    await one.release();
    const next = await source.acquire();
    assert.equal(await id(next), before);
    await next.release();
  });
}
