/** Too little privilege: errors name the grant that is missing, and whoever follows them gets there. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { isAthanorError } from "../../src/errors/index.ts";
import { dialects } from "../dialects.ts";
import { Project } from "../migrate/project.ts";

/** How a user is made, and gone, by an administrator. */
interface Users {
  readonly make: (name: string, password: string) => readonly string[];
  readonly drop: (name: string) => readonly string[];
}

const mysql: Users = {
  make: (name, password) => [`CREATE USER ${name}@'%' IDENTIFIED BY '${password}'`],
  drop: (name) => [`DROP USER ${name}@'%'`],
};

const users: Readonly<Record<string, Users>> = {
  postgresql: {
    make: (name, password) => [`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`],
    drop: (name) => [`DROP OWNED BY ${name} CASCADE`, `DROP ROLE ${name}`],
  },
  mariadb: mysql,
  mysql,
};

/** A project whose database a user of few privileges comes to, and what an administrator runs there. */
interface Scene {
  readonly project: Project;
  /** The user's URL. */
  readonly url: string;
  readonly name: string;
  readonly asAdministrator: (...statements: readonly string[]) => Promise<void>;
}

/** The grant that an error names; the error itself where it names none. */
function grantOf(error: unknown): string {
  if (isAthanorError(error, "DATABASE.PRIVILEGE") || isAthanorError(error, "MIGRATE.FAILED")) {
    assert.equal(error.exit, 3);
    const { grant } = error.fields;
    if (grant !== undefined && grant !== null) {
      assert.ok(error.remedy.includes(grant), error.remedy);
      return grant;
    }
  }
  if (isAthanorError(error, "DATABASE.CONNECTION")) {
    const grant = /have an administrator run (GRANT [^;(]+?) \(/.exec(error.message)?.[1];
    if (grant !== undefined) return grant;
  }
  throw error;
}

/** Does the work over and over, giving what each error asks for; answers what was given. */
async function withGrants(scene: Scene, work: () => Promise<unknown>): Promise<readonly string[]> {
  const given: string[] = [];
  for (;;) {
    try {
      await work();
      return given;
    } catch (error) {
      const grant = grantOf(error);
      assert.ok(!given.includes(grant), `${grant} was given, and did not help: ${String(error)}`);
      given.push(grant);
      await scene.asAdministrator(grant);
    }
  }
}

for (const row of dialects.filter((each) => each.server !== null)) {
  const kind = users[row.name];
  if (kind === undefined) throw new Error(`nobody said how ${row.name} makes users`);
  describe(`a user who may do little, on ${row.name}`, () => {
    const onScene = (name: string, work: (scene: Scene) => Promise<void>): void => {
      test(name, async (t) => {
        const project = await Project.make((end) => t.after(end), row);
        const user = `athanor_${randomBytes(4).toString("hex")}`;
        const asAdministrator = async (...statements: readonly string[]): Promise<void> => {
          for (const sql of statements) await project.sql(sql);
        };
        await asAdministrator(...kind.make(user, "few"));
        const url = new URL(project.url);
        url.username = user;
        url.password = "few";
        try {
          await work({ project, url: url.href, name: user, asAdministrator });
        } finally {
          await asAdministrator(...kind.drop(user));
        }
      });
    };

    onScene("gets from nothing to a migrated database by what the errors say", async (scene) => {
      const { project, url } = scene;
      await scene.asAdministrator("CREATE TABLE team (id INTEGER NOT NULL PRIMARY KEY)");
      await project.migration("a1", null, {
        upgrade: `op.createTable("hero", (table) => [table.column("id", t.integer(), { nullable: false }),
      table.column("team_id", t.integer()), table.primaryKey(["id"], { name: "pk_hero" })]);
    op.addForeignKey("hero", ["team_id"], "team", ["id"], { name: "fk_hero_team" });
    op.createIndex("ix_hero_team", "hero", ["team_id"]);
    op.execute("INSERT INTO team VALUES (1)", { changes: [] });
    op.execute("UPDATE team SET id = 2 WHERE id = 1", { changes: [] });`,
        downgrade: `op.dropTable("hero");`,
      });
      const given = await withGrants(scene, () =>
        project.with((environment) => environment.upgrade(), { url }),
      );
      assert.ok(given.length >= 3, given.join("\n"));
      assert.ok(given.every((grant) => grant.includes(scene.name)));
      assert.deepEqual((await project.sql("SELECT id FROM team")).flat().map(Number), [2]);
      await withGrants(scene, () => project.with((environment) => environment.downgrade("base"), { url }));
      assert.deepEqual(await project.tables(), ["team"]);
    });

    onScene("changes a table of somebody else once it is theirs to change", async (scene) => {
      const { project, url } = scene;
      await scene.asAdministrator(
        "CREATE TABLE hero (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20))",
        "CREATE INDEX ix_hero_name ON hero (name)",
      );
      await project.migration("a1", null, {
        upgrade: `op.addColumn("hero", "age", t.integer());
    op.dropIndex("ix_hero_name", "hero");`,
      });
      await withGrants(scene, () => project.with((environment) => environment.upgrade(), { url }));
      const [hero] = (await project.catalog()).tables;
      assert.deepEqual(
        hero?.columns.map((column) => column.name),
        ["id", "name", "age"],
      );
      assert.deepEqual(hero?.indexes, []);
    });

    onScene("inspects and compares", async (scene) => {
      const { project, url } = scene;
      await scene.asAdministrator("CREATE TABLE hero (id INTEGER NOT NULL PRIMARY KEY)");
      const inspect = (): Promise<void> =>
        project.with(
          async (environment) => {
            await environment.inspect();
            await environment.makeMigrations({ message: "nothing", dryRun: true });
          },
          { url },
        );
      await withGrants(scene, inspect);
    });
  });
}
