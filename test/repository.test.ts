/** What people find in the repository agrees with itself. */
import assert from "node:assert/strict";
import { globSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, test } from "node:test";
import { commandsPage, renderCommands } from "../scripts/commands.ts";
import {
  configurationPage,
  configurationSchema,
  renderConfiguration,
  renderConfigurationSchema,
} from "../scripts/configuration.ts";
import { doctorPage, renderDoctorPage } from "../scripts/doctor-checks.ts";
import { errorsPage, renderErrors } from "../scripts/errors.ts";
import { lintPage, renderLintPage } from "../scripts/lint-codes.ts";
import { program } from "../src/cli/program.ts";
import { rules } from "../src/lint/index.ts";
import { layers } from "./architecture/layers.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

interface Manifest {
  readonly [group: string]: unknown;
  readonly scripts: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read("package.json")) as Manifest;

function dependencies(group: string): readonly string[] {
  return Object.keys((manifest[group] ?? {}) as Readonly<Record<string, string>>);
}

describe("the repository", () => {
  test("package-lock.json names no registry, so any one serves", () => {
    const lock = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, Record<string, unknown>>;
    };
    const named = Object.entries(lock.packages).filter(([, entry]) => "resolved" in entry);
    assert.deepEqual(named, []);
    assert.match(read(".npmrc"), /^omit-lockfile-registry-resolved=true$/m);
  });

  test("package-lock.json holds what every platform needs to run and to check", () => {
    const lock = read("package-lock.json");
    const platforms = ["darwin-arm64", "linux-x64-gnu", "linux-arm64-gnu", "win32-x64-msvc"];
    const absent = platforms.filter((name) => !lock.includes(`"node_modules/@oxc-parser/binding-${name}"`));
    assert.deepEqual(absent, [], "choose a version of oxc-parser that is complete on the registry");
  });

  test("the install script that brings Node is approved", () => {
    assert.deepEqual(manifest["allowScripts"], { node: true });
  });

  test("docs/errors.md is what `npm run errors` writes", () => {
    assert.ok(readFileSync(errorsPage, "utf8") === renderErrors(), "run: npm run errors");
  });

  test("docs/lint.md is what `npm run lint-codes` writes, with every code", () => {
    const page = readFileSync(lintPage, "utf8");
    assert.ok(page === renderLintPage(), "run: npm run lint-codes");
    for (const code of Object.keys(rules)) assert.ok(page.includes(`\`${code}\``), code);
  });

  test("docs/doctor.md is what `npm run doctor-checks` writes", () => {
    assert.ok(readFileSync(doctorPage, "utf8") === renderDoctorPage(), "run: npm run doctor-checks");
  });

  test("docs/commands.md is what `npm run commands` writes, and README.md names every command", () => {
    assert.ok(readFileSync(commandsPage, "utf8") === renderCommands(), "run: npm run commands");
    const named = /^## Commands$.*?^## /ms.exec(read("README.md"))?.[0] ?? "";
    const commands = program({ status: 0, options: {} }).commands.map((command) => command.name());
    assert.deepEqual(
      commands.filter((name) => !named.includes(`\`${name}`)),
      [],
    );
  });

  test("docs/configuration.md and athanor.schema.json are what `npm run configuration` writes", () => {
    assert.ok(
      readFileSync(configurationPage, "utf8") === renderConfiguration(),
      "run: npm run configuration",
    );
    assert.equal(readFileSync(configurationSchema, "utf8"), renderConfigurationSchema());
  });

  test("docs/dependencies.md gives a reason for every dependency and for nothing else", () => {
    const listed = [...read("docs/dependencies.md").matchAll(/^- `([^`]+)`: \S/gm)].map((match) => match[1]);
    const groups = ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies"];
    assert.deepEqual([...new Set(listed)].sort(), [...new Set(groups.flatMap(dependencies))].sort());
  });

  test("every entry at the root of src is exported, and nothing else", () => {
    const subpath = (entry: string): string => (entry === "index" ? "." : `./${entry}`);
    const entries = globSync("src/*.ts", { cwd: root }).map((path) => basename(path, ".ts"));
    const expected = Object.fromEntries(
      entries.map((entry) => [
        subpath(entry),
        { types: `./dist/${entry}.d.ts`, default: `./dist/${entry}.js` },
      ]),
    );
    assert.deepEqual(manifest["exports"], { ...expected, "./package.json": "./package.json" });
  });

  test("docs/contributing.md says of every layer what belongs there", () => {
    const listed = [...read("docs/contributing.md").matchAll(/^\| `([\w/*]+)` \| \S/gm)].map(
      (match) => match[1],
    );
    assert.deepEqual(listed.sort(), Object.keys(layers).sort());
  });

  test("every script runs a file that is there", () => {
    const runs = Object.values(manifest.scripts).flatMap(
      (line) => line.match(/\b(scripts|demo|\.ci)\/[\w./-]+/g) ?? [],
    );
    assert.ok(runs.length > 0);
    for (const path of runs.filter((run) => !run.startsWith("demo/")))
      assert.ok(statSync(join(root, path)).isFile());
  });

  test(".ci/run can be executed", {
    skip: process.platform === "win32" && "no such right on Windows",
  }, () => {
    assert.notEqual(statSync(join(root, ".ci/run")).mode & 0o111, 0);
  });

  test("links between pages lead somewhere", () => {
    const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root });
    const dead = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map((match) => match[1] as string)
        .filter(
          (target) => statSync(join(root, dirname(page), target), { throwIfNoEntry: false }) === undefined,
        )
        .map((target) => `${page}: ${target}`),
    );
    assert.deepEqual(dead, []);
  });
});
