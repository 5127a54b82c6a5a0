/** Several triggers of one moment, on MySQL and MariaDB: on a real server. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Connection, DesignDialect } from "../../src/dialect/index.ts";
import type { ReplaceObject } from "../../src/operation/operation.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

for (const row of dialects.filter((each) => each.server === "mariadb")) {
  describe(`triggers of one moment on ${row.name}`, () => {
    let design: DesignDialect;
    let connection: Connection;
    let close: () => Promise<void>;

    before(async () => {
      ({ design, connection, close } = await openWorkplace(row));
      await connection.query("CREATE TABLE hero (id INT PRIMARY KEY, n INT)");
      for (const name of ["c", "e", "a", "d", "b"])
        await connection.query(`CREATE TRIGGER ${name} BEFORE INSERT ON hero FOR EACH ROW SET NEW.n = 1`);
      await connection.query("CREATE TRIGGER later BEFORE UPDATE ON hero FOR EACH ROW SET NEW.n = 1");
    });

    after(() => close());

    async function order(): Promise<string> {
      const { rows } = await connection.query(
        "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = 'hero' AND EVENT_MANIPULATION = 'INSERT' ORDER BY ACTION_ORDER",
      );
      return rows.map(([name]) => String(name)).join("");
    }

    for (const name of ["c", "e", "a", "d", "b"])
      it(`one that changes keeps its place: ${name}`, async () => {
        const state = await design.inspector.inspect(connection);
        const from = state.objects.find((each) => each.kind === "trigger" && each.name === name)!;
        const to = { ...from, definition: from.definition.replace("NEW.n = 1", "NEW.n = 2") };
        const operation: ReplaceObject = { kind: "replaceObject", from, to };
        for (const sql of design.ddl.statements(operation, state)) await connection.query(sql);
        assert.equal(await order(), "ceadb");
        const now = await design.inspector.inspect(connection);
        assert.deepEqual(
          now.objects.find((each) => each.kind === "trigger" && each.name === name),
          to,
        );
      });
  });
}
