/** What `startproject` makes: every template compiles, passes its own tests, and migrates its database. */
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Template, templates } from "../../src/cli/project-database.ts";
import { dialects, temporaryDatabase } from "../dialects.ts";
import { CliProject, repository } from "./project.ts";

/** Which database of the tests a template is for. */
const databases: Readonly<Record<Template, string>> = {
  modules: "sqlite",
  sqlite: "sqlite",
  postgres: "postgresql",
  mysql: "mariadb",
};

function install(project: CliProject, names: readonly string[]): void {
  mkdirSync(project.path("new/node_modules/@types"), { recursive: true });
  for (const name of names) {
    const from = name === "athanor" ? repository : join(repository, "node_modules", name);
    symlinkSync(from, project.path(`new/node_modules/${name}`), "junction");
  }
}

function start(template: Template): CliProject {
  const project = new CliProject();
  const made = project.athanor(["startproject", "new", "--template", template]);
  assert.equal(made.status, 0, made.stderr);
  const { dependencies, devDependencies } = JSON.parse(project.read("new/package.json")) as Record<
    string,
    object
  >;
  install(project, [...Object.keys(dependencies!), ...Object.keys(devDependencies!), "undici-types"]);
  return project;
}

describe("startproject", () => {
  for (const template of templates) {
    it(`${template}: compiles and passes its own tests without a server`, () => {
      using project = start(template);
      const compiled = project.node([join(repository, "node_modules/typescript/bin/tsc"), "-p", "new"]);
      assert.equal(compiled.status, 0, compiled.stdout);
      const tested = project.node(["--test", "new/test/*.test.ts"]);
      assert.equal(tested.status, 0, tested.stdout);
      assert.match(tested.stdout, /pass 2/);
      const secret = databases[template] === "sqlite" ? null : "DB_PASS=";
      if (secret !== null) assert.ok(project.read("new/.env.example").includes(secret));
    });

    const dialect = dialects.find(({ name }) => name === databases[template]);
    it(`${template}: migrates its database and runs`, {
      skip: dialect === undefined && "not in this run",
    }, async () => {
      const database = await temporaryDatabase(dialect!);
      using project = start(template);
      try {
        const env = { DATABASE_URL: database.url, TEST_DATABASE_URL: database.url };
        const run = (...args: string[]): string => {
          const done = project.node(["--disable-warning=ExperimentalWarning", ...args], env, "new");
          assert.equal(done.status, 0, `${args.join(" ")}\n${done.stdout}${done.stderr}`);
          return done.stdout;
        };
        run("manage.ts", "makemigrations", "create hero and team");
        run("manage.ts", "migrate");
        const said = template === "modules" ? /Ann owes 15\.00/ : /Rusty-Man, 48, of Preventers/;
        assert.match(run("main.ts"), said);
        run("manage.ts", "check");
        run("--test", "test/*.test.ts");
        run("manage.ts", "rollback", "base");
      } finally {
        await database.remove();
      }
    });
  }
});
