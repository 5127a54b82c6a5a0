import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { databaseOn, type Seen, seen } from "../../../test/connections.ts";
import type { Connection } from "../connection.ts";
import { DatabaseError, type DatabaseErrorCode } from "../errors.ts";
import { openPglite, openPostgresql } from "./driver.ts";
import { connectError, translateError } from "./errors.ts";

const database = await databaseOn("postgresql");
const server = await openPostgresql(database.url);
const inProcess = await openPglite("pglite://");
after(async () => {
  await server.close();
  await inProcess.close();
  await database.remove();
});

for (const [where, source] of [
  ["of a server", server],
  ["in process", inProcess],
] as const) {
  describe(`errors ${where}`, async () => {
    const db: Connection = await source.acquire();
    after(() => db.release());
    await db.query(
      'CREATE TABLE parent (id int PRIMARY KEY, name varchar(20) NOT NULL, CONSTRAINT "uq ""n" UNIQUE (name), ' +
        "CONSTRAINT ck_name CHECK (name <> 'x'))",
    );
    await db.query(
      'CREATE TABLE "the child" (id int PRIMARY KEY, "a b" int CONSTRAINT "fk 1" REFERENCES parent (id))',
    );
    await db.query("INSERT INTO parent VALUES (1, 'one')");
    await db.query('INSERT INTO "the child" VALUES (1, 1)');
    const run = (sql: string): Promise<Seen> => seen(db.query(sql));

    test("name constraint, table and columns", async () => {
      const cases: readonly (readonly [string, Omit<Seen, "reason">])[] = [
        [
          "INSERT INTO parent VALUES (2, 'one')",
          { code: "DATABASE.UNIQUE", constraint: 'uq "n', table: "parent", columns: ["name"] },
        ],
        [
          'INSERT INTO "the child" VALUES (2, 7)',
          { code: "DATABASE.FOREIGN_KEY", constraint: "fk 1", table: "the child", columns: ["a b"] },
        ],
        [
          "INSERT INTO parent VALUES (3, NULL)",
          { code: "DATABASE.NOT_NULL", constraint: null, table: "parent", columns: ["name"] },
        ],
        [
          "INSERT INTO parent VALUES (3, 'x')",
          { code: "DATABASE.CHECK", constraint: "ck_name", table: "parent", columns: [] },
        ],
      ];
      for (const [sql, expected] of cases) {
        const { reason, ...rest } = await run(sql);
        assert.deepEqual(
          { ...rest, columns: rest.columns.map((name) => name.replaceAll('"', "")) },
          expected,
          reason,
        );
      }
    });

    test("statements and values", async () => {
      const cases: readonly (readonly [string, DatabaseErrorCode])[] = [
        ["SELEC 1", "DATABASE.SYNTAX"],
        ["SELECT nothing FROM parent", "DATABASE.SYNTAX"],
        ["SELECT * FROM nothing", "DATABASE.SYNTAX"],
        ["CREATE TABLE parent (id int)", "DATABASE.SYNTAX"],
        ["INSERT INTO parent VALUES (5, repeat('y', 30))", "DATABASE.DATA"],
        ["SELECT 1 / 0", "DATABASE.DATA"],
        ["DO $$ BEGIN RAISE EXCEPTION 'no'; END $$", "DATABASE.OTHER"],
      ];
      for (const [sql, code] of cases) assert.equal((await run(sql)).code, code, sql);
    });
  });
}

describe("connections", () => {
  test("what a user may not do, and a statement that takes too long", async () => {
    const db = await server.acquire();
    const name = `athanor_${Math.random().toString(36).slice(2, 10)}`;
    await db.query(`CREATE ROLE ${name} LOGIN`);
    try {
      await db.query("CREATE TABLE mine (a int)");
      await db.query("SET statement_timeout = 20");
      assert.equal((await seen(db.query("SELECT pg_sleep(5)"))).code, "DATABASE.TIMEOUT");
      await db.query("SET statement_timeout = 0");
      await db.query(`SET ROLE ${name}`);
      assert.equal((await seen(db.query("SELECT * FROM mine"))).code, "DATABASE.PRIVILEGE");
      await db.query("RESET ROLE");
    } finally {
      await db.query(`DROP ROLE ${name}`);
      await db.release();
    }
  });

  test("a server that cannot be reached, and what helps", async () => {
    const at = new URL(database.url);
    const nowhere = new URL(at);
    nowhere.pathname = "/athanor_none";
    const stranger = new URL(at);
    stranger.username = "athanor_nobody";
    stranger.password = "secret";
    for (const [url, why] of [
      ["postgresql://me@127.0.0.1:1/d", /no server listens at 127\.0\.0\.1:1; start it/],
      ["postgresql://me@/d?host=/no/such/folder", /no server listens at the socket \/no\/such\/folder/],
      [
        "postgresql://me@no-such-host.invalid/d",
        /no host is called "no-such-host\.invalid"; correct the host/,
      ],
      [nowhere.href, new RegExp(`${at.host} has no database "athanor_none"; create it`)],
      [
        stranger.href,
        new RegExp(`${at.host} does not let the user "athanor_nobody" in; correct user or password`),
      ],
    ] as const) {
      const unreachable = await openPostgresql(url);
      const { code, reason } = await seen(unreachable.acquire());
      await unreachable.close();
      assert.equal(code, "DATABASE.CONNECTION");
      assert.match(reason, why);
      assert.ok(!reason.includes("secret"));
    }
  });

  test("what servers with passwords and certificates say", () => {
    const to = { host: "db", port: 5432, user: "me", database: "shop" };
    const reason = (error: Error): string => {
      const given = connectError(error, to);
      assert.ok(given instanceof DatabaseError && given.code === "DATABASE.CONNECTION");
      return (given.fields as Seen).reason;
    };
    const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });
    assert.match(
      reason(coded("28P01", 'password authentication failed for user "me"')),
      /correct user or password/,
    );
    assert.match(
      reason(new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string")),
      /"me"/,
    );
    assert.match(
      reason(coded("28000", "no pg_hba.conf entry for host, no encryption")),
      /agree on encryption/,
    );
    assert.match(
      reason(coded("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate")),
      /agree on encryption/,
    );
    assert.match(
      reason(coded("53300", "sorry, too many clients already")),
      /too many clients already \(at db:5432\)/,
    );
    assert.match(reason(new Error("timeout expired")), /db:5432 does not answer/);
  });

  test("what is no error of a database is left alone", () => {
    const mistake = new TypeError("x is undefined");
    assert.equal(translateError(mistake, null), mistake);
    assert.equal(connectError(mistake, { host: "h", port: 1, user: null, database: null }), mistake);
  });
});
