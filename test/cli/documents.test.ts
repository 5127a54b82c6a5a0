/** What commands print with `--json` is what the published types say; the compiler compares the two. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { program } from "../../src/cli/program.ts";
import { CliProject, heroModel, repository } from "./project.ts";

/** A run of a command: what is typed, and how it ends. */
interface Run {
  readonly args: readonly string[];
  readonly exit?: number;
  /** Whether it gives its document though it fails. */
  readonly inPart?: boolean;
  /** Files that the project is given before. */
  readonly files?: Readonly<Record<string, string>>;
}

let project: CliProject;

/** A migration by hand. */
const hand = (revision: string, down: string, upgrade: string): Readonly<Record<string, string>> => ({
  [`migrations/versions/${revision}.ts`]: `import { migration, t } from "athanor/migrations";
export default migration({ revision: "${revision}", downRevision: "${down}", message: "${revision}",
  upgrade(op) { ${upgrade} }, downgrade() {} });
export const types = t;
`,
});

/** A module with a model. */
const orders: Readonly<Record<string, string>> = {
  "modules/orders/module.ts": `import { defineModule } from "athanor/modules";
export default defineModule({ name: "orders", version: "1.0.0" });
`,
  "modules/orders/models.ts": `import { field } from "athanor";
import { createModuleBase } from "athanor/modules";
import { z } from "zod";
export const Orders = createModuleBase("orders");
export class Order extends Orders.Model("order", { id: field(z.int(), { primaryKey: true }) }) {}
`,
};

/** Runs of every command, in an order in which each has something to say. */
const runs: readonly Run[] = [
  { args: ["startproject", "new", "--template", "postgres"] },
  { args: ["init"] },
  { args: ["init"] },
  { args: ["makemigrations", "create hero", "--dry-run"] },
  { args: ["makemigrations", "create hero", "--rev-id", "aaaaaaaaaaaa"] },
  { args: ["migrate", "--plan"] },
  { args: ["migrate", "--sql"] },
  { args: ["status"] },
  { args: ["check"], exit: 1 },
  { args: ["migrate"] },
  { args: ["makemigrations"] },
  { args: ["check"] },
  { args: ["rollback", "--plan"] },
  { args: ["rollback"] },
  { args: ["migrate"] },
  { args: ["migrate"] },
  { args: ["revision", "-m", "by hand", "--rev-id", "bbbbbbbbbbbb"] },
  { args: ["migrate"] },
  { args: ["squash", "aaaaaaaaaaaa:bbbbbbbbbbbb", "--dry-run"] },
  {
    args: ["lint"],
    exit: 1,
    files: hand("cccccccccccc", "aaaaaaaaaaaa", 'op.dropColumn("hero", "name");'),
  },
  { args: ["lint", "heads", "--offline", "--exit-code", "never"] },
  { args: ["heads"] },
  { args: ["branches"] },
  { args: ["history"] },
  { args: ["list", "--pending-only"] },
  { args: ["show", "aaaa"] },
  { args: ["rebase", "cccccccccccc", "--dry-run"] },
  { args: ["edit", "aaaa"] },
  { args: ["merge", "heads", "-m", "merge", "--rev-id", "dddddddddddd"] },
  { args: ["stamp", "heads"] },
  { args: ["current"] },
  { args: ["validate"] },
  {
    args: ["validate"],
    exit: 1,
    files: hand(
      "cccccccccccc",
      "aaaaaaaaaaaa",
      'op.dropColumn("hero", "name"); op.execute("SELECT 1", { changes: [] });',
    ),
  },
  { args: ["status"] },
  { args: ["inspect"] },
  { args: ["pull", "--out", "pulled", "--dry-run"] },
  { args: ["diff"] },
  { args: ["diff", "--from", "aaaa", "--to", "models", "--sql"] },
  { args: ["verify"], exit: 1 },
  { args: ["module", "list"] },
  { args: ["makemigrations", "orders", "--head", "base"], files: orders },
  { args: ["module", "add", "orders"] },
  { args: ["module", "upgrade"] },
  { args: ["module", "list"] },
  { args: ["module", "uninstall", "orders", "--plan"] },
  { args: ["module", "disable", "orders"] },
  { args: ["module", "uninstall", "orders", "--confirm"] },
  { args: ["doctor", "--list"] },
  { args: ["doctor"], exit: 1 },
  { args: ["reset", "--confirm"] },
  { args: ["fresh", "--confirm"] },
  { args: ["migrate", "--targets", "targets.txt"], files: { "targets.txt": "sqlite:///one.db\n" } },
  {
    args: ["migrate", "--targets", "targets.txt"],
    exit: 3,
    inPart: true,
    files: { "targets.txt": "sqlite:///no/folder/one.db\n" },
  },
  { args: ["config"] },
  { args: ["completion", "fish"] },
  { args: ["clean"] },
  { args: ["show", "nothing"], exit: 2 },
  { args: ["status", "--url", "sqlite:////no/folder/at/all.db"], exit: 3 },
];

/** Runs them one after the other in one process: what they print, and how each ends. */
const driver = `import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { runCli } from "athanor/cli";
const { write } = process.stdout;
const done: { exit: number; text: string }[] = [];
for (const { args, files = {} } of JSON.parse(readFileSync("runs.json", "utf8"))) {
  for (const [name, text] of Object.entries<string>(files)) {
    mkdirSync(dirname(name), { recursive: true });
    writeFileSync(name, text);
  }
  let text = "";
  process.stdout.write = (part) => ((text += part), true);
  const exit = await runCli([...args, "--json"]);
  process.stdout.write = write;
  done.push({ exit, text });
}
console.log(JSON.stringify(done));
`;

describe("the documents of --json", () => {
  const documents: { readonly name: string; readonly type: string; readonly text: string }[] = [];

  before(() => {
    project = new CliProject({
      "athanor.toml": '[database]\nDB_NAME = "app.db"\n',
      "models/hero.ts": heroModel,
      "runs.json": JSON.stringify(runs),
      "driver.ts": driver,
    });
    const { status, stdout, stderr } = project.node(["driver.ts"], { EDITOR: "true", VISUAL: "true" });
    assert.equal(status, 0, stderr);
    const done = JSON.parse(stdout) as readonly { readonly exit: number; readonly text: string }[];
    for (const [at, { args, exit = 0, inPart = false }] of runs.entries()) {
      const { exit: actual, text } = done[at]!;
      assert.equal(actual, exit, `${args.join(" ")}\n${text}${stderr}`);
      const name = args[0] === "module" ? `module_${args[1]}` : (args[0] ?? "");
      documents.push({
        name,
        type: exit > 1 && !inPart ? "ErrorDocument" : `CommandDocuments["${name}"]`,
        text,
      });
    }
  });
  after(() => project.remove());

  it("one document each, and nothing beside it", () => {
    for (const { name, text } of documents) {
      assert.equal(typeof JSON.parse(text), "object", name);
      assert.equal(`${JSON.stringify(JSON.parse(text), null, 2)}\n`, text, name);
    }
  });

  it("are of the published types, with nothing that these do not say", () => {
    const lines = documents.map(({ type, text }, at) => `export const document${at}: ${type} = ${text};`);
    project.write(
      "documents.ts",
      `import type { CommandDocuments, ErrorDocument } from "athanor/cli";\n${lines.join("\n")}`,
    );
    const compilerOptions = {
      module: "NodeNext",
      target: "ES2023",
      strict: true,
      types: ["node"],
      noEmit: true,
    };
    project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["documents.ts"] }));
    const done = project.node([join(repository, "node_modules/typescript/bin/tsc"), "-p", "."]);
    assert.equal(done.status, 0, done.stdout);
  });

  it("every command has one", () => {
    const commands = program({ status: 0, options: {} }).commands.flatMap((command) =>
      command.commands.length === 0
        ? [command.name()]
        : command.commands.map((each) => `${command.name()}_${each.name()}`),
    );
    const without = commands.filter((name) => !documents.some((document) => document.name === name));
    assert.deepEqual(without, [], "give them a type in src/cli/documents.ts and a run here");
  });
});
