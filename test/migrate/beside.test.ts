/** Runs on one branch while another is at work on the other. */
import assert from "node:assert/strict";
import { isAthanorError } from "../../src/errors/index.ts";
import type { MigrationEvent } from "../../src/migrate/index.ts";
import { onEvery, type Project } from "./project.ts";

const table = (name: string) => ({
  upgrade: `op.createTable("${name}", (table) => [table.column("id", t.integer())]);`,
  downgrade: `op.dropTable("${name}");`,
});

async function twoBranches(project: Project): Promise<void> {
  await project.migration("a1", null, table("zero"));
  await project.migration("b2", "a1", { ...table("b2"), labels: ["left"] });
  await project.migration("b3", "b2", table("b3"));
  await project.migration("c2", "a1", { ...table("c2"), labels: ["right"] });
  await project.migration("c3", "c2", table("c3"));
}

/** Does something once, when the first revision of a run is finished. */
function between(work: () => Promise<unknown>): (event: MigrationEvent) => Promise<void> {
  let done = false;
  return async (event) => {
    if (event.kind !== "revisionFinished" || done) return;
    done = true;
    await work();
  };
}

const heads = async (project: Project) =>
  (await project.sql("SELECT version_num FROM athanor_version")).flat().sort();

const applied = (document: { readonly steps: readonly { readonly revision: string }[] }) =>
  document.steps.map((step) => step.revision);

onEvery("what is applied on another branch meanwhile is kept, and not done again", async (project) => {
  await twoBranches(project);
  await project.with((environment) => environment.upgrade("a1"));
  const other = () => project.with((environment) => environment.upgrade("right@head"));
  const mine = await project.with((environment) => environment.upgrade("left@head"), {
    onEvent: between(other),
  });
  assert.deepEqual(applied(mine), ["b2", "b3"]);
  assert.deepEqual(await heads(project), ["b3", "c3"]);
  const tables = await project.tables();
  assert.deepEqual([...tables].sort(), ["b2", "b3", "c2", "c3", "zero"]);
  const nothing = await project.with((environment) => environment.upgrade());
  assert.deepEqual(nothing.steps, []);
});

onEvery("what somebody else applies of the same branch is done", async (project) => {
  await twoBranches(project);
  const other = () => project.with((environment) => environment.upgrade("heads"));
  const mine = await project.with((environment) => environment.upgrade("heads"), { onEvent: between(other) });
  assert.deepEqual(applied(mine), ["a1"]);
  assert.deepEqual(await heads(project), ["b3", "c3"]);
});

onEvery("a branch is undone while another grows", async (project) => {
  await twoBranches(project);
  await project.with((environment) => environment.upgrade("left@head"));
  const other = () => project.with((environment) => environment.upgrade("right@head"));
  const back = await project.with((environment) => environment.downgrade("left@a1"), {
    onEvent: between(other),
  });
  assert.deepEqual(applied(back), ["b3", "b2"]);
  assert.deepEqual(await heads(project), ["c3"]);
  assert.deepEqual([...(await project.tables())].sort(), ["c2", "c3", "zero"]);
});

onEvery("a run that would undo what somebody else has undone stops", async (project) => {
  await twoBranches(project);
  await project.with((environment) => environment.upgrade("left@head"));
  const other = () => project.with((environment) => environment.downgrade("base"));
  await assert.rejects(
    project.with((environment) => environment.downgrade("base"), { onEvent: between(other) }),
    (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.MOVED"), String(error));
      assert.deepEqual([error.fields.expected, error.fields.found], [["b2"], []]);
      return true;
    },
  );
  assert.deepEqual(await project.tables(), []);
});
