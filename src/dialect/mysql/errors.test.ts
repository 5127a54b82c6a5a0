import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { databaseOn, type Seen, seen } from "../../../test/connections.ts";
import type { Connection } from "../connection.ts";
import { DatabaseError, type DatabaseErrorCode } from "../errors.ts";
import { openMysql } from "./driver.ts";
import { translateError } from "./errors.ts";

describe("errors of a server", async () => {
  const database = await databaseOn("mariadb");
  const source = await openMysql(database.url);
  const db: Connection = await source.acquire();
  after(async () => {
    await db.release();
    await source.close();
    await database.remove();
  });
  await db.query(
    "CREATE TABLE parent (id int PRIMARY KEY, name varchar(20) NOT NULL, age int, " +
      "CONSTRAINT `uq ``name` UNIQUE (name), CONSTRAINT ck_name CHECK (name <> 'x'))",
  );
  await db.query(
    "CREATE TABLE `the child` (id int PRIMARY KEY, `a ``b` int, " +
      "CONSTRAINT `fk ``1` FOREIGN KEY (`a ``b`) REFERENCES parent (id))",
  );
  await db.query("INSERT INTO parent VALUES (1, 'one', 1)");
  await db.query("INSERT INTO `the child` VALUES (1, 1)");

  const run = (sql: string): Promise<Seen> => seen(db.query(sql));

  test("a unique key names itself", async () => {
    const primary = await run("INSERT INTO parent VALUES (1, 'two', 1)");
    assert.deepEqual([primary.code, primary.constraint], ["DATABASE.UNIQUE", "PRIMARY"]);
    assert.deepEqual(primary.columns, ["id"]);
    const { code, constraint, table, columns } = await run("INSERT INTO parent VALUES (2, 'one', 1)");
    assert.deepEqual([code, constraint, table, columns], ["DATABASE.UNIQUE", "uq `name", "parent", ["name"]]);
  });

  test("a foreign key names itself, its table and its columns, from both ends", async () => {
    const expected = {
      code: "DATABASE.FOREIGN_KEY",
      constraint: "fk `1",
      table: "the child",
      columns: ["a `b"],
    };
    for (const sql of ["INSERT INTO `the child` VALUES (2, 7)", "DELETE FROM parent"]) {
      const { reason, ...rest } = await run(sql);
      assert.deepEqual(rest, expected, reason);
    }
  });

  test("a missing value names its column", async () => {
    for (const sql of [
      "INSERT INTO parent VALUES (3, NULL, 1)",
      "INSERT INTO parent (id) VALUES (3)",
      "UPDATE parent SET name = NULL",
    ]) {
      const { code, table, columns } = await run(sql);
      assert.deepEqual([code, table, columns], ["DATABASE.NOT_NULL", "parent", ["name"]], sql);
    }
  });

  test("a check names itself", async () => {
    const { code, constraint, table } = await run("INSERT INTO parent VALUES (4, 'x', 1)");
    assert.deepEqual([code, constraint, table], ["DATABASE.CHECK", "ck_name", "parent"]);
  });

  test("statements, values, privileges, limits", async () => {
    const cases: readonly (readonly [string, DatabaseErrorCode])[] = [
      ["SELEC 1", "DATABASE.SYNTAX"],
      ["SELECT nothing FROM parent", "DATABASE.SYNTAX"],
      ["SELECT * FROM nothing", "DATABASE.SYNTAX"],
      ["SELECT * FROM nowhere_at_all.nothing", "DATABASE.SYNTAX"],
      ["CREATE TABLE parent (id int)", "DATABASE.SYNTAX"],
      ["INSERT INTO parent VALUES (1)", "DATABASE.SYNTAX"],
      ["SELECT 1; SELECT 2", "DATABASE.SYNTAX"],
      ["INSERT INTO parent VALUES (5, REPEAT('y', 30), 1)", "DATABASE.DATA"],
      ["INSERT INTO parent VALUES ('many', 'y', 1)", "DATABASE.DATA"],
      ["INSERT INTO parent VALUES (99999999999, 'y', 1)", "DATABASE.DATA"],
      ["SET STATEMENT max_statement_time = 0.01 FOR SELECT SLEEP(5)", "DATABASE.TIMEOUT"],
      ["SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'", "DATABASE.OTHER"],
    ];
    for (const [sql, code] of cases) assert.equal((await run(sql)).code, code, sql);
  });

  test("what a user may not do", async () => {
    const name = `athanor_${Math.random().toString(36).slice(2, 10)}`;
    await db.query(`CREATE USER ${name}@'%' IDENTIFIED BY 'p@:/?#&% é'`);
    try {
      await db.query(`GRANT SELECT ON parent TO ${name}@'%'`);
      const url = new URL(database.url.replace(/^\w+:/, "http:"));
      const address = `${encodeURIComponent("p@:/?#&% é")}@${url.host}${url.pathname}`;
      const other = await openMysql(`mysql://${name}:${address}`);
      const theirs = await other.acquire();
      assert.equal((await theirs.query("SELECT name FROM parent")).rows.length, 1);
      for (const sql of ["DELETE FROM parent", "SELECT * FROM `the child`", "CREATE DATABASE athanor_no"]) {
        assert.equal((await seen(theirs.query(sql))).code, "DATABASE.PRIVILEGE", sql);
      }
      await theirs.release();
      await other.close();
      const wrong = await openMysql(`mysql://${name}:${address.replace("p%40", "secret")}`);
      const { code, reason } = await seen(wrong.acquire());
      await wrong.close();
      assert.equal(code, "DATABASE.CONNECTION");
      assert.match(
        reason,
        new RegExp(`${url.host} does not let the user "${name}" in; correct user or password`),
      );
      assert.ok(!reason.includes("secret"));
    } finally {
      await db.query(`DROP USER ${name}@'%'`);
    }
  });

  test("a server that cannot be reached, and what helps", async () => {
    const { host } = new URL(database.url.replace(/^\w+:/, "http:"));
    const nowhere = database.url.replace(/\/[^/]*$/, "/athanor_none");
    for (const [url, why] of [
      ["mysql://root@127.0.0.1:1/d", /no server listens at 127\.0\.0\.1:1; start it/],
      ["mysql://root@/d?unix_socket=/no/such.sock", /no server listens at the socket \/no\/such\.sock/],
      ["mysql://root@no-such-host.invalid/d", /no host is called "no-such-host\.invalid"; correct the host/],
      [nowhere, new RegExp(`${host} has no database "athanor_none"; create it`)],
    ] as const) {
      const unreachable = await openMysql(url);
      const { code, reason } = await seen(unreachable.acquire());
      await unreachable.close();
      assert.equal(code, "DATABASE.CONNECTION");
      assert.match(reason, why);
    }
  });
});

/** What servers say that cannot be asked here: as their manuals print it. */
describe("errors by their numbers", () => {
  const translated = (errno: number, sqlState: string, message: string): Seen => {
    const error = Object.assign(new Error(message), { errno, sqlState, code: `ER_${errno}` });
    const given = translateError(error, "SELECT 1");
    assert.ok(given instanceof DatabaseError);
    return { code: given.code, ...(given.fields as Omit<Seen, "code">) };
  };

  test("MySQL's words", () => {
    const unique = translated(1062, "23000", "Duplicate entry 'for key 'x'' for key 'hero.uq_hero_name'");
    assert.deepEqual(
      [unique.code, unique.table, unique.constraint],
      ["DATABASE.UNIQUE", "hero", "uq_hero_name"],
    );
    const check = translated(3819, "HY000", "Check constraint 'ck_age' is violated.");
    assert.deepEqual([check.code, check.constraint], ["DATABASE.CHECK", "ck_age"]);
  });

  test("numbers and classes", () => {
    for (const [errno, state, message, code] of [
      [1213, "40001", "Deadlock found", "DATABASE.DEADLOCK"],
      [1205, "HY000", "Lock wait timeout exceeded", "DATABASE.BUSY"],
      [3572, "HY000", "Statement aborted because lock(s) could not be acquired", "DATABASE.BUSY"],
      [1020, "HY000", "Record has changed since last read", "DATABASE.SERIALIZATION"],
      [3024, "HY000", "maximum statement execution time exceeded", "DATABASE.TIMEOUT"],
      [1021, "HY000", "Disk full", "DATABASE.DISK_FULL"],
      [1114, "HY000", "The table 'x' is full", "DATABASE.DISK_FULL"],
      [1030, "HY000", 'Got error 28 "No space left on device" from storage engine', "DATABASE.DISK_FULL"],
      [1030, "HY000", "Got error 168 from storage engine", "DATABASE.OTHER"],
      [1290, "HY000", "The server is running with the --read-only option", "DATABASE.READ_ONLY"],
      [1290, "HY000", "The server is running with the --secure-file-priv option", "DATABASE.PRIVILEGE"],
      [1040, "08004", "Too many connections", "DATABASE.CONNECTION"],
      [1053, "08S01", "Server shutdown in progress", "DATABASE.CONNECTION"],
      [1227, "42000", "Access denied; you need SUPER", "DATABASE.PRIVILEGE"],
      [1235, "42000", "This version doesn't yet support it", "DATABASE.SYNTAX"],
    ] as const) {
      assert.equal(translated(errno, state, message).code, code, message);
    }
  });

  test("a connection that is no more, whatever the driver calls it", () => {
    for (const fields of [
      { code: "PROTOCOL_CONNECTION_LOST", fatal: true },
      { fatal: true },
      { code: "EPIPE" },
    ]) {
      const given = translateError(Object.assign(new Error("it is closed"), fields), null);
      assert.ok(given instanceof DatabaseError && given.code === "DATABASE.CONNECTION");
    }
  });

  test("what is no error of a database is left alone", () => {
    const mistake = new TypeError("x is undefined");
    assert.equal(translateError(mistake, null), mistake);
  });
});
