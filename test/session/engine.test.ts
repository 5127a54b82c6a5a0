/** Engines: what they do with connections that somebody has. */
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { after, before, beforeEach, describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createEngine, insert, Session, type StatementEvent, select, sql } from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";
import { heroModels, Team } from "./heroes.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** The next warning of a connection that is not given back. */
function nextLeak(): Promise<Error> {
  return new Promise((resolve) => {
    const hear = (warning: Error & { code?: string }): void => {
      if (warning.code !== "ATHANOR_LEAK") return;
      process.off("warning", hear);
      resolve(warning);
    };
    process.on("warning", hear);
  });
}

for (const dialect of dialects) {
  describe(`engines on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, heroModels);
    });
    beforeEach(() => db.clear());
    after(() => db.remove());

    it("can be disposed of while a Session is open, which is closed afterwards", async () => {
      const engine = createEngine(db.url);
      const session = new Session(engine);
      session.add(new Team({ name: "never" }));
      await session.flush();
      await engine.dispose();
      await session.close();
      await assert.rejects(new Session(engine).exec(select(Team)).all(), code("DATABASE.CLOSED"));
      assert.deepEqual(await db.run((other) => other.exec(select(Team)).all()), []);
    });

    it("tell of each statement, with time and rows, in the async context of whoever ran it", async () => {
      const request = new AsyncLocalStorage<string>();
      const seen: { sql: string; rows: number; failed: boolean; by: string | undefined }[] = [];
      const slow: StatementEvent[] = [];
      const lines: string[] = [];
      await using engine = createEngine(db.url, {
        echo: (line) => lines.push(line),
        onStatement: ({ sql, rows, error, milliseconds }) => {
          assert.ok(milliseconds >= 0);
          seen.push({ sql, rows, failed: error !== null, by: request.getStore() });
        },
        slowQuery: { milliseconds: 0, log: (event) => slow.push(event) },
      });
      const handle = (name: string): Promise<void> =>
        request.run(name, () =>
          Session.run(engine, async (session) => {
            session.add(new Team({ name }));
            await session.commit();
            await session.exec(select(Team).where(Team.c.name.eq(name))).one();
            await assert.rejects(session.exec(sql`select * from nowhere`), code("DATABASE.SYNTAX"));
          }),
        );
      await Promise.all([handle("a"), handle("b")]);
      for (const name of ["a", "b"]) {
        const own = seen.filter(({ by }) => by === name);
        assert.ok(own.some(({ sql, rows }) => /^INSERT INTO .team/.test(sql) && rows === 1));
        assert.ok(own.some(({ sql, rows }) => /^SELECT .*team/.test(sql) && rows === 1));
        assert.deepEqual(
          own.flatMap(({ sql, failed }) => (failed && !sql.startsWith("BEGIN") ? [sql] : [])), // locks are waited for
          ["select * from nowhere"],
        );
      }
      assert.equal(slow.length, seen.length);
      assert.equal(lines.length, seen.length);
      assert.match(
        lines.find((line) => line.startsWith("INSERT")) ?? "",
        /\["a"\] {2}-- [\d.]+ ms, 1 row$|\["b"\] {2}-- /,
      );
    });

    it("tell of streams, and of no rows where a transaction begins or ends", async () => {
      const seen: StatementEvent[] = [];
      await using engine = createEngine(db.url, { onStatement: (event) => seen.push(event) });
      await Session.run(engine, async (session) => {
        session.addAll(["a", "b", "c"].map((name) => new Team({ name })));
        await session.commit();
        seen.length = 0;
        for await (const team of session.exec(select(Team))) void team;
        const read = seen.filter(({ rows }) => rows > 0);
        assert.deepEqual(
          read.map(({ rows, error }) => [rows, error]),
          [[3, null]],
        );
        assert.ok(seen.some(({ sql }) => /SELECT .*team/.test(sql)));
        seen.length = 0;
        await session.exec(insert(Team).values({ name: "d" }));
        await session.commit();
        assert.equal(
          seen.reduce((sum, { rows }) => sum + rows, 0),
          1,
        );
      });
    });

    it("go on where somebody who is told of statements fails, and warn of it once", async () => {
      const warnings: string[] = [];
      const hear = (warning: Error & { code?: string }): void => {
        if (warning.code === "ATHANOR_LISTENER") warnings.push(warning.message);
      };
      process.on("warning", hear);
      try {
        const heard: string[] = [];
        await using engine = createEngine(db.url, {
          echo: (line) => heard.push(line),
          onStatement: (async () => {
            await Promise.resolve();
            throw new Error("later");
          }) as () => void,
          slowQuery: {
            milliseconds: 0,
            log: () => {
              throw new Error("at once");
            },
          },
        });
        await Session.run(engine, async (session) => {
          session.add(new Team({ name: "kept" }));
          await session.commit();
          assert.equal(session.state, "idle");
        });
        assert.ok(heard.length > 0);
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(warnings.length, 1);
      } finally {
        process.off("warning", hear);
      }
      assert.deepEqual(await db.run((session) => session.exec(select(Team.c.name)).all()), ["kept"]);
    });

    it("warn of a Session that holds a connection and does nothing with it", async () => {
      await using engine = createEngine(db.url, { leakWarning: 20 });
      await using session = new Session(engine);
      const told = nextLeak();
      await session.exec(select(Team)).all();
      const warning = await told;
      assert.match(warning.message, /held a connection/);
      assert.ok(warning.message.includes(import.meta.filename), warning.message);
    });

    it("take the connection of a forgotten Session back", async () => {
      await using engine = createEngine(db.url, { poolSize: 1, poolTimeout: 20_000, busyTimeout: 20_000 });
      const forget = async (): Promise<void> => {
        const session = new Session(engine);
        await session.exec(insert(Team).values({ name: "lost" }));
      };
      const told = nextLeak();
      await forget();
      const collector = setInterval(() => collect(), 20);
      const warning = await told.finally(() => clearInterval(collector));
      assert.match(warning.message, /let go without being closed/);
      // The only connection there is, and nothing was kept.
      const left = await Session.run(engine, async (session) => {
        await session.exec(insert(Team).values({ name: "kept" }));
        await session.commit();
        return session.exec(select(Team.c.name)).all();
      });
      assert.deepEqual(left, ["kept"]);
    });
  });
}
