import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { databaseOn } from "../../../test/connections.ts";
import { type ColumnType, t } from "../../schema/index.ts";
import { openMysql } from "./driver.ts";
import { type Binding, hasUuid, mariadbDefault, mysqlDefault, parseVersion } from "./flavor.ts";
import { quoteName } from "./quote.ts";
import { canonicalType, parseTypeName, typeName } from "./type-name.ts";

const native = (sql: string): ColumnType => t.native("mysql", sql);

/** Every neutral type, and physical ones with and without a neutral name, as people may write them. */
const types: readonly ColumnType[] = [
  ...[t.smallint(), t.integer(), t.bigint(), t.boolean(), t.real(), t.double()],
  ...[t.numeric(), t.numeric(5), t.numeric(12, 2), t.char(3), t.varchar(), t.varchar(40), t.text()],
  ...[
    t.bytes(),
    t.bytes(16),
    t.uuid(),
    t.date(),
    t.time(),
    t.time({ precision: 0 }),
    t.time({ precision: 3 }),
  ],
  ...[t.timestamp(), t.timestamp(0), t.timestamptz(), t.timestamptz(3), t.interval()],
  t.enum(["a", "it's", "c\\d", "e\nf", 'Ä\t"x', "a,b", "", "%_"]),
  t.user("Money", "./money.ts", t.numeric(20, 3)),
  ...["int unsigned", "INT(11)", "int(5)", "bigint(20) unsigned", "tinyint", "tinyint(4)", "mediumint"].map(
    native,
  ),
  ...[
    "int(7) unsigned zerofill",
    "smallint zerofill",
    "bigint(9) zerofill",
    "decimal(4,1) zerofill",
    "tinyint(1) unsigned",
    "BOOL",
    "decimal",
    "DEC(7)",
    "decimal(9,1) unsigned",
  ].map(native),
  ...[
    "float(7,3)",
    "double(9,2)",
    "real",
    "double precision",
    "float unsigned",
    "bit",
    "bit(12)",
    "year",
  ].map(native),
  ...["char", "binary", "binary(16)", "varbinary(9)", "tinytext", "text", "mediumtext", "longtext"].map(
    native,
  ),
  ...["tinyblob", "blob", "mediumblob", "datetime", "timestamp", "timestamp(6)", "time(2)", "point"].map(
    native,
  ),
  ...["geometry", "set('X', 'y')", "ENUM('A', 'b''c')", "NATIONAL VARCHAR(9)", "character varying(8)"].map(
    native,
  ),
];

describe("types", async () => {
  const database = await databaseOn("mariadb");
  const source = await openMysql(database.url);
  const connection = await source.acquire();
  after(async () => {
    await connection.release();
    await source.close();
    await database.remove();
  });
  const version = await connection.query("SELECT VERSION()");
  const binding = parseVersion(String(version.rows[0]?.[0]));

  for (const type of types) {
    const sql = typeName(type, binding);
    test(sql, async () => {
      const name = quoteName(`t ${sql}`.slice(0, 60));
      await connection.query(`CREATE TABLE ${name} (value ${sql} NULL)`);
      const read = await connection.query(
        "SELECT COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?",
        [`t ${sql}`.slice(0, 60)],
      );
      await connection.query(`DROP TABLE ${name}`);
      const canonical = canonicalType(type, binding);
      assert.deepEqual(parseTypeName(String(read.rows[0]?.[0])), canonical);
      assert.deepEqual(canonicalType(canonical, binding), canonical);
    });
  }
});

describe("what is read of a server", () => {
  test("what VERSION() says", () => {
    const said: readonly (readonly [string, Binding])[] = [
      ["8.0.36", { flavor: "mysql", version: [8, 0, 36] }],
      ["8.4.0-commercial", { flavor: "mysql", version: [8, 4, 0] }],
      ["10.11.6-MariaDB-1:10.11.6+maria~ubu2204", { flavor: "mariadb", version: [10, 11, 6] }],
      ["5.5.5-10.6.12-MariaDB-log", { flavor: "mariadb", version: [10, 6, 12] }],
      ["5.5.62", { flavor: "mysql", version: [5, 5, 62] }],
    ];
    for (const [text, binding] of said) assert.deepEqual(parseVersion(text), binding, text);
  });

  test("types that only some servers have", () => {
    assert.equal(typeName(t.uuid(), mariadbDefault), "uuid");
    assert.equal(typeName(t.uuid(), mysqlDefault), "char(36)");
    assert.equal(hasUuid({ flavor: "mariadb", version: [10, 6, 9] }), false);
    assert.equal(hasUuid({ flavor: "mariadb", version: [11, 0, 0] }), true);
  });

  test("comments and spaces in a type say nothing", () => {
    assert.deepEqual(parseTypeName("datetime /* mariadb-5.3 */"), t.timestamp(0));
    assert.deepEqual(parseTypeName("decimal( 10 , 2 )"), t.numeric(10, 2));
  });
});
