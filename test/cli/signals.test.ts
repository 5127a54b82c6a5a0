/** Signals and the log, as a user's programs hear and see them; the programs of docs/signals.md among them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { program } from "../../src/cli/program.ts";
import { signalCommands } from "../../src/signal/index.ts";
import { CliProject, heroModel, repository } from "./project.ts";

const settings = '[database]\nDB_NAME = "app.db"\n[discovery]\nMODEL_DISCOVERY_PATHS = ["models"]\n';

/** The programs of the page, by the heading above each. */
function programs(): ReadonlyMap<string, string> {
  const page = readFileSync(join(repository, "docs/signals.md"), "utf8");
  const found = new Map<string, string>();
  for (const part of page.split(/^#+ /m)) {
    const [heading = ""] = part.split("\n", 1);
    for (const match of part.matchAll(/^```ts\n(.*?)^```/gms)) found.set(heading, match[1]!);
  }
  return found;
}

describe("signals", () => {
  let project: CliProject;

  before(() => {
    project = new CliProject({ "athanor.toml": settings, "models/hero.ts": heroModel });
    const made = project.athanor(["makemigrations", "create hero", "--rev-id", "aaaaaaaaaaaa"]);
    assert.equal(made.status, 0, made.stderr);
    for (const [heading, text] of programs()) project.write(`${heading.replaceAll(/\W/g, "-")}.ts`, text);
  });
  after(() => project.remove());

  const run = (
    heading: string,
    ...args: string[]
  ): { stdout: string; stderr: string; status: number | null } =>
    project.node([`${heading.replaceAll(/\W/g, "-")}.ts`, ...args]);

  it("the page's programs are right TypeScript", () => {
    const options = {
      compilerOptions: {
        target: "ES2023",
        module: "NodeNext",
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        allowImportingTsExtensions: true,
        erasableSyntaxOnly: true,
        types: ["node"],
        noEmit: true,
      },
      include: ["*.ts"],
    };
    project.write("tsconfig.json", JSON.stringify(options));
    const done = project.node([join(repository, "node_modules/typescript/bin/tsc"), "-p", "."]);
    assert.equal(done.status, 0, done.stdout);
  });

  it("manage.ts runs the commands, its handlers connected", () => {
    const done = run("Signals", "migrate");
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, /applied {2}aaaaaaaaaaaa/);
    assert.match(done.stdout, /^migrate is done, in \d+ ms$/m);
  });

  it("a rollback cleans up, a migrate does not", () => {
    assert.match(run("Clean up after a rollback", "rollback").stdout, /cleaned up/);
    assert.doesNotMatch(run("Clean up after a rollback", "migrate").stdout, /cleaned up/);
  });

  it("times are taken, revision by revision", () => {
    run("Signals", "rollback");
    const { stdout } = run("Take the time", "migrate");
    assert.match(stdout, /^upgrade aaaaaaaaaaaa took \d+ ms$/m);
    assert.match(stdout, /migrate took \d+\.\d\d seconds/);
  });

  it("several commands have one handler, under their own names whatever was typed", () => {
    assert.match(run("Listen to several commands", "current").stdout, /^Starting current$/m);
    assert.match(run("Listen to several commands", "upgrade").stdout, /^Starting migrate$/m);
    const blank = run("Listen to several commands", "revision", "-m", "x", "--dry-run");
    assert.match(blank.stdout, /^Starting makemigrations$/m);
    assert.doesNotMatch(run("Listen to several commands", "heads").stdout, /Starting/);
  });

  it("what happened is in a log of one's own", () => {
    run("Write to a log", "current");
    const line = JSON.parse(project.read("logs/migrations.log").trim().split("\n").at(-1)!) as object;
    const { duration, time, ...rest } = line as Record<string, unknown>;
    assert.equal(typeof duration, "number");
    assert.ok(typeof time === "string");
    assert.deepEqual(rest, {
      level: "INFO",
      name: "migrations",
      message: "Migration command: current",
      arguments: [],
      options: { color: true },
      revision: null,
      direction: null,
      success: true,
      exitCode: 0,
    });
  });

  it("a team is told, of failures too", async () => {
    const heard: string[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        heard.push((JSON.parse(body) as { text: string }).text);
        response.end();
      });
    }).listen(0);
    const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tell = (...args: string[]): Promise<number | null> =>
      new Promise((resolve) => {
        const env = { ...process.env, SLACK_WEBHOOK: webhook };
        spawn(process.execPath, ["Tell-a-team.ts", ...args], { cwd: project.root, env, stdio: "ignore" }).on(
          "exit",
          resolve,
        );
      });
    try {
      assert.equal(await tell("check"), 0);
      assert.equal(await tell("show", "nothing"), 2);
    } finally {
      server.close();
    }
    assert.equal(heard[0], "Migration check completed");
    assert.match(heard[1] ?? "", /^Migration failed: .*nothing/);
  });

  it("come in their order, with everything said of the command", () => {
    project.write(
      "all.ts",
      `import { runCli } from "athanor/cli";
import { dispatcher, signalNames } from "athanor/signals";
for (const name of signalNames) dispatcher.connect(name, (payload) => console.error(JSON.stringify([name, payload])));
process.exitCode = await runCli(process.argv.slice(2));
`,
    );
    project.athanor(["rollback", "base"]);
    const done = project.node(["all.ts", "migrate", "aaaa", "--tag", "t"]);
    assert.equal(done.status, 0, done.stderr);
    const heard = done.stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as [string, Record<string, unknown>]);
    assert.deepEqual(
      heard.map(([name]) => name),
      [
        "migration_migrate_command",
        "alembic_command_started",
        "revision_started",
        "revision_applied",
        "alembic_command_completed",
        "command_finished",
      ],
    );
    for (const [, payload] of heard) {
      assert.equal(payload["commandName"], "migrate");
      assert.deepEqual(payload["arguments"], ["aaaa"]);
      assert.equal((payload["options"] as Record<string, unknown>)["tag"], "t");
      assert.equal(payload["direction"], "upgrade");
    }
    assert.equal(heard[0]![1]["revision"], "aaaa");
    assert.equal(heard[3]![1]["revision"], "aaaaaaaaaaaa");
    assert.equal(heard[3]![1]["message"], "create hero");
    assert.equal(heard[5]![1]["success"], true);
    assert.equal(typeof heard[5]![1]["duration"], "number");
  });

  it("tell of a failure at each level, with the error and its code", () => {
    project.write(
      "migrations/versions/bbbbbbbbbbbb_bad.ts",
      `import { migration } from "athanor/migrations";
export default migration({ revision: "bbbbbbbbbbbb", downRevision: "aaaaaaaaaaaa", message: "bad",
  upgrade(op) { op.execute("INSERT INTO nowhere VALUES (1)"); }, downgrade() {} });
`,
    );
    const done = project.node(["all.ts", "migrate"]);
    assert.equal(done.status, 3);
    const heard = done.stderr
      .split("\n")
      .filter((line) => line.startsWith("["))
      .map((line) => JSON.parse(line) as [string, Record<string, unknown>]);
    const failed = heard.filter(([, payload]) => payload["success"] === false);
    assert.deepEqual(
      failed.map(([name]) => name),
      ["revision_failed", "alembic_command_failed", "command_failed"],
    );
    for (const [, payload] of failed) assert.match(String(payload["errorType"]), /^[A-Z]+\.[A-Z_]+$/);
    assert.equal(failed[0]![1]["message"], "bad");
    assert.ok(!heard.some(([name]) => name === "command_finished"));
    rmSync(project.path("migrations/versions/bbbbbbbbbbbb_bad.ts"));
  });

  it("a handler that throws, rejects or is no error of ours stops nothing and is said", () => {
    project.athanor(["rollback", "base"]);
    project.write(
      "bad.ts",
      `import { runCli } from "athanor/cli";
import { dispatcher } from "athanor/signals";
dispatcher.connect("migration_migrate_command", function early() { throw new Error("too early"); });
dispatcher.connect("revision_applied", async function inside() { throw new Error("inside"); });
dispatcher.connect("command_finished", () => { throw "no error"; });
process.exitCode = await runCli(process.argv.slice(2));
`,
    );
    const done = project.node(["bad.ts", "migrate"], {
      LOGGING_FILE: "logs/app.log",
      LOGGING_FORMAT: "json",
    });
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, /applied/);
    assert.match(done.stderr, /the handler early of the signal migration_migrate_command failed: too early/);
    assert.match(
      project.read("logs/app.log"),
      /the handler inside of the signal revision_applied failed: inside/,
    );
  });

  it("never tell a password", () => {
    const done = project.node(["all.ts", "current", "--url", "postgresql://me:hunter2@127.0.0.1:1/db"]);
    assert.notEqual(done.status, 0);
    assert.match(done.stderr, /migration_current_command/);
    assert.doesNotMatch(done.stderr, /hunter2/);
  });

  it("every command has a signal", () => {
    const commands = program({ status: 0, options: {} }).commands.flatMap((command) =>
      command.commands.length === 0
        ? [command.name()]
        : command.commands.map((each) => `${command.name()}_${each.name()}`),
    );
    const without = commands.filter(
      (name) =>
        name !== "revision" && name !== "help" && !(signalCommands as readonly string[]).includes(name),
    );
    assert.deepEqual(without, [], "add them to src/signal/commands.ts");
  });
});

describe("the log of commands", () => {
  let project: CliProject;
  before(() => {
    project = new CliProject({ "athanor.toml": settings, "models/hero.ts": heroModel });
    project.athanor(["makemigrations", "create hero", "--rev-id", "aaaaaaaaaaaa"]);
  });
  after(() => project.remove());

  it("is silent on a terminal unless asked", () => {
    assert.equal(project.athanor(["status"]).stderr, "");
    assert.match(project.athanor(["status"], { LOGGING_LEVEL: "INFO" }).stderr, /athanor\.config/);
    assert.equal(project.athanor(["status", "--quiet"], { LOGGING_LEVEL: "INFO" }).stderr, "");
  });

  it("goes to a file, in the format of the configuration, errors included", () => {
    const env = { LOGGING_FILE: "logs/app.log", LOGGING_FORMAT: "%(levelname)s|%(name)s|%(message)s" };
    project.athanor(["migrate"], env);
    project.athanor(["show", "nothing"], env);
    const lines = project.read("logs/app.log").trim().split("\n");
    assert.ok(lines.some((line) => line.startsWith("INFO|athanor.config|Configuration initialized from: ")));
    assert.ok(lines.includes("INFO|athanor.migrate|upgrade aaaaaaaaaaaa: create hero"));
    assert.ok(lines.some((line) => /^ERROR\|athanor\|.*nothing/.test(line)));
  });

  it("echoes statements with their time, and leaves the document alone", () => {
    const done = project.athanor(["status", "--json"], { DATABASE_ECHO: "true" });
    assert.match(done.stderr, /athanor\.sql .*-- \d+\.\d ms/);
    assert.equal(typeof JSON.parse(done.stdout), "object");
    const json = project.athanor(["status"], { DATABASE_ECHO: "yes", LOGGING_FORMAT: "json" });
    const first = JSON.parse(json.stderr.split("\n")[0]!) as Record<string, unknown>;
    assert.equal(typeof first["milliseconds"], "number");
  });

  it("says of a file that it cannot write which one", () => {
    const done = project.athanor(["status"], { LOGGING_FILE: "package.json/app.log" });
    assert.equal(done.status, 2);
    assert.match(done.stderr, /LOG\.FILE/);
  });
});
