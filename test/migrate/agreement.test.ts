import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isAthanorError } from "../../src/errors/index.ts";
import { onEvery, type Project } from "./project.ts";

async function applied(project: Project): Promise<void> {
  await project.migration("a1", null, {
    upgrade: 'op.createTable("one", (table) => [table.column("id", t.integer())]);',
    downgrade: 'op.dropTable("one");',
  });
  await project.migration("b2", "a1", {
    upgrade: 'op.addColumn("one", "x", t.text());',
    downgrade: 'op.dropColumn("one", "x");',
  });
  await project.with((environment) => environment.upgrade());
}

const codes = async (project: Project) => {
  const { ok, problems } = await project.with((environment) => environment.validate());
  assert.equal(ok, problems.length === 0);
  return problems.map((problem) => `${problem.code} ${problem.revisions.join(" ")}`);
};

onEvery("an edited applied migration is named; layout and comments are no edit", async (project) => {
  await applied(project);
  assert.deepEqual(await codes(project), []);
  await project.migration("a1", null, {
    upgrade:
      '// the first table\n op.createTable("one", (table) => [\n table.column("id", t.integer()),\n ]);',
    downgrade: 'op.dropTable("one");',
    message: "said better",
  });
  assert.deepEqual(await codes(project), []);
  await project.migration("a1", null, {
    upgrade: 'op.createTable("one", (table) => [table.column("id", t.bigint())]);',
    downgrade: 'op.dropTable("one");',
  });
  assert.deepEqual(await codes(project), ["EDITED a1"]);
  const validated = await project.with((environment) => environment.validate());
  assert.deepEqual(validated.problems[0]?.files, ["migrations/versions/a1.ts"]);
  const checked = await project.with((environment) => environment.check());
  assert.equal(checked.ok, false);
  const migrated = await project.with((environment) => environment.upgrade());
  assert.deepEqual(
    migrated.problems.map((problem) => problem.code),
    ["EDITED"],
  );
  assert.ok(project.events.some((event) => event.kind === "warning" && event.problem.code === "EDITED"));
  await project.with((environment) => environment.stamp("b2"));
  assert.deepEqual(await codes(project), []);
});

onEvery("an applied file that can no longer be read is named", async (project) => {
  await applied(project);
  await project.migration("a1", null, { upgrade: "op.dropTable(3);" });
  assert.deepEqual(await codes(project), ["EDITED a1"]);
});

onEvery("a database that is ahead of the files", async (project) => {
  await applied(project);
  await rm(join(project.versions, "b2.ts"));
  assert.deepEqual(await codes(project), ["UNKNOWN_REVISION b2"]);
  const current = await project.with((environment) => environment.current());
  assert.deepEqual([current.unknown, current.upToDate], [["b2"], false]);
  for (const work of [
    () => project.with((environment) => environment.upgrade()),
    () => project.with((environment) => environment.downgrade()),
    () => project.with((environment) => environment.makeMigrations({ message: "x" })),
  ]) {
    await assert.rejects(work, (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.UNKNOWN_REVISION"), String(error));
      assert.match(error.remedy, /stamp --purge/);
      return true;
    });
  }
  await project.with((environment) => environment.stamp("a1", { purge: true }));
  assert.deepEqual(await codes(project), []);
});

onEvery("several heads", async (project) => {
  await applied(project);
  await project.migration("c3", "a1", {});
  assert.deepEqual(await codes(project), ["SEVERAL_HEADS b2 c3"]);
  const heads = await project.with((environment) => environment.heads());
  assert.deepEqual(heads.revisions.map((r) => [r.revision, r.applied]).sort(), [
    ["b2", true],
    ["c3", false],
  ]);
  const branches = await project.with((environment) => environment.branches());
  assert.deepEqual(
    branches.revisions.map((r) => r.revision),
    ["a1"],
  );
});

onEvery("status, list and show", async (project) => {
  await applied(project);
  await project.migration("c3", "b2", {});
  const status = await project.with((environment) => environment.status());
  assert.deepEqual(
    [status.current, status.heads, status.upToDate, status.applied, status.pending.map((r) => r.revision)],
    [["b2"], ["c3"], false, 2, ["c3"]],
  );
  const ids = async (only?: "pending" | "applied") =>
    (await project.with((environment) => environment.list(only))).revisions.map((r) => r.revision);
  assert.deepEqual(
    [await ids(), await ids("pending"), await ids("applied")],
    [["a1", "b2", "c3"], ["c3"], ["a1", "b2"]],
  );
  const shown = await project.with((environment) => environment.show("b2"));
  assert.equal(shown.revision.file, "migrations/versions/b2.ts");
  assert.match(shown.source, /addColumn/);
  const history = await project.with((environment) => environment.history({ range: "a1:b2" }), { url: null });
  assert.deepEqual(
    history.revisions.map((r) => [r.revision, r.applied]),
    [
      ["b2", null],
      ["a1", null],
    ],
  );
});

onEvery("stamping moves the record and runs nothing", async (project) => {
  await project.migration("a1", null, { upgrade: 'op.execute("nonsense");' });
  await project.migration("b2", "a1", {});
  const up = await project.with((environment) => environment.stamp("heads"));
  assert.deepEqual(up, { from: [], to: ["b2"] });
  assert.deepEqual(await codes(project), []);
  const down = await project.with((environment) => environment.stamp("base"));
  assert.deepEqual(down, { from: ["b2"], to: [] });
  assert.deepEqual(
    (await project.sql("SELECT direction, revision FROM athanor_log ORDER BY id")).map((row) =>
      row.join(" "),
    ),
    ["stamp a1", "stamp b2", "unstamp a1", "unstamp b2"],
  );
});

onEvery("without a database", async (project) => {
  await assert.rejects(
    project.with((environment) => environment.upgrade(), { url: null }),
    { code: "MIGRATE.NO_DATABASE" },
  );
});

onEvery("files that are gone: what each is called, and that what it says mends it", async (project) => {
  await applied(project);
  await project.migration("c3", "b2", { upgrade: 'op.addColumn("one", "y", t.text());' });
  await project.with((environment) => environment.upgrade());
  await rm(join(project.versions, "b2.ts"));
  for (const ask of [codes, (each: Project) => each.with((environment) => environment.upgrade())]) {
    await assert.rejects(ask(project), (error) => {
      assert.ok(isAthanorError(error, "REVISION.MISSING_PARENT"), String(error));
      assert.deepEqual([error.fields.revision, error.fields.missing], ["c3", "b2"]);
      return true;
    });
  }
  await project.migration("c3", "a1", { upgrade: 'op.addColumn("one", "y", t.text());' });
  assert.deepEqual(await codes(project), ["MISSING_FILE b2", "EDITED c3"]);
  const { problems } = await project.with((environment) => environment.validate());
  assert.match(problems[0]?.remedy ?? "", /athanor stamp --purge heads/);
  await project.with((environment) => environment.stamp("heads", { purge: true }));
  assert.deepEqual(await codes(project), []);
  assert.deepEqual((await project.with((environment) => environment.upgrade())).steps, []);
});

onEvery("several heads are merged as it says, and applied", async (project) => {
  await applied(project);
  await project.migration("c3", "a1", { upgrade: 'op.addColumn("one", "y", t.text());' });
  const { problems } = await project.with((environment) => environment.validate());
  assert.match(problems[0]?.remedy ?? "", /athanor merge heads/);
  const merged = await project.with((environment) => environment.merge(["heads"], { message: "both" }));
  assert.deepEqual(await codes(project), []);
  const done = await project.with((environment) => environment.upgrade());
  assert.deepEqual(done.to, [merged.revision]);
});
