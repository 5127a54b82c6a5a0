import assert from "node:assert/strict";
import { isAthanorError } from "../../src/errors/index.ts";
import type { RebaseOptions } from "../../src/migrate/index.ts";
import { onEvery, type Project } from "./project.ts";

const column = (name: string) => ({
  upgrade: `op.addColumn("one", "${name}", t.integer());`,
  downgrade: `op.dropColumn("one", "${name}");`,
});

/** Mine, two revisions, and theirs, both on the first. */
async function forked(project: Project): Promise<void> {
  await project.migration("a1", null, {
    upgrade: 'op.createTable("one", (table) => [table.column("id", t.integer())]);',
    downgrade: 'op.dropTable("one");',
  });
  await project.migration("mine1", "a1", column("x"));
  await project.migration("mine2", "mine1", column("y"));
  await project.migration("their1", "a1", column("z"));
}

const rebase = (project: Project, options: RebaseOptions) =>
  project.with((environment) => environment.rebase(options));

function refused(work: Promise<unknown>, code: string, text: RegExp): Promise<void> {
  return assert.rejects(work, (error) => {
    assert.ok(isAthanorError(error), String(error));
    assert.equal(error.code, code);
    assert.match(error.message, text);
    return true;
  });
}

onEvery("one's own branch follows the other head; nothing but one line changes", async (project) => {
  await forked(project);
  await project.with((environment) => environment.upgrade("their1"));
  const before = await project.read("migrations/versions/mine1.ts");
  const dry = await rebase(project, { revision: "mine2", dryRun: true });
  assert.equal(dry.outcome, "dry run");
  assert.equal(await project.read("migrations/versions/mine1.ts"), before);
  const document = await rebase(project, { revision: "mine2" });
  const { revision, from, onto, moved, file } = document;
  assert.deepEqual(
    { revision, from, onto, moved, file },
    {
      revision: "mine1",
      from: ["a1"],
      onto: "their1",
      moved: ["mine1", "mine2"],
      file: "migrations/versions/mine1.ts",
    },
  );
  assert.equal(
    await project.read("migrations/versions/mine1.ts"),
    before.replace('downRevision: "a1"', 'downRevision: "their1"'),
  );
  const done = await project.with((environment) => environment.upgrade());
  assert.deepEqual(
    done.steps.map((step) => step.revision),
    ["mine1", "mine2"],
  );
  assert.deepEqual(done.to, ["mine2"]);
});

onEvery("what is applied is undone first, with the command that is said", async (project) => {
  await forked(project);
  await project.with((environment) => environment.upgrade());
  let undo = "";
  await assert.rejects(rebase(project, { revision: "mine2" }), (error) => {
    assert.ok(isAthanorError(error, "MIGRATE.REBASE_APPLIED"));
    assert.deepEqual(error.fields.revisions, ["mine1", "mine2"]);
    undo = error.fields.undo;
    return true;
  });
  const undone = await project.with((environment) => environment.downgrade(undo));
  assert.deepEqual(undone.to, ["their1"]);
  await rebase(project, { revision: "mine2" });
  const { to } = await project.with((environment) => environment.upgrade());
  assert.deepEqual(to, ["mine2"]);
  assert.deepEqual((await project.with((environment) => environment.validate())).problems, []);
});

onEvery(
  "what cannot be rebased",
  async (project) => {
    await forked(project);
    await refused(rebase(project, { revision: "a1" }), "MIGRATE.REBASE", /no other head|stands above/);
    await refused(rebase(project, { revision: "mine2", onto: "a1" }), "MIGRATE.REBASE", /already/);
    await project.migration("clash", "a1", column("x"));
    await refused(rebase(project, { revision: "mine2" }), "MIGRATE.REBASE", /several other heads/);
    await refused(rebase(project, { revision: "mine2", onto: "clash" }), "MIGRATE.HISTORY_BROKEN", /mine1/);
    await project.migration("m", ["mine2", "their1"], {});
    await refused(rebase(project, { revision: "m", onto: "clash" }), "MIGRATE.REBASE", /m is a merge/);
    await project.migration("apart", null, {});
    await refused(
      rebase(project, { revision: "apart", onto: "clash" }),
      "MIGRATE.REBASE",
      /a base of its own/,
    );
  },
  ({ concurrentWriters }) => !concurrentWriters,
);
