import assert from "node:assert/strict";
import type { Capabilities } from "../../src/dialect/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import { onEvery, type Project } from "./project.ts";

const createTeam = `op.createTable("team", (table) => [
      table.column("id", t.integer(), { nullable: false, autoIncrement: true }),
      table.column("name", t.text(), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_team" }),
    ]);`;

const transactional = ({ transactionalDdl }: Capabilities): boolean => transactionalDdl;

async function twoRevisions(project: Project): Promise<void> {
  await project.migration("a1", null, { upgrade: createTeam, downgrade: 'op.dropTable("team");' });
  await project.migration("b2", "a1", {
    upgrade: `op.addColumn("team", "city", t.text());
    op.createIndex("ix_team_name", "team", ["name"], { unique: true });`,
    downgrade: `op.dropIndex("ix_team_name", "team");
    op.dropColumn("team", "city");`,
  });
}

onEvery("up, down and up again", async (project) => {
  await twoRevisions(project);
  const up = await project.with((environment) => environment.upgrade());
  assert.deepEqual(
    up.steps.map((step) => [step.revision, step.direction]),
    [
      ["a1", "upgrade"],
      ["b2", "upgrade"],
    ],
  );
  assert.deepEqual([up.from, up.to], [[], ["b2"]]);
  assert.deepEqual(await project.sql("SELECT version_num FROM athanor_version"), [["b2"]]);
  await project.sql("INSERT INTO team (name, city) VALUES ('Preventers', 'Sharp Tower')");
  const down = await project.with((environment) => environment.downgrade());
  assert.deepEqual([down.from, down.to], [["b2"], ["a1"]]);
  assert.deepEqual(await project.sql("SELECT * FROM team"), [[1, "Preventers"]]);
  const again = await project.with((environment) => environment.upgrade("+1"));
  assert.deepEqual(again.to, ["b2"]);
  assert.deepEqual(await project.sql("SELECT * FROM team"), [[1, "Preventers", null]]);
  const base = await project.with((environment) => environment.downgrade("base"));
  assert.deepEqual(base.to, []);
  assert.deepEqual(await project.sql("SELECT version_num FROM athanor_version"), []);
  const log = await project.sql(
    "SELECT revision, direction, status, statement_count FROM athanor_log ORDER BY id",
  );
  assert.deepEqual(
    log.map(([revision, direction, status]) => `${String(revision)} ${String(direction)} ${String(status)}`),
    [
      "a1 upgrade done",
      "b2 upgrade done",
      "b2 downgrade done",
      "b2 upgrade done",
      "b2 downgrade done",
      "a1 downgrade done",
    ],
  );
  assert.ok(log.every((row) => Number(row[3]) > 0));
});

onEvery("nothing to do is no error", async (project) => {
  await twoRevisions(project);
  await project.with((environment) => environment.upgrade());
  const second = await project.with((environment) => environment.upgrade());
  assert.deepEqual(second.steps, []);
  assert.deepEqual(second.to, ["b2"]);
});

onEvery(
  "a migration that fails in the middle leaves everything as it was",
  async (project) => {
    await twoRevisions(project);
    await project.with((environment) => environment.upgrade());
    await project.sql("INSERT INTO team (name) VALUES ('a'), ('b')");
    await project.migration("c3", "b2", {
      upgrade: `op.createTable("power", (table) => [table.column("id", t.integer())]);
    op.alterColumn("team", "name", { type: t.varchar(9) });
    op.execute("UPDATE team SET name = 'same'");`,
    });
    const before = await project.dump();
    await assert.rejects(
      project.with((environment) => environment.upgrade()),
      (error) => {
        assert.ok(isAthanorError(error, "MIGRATE.FAILED"), String(error));
        assert.equal(error.fields.revision, "c3");
        assert.equal(error.fields.file, "migrations/versions/c3.ts");
        assert.equal(error.fields.statement, "UPDATE team SET name = 'same'");
        assert.match(error.fields.operation ?? "", /UPDATE team/);
        assert.ok(isAthanorError(error.cause, "DATABASE.UNIQUE"));
        assert.equal(error.exit, 3);
        return true;
      },
    );
    assert.deepEqual(await project.dump(), before);
  },
  transactional,
);

onEvery("revisions before the failing one stay applied", async (project) => {
  await twoRevisions(project);
  await project.migration("c3", "b2", {
    upgrade: `op.addColumn("team", "x", t.text());
    op.dropTable("nowhere");
    op.dropColumn("team", "x");`,
  });
  await assert.rejects(
    project.with((environment) => environment.upgrade()),
    {
      code: "MIGRATE.FAILED",
      message: /c3\.ts\) failed at: drop table nowhere: There is no table "nowhere"/,
    },
  );
  assert.deepEqual(await project.sql("SELECT version_num FROM athanor_version"), [["b2"]]);
  assert.equal(project.events.at(-1)?.kind, "revisionFailed");
});

onEvery(
  "the first migration failing leaves no tables behind",
  async (project) => {
    const before = await project.dump();
    await project.migration("a1", null, { upgrade: `${createTeam} op.execute("nonsense");` });
    await assert.rejects(
      project.with((environment) => environment.upgrade()),
      { code: "MIGRATE.FAILED" },
    );
    assert.deepEqual(await project.dump(), before);
  },
  transactional,
);

onEvery("data steps work in the migration's transaction, on the schema as it is then", async (project) => {
  await twoRevisions(project);
  await project.with((environment) => environment.upgrade());
  await project.sql("INSERT INTO team (name) VALUES ('a'), ('b')");
  await project.migration("c3", "b2", {
    upgrade: `op.addColumn("team", "motto", t.text());
    op.run("write mottos", async (db) => {
      for (const { id, name } of await db.query("SELECT id, name FROM team")) {
        await db.execute("UPDATE team SET motto = ${project.placeholder(1)} WHERE id = ${project.placeholder(2)}", ["we are " + name, id]);
      }
    }, { changes: [] });
    op.execute("ALTER TABLE team ADD COLUMN raw TEXT DEFAULT 'r'");
    op.alterColumn("team", "motto", { nullable: false });`,
  });
  const up = await project.with((environment) => environment.upgrade());
  assert.equal(up.to[0], "c3");
  assert.deepEqual(await project.sql("SELECT name, motto, raw FROM team ORDER BY id"), [
    ["a", "we are a", "r"],
    ["b", "we are b", "r"],
  ]);
  assert.ok(project.events.some((event) => event.kind === "stepFinished" && event.name === "write mottos"));
});

onEvery("a step that commits is found out", async (project) => {
  await project.migration("a1", null, {
    upgrade: 'op.run("too much", async (db) => { await db.execute("COMMIT"); });',
  });
  await assert.rejects(
    project.with((environment) => environment.upgrade()),
    { code: "MIGRATE.TRANSACTION_ENDED" },
  );
});

onEvery("a parent made anew keeps the rows of its children", async (project) => {
  await project.migration("a1", null, {
    upgrade: `${createTeam}
    op.createTable("hero", (table) => [
      table.column("id", t.integer(), { nullable: false }),
      table.column("team_id", t.integer()),
      table.primaryKey(["id"], { name: "pk_hero" }),
      table.foreignKey(["team_id"], "team", ["id"], { name: "fk_hero", onDelete: "cascade" }),
    ]);`,
  });
  await project.migration("b2", "a1", {
    upgrade: 'op.addCheck("team", "length(name) > 0", { name: "ck_team_name" });',
    downgrade: 'op.dropCheck("team", "ck_team_name");',
  });
  await project.with((environment) => environment.upgrade("a1"));
  await project.sql("INSERT INTO team VALUES (1, 'a')");
  await project.sql("INSERT INTO hero VALUES (7, 1)");
  await project.with((environment) => environment.upgrade());
  assert.deepEqual(await project.sql("SELECT * FROM hero"), [[7, 1]]);
  await project.with((environment) => environment.downgrade());
  assert.deepEqual(await project.sql("SELECT * FROM hero"), [[7, 1]]);
});

onEvery("branches, a merge, and one branch alone taken back", async (project) => {
  const table = (name: string) => ({
    upgrade: `op.createTable("${name}", (table) => [table.column("id", t.integer())]);`,
    downgrade: `op.dropTable("${name}");`,
  });
  await project.migration("a1", null, table("one"));
  await project.migration("b2", "a1", { ...table("two"), labels: ["left"] });
  await project.migration("c3", "a1", { ...table("three"), labels: ["right"] });
  const up = await project.with((environment) => environment.upgrade("heads"));
  assert.deepEqual([...up.to].sort(), ["b2", "c3"]);
  await assert.rejects(
    project.with((environment) => environment.upgrade("head")),
    (error) => isAthanorError(error) && error.exit === 2,
  );
  await project.with((environment) => environment.downgrade("left@-1"));
  const names = async () => (await project.tables()).sort();
  assert.deepEqual(await names(), ["one", "three"]);
  await project.with((environment) => environment.upgrade("heads"));
  const merged = await project.with((environment) => environment.merge(["heads"], { message: "join" }));
  assert.equal(merged.outcome, "written");
  const joined = await project.with((environment) => environment.upgrade());
  assert.deepEqual(joined.to, [merged.revision]);
  assert.deepEqual(await project.sql("SELECT version_num FROM athanor_version"), [[merged.revision]]);
  await project.with((environment) => environment.downgrade("base"));
  assert.deepEqual(await names(), []);
});

onEvery("plans and scripts change nothing", async (project) => {
  await twoRevisions(project);
  const plan = await project.with((environment) => environment.planUpgrade());
  assert.deepEqual(
    plan.steps.map((step) => [step.revision, step.operations.length]),
    [
      ["a1", 1],
      ["b2", 2],
    ],
  );
  assert.match(plan.steps[1]?.statements[0]?.sql ?? "", /ADD COLUMN/i);
  const script = await project.with((environment) => environment.upgradeSql({ range: "heads" }));
  assert.deepEqual(script.revisions, ["a1", "b2"]);
  assert.deepEqual(await project.tables(), []);
});

onEvery("a script does what the run does", async (offline, t) => {
  const online = await offline.another((work) => t.after(work));
  for (const project of [online, offline]) {
    await twoRevisions(project);
    await project.migration("c3", "b2", {
      upgrade: `op.alterColumn("team", "name", { nullable: true });
      op.execute("INSERT INTO team (name) VALUES (${project.placeholder(1)})", { params: [${JSON.stringify("it's a \\ 'ü'\n;--")}] });`,
      downgrade: `op.execute("DELETE FROM team"); op.alterColumn("team", "name", { nullable: false });`,
    });
  }
  await online.with((environment) => environment.upgrade());
  const script = await offline.with((environment) => environment.upgradeSql({ range: ":heads" }), {
    url: null,
  });
  const ran = offline.runScript(script.sql);
  assert.deepEqual([ran.status, ran.errors], [0, ""]);
  const same = async () => {
    assert.deepEqual(await offline.catalog(), await online.catalog());
    for (const query of [
      "SELECT * FROM team",
      "SELECT version_num FROM athanor_version",
      "SELECT revision, direction, status, checksum, statement_count FROM athanor_log ORDER BY id",
    ])
      assert.deepEqual(await offline.sql(query), await online.sql(query));
  };
  await same();
  const status = await offline.with((environment) => environment.validate());
  assert.deepEqual([status.checked, status.problems], [3, []]);
  const down = await offline.with((environment) => environment.downgradeSql({ range: "c3:a1" }));
  const back = offline.runScript(down.sql);
  assert.deepEqual([back.status, back.errors], [0, ""]);
  await online.with((environment) => environment.downgrade("a1"));
  await same();
  const validated = await offline.with((environment) => environment.validate());
  assert.deepEqual(validated.problems, []);
  const [started] = (await offline.sql("SELECT started_at FROM athanor_log ORDER BY id DESC"))[0] ?? [];
  assert.ok(started !== undefined);
  const when = offline.dialect.codec({ kind: "timestamp", timezone: true, precision: 3 }).decode(started);
  assert.ok(Math.abs((when as Date).getTime() - Date.now()) < 60_000, String(when));
});

onEvery(
  "a script that fails goes no further, even with a client that does",
  async (project) => {
    await twoRevisions(project);
    await project.migration("c3", "b2", {
      upgrade: `op.execute("INSERT INTO team (id, name) VALUES (1, 'a'), (1, 'a')");`,
    });
    await project.migration("d4", "c3", {
      upgrade: `op.createTable("late", (table) => [table.column("id", t.integer())]);`,
    });
    const script = await project.with((environment) => environment.upgradeSql({ range: "heads" }));
    assert.notEqual(project.runScript(script.sql).errors, "");
    assert.deepEqual(await project.tables(), ["team"]);
    assert.deepEqual(await project.sql("SELECT version_num FROM athanor_version"), [["b2"]]);
  },
  (capabilities) => capabilities.transactionalDdl && capabilities.concurrentWriters,
);

onEvery("a script with new values of an enum, bytes and quotes", async (project, t) => {
  const online = await project.another((work) => t.after(work));
  const table = project.quote("it's");
  for (const each of [project, online]) {
    await each.migration("a1", null, {
      upgrade: `op.createTable("it's", (table) => [
      table.column("rank", t.enum(["low", "high"], { name: "rank" }), { nullable: false }),
      table.column("face", t.bytes()),
      table.column("made", t.timestamptz(3)),
    ]);`,
    });
    const places = [1, 2, 3].map((n) => each.placeholder(n)).join(", ");
    await each.migration("b2", "a1", {
      upgrade: `op.alterColumn("it's", "rank", { type: t.enum(["low", "mid", "high"], { name: "rank" }) });
    op.execute(${JSON.stringify(`INSERT INTO ${table} VALUES (${places})`)}, {
      params: ["mid", new Uint8Array([0, 39, 92, 255]), new Date("2026-02-03T04:05:06.789Z")],
    });`,
    });
  }
  await online.with((environment) => environment.upgrade());
  const { sql } = await project.with((environment) => environment.upgradeSql({ range: "heads" }));
  const ran = project.runScript(sql);
  assert.deepEqual([ran.status, ran.errors], [0, ""], sql);
  const rows = `SELECT * FROM ${table}`;
  assert.deepEqual(await project.sql(rows), await online.sql(rows));
  assert.deepEqual(await project.catalog(), await online.catalog());
});

onEvery(
  "a script with a statement that no transaction may hold",
  async (project) => {
    await twoRevisions(project);
    await project.migration("c3", "b2", {
      upgrade: `op.addColumn("team", "motto", t.text());
      op.createIndex("ix_team_city", "team", ["city"], { options: { postgresql: { concurrently: true } } });
      op.addColumn("team", "song", t.text());`,
    });
    const { sql } = await project.with((environment) => environment.upgradeSql({ range: "heads" }));
    const ran = project.runScript(sql);
    assert.equal(ran.status, 0, sql);
    assert.doesNotMatch(ran.errors, /error/i);
    const log = "SELECT revision, status, finished_at IS NULL FROM athanor_log ORDER BY id";
    const [last] = (await project.sql(log)).slice(-1);
    assert.deepEqual(last?.slice(0, 2), ["c3", "done"]);
    assert.equal(Boolean(last?.[2]), false);
    const { problems } = await project.with((environment) => environment.validate());
    assert.deepEqual(problems, []);
    assert.deepEqual(
      (await project.catalog()).tables[0]?.indexes.map((index) => index.name),
      ["ix_team_city", "ix_team_name"],
    );
  },
  transactional,
);

onEvery(
  "what was not kept before such a statement is not followed by the rest",
  async (project) => {
    await twoRevisions(project);
    await project.migration("c3", "b2", {
      upgrade: `op.execute("INSERT INTO team (id, name) VALUES (1, 'a'), (1, 'a')", { changes: [] });
      op.createIndex("ix_team_city", "team", ["city"], { options: { postgresql: { concurrently: true } } });
      op.addColumn("team", "song", t.text());`,
    });
    const { sql } = await project.with((environment) => environment.upgradeSql({ range: "heads" }));
    assert.notEqual(project.runScript(sql).errors, "");
    assert.deepEqual(await project.sql("SELECT version_num FROM athanor_version"), [["b2"]]);
    assert.ok(!(await project.catalog()).tables[0]?.columns.some((column) => column.name === "song"));
  },
  (capabilities) => capabilities.transactionalDdl && capabilities.concurrentWriters,
);
