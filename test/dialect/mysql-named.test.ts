/** What a run of migrations looks at around one statement, on MySQL and MariaDB: what the statement names, and no more. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Connection, DesignDialect } from "../../src/dialect/index.ts";
import { namesIn } from "../../src/migrate/catalog-part.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

for (const row of dialects.filter((each) => each.server === "mariadb")) {
  describe(`what a statement names, on ${row.name}`, () => {
    let design: DesignDialect;
    let connection: Connection;
    let close: () => Promise<void>;

    before(async () => {
      ({ design, connection, close } = await openWorkplace(row));
      for (const sql of [
        "CREATE TABLE Team (id INT PRIMARY KEY)",
        "CREATE TABLE Hero (id INT PRIMARY KEY, team_id INT, CONSTRAINT of_team FOREIGN KEY (team_id) REFERENCES Team (id) ON DELETE CASCADE)",
        "CREATE TABLE other (id INT PRIMARY KEY)",
        "CREATE TRIGGER Numbered BEFORE INSERT ON Hero FOR EACH ROW SET NEW.id = 1",
        "CREATE TRIGGER also BEFORE INSERT ON Hero FOR EACH ROW SET NEW.id = 2",
        "CREATE TRIGGER elsewhere BEFORE INSERT ON other FOR EACH ROW SET NEW.id = 3",
        "CREATE VIEW Heroes AS SELECT id FROM Hero",
      ])
        await connection.query(sql);
    });

    after(() => close());

    async function seen(sql: string): Promise<readonly string[]> {
      const { tables, objects } = await design.inspector.inspectNamed!(connection, namesIn([sql]));
      return [...tables, ...objects].map(({ name }) => name).sort();
    }

    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["ALTER TABLE `Hero` ADD x INT", ["Hero", "Numbered", "also"]],
      ["DROP TRIGGER `Numbered`", ["Numbered"]],
      ["DROP TRIGGER IF EXISTS elsewhere", ["elsewhere"]],
      [
        "CREATE TRIGGER new_one BEFORE UPDATE ON Hero FOR EACH ROW SET NEW.id = 1",
        ["Hero", "Numbered", "also"],
      ],
      ["CREATE OR REPLACE VIEW `Heroes` AS SELECT 1 AS one", ["Heroes"]],
      ["DROP TABLE nothing", []],
    ];
    for (const [sql, names] of cases)
      it(sql, async () => {
        assert.deepEqual(await seen(sql), [...names].sort());
      });

    it("foreign keys come with what they do", async () => {
      const [hero] = (await design.inspector.inspectNamed!(connection, ["hero"])).tables;
      assert.deepEqual(
        hero?.foreignKeys.map(({ name, columns, onDelete }) => [name, columns, onDelete]),
        [["of_team", ["team_id"], "cascade"]],
      );
    });
  });
}
