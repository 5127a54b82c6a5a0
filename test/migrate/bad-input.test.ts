import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { isAthanorError } from "../../src/errors/index.ts";
import { column, schema, t, table } from "../../src/schema/index.ts";
import { onEvery, Project } from "./project.ts";

async function failsWith(code: string, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(isAthanorError(error), String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.exit === 2 || error.exit === 3);
    assert.notEqual(error.remedy, "");
    return true;
  });
}

onEvery("a migration edited by hand into nonsense", async (project) => {
  const upgrade = () => project.with((environment) => environment.upgrade());
  const file = (text: string) => project.write("migrations/versions/a1.ts", text);
  const whole = (body: string) => `import { migration, t } from "athanor/migrations";
export default migration({ revision: "a1", downRevision: null, message: "", ${body} });
export const types = t;`;
  await file("export default migration({ revision: ");
  await failsWith("SCRIPT.SYNTAX", upgrade());
  await file(whole("\nupgrade(op) { op.dropTable(; }, downgrade() {}"));
  await failsWith("SCRIPT.SYNTAX", upgrade());
  await file("export default migration({ revision: 3 });");
  await failsWith("SCRIPT.HEADER", upgrade());
  await file(whole("upgrade(op) { op.dropTabel('x'); }, downgrade() {}"));
  await failsWith("SCRIPT.THREW", upgrade());
  await file(whole("async upgrade(op) { op.dropTable('x'); }, downgrade() {}"));
  await failsWith("SCRIPT.ASYNC", upgrade());
  await file(whole("upgrade(op) { op.addColumn('x', 'y', 'TEXT'); }, downgrade() {}"));
  await failsWith("SCRIPT.ARGUMENT", upgrade());
  await file(whole("upgrade: 3, downgrade() {}"));
  await failsWith("SCRIPT.DEFINITION", upgrade());
  await file(`import "./not-there.ts";\n${whole("upgrade() {}, downgrade() {}")}`);
  await failsWith("SCRIPT.IMPORT_FAILED", upgrade());
  await file(
    whole("upgrade() {}, downgrade() {}").replace("migration,", "").replace("migration({", "String({"),
  );
  await failsWith("SCRIPT.DEFINITION", upgrade());
  assert.deepEqual(await project.tables(), []);
  await file(whole("upgrade() {}, downgrade() {}"));
  assert.deepEqual((await upgrade()).to, ["a1"]);
});

onEvery("two files of one revision, a parent that is not there", async (project) => {
  await project.migration("a1", null, {});
  await project.write("migrations/versions/copy.ts", await project.read("migrations/versions/a1.ts"));
  await failsWith(
    "SCRIPT.DUPLICATE",
    project.with((environment) => environment.history()),
  );
  await project.migration("copy", "zz", {});
  await failsWith(
    "REVISION.MISSING_PARENT",
    project.with((environment) => environment.history()),
  );
});

test("a file that is no database, a database that cannot be written, a folder that is not there", async (t) => {
  const project = await Project.make((work) => t.after(work));
  await project.migration("a1", null, {});
  const upgrade = (url: string) => project.with((environment) => environment.upgrade(), { url });
  await project.write(
    "text.db",
    "not a database, and long enough to be taken for one by nobody at all ".repeat(20),
  );
  await failsWith("DATABASE.NOT_A_DATABASE", upgrade(`sqlite:///${project.root}/text.db`));
  await project.sql("CREATE TABLE x (id)");
  const before = await project.dump();
  await failsWith("DATABASE.READ_ONLY", upgrade(`${project.url}?mode=ro`));
  assert.deepEqual(await project.dump(), before);
  await failsWith("DATABASE.CONNECTION", upgrade(`sqlite:///${project.root}/nowhere/app.db`));
  assert.equal(existsSync(`${project.root}/nowhere`), false);
});

onEvery(
  "models that the database cannot hold, models that are not there",
  async (project) => {
    await failsWith(
      "MIGRATE.NO_MODELS",
      project.with((environment) => environment.makeMigrations(), { models: undefined as never }),
    );
    project.models = schema([
      table("a", [column("id", types.integer())], {
        exclusions: [{ name: "x", method: "gist", elements: [], where: null, deferrable: null, options: {} }],
      }),
    ]);
    await failsWith(
      "MIGRATE.UNSUPPORTED",
      project.with((environment) => environment.makeMigrations()),
    );
    assert.deepEqual(await project.files(), []);
  },
  ({ exclusionConstraints }) => !exclusionConstraints,
);

const types = t;

onEvery("a row that refers to nothing takes the migration back", async (project) => {
  await project.migration("a1", null, {
    upgrade: `op.createTable("team", (table) => [table.column("id", t.integer(), { nullable: false }), table.primaryKey(["id"])]);
    op.createTable("hero", (table) => [table.column("team_id", t.integer())]);`,
  });
  await project.with((environment) => environment.upgrade());
  await project.sql("INSERT INTO hero VALUES (7)");
  await project.migration("b2", "a1", {
    upgrade: 'op.addForeignKey("hero", ["team_id"], "team", ["id"], { name: "fk" });',
  });
  const before = await project.dump();
  const { alterConstraints, transactionalDdl } = project.dialect.capabilities;
  await failsWith(
    alterConstraints ? "MIGRATE.FAILED" : "MIGRATE.VIOLATION",
    project.with((environment) => environment.upgrade()),
  );
  if (transactionalDdl) assert.deepEqual(await project.dump(), before);
  assert.deepEqual(await project.sql("SELECT team_id FROM hero"), [[7]]);
});

onEvery("somebody holds the lock for too long", async (project) => {
  await project.migration("a1", null, {});
  await project.holdLock(async () => {
    await failsWith(
      "MIGRATE.LOCKED",
      project.with((environment) => environment.upgrade(), {
        run: { waitTimeout: 100 },
        connect: { busyTimeout: 10 },
      }),
    );
  });
  assert.ok(project.events.some((event) => event.kind === "lockWaiting"));
  assert.deepEqual((await project.with((environment) => environment.upgrade())).to, ["a1"]);
});
