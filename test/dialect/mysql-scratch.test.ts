/** The databases that MySQL and MariaDB are asked in, and what is left of them where a session ends: on a real server. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Connection, ConnectionSource, DesignDialect } from "../../src/dialect/index.ts";
import { emptySchema, type Schema, schemaObject } from "../../src/schema/index.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

for (const row of dialects.filter((each) => each.server === "mariadb")) {
  describe(`scratch databases on ${row.name}`, () => {
    let design: DesignDialect;
    let source: ConnectionSource;
    let connection: Connection;
    let close: () => Promise<void>;

    before(async () => {
      ({ design, source, connection, close } = await openWorkplace(row));
    });

    after(() => close());

    const view: Schema = {
      ...emptySchema,
      objects: [schemaObject("view", "one", "AS SELECT 1 AS x", { dialect: "mysql" })],
    };

    /** The same connection, which does something first where it is told to use a scratch database. */
    function watched(own: Connection, first: (name: string) => Promise<void>): Connection {
      const query: Connection["query"] = async (sql, ...rest) => {
        const name = /^USE `(athanor_scratch_\w+)`/.exec(sql)?.[1];
        if (name !== undefined) await first(name);
        return own.query(sql, ...rest);
      };
      return new Proxy(own, {
        get: (target, key) => {
          if (key === "query") return query;
          const value = Reflect.get(target, key, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    }

    const present = async (name: string): Promise<boolean> => {
      const { rows } = await connection.query(
        "SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?",
        [name],
      );
      return rows.length > 0;
    };

    it("one that is in use is left alone by others, and is gone afterwards", async () => {
      const other = await source.acquire();
      const used: string[] = [];
      const mine = watched(connection, async (name) => {
        used.push(name);
        const read = await design.canonical(view, other);
        assert.equal(read.objects[0]?.definition, "AS select 1 AS `x`");
        assert.ok(await present(name));
      });
      await design.canonical(view, mine);
      await other.release();
      assert.equal(used.length, 1);
      assert.equal(await present(used[0]!), false);
    });

    it("one whose session has ended goes when the next is made", async () => {
      const other = await source.acquire();
      const { rows } = await other.query("SELECT CONNECTION_ID()");
      let left = "";
      const ended = watched(other, async (name) => {
        left = name;
        await connection.query(`KILL ${Number(rows[0]?.[0])}`);
      });
      await assert.rejects(design.canonical(view, ended), { code: "DATABASE.CONNECTION" });
      await other.release();
      assert.ok(await present(left));
      while ((await connection.query(`SELECT IS_USED_LOCK('${left}')`)).rows[0]?.[0] !== null);
      await design.canonical(view, connection);
      assert.equal(await present(left), false);
    });
  });
}
