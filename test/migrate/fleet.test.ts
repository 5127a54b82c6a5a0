/** The same migrations for many databases, or many schemas of one. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { FleetOptions, FleetTarget } from "../../src/migrate/index.ts";
import { migrateFleet, targetOf, targetsOfQuery } from "../../src/migrate/index.ts";
import { matrix } from "../dialects.ts";
import { code } from "../session/database.ts";
import { onEvery, Project } from "./project.ts";

const table = `op.createTable("hero", (table) => [table.column("id", t.integer(), { nullable: false }), table.primaryKey(["id"])]);`;

async function fleetOf(t: TestContext, on = matrix[0]!): Promise<Project> {
  const project = await Project.make((work) => t.after(work), on);
  await project.migration("a1", null, { upgrade: table });
  return project;
}

const files = (project: Project, count: number): FleetTarget[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `t${at}`,
    url: `sqlite:///${join(project.root, `t${at}.db`)}`,
  }));

function run(project: Project, options: FleetOptions) {
  return migrateFleet(
    { root: project.root, url: project.url, versionLocations: [project.versions] },
    options,
  );
}

test("every target is migrated once, and told of as it is over", async (t) => {
  const project = await fleetOf(t);
  const told: string[] = [];
  const targets = files(project, 9);
  const onResult = ({ name }: { name: string }, done: number, total: number): void => {
    told.push(`${name} ${done}/${total}`);
  };
  const first = await run(project, { targets, concurrency: 3, onResult });
  assert.deepEqual([first.ok, first.total, first.migrated], [true, 9, 9]);
  assert.deepEqual([told.length, told[0]], [9, "t0 1/9"]);
  assert.deepEqual(
    first.results.map(({ name }) => name),
    targets.map(({ name }) => name),
  );
  const again = await run(project, { targets, concurrency: 3 });
  assert.deepEqual([again.ok, again.migrated, again.unchanged], [true, 0, 9]);
});

test("a canary that fails leaves the others alone", async (t) => {
  const project = await fleetOf(t);
  const broken = { name: "broken", url: `sqlite:///${join(project.root, "no/such/folder/x.db")}` };
  const document = await run(project, { targets: [broken, ...files(project, 3)], canary: 1 });
  assert.deepEqual([document.ok, document.failed, document.skipped], [false, 1, 3]);
  assert.match(document.results[0]!.error!.code, /^DATABASE\./);
});

test("one that fails stops no other, unless too many do", async (t) => {
  const project = await fleetOf(t);
  const broken = (name: string): FleetTarget => ({
    name,
    url: `sqlite:///${join(project.root, "no/such", name)}`,
  });
  const targets = [...files(project, 2), broken("x"), broken("y"), ...files(project, 5).slice(2)];
  const document = await run(project, { targets, concurrency: 1 });
  assert.deepEqual([document.migrated, document.failed, document.skipped], [5, 2, 0]);
  const stopped = await run(project, { targets, concurrency: 1, maxFailures: 1 });
  assert.deepEqual([stopped.unchanged, stopped.failed, stopped.skipped], [2, 1, 4]);
});

test("targets are told apart before anything is done, and passwords are not told", async (t) => {
  const project = await fleetOf(t);
  const [one] = files(project, 1);
  await assert.rejects(run(project, { targets: [one!, one!] }), code("FLEET.SAME_NAME"));
  assert.deepEqual(targetOf(" acme "), { name: "acme", schema: "acme" });
  assert.doesNotMatch(targetOf("postgresql://u:secret@h/db").name, /secret/);
  for (const given of ["", 7, null, {}, { name: "x" }])
    assert.throws(() => targetOf(given), code("FLEET.TARGET"));
});

onEvery(
  "schemas of one database, a tenant each",
  async (project) => {
    await project.migration("a1", null, { upgrade: table });
    await project.sql("CREATE TABLE tenant (name varchar(20))");
    await project.sql("INSERT INTO tenant VALUES ('acme'), ('Odd \"one'), ('zeta')");
    const base = { root: project.root, url: project.url, versionLocations: [project.versions] };
    const targets = await targetsOfQuery(base, "SELECT name FROM tenant ORDER BY name");
    const missing = await migrateFleet(base, { targets });
    assert.deepEqual([missing.failed, missing.skipped], [1, 2]);
    assert.equal(missing.results[0]?.error?.code, "FLEET.NO_SCHEMA");
    const document = await migrateFleet(base, { targets, create: true, concurrency: 3 });
    assert.deepEqual([document.ok, document.migrated], [true, 3], JSON.stringify(document.results));
    await project.migration("b2", "a1", { upgrade: `op.addColumn("hero", "name", t.text());` });
    const second = await migrateFleet(base, { targets, concurrency: 3 });
    assert.deepEqual(
      second.results.map(({ revisions }) => revisions),
      [["b2"], ["b2"], ["b2"]],
    );
    const { tables } = await project.catalog();
    assert.deepEqual(
      tables.filter(({ name }) => name === "hero").map(({ schema, columns }) => [schema, columns.length]),
      [
        ['Odd "one', 2],
        ["acme", 2],
        ["zeta", 2],
      ],
    );
  },
  ({ namespaces }) => namespaces,
);
