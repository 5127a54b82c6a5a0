/** URLs as people write them, each tried on the very server; and drivers that are not installed. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Dialect } from "../../src/dialect/index.ts";
import { dialectFor } from "../../src/dialect/registry.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import { dialects, onServer, serverUrl } from "../dialects.ts";

/** What a query answers over a URL. */
async function ask(url: string, sql: string): Promise<unknown> {
  const dialect: Dialect = await dialectFor(url);
  const source = await dialect.open(url);
  try {
    const connection = await source.acquire();
    try {
      return (await connection.query(sql)).rows[0]?.[0];
    } finally {
      await connection.release();
    }
  } finally {
    await source.close();
  }
}

interface Spellings {
  readonly schemes: readonly string[];
  readonly options: readonly string[];
  /** Options, and a query with what it answers because of them. */
  readonly effects: readonly (readonly [option: string, sql: string, answer: unknown])[];
  /** A query for the sockets of the server, with commas between. */
  readonly sockets: string;
  /** The option that names one of them. */
  readonly socketOption: (path: string) => string;
  readonly refused: readonly string[];
}

const mysql: Spellings = {
  schemes: [
    "mysql",
    "mariadb",
    "mysql+pymysql",
    "mysql+mysqldb",
    "mariadb+mariadbconnector",
    "mysql+asyncmy",
    "MySQL",
  ],
  options: [
    "charset=utf8mb4",
    "charset=utf8mb4&use_unicode=1",
    "ssl=false",
    "ssl-mode=PREFERRED",
    "sslmode=disable",
    "ssl_disabled=true",
    "connect_timeout=10",
    "connectTimeout=10000",
    "connectionLimit=2",
    "connection_limit=2",
    "timezone=Z",
  ],
  effects: [["collation=utf8mb4_bin", "SELECT @@collation_connection", "utf8mb4_bin"]],
  sockets: "SELECT @@socket",
  socketOption: (path) => `unix_socket=${encodeURIComponent(path)}`,
  refused: ["charset=latin1", "timezone=local", "ssl-mode=sometimes", "conectionLimit=2"],
};

const spellings: Readonly<Record<string, Spellings>> = {
  postgresql: {
    schemes: [
      "postgresql",
      "postgres",
      "postgresql+psycopg",
      "postgresql+psycopg2",
      "postgresql+asyncpg",
      "POSTGRESQL",
    ],
    options: [
      "sslmode=disable",
      "sslmode=prefer",
      "ssl=false",
      "connect_timeout=10",
      "pool_size=2",
      "connection_limit=2",
      "client_encoding=utf8",
      "pgbouncer=true",
      "gssencmode=disable",
    ],
    effects: [
      ["application_name=it%27s%20me", "SELECT current_setting('application_name')", "it's me"],
      ["options=-c%20work_mem%3D5MB", "SELECT current_setting('work_mem')", "5MB"],
      ["search_path=pg_catalog", "SELECT current_schema()", "pg_catalog"],
      ["lock_timeout=7s", "SELECT current_setting('lock_timeout')", "7s"],
      ["schema=pg_catalog", "SELECT current_schema()", "pg_catalog"],
    ],
    sockets:
      "SELECT string_agg(trim(folder) || '/.s.PGSQL.' || current_setting('port'), ',') FROM regexp_split_to_table(current_setting('unix_socket_directories'), ',') AS folder",
    socketOption: (path) => `host=${encodeURIComponent(path.replace(/\/[^/]*$/, ""))}`,
    refused: ["sslmode=sometimes", "client_encoding=latin1", "connect_timeout=soon", "aplication_name=x"],
  },
  mariadb: mysql,
  mysql,
};

for (const row of dialects.filter((each) => each.server !== null)) {
  const said = spellings[row.name];
  if (said === undefined) throw new Error(`nobody said how URLs of ${row.name} are written`);
  const url = new URL(serverUrl(row) ?? "");
  const rest = url.href.slice(url.protocol.length);
  const withOptions = (options: string): string => `${url.href}${url.pathname === "" ? "/" : ""}?${options}`;

  describe(`URLs of ${row.name}`, () => {
    test("the schemes of drivers and of SQLAlchemy", async () => {
      for (const scheme of said.schemes)
        assert.equal(Number(await ask(`${scheme}:${rest}`, "SELECT 1")), 1, scheme);
    });

    test("options, and what they do", async () => {
      for (const options of said.options) {
        assert.equal(Number(await ask(withOptions(options), "SELECT 1")), 1, options);
      }
      for (const [options, sql, answer] of said.effects) {
        assert.equal(await ask(withOptions(options), sql), answer, options);
      }
    });

    test("options that are none, and values that cannot be", async () => {
      for (const options of said.refused) {
        await assert.rejects(ask(withOptions(options), "SELECT 1"), (error) => {
          assert.ok(isAthanorError(error, "DATABASE.BAD_URL"), String(error));
          assert.equal(error.exit, 2);
          return true;
        });
      }
    });

    test("host, port, user and database as options", async () => {
      const bare = `${url.protocol}//?host=${url.hostname}&port=${url.port}&user=${url.username}&password=${url.password}`;
      assert.equal(Number(await ask(bare, "SELECT 1")), 1);
    });

    test("a socket, where the server has one here", async (t) => {
      const sockets = String(
        await onServer(row, async (db) => (await db.query(said.sockets)).rows[0]?.[0] ?? ""),
      );
      const path = sockets.split(",").find((each) => existsSync(each));
      if (path === undefined) return t.skip("the server has no socket on this machine");
      const login = `${url.username}${url.password === "" ? "" : `:${url.password}`}@`;
      const socket = `${url.protocol}//${url.username === "" ? "" : login}/?${said.socketOption(path)}&port=${url.port}`;
      try {
        assert.equal(Number(await ask(socket, "SELECT 1")), 1);
      } catch (error) {
        // It answered: whom it lets in over a socket is its own affair.
        assert.ok(isAthanorError(error, "DATABASE.CONNECTION"), String(error));
        assert.match(error.message, /the socket \/.* does not let the user/);
      }
    });
  });
}

test("an address of IPv6 is one to a driver, whoever listens there", async () => {
  for (const url of ["postgresql://me@[::1]:1/x", "mysql://me@[::1]:1/x"]) {
    await assert.rejects(ask(url, "SELECT 1"), (error) => {
      assert.ok(isAthanorError(error, "DATABASE.CONNECTION"), String(error));
      assert.match(error.message, /at \[::1\]:1|::1/);
      return true;
    });
  }
});

test("databases in process, by folder, by file and in memory", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "athanor-urls-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const odd = encodeURIComponent("it's %41 ?#é.db");
  for (const url of [
    "sqlite://",
    "sqlite:///:memory:",
    `sqlite:///${folder}/${odd}`,
    `sqlite:///${folder}/${odd}?mode=ro`,
    `sqlite+pysqlite:///${folder}/b.db`,
    `sqlite+better-sqlite3:///${folder}/b.db`,
    "sqlite+better-sqlite3://",
    "pglite://",
    `pglite:///${folder}/${encodeURIComponent("data é")}`,
  ]) {
    assert.equal(Number(await ask(url, "SELECT 1")), 1, url);
  }
  assert.ok(existsSync(join(folder, "it's %41 ?#é.db")));
  assert.ok(existsSync(join(folder, "data é")));
});

test("a driver that is not installed is named, with what to type", () => {
  const registry = new URL("../../src/dialect/registry.ts", import.meta.url).href;
  const program = `
    import { registerHooks } from "node:module";
    registerHooks({ resolve(name, context, next) {
      if (/^(?:pg|mysql2|better-sqlite3|@electric-sql\\/pglite)$/.test(name))
        throw Object.assign(new Error("Cannot find package '" + name + "'"), { code: "ERR_MODULE_NOT_FOUND" });
      return next(name, context);
    } });
    const { dialectFor } = await import(${JSON.stringify(registry)});
    const seen = [];
    for (const url of ["postgresql://h/d", "mysql://h/d", "mariadb://h/d", "sqlite+better-sqlite3://", "pglite://"]) {
      try { const source = await (await dialectFor(url)).open(url); await source.acquire(); seen.push([url, "opened"]); }
      catch (error) { seen.push([url, error.code, error.remedy, error.exit]); }
    }
    console.log(JSON.stringify(seen));`;
  const done = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  assert.deepEqual(JSON.parse(done.stdout), [
    ["postgresql://h/d", "DATABASE.DRIVER_MISSING", "npm install pg", 2],
    ["mysql://h/d", "DATABASE.DRIVER_MISSING", "npm install mysql2", 2],
    ["mariadb://h/d", "DATABASE.DRIVER_MISSING", "npm install mysql2", 2],
    ["sqlite+better-sqlite3://", "DATABASE.DRIVER_MISSING", "npm install better-sqlite3", 2],
    ["pglite://", "DATABASE.DRIVER_MISSING", "npm install @electric-sql/pglite", 2],
  ]);
});
