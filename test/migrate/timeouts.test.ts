import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Capabilities, Connection } from "../../src/dialect/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import type { RunSettings } from "../../src/migrate/index.ts";
import { pauseBefore } from "../../src/migrate/run-settings.ts";
import { onEvery, type Project } from "./project.ts";

const servers = ({ concurrentWriters }: Capabilities): boolean => concurrentWriters;

/** A table that somebody reads, in a transaction that stays open, and a migration that has to wait for it. */
async function besideReader(project: Project, work: (reader: Connection) => Promise<void>): Promise<void> {
  await project.migration("a1", null, {
    upgrade: 'op.createTable("one", (table) => [table.column("id", t.integer())]);',
  });
  await project.migration("b2", "a1", { upgrade: 'op.addColumn("one", "x", t.integer());' });
  await project.with((environment) => environment.upgrade("a1"));
  await project.sql("INSERT INTO one VALUES (1)");
  const source = await project.dialect.open(project.url);
  const reader = await source.acquire();
  try {
    await reader.begin();
    await reader.query("SELECT * FROM one");
    await work(reader);
  } finally {
    await reader.release();
    await source.close();
  }
}

const hasty: RunSettings = { lockTimeout: 1000, lockRetries: 1 };

onEvery(
  "a lock that somebody holds is waited for, tried again, and told with who holds it",
  async (project) => {
    await besideReader(project, async () => {
      await assert.rejects(
        project.with((environment) => environment.upgrade("heads", hasty), { run: hasty }),
        (error) => {
          if (!project.dialect.capabilities.concurrentWriters) return isAthanorError(error, "DATABASE.BUSY");
          assert.ok(isAthanorError(error, "MIGRATE.FAILED"), String(error));
          const { attempts, blockers, statement } = error.fields;
          assert.equal(attempts, 2);
          assert.match(statement ?? "", /ADD COLUMN/);
          assert.match(blockers?.join() ?? "", /session \d+/);
          assert.match(error.message, /In the way: session/);
          assert.ok(isAthanorError(error.cause, "DATABASE.BUSY"));
          return true;
        },
      );
    });
    const retries = project.events.filter((event) => event.kind === "retry");
    assert.deepEqual(
      retries.map((event) => [event.revision, event.attempt, event.attempts]),
      [["b2", 1, 2]],
    );
    assert.equal(project.events.filter((event) => event.kind === "revisionFailed").length, 1);
    assert.deepEqual(await project.sql("SELECT * FROM one"), [[1]]);
    assert.deepEqual((await project.with((environment) => environment.upgrade())).to, ["b2"]);
  },
);

onEvery("a lock that is let go meanwhile is no failure", async (project) => {
  await besideReader(project, async (reader) => {
    const done = await project.with((environment) => environment.upgrade(), {
      run: hasty,
      onEvent: async (event) => {
        if (event.kind === "retry") await reader.rollback();
      },
    });
    assert.deepEqual(
      done.steps.map((step) => step.revision),
      ["b2"],
    );
  });
  assert.deepEqual(await project.sql("SELECT * FROM one"), [[1, null]]);
});

onEvery(
  "an index that is built beside writers waits for older transactions as long as it takes",
  async (project) => {
    await besideReader(project, async (reader) => {
      await project.migration("c3", "b2", {
        upgrade: `op.createIndex("ix_one", "one", ["id"], { options: { postgresql: { concurrently: true } } });`,
      });
      await reader.rollback();
      await project.with((environment) => environment.upgrade("b2"));
      await reader.begin();
      await reader.query("UPDATE one SET id = 2");
      const run = project.with((environment) =>
        environment.upgrade("heads", { lockTimeout: 50, lockRetries: 0 }),
      );
      const waiting =
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock' AND datname = current_database()";
      let ended = false;
      const end = (): void => {
        ended = true;
      };
      run.then(end, end);
      while (!ended && (await project.sql(waiting)).length === 0) await sleep(20);
      await sleep(200);
      await reader.commit();
      assert.deepEqual((await run).to, ["c3"]);
    });
    assert.deepEqual(
      project.events.filter((event) => event.kind === "retry"),
      [],
    );
  },
  ({ concurrentWriters, transactionalDdl }) => concurrentWriters && transactionalDdl,
);

const limitsStatements = async (project: Project): Promise<boolean> =>
  (await project.dialect.design()).limitsStatements === true;

onEvery(
  "a statement that works for too long is stopped; a limit nobody can keep is refused",
  async (project) => {
    const sleep = project.dialect.capabilities.namespaces ? "SELECT pg_sleep(60)" : "SELECT SLEEP(60)";
    await project.migration("a1", null, {
      upgrade: `op.execute(${JSON.stringify(sleep)}, { changes: [] });`,
    });
    const run = project.with((environment) => environment.upgrade("heads", { statementTimeout: 100 }));
    if (!(await limitsStatements(project))) return assert.rejects(run, { code: "MIGRATE.STATEMENT_TIMEOUT" });
    await assert.rejects(run, (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.FAILED"), String(error));
      assert.ok(isAthanorError(error.cause, "DATABASE.TIMEOUT"), String(error.cause));
      return true;
    });
    assert.deepEqual(
      project.events.filter((event) => event.kind === "retry"),
      [],
    );
  },
);

onEvery(
  "the limits of a program's own connection are as before afterwards",
  async (project) => {
    const postgresql = project.dialect.capabilities.namespaces;
    const settings = postgresql
      ? "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
      : "SELECT @@lock_wait_timeout, @@innodb_lock_wait_timeout";
    await project.migration("a1", null, {
      upgrade: `op.execute(${JSON.stringify(settings)}, { changes: [] });`,
    });
    await project.migration("b2", "a1", { upgrade: 'op.execute("nonsense", { changes: [] });' });
    const source = await project.dialect.open(project.url, { poolSize: 1 });
    const look = async (): Promise<unknown> => {
      const connection = await source.acquire();
      try {
        return (await connection.query(settings)).rows;
      } finally {
        await connection.release();
      }
    };
    try {
      const before = await look();
      const run = {
        lockTimeout: 7000,
        ...((await limitsStatements(project)) ? { statementTimeout: 9000 } : {}),
      };
      await assert.rejects(
        project.with((environment) => environment.upgrade(), { source, url: null, run }),
        { code: "MIGRATE.FAILED" },
      );
      assert.deepEqual(await look(), before);
    } finally {
      await source.close();
    }
  },
  servers,
);

onEvery(
  "who holds the lock of migrations is told",
  async (project) => {
    await project.migration("a1", null, {});
    await project.holdLock(async () => {
      await assert.rejects(
        project.with((environment) => environment.upgrade("heads", { waitTimeout: 0 })),
        (error) => {
          assert.ok(isAthanorError(error, "MIGRATE.LOCKED"), String(error));
          assert.match(error.fields.holder ?? "", /session \d+/);
          return true;
        },
      );
    });
  },
  servers,
);

test("pauses grow, differ by chance, and have an end", () => {
  const longest = [1, 2, 3, 4, 9].map((attempt) => pauseBefore(attempt, () => 0));
  assert.deepEqual(longest, [500, 1000, 2000, 4000, 30_000]);
  assert.equal(
    pauseBefore(2, () => 1),
    500,
  );
});
