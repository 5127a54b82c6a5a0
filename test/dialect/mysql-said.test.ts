/** What only the statement tells that made a table: kept where somebody says it, no difference where nobody does. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Connection, DesignDialect } from "../../src/dialect/index.ts";
import { diff } from "../../src/diff/index.ts";
import { describe as inWords } from "../../src/operation/index.ts";
import type { Schema, Table } from "../../src/schema/index.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

for (const row of dialects.filter((each) => each.name === "mariadb")) {
  describe(`what is said of tables of ${row.name}`, () => {
    let design: DesignDialect;
    let connection: Connection;
    let close: () => Promise<void>;

    before(async () => {
      ({ design, connection, close } = await openWorkplace(row));
    });

    after(() => close());

    async function read(
      name: string,
    ): Promise<{ readonly plain: Schema; readonly said: Schema; readonly table: Table }> {
      const tables = [{ schema: null, name }];
      const plain = await design.inspector.inspect(connection, { tables });
      const said = await design.inspector.inspect(connection, { tables, asMade: true });
      return { plain, said, table: said.tables[0]! };
    }

    const words = (from: Schema, to: Schema): readonly string[] => diff(from, to, design.rules).map(inWords);

    it("is no difference to a database that was read, and one between two that say it", async () => {
      await connection.query(
        "CREATE TABLE kept (id int, a int, b int, PRIMARY KEY (id) USING BTREE, UNIQUE KEY a (a) USING BTREE, KEY b (b) USING BTREE) ENGINE=Aria TRANSACTIONAL=1",
      );
      const { plain, said, table } = await read("kept");
      assert.deepEqual(table.primaryKey?.options, { mysql: { using: "btree" } });
      assert.deepEqual(table.uniques[0]?.options, { mysql: { using: "btree" } });
      assert.deepEqual(table.indexes[0]?.options, { mysql: { using: "btree" } });
      assert.equal(table.options["mysql"]?.["transactional"], "1");
      const wanted = await design.canonical(said, connection);
      assert.deepEqual(words(said, wanted), []);
      assert.deepEqual([...words(plain, wanted), ...words(wanted, plain)], []);
      const unsafe = { ...table, options: { mysql: { ...table.options["mysql"], transactional: "0" } } };
      assert.equal(words(plain, { ...said, tables: [unsafe] }).length, 1);
      const others = {
        ...table,
        indexes: table.indexes.map((index) => ({
          ...index,
          options: { mysql: { using: "hash" } },
        })),
      };
      assert.deepEqual(words(said, { ...said, tables: [others] }), [
        "drop index b of kept",
        "create index b on kept",
      ]);
      assert.deepEqual(words(plain, { ...said, tables: [others] }), []);
    });

    it("is read of tables that are there, whatever another one lacks", async () => {
      await connection.query("CREATE TABLE one (id int, KEY (id) USING BTREE) ENGINE=MyISAM");
      await connection.query(
        "CREATE TABLE whole (id int, KEY (id)) ENGINE=MERGE UNION=(one) INSERT_METHOD=FIRST",
      );
      const { table } = await read("whole");
      assert.deepEqual(table.options["mysql"], {
        engine: "MRG_MyISAM",
        insertMethod: "FIRST",
        union: "(`one`)",
      });
      await connection.query("DROP TABLE one");
      assert.equal((await read("whole")).said.tables.length, 1);
      await connection.query("DROP TABLE whole");
    });
  });
}
