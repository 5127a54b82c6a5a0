import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { type Body, code, databaseOn, memoryInUse, newTable, on } from "../../../test/connections.ts";
import { isAthanorError } from "../../errors/index.ts";
import type { ConnectOptions, StatementEvent } from "../connection.ts";
import type { DatabaseError } from "../errors.ts";
import { openMysql } from "./driver.ts";
import { mariadb, mysql } from "./index.ts";

const database = await databaseOn("mariadb");
after(() => database.remove());

async function using<T>(body: Body<T>, options?: ConnectOptions, url: string = database.url): Promise<T> {
  return on(await openMysql(url, options), body);
}

/** A query that counts from 1, row by row. */
const numbers = (count: number): string => `SELECT seq FROM seq_1_to_${count}`;

const long = (count: number): string => `SELECT seq, REPEAT('x', 1000) FROM seq_1_to_${count}`;

describe("statements", () => {
  test("rows, changes, keys", () =>
    using(async (db) => {
      const t = await newTable(db, "id int AUTO_INCREMENT PRIMARY KEY, a varchar(20)");
      const one = await db.query(`INSERT INTO ${t} (a) VALUES (?)`, ["x"]);
      assert.deepEqual([one.changes, one.lastInsertId, one.rows, one.columns], [1, 1, [], []]);
      const two = await db.query(`INSERT INTO ${t} (a) VALUES (?), (?)`, ["y", null]);
      assert.deepEqual([two.changes, two.lastInsertId], [2, null]); // the server has the first number only
      const found = await db.query(`SELECT id, a, a AS id FROM ${t} WHERE id < ?`, [3]);
      assert.deepEqual([found.changes, found.columns], [0, ["id", "a", "id"]]);
      assert.deepEqual(found.rows, [
        [1, "x", "x"],
        [2, "y", "y"],
      ]);
      const same = await db.query(`UPDATE ${t} SET a = 'x' WHERE id = 1`);
      assert.equal(same.changes, 1); // found, though nothing changed
      const returned = await db.query(`INSERT INTO ${t} (a) VALUES (?), (?) RETURNING id, a`, ["z", "w"]);
      assert.deepEqual(returned.rows, [
        [4, "z"],
        [5, "w"],
      ]);
      assert.deepEqual([returned.changes, returned.columns], [2, ["id", "a"]]);
      assert.equal((await db.query(`DELETE FROM ${t} WHERE id > 3 RETURNING id`)).changes, 2);
    }));

  test("integers are numbers where a number holds them, else bigints", () =>
    using(async (db) => {
      const big = 2n ** 63n - 1n;
      const t = await newTable(db, "a bigint, b bigint unsigned");
      await db.query(`INSERT INTO ${t} VALUES (?, ?), (1, 2)`, [big, 2n ** 64n - 1n]);
      const expected = [
        [1, 2],
        [big, 2n ** 64n - 1n],
      ];
      assert.deepEqual((await db.query(`SELECT * FROM ${t} ORDER BY a`)).rows, expected);
      assert.deepEqual((await db.query(`SELECT a FROM ${t} WHERE a = ?`, [big])).rows, [[big]]);
      const streamed: unknown[] = [];
      for await (const found of db.stream(`SELECT * FROM ${t} ORDER BY a`)) streamed.push(found);
      assert.deepEqual(streamed, expected);
    }));

  test("limits, dates and bytes as parameters", () =>
    using(async (db) => {
      const { rows } = await db.query("SELECT 1 UNION SELECT 2 UNION SELECT 3 LIMIT ? OFFSET ?", [1, 1]);
      assert.deepEqual(rows, [[2]]);
      const instant = new Date("2026-01-02T03:04:05.678Z");
      const params = [instant, new Uint8Array([0, 255]), true, null];
      const given = await db.query("SELECT ? = '2026-01-02 03:04:05.678', HEX(?), ? + 1, ?", params);
      assert.deepEqual(given.rows, [[1, "00FF", 2, null]]);
    }));

  test("a column is renamed though a view was made that has its table in a subquery", () =>
    using(async (db) => {
      const t = await newTable(db, "a int, b int GENERATED ALWAYS AS (a + 1) STORED, CHECK (a > 0)");
      const other = await newTable(db, "id int");
      await db.query(`INSERT INTO ${t} (a) VALUES (1)`);
      await db.query(`ALTER TABLE ${t} RENAME COLUMN a TO c`);
      const none = `SELECT 1 FROM ${t} o WHERE 1 = 0 LIMIT 1`;
      await db.query(`CREATE VIEW ${other}_v AS SELECT id FROM ${other} WHERE NOT EXISTS (${none})`);
      await db.query(`ALTER TABLE ${t} RENAME COLUMN c TO a`);
      assert.deepEqual((await db.query(`SELECT a, b FROM ${t}`)).rows, [[1, 2]]);
      await assert.rejects(db.query(`ALTER TABLE ${t} RENAME COLUMN no TO d`), code("DATABASE.SYNTAX"));
      await db.query(`DROP VIEW ${other}_v`);
    }));

  test("statements that cannot be prepared, and procedures", () =>
    using(async (db) => {
      const t = await newTable(db, "a int");
      await db.query(`CREATE TRIGGER r${t} BEFORE INSERT ON ${t} FOR EACH ROW SET NEW.a = NEW.a + 1`);
      await db.query(`INSERT INTO ${t} VALUES (1)`);
      await db.query(`CREATE PROCEDURE p${t} (n int) BEGIN SELECT 0; SELECT a, n FROM ${t}; END`);
      const called = await db.query(`CALL p${t}(7)`);
      assert.deepEqual([called.columns, called.rows], [["a", "n"], [[2, 7]]]);
      assert.deepEqual((await db.query(`CALL p${t}(?)`, [8])).rows, [[2, 8]]);
      await db.query(`LOCK TABLES ${t} WRITE`);
      await db.query("UNLOCK TABLES");
    }));

  test("a kept statement sees a changed table", () =>
    using(async (db) => {
      const t = await newTable(db, "a int");
      await db.query(`INSERT INTO ${t} VALUES (1)`);
      assert.deepEqual((await db.query(`SELECT * FROM ${t}`)).columns, ["a"]);
      await db.query(`ALTER TABLE ${t} ADD COLUMN b bigint DEFAULT 2, MODIFY COLUMN a varchar(5)`);
      const changed = await db.query(`SELECT * FROM ${t}`);
      assert.deepEqual([changed.columns, changed.rows], [["a", "b"], [["1", 2]]]);
    }));

  test("each is told of, with time, rows and error", async () => {
    const events: StatementEvent[] = [];
    await using(
      async (db) => {
        await db.query("SELECT ?", [1]);
        await assert.rejects(db.query("SELEC"), code("DATABASE.SYNTAX"));
        for await (const _ of db.stream("SELECT 1 UNION SELECT 2"));
      },
      { onStatement: (event) => events.push(event) },
    );
    assert.deepEqual(
      events.map(({ sql, params, rows, error }) => [sql, params, rows, error === null]),
      [
        ["SELECT ?", [1], 1, true],
        ["SELEC", [], 0, false],
        ["SELECT 1 UNION SELECT 2", [], 2, true],
      ],
    );
  });

  test("many parameters, and values of many megabytes", () =>
    using(async (db) => {
      const t = await newTable(db, "a int, b longblob");
      const { maxParameters } = mariadb.capabilities;
      const rows = Math.floor(maxParameters / 2);
      const params = Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? i : null));
      const values = Array.from({ length: rows }, () => "(?, ?)").join(", ");
      assert.equal((await db.query(`INSERT INTO ${t} VALUES ${values}`, params)).changes, rows);
      const bytes = Buffer.alloc(5_000_000, 7);
      await db.query(`INSERT INTO ${t} VALUES (-1, ?)`, [bytes]);
      const [found] = (await db.query(`SELECT b FROM ${t} WHERE a = -1`)).rows;
      assert.ok(bytes.equals(found?.[0] as Buffer));
    }));
});

describe("a session", () => {
  test("is in UTC, strict, and reads quotes and backslashes as it is expected to", async () => {
    await using(async (db) => {
      const [found = []] = (await db.query("SELECT @@time_zone, @@sql_mode, '\\'', @@character_set_client"))
        .rows;
      const [zone, modes, quote, charset] = found;
      assert.deepEqual([zone, quote, charset], ["+00:00", "'", "utf8mb4"]);
      assert.match(String(modes), /STRICT_TRANS_TABLES/);
      assert.doesNotMatch(String(modes), /ANSI|BACKSLASH|IGNORE_SPACE/);
    });
  });

  test("compares text with the collation of the database, or that of the URL", async () => {
    await using(async (db) => {
      const { rows } = await db.query("SELECT @@collation_connection = @@collation_database");
      assert.deepEqual(rows, [[1]]);
    });
    await using(
      async (db) => {
        const { rows } = await db.query("SELECT @@collation_connection");
        assert.deepEqual(rows, [["utf8mb4_bin"]]);
      },
      {},
      `${database.url}?collation=utf8mb4_bin`,
    );
  });

  test("knows its server, whatever the URL calls it", () =>
    using(async (db) => {
      const server = await mysql.serverDialect?.(db);
      assert.equal(server?.id, "mariadb");
      assert.deepEqual(server.standsInFor, ["mysql"]);
      assert.equal(await mariadb.serverDialect?.(db), server);
    }));
});

describe("streams", () => {
  test("hold few rows in memory, however many there are", () =>
    using(async (db) => {
      const before = memoryInUse();
      let count = 0;
      let most = 0;
      for await (const _ of db.stream(long(300_000))) {
        count += 1;
        if (count % 30_000 === 0) most = Math.max(most, memoryInUse() - before);
      }
      assert.equal(count, 300_000);
      assert.ok(most < 20_000_000, `${most} of 300 million bytes were in memory at once`);
    }));

  test("may end early, and other statements run meanwhile", () =>
    using(async (db) => {
      const seen: unknown[] = [];
      for await (const [i] of db.stream(numbers(5000))) {
        if ((i as number) % 1000 === 0)
          seen.push(i, (await db.query("SELECT ?", [i as number])).rows[0]?.[0]);
        if (i === 3000) break;
      }
      assert.deepEqual(seen, [1000, 1000, 2000, 2000, 3000, 3000]);
      for await (const [i] of db.stream(numbers(10))) {
        const inner: unknown[] = [];
        for await (const [j] of db.stream(numbers(3))) inner.push(j);
        assert.deepEqual(inner, [1, 2, 3], String(i));
      }
    }));

  test("of a query without end is ended where nobody wants the rest", () =>
    using(async (db) => {
      await db.begin();
      const started = performance.now();
      for await (const _ of db.stream(long(30_000_000))) break;
      const { rows } = await db.query("SELECT 1");
      assert.deepEqual([rows, db.inTransaction], [[[1]], true]);
      assert.ok(performance.now() - started < 10_000);
    }));

  test("that fail say so", () =>
    using(async (db) => {
      const all = async (sql: string): Promise<void> => {
        for await (const _ of db.stream(sql));
      };
      await assert.rejects(all("SELEC"), code("DATABASE.SYNTAX"));
      await assert.rejects(all("SELECT (SELECT 1 UNION SELECT 2)"), code("DATABASE.SYNTAX"));
      assert.deepEqual((await db.query("SELECT 1")).rows, [[1]]);
    }));
});

describe("transactions", () => {
  test("are rolled back when the connection is given back", () =>
    using(async (db, source) => {
      const t = await newTable(db, "a int");
      const other = await source.acquire();
      await other.begin();
      await other.query(`INSERT INTO ${t} VALUES (1)`);
      assert.equal(other.inTransaction, true);
      await other.release();
      assert.deepEqual((await db.query(`SELECT count(*) FROM ${t}`)).rows, [[0]]);
    }));

  test("savepoints", () =>
    using(async (db) => {
      const t = await newTable(db, "a int");
      await db.begin();
      await db.query(`INSERT INTO ${t} VALUES (1)`);
      await db.savepoint("a `b`");
      await db.query(`INSERT INTO ${t} VALUES (2)`);
      await db.rollbackToSavepoint("a `b`");
      await db.releaseSavepoint("a `b`");
      assert.equal(db.inTransaction, true);
      await db.commit();
      assert.equal(db.inTransaction, false);
      assert.deepEqual((await db.query(`SELECT a FROM ${t}`)).rows, [[1]]);
    }));

  test("levels of isolation", () =>
    using(async (db, source) => {
      const t = await newTable(db, "a int");
      await db.query(`INSERT INTO ${t} VALUES (1)`);
      const other = await source.acquire();
      const read = async (): Promise<unknown> => (await db.query(`SELECT a FROM ${t}`)).rows[0]?.[0];
      for (const [isolation, after] of [
        ["read uncommitted", 2],
        ["read committed", 1],
        ["repeatable read", 1],
      ] as const) {
        await db.begin({ isolation });
        assert.equal(await read(), 1);
        await other.begin();
        await other.query(`UPDATE ${t} SET a = 2`);
        assert.equal(await read(), after, isolation);
        await other.rollback();
        await db.commit();
      }
      await db.begin({ isolation: "serializable" });
      await other.query("SET SESSION innodb_lock_wait_timeout = 1");
      assert.equal(await read(), 1);
      await assert.rejects(other.query(`UPDATE ${t} SET a = 3`), code("DATABASE.BUSY"));
      await db.rollback();
      await other.release();
    }));

  test("for reading only cannot write, and the connection can afterwards", async () => {
    const table = await using(async (db) => {
      const t = await newTable(db, "a int");
      await db.begin({ readOnly: true });
      await assert.rejects(db.query(`INSERT INTO ${t} VALUES (1)`), code("DATABASE.READ_ONLY"));
      await db.rollback();
      await db.query(`INSERT INTO ${t} VALUES (1)`);
      return t;
    });
    await using(
      async (db) => {
        await assert.rejects(db.query(`INSERT INTO ${table} VALUES (1)`), code("DATABASE.READ_ONLY"));
      },
      { readOnly: true },
    );
  });

  test("end where a definition commits them, and are known to", () =>
    using(async (db) => {
      await db.begin();
      await newTable(db, "a int");
      assert.equal(db.inTransaction, false);
      await db.commit();
    }));

  test("a deadlock ends one, and nothing runs in its place until it is rolled back", () =>
    using(async (first, source) => {
      const t = await newTable(first, "id int PRIMARY KEY, a int");
      await first.query(`INSERT INTO ${t} VALUES (1, 0), (2, 0)`);
      const second = await source.acquire();
      for (const [db, id] of [
        [first, 1],
        [second, 2],
      ] as const) {
        await db.begin();
        await db.query(`UPDATE ${t} SET a = ${id} WHERE id = ${id}`);
      }
      const crossed = [
        first.query(`UPDATE ${t} SET a = 1 WHERE id = 2`),
        second.query(`UPDATE ${t} SET a = 2 WHERE id = 1`),
      ];
      const settled = await Promise.allSettled(crossed);
      const lost = settled.findIndex(({ status }) => status === "rejected");
      const refused = settled[lost] as PromiseRejectedResult;
      assert.ok(code("DATABASE.DEADLOCK")(refused.reason));
      assert.equal((refused.reason as DatabaseError).retryable, true);
      const [loser, winner] = lost === 0 ? [first, second] : [second, first];
      assert.equal(loser.inTransaction, true); // to the program it is open
      await winner.commit();
      const insert = `INSERT INTO ${t} VALUES (3, 3)`;
      await assert.rejects(loser.query(insert), code("DATABASE.DEADLOCK"));
      await assert.rejects(loser.commit(), code("DATABASE.DEADLOCK"));
      await loser.begin();
      await loser.rollback();
      assert.deepEqual((await loser.query(`SELECT count(*) FROM ${t}`)).rows, [[2]]);
      await second.release();
    }));

  test("a violation and a lock waited for in vain leave one open", () =>
    using(
      async (db, source) => {
        const t = await newTable(db, "id int PRIMARY KEY");
        const other = await source.acquire();
        await other.begin();
        await other.query(`INSERT INTO ${t} VALUES (1)`);
        await db.begin();
        await db.query(`INSERT INTO ${t} VALUES (2)`);
        await assert.rejects(db.query(`INSERT INTO ${t} VALUES (2)`), code("DATABASE.UNIQUE"));
        const started = performance.now();
        await assert.rejects(db.query(`INSERT INTO ${t} VALUES (1)`), code("DATABASE.BUSY"));
        assert.ok(performance.now() - started < 40_000);
        await db.query(`INSERT INTO ${t} VALUES (3)`);
        await db.commit();
        await other.release();
        assert.deepEqual((await db.query(`SELECT id FROM ${t}`)).rows, [[2], [3]]);
      },
      { busyTimeout: 1000 },
    ));
});

describe("the pool", () => {
  test("what is closed cannot be used", async () => {
    const closed = (error: unknown): boolean => isAthanorError(error, "DATABASE.CLOSED");
    const source = await openMysql(database.url);
    const connection = await source.acquire();
    await connection.release();
    await connection.release();
    await assert.rejects(connection.query("SELECT 1"), closed);
    await source.close();
    await source.close();
    await assert.rejects(source.acquire(), closed);
  });

  test("waits for a connection to be given back", () =>
    using(
      async (db, source) => {
        const id = (await db.query("SELECT CONNECTION_ID()")).rows[0]?.[0];
        const waiting = source.acquire();
        await db.release();
        const other = await waiting;
        assert.equal((await other.query("SELECT CONNECTION_ID()")).rows[0]?.[0], id);
        await other.release();
      },
      { poolSize: 1 },
    ));

  test("a connection that the server ended is replaced", () =>
    using(
      async (db, source) => {
        const victim = await source.acquire();
        const id = (await victim.query("SELECT CONNECTION_ID()")).rows[0]?.[0];
        await db.query(`KILL CONNECTION ${String(id)}`);
        await assert.rejects(victim.query("SELECT 1"), code("DATABASE.CONNECTION"));
        await victim.release();
        const next = await source.acquire();
        assert.notEqual((await next.query("SELECT CONNECTION_ID()")).rows[0]?.[0], id);
        await next.release();
      },
      { poolSize: 2 },
    ));

  test("a connection that ends while it streams says so", () =>
    using(async (db, source) => {
      const victim = await source.acquire();
      const id = (await victim.query("SELECT CONNECTION_ID()")).rows[0]?.[0];
      const read = async (): Promise<void> => {
        let isFirst = true;
        for await (const _ of victim.stream(numbers(50_000_000))) {
          if (isFirst) await db.query(`KILL CONNECTION ${String(id)}`);
          isFirst = false;
        }
      };
      await assert.rejects(read(), code("DATABASE.CONNECTION"));
      await victim.release();
    }));
});

describe("what queries ask", () => {
  test("LIKE respects case or not, in every alphabet and collation, and reads a backslash as escape", () =>
    using(async (db) => {
      const ask = async (sql: string): Promise<unknown> => (await db.query(`SELECT ${sql}`)).rows[0]?.[0];
      const { like, ilike } = mariadb.query;
      assert.equal(await ask(like("'Abc'", "'A%'")), 1);
      assert.equal(await ask(like("'Abc'", "'a%'")), 0);
      assert.equal(await ask(like("'äbc'", "'a%'")), 0);
      assert.equal(await ask(ilike("'Äbc'", "'äB_'")), 1);
      assert.equal(await ask(ilike("'äbc'", "'a%'")), 0);
      assert.equal(await ask(like("'50%'", "'50\\\\%'")), 1);
      assert.equal(await ask(like("'500'", "'50\\\\%'")), 0);
      assert.equal(await ask(like("'a\nb'", "'a%b'")), 1);
      assert.equal(await ask(like("NULL", "'a'")), null);
      const t = await newTable(db, "a varchar(9) CHARACTER SET latin1, b varchar(9) COLLATE utf8mb4_bin");
      await db.query(`INSERT INTO ${t} VALUES ('Äb', 'Äb')`);
      const { rows } = await db.query(
        `SELECT ${ilike("a", "?")}, ${ilike("b", "?")}, ${like("a", "b")} FROM ${t}`,
        ["äB", "äB"],
      );
      assert.deepEqual(rows, [[1, 1, 1]]);
    }));

  test("an offset without a limit, and casts", () =>
    using(async (db) => {
      const { limit, castType } = mariadb.query;
      const { rows } = await db.query(`SELECT 1 UNION SELECT 2 ORDER BY 1${limit(null, "1")}`);
      assert.deepEqual(rows, [[2]]);
      assert.equal(limit(null, null), "");
      const cast = async (value: string, type: Parameters<typeof castType>[0]): Promise<unknown> =>
        (await db.query(`SELECT CAST(${value} AS ${castType(type)})`)).rows[0]?.[0];
      assert.equal(await cast("'7'", { kind: "integer" }), 7);
      assert.equal(await cast("'7.50'", { kind: "numeric", precision: 5, scale: 1 }), "7.5");
      assert.equal(await cast("'0.1'", { kind: "double" }), 0.1);
      assert.equal(await cast("7", { kind: "text" }), "7");
      assert.equal(await cast("'2026-01-02 03:04'", { kind: "date" }), "2026-01-02");
      assert.equal(await cast("'[1]'", { kind: "json" }), "[1]");
    }));
});
