/** What information_schema of MySQL and MariaDB cannot tell of texts and bytes: on a real server. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Connection, DesignDialect } from "../../src/dialect/index.ts";
import { diff } from "../../src/diff/index.ts";
import { describe as inWords } from "../../src/operation/index.ts";
import { check, column, emptySchema, type Schema, t, table } from "../../src/schema/index.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

for (const row of dialects.filter((each) => each.name === "mariadb")) {
  describe(`texts of ${row.name}`, () => {
    let design: DesignDialect;
    let connection: Connection;
    let close: () => Promise<void>;

    before(async () => {
      ({ design, connection, close } = await openWorkplace(row));
    });

    after(() => close());

    /** Makes the tables, and answers how what is there differs from what was meant. */
    async function made(schema: Schema): Promise<readonly string[]> {
      const wanted = await design.canonical(schema, connection);
      for (const operation of diff(emptySchema, wanted, design.rules))
        for (const sql of design.ddl.statements(operation, emptySchema)) await connection.query(sql);
      return diff(await design.inspector.inspect(connection), wanted, design.rules).map(inWords);
    }

    const bytes = (name: string, sql: string, type = "varbinary(10)") =>
      column(name, t.native("mysql", type), { default: { kind: "expression", sql } });

    it("bytes that are no text are a default as they are", async () => {
      const columns = [
        column("id", t.integer()),
        bytes("a", "X'FF00FE01'", "binary(4)"),
        bytes("b", "0xC328"),
        bytes("c", "x'80'", "binary(2)"),
        bytes("d", "'?'"),
        bytes("e", "'abc'"),
      ];
      assert.deepEqual(await made({ ...emptySchema, tables: [table("of_bytes", columns)] }), []);
      const [read] = (await design.inspector.inspect(connection)).tables;
      assert.deepEqual(
        read?.columns.slice(1).map(({ default: value }) => value?.kind === "expression" && value.sql),
        ["X'FF00FE01'", "X'C328'", "X'8000'", "'?'", "'abc'"],
      );
      await connection.query("INSERT INTO of_bytes (id) VALUES (1)");
      const { rows } = await connection.query("SELECT HEX(a), HEX(b), HEX(c) FROM of_bytes");
      assert.deepEqual(rows, [["FF00FE01", "C328", "8000"]]);
      await connection.query("DROP TABLE of_bytes");
    });

    it("characters beyond the first 65,536 stay in defaults, checks and computed columns", async () => {
      const text = (name: string, sql: string) =>
        column(name, t.varchar(20), { default: { kind: "expression", sql } });
      const faces = (face: string): Schema => ({
        ...emptySchema,
        tables: [
          table(
            "faces",
            [
              column("id", t.integer()),
              text("said", `'${face}?'`),
              text("computed", `concat('${face}', 'x?')`),
              column("shown", t.varchar(30), {
                generated: { expression: `concat('${face}', said)`, stored: true },
              }),
              text("what", "'it''s what?\\\\ '"),
            ],
            { checks: [check(`said <> '${face}'`, { name: "no_face" })] },
          ),
        ],
      });
      assert.deepEqual(await made(faces("😀")), []);
      const found = await design.inspector.inspect(connection);
      const others = await design.canonical(faces("😁"), connection);
      assert.deepEqual(diff(found, others, design.rules).map(inWords), [
        "drop check no_face of faces",
        "alter column faces.said (default)",
        "alter column faces.computed (default)",
        "alter column faces.shown (generated)",
        "add check no_face to faces (`said` <> '😁')",
      ]);
      await connection.query("DROP TABLE faces");
    });

    it("characters beyond the first 65,536 stay in the values of enums and sets", async () => {
      const moods = (...values: readonly string[]): Schema => {
        const happy = { kind: "expression", sql: `'${values[1]}'` } as const;
        const some = t.native("mysql", `set('?','${values[1]}','it''s?')`);
        const columns = [
          column("id", t.integer()),
          column("mood", t.enum(values), { nullable: false, default: happy }),
          column("some", some),
        ];
        return { ...emptySchema, tables: [table("moods", columns)] };
      };
      assert.deepEqual(await made(moods("a", "😀", "?", "it's \\ ?")), []);
      await connection.query("INSERT INTO moods VALUES (1, '😀', '😀,?')");
      await connection.query("SET SESSION TRANSACTION READ ONLY");
      const found = await design.inspector.inspect(connection);
      await connection.query("SET SESSION TRANSACTION READ WRITE");
      const types = found.tables[0]?.columns.map(({ type }) => type).slice(1);
      assert.deepEqual(types, [
        t.enum(["a", "😀", "?", "it's \\ ?"]),
        t.native("mysql", "set('?','😀','it''s?')"),
      ]);
      const others = await design.canonical(moods("a", "😺", "?", "it's \\ ?"), connection);
      assert.equal(diff(found, others, design.rules).length, 2);
      await connection.query("DROP TABLE moods");
    });
  });
}
