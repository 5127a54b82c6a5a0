/**
 * `npm run demo`: from models in several files to a migrated database with rows in it, on SQLite, in a temporary
 * project like a user's. Ends with 1 as soon as a step fails.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { highlight } from "./highlight.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "athanor-demo-"));
const colours = process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "";

const style = (format: Parameters<typeof styleText>[0], text: string): string =>
  colours ? styleText(format, text, { validateStream: false }) : text;

let step = 0;

function heading(text: string): void {
  step += 1;
  console.log(`\n${style(["bold", "cyan"], `${step}  ${text}`)}\n${style("dim", "─".repeat(78))}`);
}

function command(text: string): void {
  console.log(style("green", `$ ${text}`));
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}

/** Runs one of the project's programs; a failure ends the demo. */
function run(shown: string, args: readonly string[]): string {
  command(shown);
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, ...(colours ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }) },
  });
  if (stdout.trim() !== "") console.log(indent(stdout));
  if (stderr.trim() !== "") console.log(indent(style("dim", stderr)));
  if (status !== 0) {
    console.error(`\n${style("red", "The demo failed")} at: ${shown} (exit ${status}). Look in ${project}`);
    process.exit(1);
  }
  return stdout;
}

function athanor(...args: string[]): string {
  const shown = args.map((arg) => (/[\s:]/.test(arg) ? `"${arg}"` : arg)).join(" ");
  return run(`npx athanor ${shown}`, [join(repository, "dist/cli/bin.js"), ...args]);
}

function show(file: string): void {
  console.log(style("yellow", file));
  const text = readFileSync(join(project, file), "utf8");
  console.log(indent(colours ? highlight(text) : text));
}

function newestMigration(): string {
  const folder = join(project, "migrations/versions");
  const applied = shownMigrations;
  const file = readdirSync(folder).find((name) => name.endsWith(".ts") && !applied.has(name));
  if (file === undefined) throw new TypeError("no migration was written");
  applied.add(file);
  return `migrations/versions/${file}`;
}

const shownMigrations = new Set<string>();

/** Puts another text in the place of one that has to be there. */
function edit(file: string, from: string, to: string): void {
  const path = join(project, file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new TypeError(`${file} does not hold ${from}`);
  writeFileSync(path, text.replace(from, to));
  console.log(style("yellow", file));
  console.log(
    indent(
      from
        .split("\n")
        .map((line) => style("red", `- ${line}`))
        .join("\n"),
    ),
  );
  console.log(
    indent(
      to
        .split("\n")
        .map((line) => style("green", `+ ${line}`))
        .join("\n"),
    ),
  );
}

console.log(style("bold", "Athanor: models in several files, two migrations, rows, on SQLite"));

heading("A project: models in files of their own, importing each other in a circle");
cpSync(join(repository, "demo/project"), project, { recursive: true });
mkdirSync(join(project, "node_modules"));
symlinkSync(repository, join(project, "node_modules/athanor"), "junction");
symlinkSync(join(repository, "node_modules/zod"), join(project, "node_modules/zod"), "junction");
show("models/hero.ts");
show("models/team.ts");
show("models/power.ts");

heading("The models are found, compared with the database, and the migration is written");
athanor("init");
athanor("makemigrations", "create heroes");
show(newestMigration());

heading("The migration, as SQL, and applied");
athanor("migrate", "--plan");
athanor("migrate");

heading("Rows through a Session: written, read with their relations, changed");
show("main.ts");
run("node main.ts", ["main.ts"]);

heading("A model changes");
edit(
  "models/hero.ts",
  "    secretName: field(z.string()),",
  `    alias: field(z.string(), { renamedFrom: "secretName" }),
    rank: field(z.enum(["recruit", "veteran"]), { serverDefault: "'recruit'" }),`,
);
athanor("makemigrations", "rename secret name and add rank");
show(newestMigration());
athanor("migrate");

heading("The rows are still there, and the schema as it now stands");
run("node roster.ts", ["roster.ts"]);
run("node schema.ts", ["--disable-warning=ExperimentalWarning", "schema.ts"]);
athanor("history");
athanor("check");

console.log(`\n${style(["bold", "green"], "Done.")} Look around in ${style("bold", project)}`);
