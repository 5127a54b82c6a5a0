/** The example as people copy it: its types, its own tests on every database, and a start from nothing. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CliProject, repository } from "../cli/project.ts";
import { dialects, temporaryDatabase } from "../dialects.ts";

describe("examples/heroes", () => {
  let project: CliProject;
  before(() => {
    project = new CliProject();
    cpSync(join(repository, "examples/heroes"), project.root, { recursive: true });
    mkdirSync(project.path("node_modules/@hono"));
    for (const name of ["hono", "@hono/node-server"]) {
      const installed = join(repository, "node_modules", name);
      symlinkSync(installed, project.path(join("node_modules", name)), "junction");
    }
  });
  after(() => project.remove());

  it("type-checks", () => {
    const compiler = join(repository, "node_modules/typescript/bin/tsc");
    const { status, stdout } = project.node([compiler, "-p", "."]);
    assert.equal(status, 0, stdout);
  });

  for (const dialect of dialects) {
    it(`passes its tests on ${dialect.name}`, async () => {
      const database = dialect.server === null ? null : await temporaryDatabase(dialect);
      try {
        const env: Record<string, string> = database === null ? {} : { TEST_DATABASE_URL: database.url };
        const { status, stdout } = project.node(["--test"], env);
        assert.equal(status, 0, stdout);
      } finally {
        await database?.remove();
      }
    });
  }

  it("has migrations for all of its models", () => {
    const migrated = project.athanor(["migrate"]);
    assert.equal(migrated.status, 0, migrated.stderr);
    const check = project.athanor(["check"]);
    assert.equal(check.status, 0, check.stdout);
  });

  it("starts with an empty database, serves, and ends when it is told to", async () => {
    const env = { ...process.env, DATABASE_URL: "sqlite:///fresh.db", PORT: "0" };
    const server = spawn(process.execPath, ["src/main.ts"], { cwd: project.root, env });
    try {
      const address = await new Promise<string>((resolve, reject) => {
        let printed = "";
        server.stdout.on("data", (text) => {
          printed += text;
          const found = /listening on (\S+)/.exec(printed);
          if (found !== null) resolve(found[1] as string);
        });
        server.once("exit", () => reject(new Error(printed)));
      });
      const response = await fetch(`${address}/heroes`);
      assert.deepEqual(await response.json(), { heroes: [], next: null });
    } finally {
      server.kill("SIGTERM");
    }
    const [code] = await once(server, "exit");
    assert.equal(code, 0);
  });
});
