import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { type Body, code, on } from "../../../test/connections.ts";
import { type ErrorFields, isAthanorError } from "../../errors/index.ts";
import { t } from "../../schema/index.ts";
import type { ConnectOptions, StatementEvent } from "../connection.ts";
import { DatabaseError, type DatabaseErrorCode } from "../errors.ts";
import { decimalKey } from "./decimal-key.ts";
import { openSqlite } from "./driver.ts";
import { hasSecondStatement } from "./one-statement.ts";
import { sqliteQuery } from "./query.ts";
import { parseSqliteUrl } from "./url.ts";

const folder = mkdtempSync(join(tmpdir(), "athanor-sqlite-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function newFile(scheme: string): string {
  files += 1;
  return `${scheme}:///${join(folder, `${files}.db`)}`;
}

async function using<T>(url: string, body: Body<T>, options?: ConnectOptions): Promise<T> {
  return on(await openSqlite(url, options), body);
}

describe("URLs", () => {
  test("name a file as SQLAlchemy's users write it", () => {
    assert.equal(parseSqliteUrl("sqlite:///a/b.db").path, "a/b.db");
    assert.equal(parseSqliteUrl("sqlite:////a/b.db").path, "/a/b.db");
    assert.equal(parseSqliteUrl("sqlite:///a%20b.db?mode=rw").path, "a b.db");
    for (const url of ["sqlite://", "sqlite:///:memory:", "sqlite:///x?mode=memory"]) {
      assert.equal(parseSqliteUrl(url).path, null, url);
    }
    assert.equal(parseSqliteUrl("sqlite:///a.db?mode=ro").readOnly, true);
    for (const scheme of ["sqlite", "sqlite+pysqlite", "sqlite+aiosqlite"]) {
      assert.equal(parseSqliteUrl(`${scheme}:///a.db`).driver, "node:sqlite");
    }
    const other = parseSqliteUrl("sqlite+better-sqlite3:///a.db");
    assert.deepEqual([other.driver, other.path], ["better-sqlite3", "a.db"]);
  });

  test("that make no sense say why", () => {
    for (const url of [
      "sqlite://a.db",
      "sqlite+better-sqlite3://a.db",
      "sqlite:///a.db?mode=fast",
      "sqlite:///a.db?mod=ro",
      "sqlite:///%",
    ]) {
      assert.throws(
        () => parseSqliteUrl(url),
        (error) => isAthanorError(error, "DATABASE.BAD_URL"),
        url,
      );
    }
  });
});

/** Every driver does the same. */
for (const scheme of ["sqlite", "sqlite+better-sqlite3"]) {
  const memory = `${scheme}://`;
  describe(`${scheme}, opening`, () => {
    test("a folder that is missing, a folder, a file that is missing, a file that is no database", async () => {
      const junk = join(folder, "junk.db");
      writeFileSync(junk, "this is no database, however long one looks at it".repeat(100));
      mkdirSync(join(folder, "dir.db"), { recursive: true });
      const open = (path: string): Promise<unknown> =>
        using(`${scheme}:///${join(folder, path)}`, async () => 0);
      await assert.rejects(open("no/such.db"), code("DATABASE.CONNECTION"));
      await assert.rejects(open("dir.db"), code("DATABASE.CONNECTION"));
      await assert.rejects(open("none.db?mode=rw"), code("DATABASE.CONNECTION"));
      await assert.rejects(open("none.db?mode=ro"), code("DATABASE.CONNECTION"));
      await assert.rejects(open("junk.db"), code("DATABASE.NOT_A_DATABASE"));
    });

    test("for reading only", async () => {
      const url = newFile(scheme);
      await using(url, (db) => db.query("CREATE TABLE t (a)"));
      await using(`${url}?mode=ro`, async (db) => {
        await assert.rejects(db.query("INSERT INTO t VALUES (1)"), code("DATABASE.READ_ONLY"));
      });
    });

    test("a connection that was given back is closed to its user", async () => {
      const source = await openSqlite(memory);
      const connection = await source.acquire();
      await connection.release();
      await assert.rejects(connection.query("SELECT 1"), (error) => isAthanorError(error, "DATABASE.CLOSED"));
      await source.close();
      await assert.rejects(source.acquire(), (error) => isAthanorError(error, "DATABASE.CLOSED"));
    });
  });

  describe(`${scheme}, statements`, () => {
    test("rows, changes, keys", () =>
      using(memory, async (db) => {
        await db.query("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)");
        const inserted = await db.query("INSERT INTO t (a) VALUES (?), (?)", ["x", null]);
        assert.deepEqual([inserted.changes, inserted.lastInsertId, inserted.rows], [2, 2, []]);
        const returned = await db.query("INSERT INTO t (a) VALUES (?) RETURNING id, a", ["y"]);
        assert.deepEqual([returned.changes, returned.columns, returned.rows], [1, ["id", "a"], [[3, "y"]]]);
        const found = await db.query("SELECT id, a FROM t WHERE id < ?", [3]);
        assert.deepEqual([found.changes, found.columns], [0, ["id", "a"]]);
        assert.deepEqual(found.rows, [
          [1, "x"],
          [2, null],
        ]);
        const none = await db.query("WITH x AS (SELECT 1) DELETE FROM t");
        assert.equal(none.changes, 3);
      }));

    test("integers are numbers where a number holds them, else bigints", () =>
      using(memory, async (db) => {
        await db.query("CREATE TABLE t (id INTEGER PRIMARY KEY, a BIGINT)");
        const big = 2n ** 60n + 1n;
        const insert = "INSERT INTO t (a) VALUES (?) RETURNING id, a";
        assert.deepEqual((await db.query(insert, [1])).rows, [[1, 1]]);
        assert.deepEqual((await db.query("SELECT * FROM t")).rows, [[1, 1]]);
        assert.deepEqual((await db.query(insert, [big])).rows, [[2, big]]);
        assert.deepEqual((await db.query("SELECT * FROM t")).rows, [
          [1, 1],
          [2, big],
        ]);
        const streamed: unknown[] = [];
        for await (const row of db.stream("SELECT * FROM t")) streamed.push(row);
        assert.deepEqual(streamed, [
          [1, 1],
          [2, big],
        ]);
      }));

    test("functions and aggregates for exact decimals", () =>
      using(memory, async (db) => {
        const values =
          "(SELECT '9.00' AS a UNION ALL SELECT '10.00' UNION ALL SELECT NULL UNION ALL SELECT '-0.10')";
        const read = async (sql: string): Promise<unknown> => (await db.query(sql)).rows[0];
        const all = `athanor_sum(a), athanor_min(a), athanor_max(a), athanor_sum(DISTINCT a), count(a)`;
        assert.deepEqual(await read(`SELECT ${all} FROM ${values}`), ["18.90", "-0.10", "10.00", "18.90", 3]);
        assert.deepEqual(await read(`SELECT ${all} FROM ${values} WHERE a = 'x'`), [
          null,
          null,
          null,
          null,
          0,
        ]);
        const calculated =
          "athanor_add('0.1', 0.2), athanor_divide('1', '8'), athanor_round('0.125', 2), athanor_add(NULL, 1)";
        assert.deepEqual(await read(`SELECT ${calculated}`), ["0.3", "0.12500000000000000000", "0.13", null]);
      }));

    test("integers on either side of what a number holds, beside reals that are larger", () =>
      using(memory, async (db) => {
        await db.query("CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
        const edge = BigInt(Number.MAX_SAFE_INTEGER);
        const values = [
          edge,
          edge + 1n,
          edge + 2n,
          -edge,
          -edge - 1n,
          -edge - 2n,
          1e300,
          -1e300,
          Infinity,
          0.5,
        ];
        for (const value of values) await db.query("INSERT INTO t (a) VALUES (?)", [value]);
        const read = values.map((value) => (value === edge || value === -edge ? Number(value) : value));
        for (const again of [1, 2]) {
          const { rows } = await db.query("SELECT a FROM t ORDER BY id");
          assert.deepEqual(rows.flat(), read, `${again}`);
        }
        const last = await db.query("INSERT INTO t (id) VALUES (?)", [edge + 2n]);
        assert.equal(last.lastInsertId, edge + 2n);
      }));

    test("a kept statement sees a changed table", () =>
      using(memory, async (db) => {
        await db.query("CREATE TABLE t (a)");
        await db.query("INSERT INTO t VALUES (1)");
        assert.deepEqual((await db.query("SELECT * FROM t")).columns, ["a"]);
        await db.query("ALTER TABLE t ADD COLUMN b DEFAULT 2");
        const after = await db.query("SELECT * FROM t");
        assert.deepEqual([after.columns, after.rows], [["a", "b"], [[1, 2]]]);
      }));

    test("a second statement is refused rather than forgotten", async () => {
      for (const sql of ["SELECT 1;", "SELECT ';' -- ;\n", "SELECT 1 /* ; */ ; ; -- end"]) {
        assert.equal(hasSecondStatement(sql), false, sql);
      }
      const trigger = "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t; DELETE FROM u; END;";
      assert.equal(hasSecondStatement(trigger), false);
      assert.equal(hasSecondStatement(`${trigger} SELECT 1`), true);
      await using(memory, (db) => assert.rejects(db.query("SELECT 1; SELECT 2"), code("DATABASE.SYNTAX")));
    });

    test("each is told of, with time, rows and error", async () => {
      const events: StatementEvent[] = [];
      await using(
        memory,
        async (db) => {
          await db.query("SELECT ?", [1]);
          await assert.rejects(db.query("SELEC"));
        },
        { onStatement: (event) => events.push(event) },
      );
      assert.deepEqual(
        events.map(({ sql, params, rows }) => [sql, params, rows]),
        [
          ["SELECT ?", [1], 1],
          ["SELEC", [], 0],
        ],
      );
      assert.ok(events[0]?.error === null && events[1]?.error !== null);
    });

    test("a stream may end early, and the same statement run meanwhile", () =>
      using(memory, async (db) => {
        await db.query("CREATE TABLE t (a)");
        await db.query("INSERT INTO t VALUES (1), (2), (3)");
        const seen: unknown[] = [];
        for await (const row of db.stream("SELECT a FROM t")) {
          seen.push(row[0], (await db.query("SELECT a FROM t")).rows.length);
          if (row[0] === 2) break;
        }
        assert.deepEqual(seen, [1, 3, 2, 3]);
        await db.query("DROP TABLE t"); // nothing holds the table any more
      }));
  });

  describe(`${scheme}, errors`, () => {
    test("are of the closed set, with table, columns and constraint", () =>
      using(memory, async (db) => {
        await db.query(
          'CREATE TABLE t (a INTEGER NOT NULL, b TEXT, CONSTRAINT "uq" UNIQUE (a, b), CONSTRAINT ck CHECK (a > 0))',
        );
        await db.query("CREATE TABLE p (id INTEGER PRIMARY KEY, t INTEGER REFERENCES p (id))");
        await db.query("INSERT INTO t VALUES (1, 'x')");
        const failing = async (sql: string, expected: DatabaseErrorCode): Promise<object> => {
          const error = await db.query(sql).catch((e: unknown) => e);
          assert.ok(error instanceof DatabaseError);
          assert.equal(error.code, expected);
          const { table, columns, constraint } = error.fields as ErrorFields<"DATABASE.OTHER">;
          return { table, columns, constraint };
        };
        assert.deepEqual(await failing("INSERT INTO t VALUES (1, 'x')", "DATABASE.UNIQUE"), {
          table: "t",
          columns: ["a", "b"],
          constraint: null,
        });
        assert.deepEqual(await failing("INSERT INTO t VALUES (NULL, 'x')", "DATABASE.NOT_NULL"), {
          table: "t",
          columns: ["a"],
          constraint: null,
        });
        assert.deepEqual(await failing("INSERT INTO t VALUES (0, 'x')", "DATABASE.CHECK"), {
          table: null,
          columns: [],
          constraint: "ck",
        });
        await failing("INSERT INTO p VALUES (1, 7)", "DATABASE.FOREIGN_KEY");
        await failing("SELECT nothing FROM t", "DATABASE.SYNTAX");
        await failing("SELEC", "DATABASE.SYNTAX");
      }));
  });

  describe(`${scheme}, transactions`, () => {
    test("are rolled back when the connection is given back", async () => {
      const url = newFile(scheme);
      await using(url, async (db, source) => {
        await db.query("CREATE TABLE t (a)");
        const other = await source.acquire();
        await other.begin();
        await other.query("INSERT INTO t VALUES (1)");
        await other.release();
        assert.deepEqual((await db.query("SELECT count(*) FROM t")).rows, [[0]]);
      });
    });

    test("savepoints", () =>
      using(memory, async (db) => {
        await db.query("CREATE TABLE t (a)");
        await db.begin();
        await db.query("INSERT INTO t VALUES (1)");
        await db.savepoint('a "b"');
        await db.query("INSERT INTO t VALUES (2)");
        await db.rollbackToSavepoint('a "b"');
        await db.releaseSavepoint('a "b"');
        assert.equal(db.inTransaction, true);
        await db.commit();
        assert.equal(db.inTransaction, false);
        assert.deepEqual((await db.query("SELECT a FROM t")).rows, [[1]]);
      }));

    test("for reading only cannot write, and the connection can afterwards", () =>
      using(memory, async (db) => {
        await db.query("CREATE TABLE t (a)");
        await db.begin({ readOnly: true });
        await assert.rejects(db.query("INSERT INTO t VALUES (1)"), code("DATABASE.READ_ONLY"));
        await db.rollback();
        await db.query("INSERT INTO t VALUES (1)");
      }));

    for (const [where, url] of [
      ["of a file", () => newFile(scheme)],
      ["in memory", () => memory],
    ] as const) {
      test(`two writers ${where} wait for each other without blocking the program`, () =>
        using(url(), async (first, source) => {
          await first.query("CREATE TABLE t (a)");
          const second = await source.acquire();
          await first.begin({ immediate: true });
          await first.query("INSERT INTO t VALUES (1)");
          const order: string[] = [];
          const waiting = (async () => {
            await second.begin({ immediate: true });
            order.push("second begins");
            await second.query("INSERT INTO t SELECT count(*) + 1 FROM t");
            await second.commit();
          })();
          await first.query("INSERT INTO t VALUES (2)");
          await new Promise((next) => setTimeout(next, 5));
          order.push("first commits");
          await first.commit();
          await waiting;
          assert.deepEqual(order, ["first commits", "second begins"]);
          assert.deepEqual((await first.query("SELECT a FROM t")).rows, [[1], [2], [3]]);
          await second.release();
        }));

      test(`a lock ${where} that is not given free is an error when the time is over`, () =>
        using(
          url(),
          async (first, source) => {
            await first.query("CREATE TABLE t (a)");
            await first.begin({ immediate: true });
            const second = await source.acquire();
            await assert.rejects(second.query("INSERT INTO t VALUES (1)"), code("DATABASE.BUSY"));
            await second.release();
            await first.rollback();
          },
          { busyTimeout: 20 },
        ));
    }

    test("statements of one connection keep their order while it waits", () =>
      using(memory, async (first, source) => {
        await first.query("CREATE TABLE t (a)");
        const second = await source.acquire();
        await first.begin();
        const all = Promise.all([1, 2, 3].map((n) => second.query(`INSERT INTO t VALUES (${n})`)));
        await first.commit();
        await all;
        assert.deepEqual((await first.query("SELECT a FROM t ORDER BY rowid")).rows, [[1], [2], [3]]);
        await second.release();
      }));
  });

  describe(`${scheme}, what queries ask`, () => {
    test("LIKE respects case or not, in every alphabet, and reads a backslash as escape", () =>
      using(memory, async (db) => {
        const ask = async (sql: string): Promise<unknown> => (await db.query(`SELECT ${sql}`)).rows[0]?.[0];
        assert.equal(await ask(sqliteQuery.like("'Abc'", "'A%'")), 1);
        assert.equal(await ask(sqliteQuery.like("'Abc'", "'a%'")), 0);
        assert.equal(await ask(sqliteQuery.ilike("'Äbc'", "'äB_'")), 1);
        assert.equal(await ask(sqliteQuery.like("'a*[b'", "'a*[_'")), 1);
        assert.equal(await ask(sqliteQuery.like("'50%'", "'50\\%'")), 1);
        assert.equal(await ask(sqliteQuery.like("'500'", "'50\\%'")), 0);
        assert.equal(await ask(sqliteQuery.like("'a\nb'", "'a%b'")), 1);
        assert.equal(await ask(sqliteQuery.like("NULL", "'a'")), null);
      }));

    test("numeric columns compare exactly", () =>
      using(memory, async (db) => {
        const key = (text: string): string => sqliteQuery.comparable(`'${text}'`, t.numeric());
        const { rows } = await db.query(`SELECT ${key("9")} < ${key("10")}, ${key("1.50")} = ${key("1.5")}`);
        assert.deepEqual(rows, [[1, 1]]);
      }));
  });
}

describe("what queries ask", () => {
  test("decimals sort as numbers", () => {
    const decimal = fc
      .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat({ max: 4 }))
      .map(([units, scale]) => ({ units, scale }));
    const print = ({ units, scale }: { units: bigint; scale: number }): string => {
      const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
      const cut = digits.length - scale;
      return `${units < 0n ? "-" : ""}${digits.slice(0, cut)}${scale === 0 ? "" : `.${digits.slice(cut)}`}`;
    };
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const [x, y] = [a.units * 10n ** BigInt(4 - a.scale), b.units * 10n ** BigInt(4 - b.scale)];
        const [k, l] = [decimalKey(print(a)) as string, decimalKey(print(b)) as string];
        assert.equal(k < l, x < y);
        assert.equal(k === l, x === y);
      }),
    );
  });
});
