import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isAthanorError } from "../../src/errors/index.ts";
import type { SquashDocument, SquashOptions } from "../../src/migrate/index.ts";
import { onEvery, type Project } from "./project.ts";

const table = (name: string, more = ""): string => `op.createTable("${name}", (table) => [
      table.column("id", t.integer(), { nullable: false }),
      table.column("name", t.varchar(40), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_${name}" }),
      ${more}
    ]);`;

/** Four revisions: tables made, changed, renamed, and a data migration among them. */
async function written(project: Project): Promise<void> {
  await project.migration("a1", null, { upgrade: table("team"), downgrade: 'op.dropTable("team");' });
  await project.migration("b2", "a1", {
    upgrade: `${table("hero", 'table.column("team_id", t.integer()),')}
    op.addForeignKey("hero", ["team_id"], "team", ["id"], { name: "fk_hero_team" });
    op.addColumn("team", "city", t.text());`,
    downgrade: 'op.dropColumn("team", "city");\n op.dropTable("hero");',
  });
  await project.migration("c3", "b2", {
    upgrade: `op.execute("INSERT INTO team (id, name, city) VALUES (7, 'it''s', NULL)", { changes: [] });
    op.execute("UPDATE team SET name = name || '!'", { changes: [] });`.replace(
      "name || '!'",
      project.onServer && !project.dialect.capabilities.transactionalDdl
        ? "CONCAT(name, '!')"
        : "name || '!'",
    ),
    downgrade: 'op.execute("DELETE FROM team WHERE id = 7", { changes: [] });',
    labels: ["teams"],
  });
  await project.migration("d4", "c3", {
    upgrade: `op.renameTable("hero", "person");
    op.addColumn("person", "age", t.integer());
    op.createIndex("ix_person_name", "person", ["name"]);`,
    downgrade: `op.dropIndex("ix_person_name", "person");
    op.dropColumn("person", "age");
    op.renameTable("person", "hero");`,
  });
  await project.migration("e5", "d4", {
    upgrade: 'op.addColumn("team", "motto", t.text());',
    downgrade: 'op.dropColumn("team", "motto");',
  });
}

function squash(project: Project, range: string, options: SquashOptions = {}): Promise<SquashDocument> {
  return project.with((environment) =>
    environment.squash(range, { ...(project.onServer && { on: "server" }), ...options }),
  );
}

onEvery(
  "several migrations become one: databases past them go on, new ones get the same",
  async (project, t) => {
    await written(project);
    await project.with((environment) => environment.upgrade());
    const [before, rows] = [await project.catalog(), await project.sql("SELECT * FROM team ORDER BY id")];
    const document = await squash(project, "base:d4", { message: "first year" });
    assert.deepEqual(document.replaces, ["a1", "b2", "c3", "d4"]);
    assert.equal(document.simplified, true);
    assert.deepEqual(await project.files(), ["d4_first_year.ts", "e5.ts"]);
    assert.equal(document.file, "migrations/versions/d4_first_year.ts");
    assert.match(document.source, /replaces: \["a1", "b2", "c3"\]/);
    assert.match(document.source, /branchLabels: \["teams"\]/);
    assert.equal(document.source.match(/createTable/g)?.length, 2);
    await project.with(async (environment) => {
      assert.deepEqual((await environment.upgrade()).steps, []);
      const validated = await environment.validate();
      assert.deepEqual(validated.problems, []);
      assert.equal((await environment.status()).upToDate, true);
    });
    const other = await project.another((end) => t.after(end));
    for (const name of await project.files())
      await other.write(`migrations/versions/${name}`, await readFile(join(project.versions, name), "utf8"));
    await other.with((environment) => environment.upgrade());
    assert.deepEqual(await other.catalog(), before);
    assert.deepEqual(await other.sql("SELECT * FROM team ORDER BY id"), rows);
    assert.deepEqual((await other.with((environment) => environment.validate())).problems, []);
    for (const each of [other, project]) {
      await each.with((environment) => environment.downgrade("base"));
      assert.deepEqual(await each.tables(), []);
    }
  },
);

onEvery("what cannot be squashed is refused by name, and nothing is touched", async (project) => {
  await written(project);
  await project.migration("x1", "b2", {});
  const files = await project.files();
  const refused = async (range: string, code: string, text: RegExp, options: SquashOptions = {}) => {
    await assert.rejects(squash(project, range, options), (error) => {
      assert.ok(isAthanorError(error));
      assert.equal(error.code, code);
      assert.match(error.message, text);
      return true;
    });
    assert.deepEqual(await project.files(), files);
  };
  await refused("a1:c3", "MIGRATE.SQUASH_RANGE", /x1 follows or depends on b2/);
  await refused("a1:heads", "MIGRATE.SQUASH_RANGE", /several ends/);
  await refused("a1", "MIGRATE.SQUASH_RANGE", /two ends/);
  await refused("b2:a1", "REVISION.NOT_ANCESTOR", /a1/);
  await project.with((environment) => environment.upgrade("d4"));
  await refused("c3:e5", "MIGRATE.SQUASH_MIDDLE", /d4/);
});

onEvery(
  "steps of code are left out by name alone, and a half squashed database is explained",
  async (project) => {
    await written(project);
    await project.migration("f6", "e5", {
      upgrade:
        'op.run("fill mottos", async (db) => { await db.execute("UPDATE team SET motto = name"); }, { changes: [] });',
    });
    await assert.rejects(squash(project, "c3:f6"), (error) => {
      assert.ok(isAthanorError(error, "MIGRATE.SQUASH_STEPS"));
      assert.match(error.message, /"fill mottos" \(migrations\/versions\/f6\.ts\)/);
      return true;
    });
    const dry = await squash(project, "d4:f6", { leaveOut: ["fill mottos"], dryRun: true });
    assert.deepEqual([dry.outcome, dry.leftOut], ["dry run", ["fill mottos"]]);
    assert.equal((await project.files()).length, 6);
    await project.with((environment) => environment.upgrade("d4"));
    await project.sql("UPDATE athanor_version SET version_num = 'f6'");
    await squash(project, "d4:f6", { leaveOut: ["fill mottos"] });
    await project.sql("UPDATE athanor_version SET version_num = 'd4'");
    await project.with(async (environment) => {
      const { problems } = await environment.status();
      assert.deepEqual(
        problems.map(({ code, revisions }) => [code, revisions]),
        [["UNKNOWN_REVISION", ["d4"]]],
      );
      assert.match(problems[0]?.message ?? "", /squashed into f6/);
      await assert.rejects(environment.upgrade(), (error) => isAthanorError(error, "MIGRATE.SQUASHED"));
    });
  },
);
