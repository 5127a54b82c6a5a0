/** What a program loads before it has done anything, by list of modules and not by time. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { designPlane, entries, runPlane } from "./architecture/layers.ts";

const root = join(import.meta.dirname, "..");
const dist = `${pathToFileURL(join(root, "dist")).href}/`;
const tracer = pathToFileURL(join(import.meta.dirname, "startup/trace.ts")).href;

const designHalves = /^dialect\/[^/]+\/(ddl|inspect|diff|design)\b/;
const drivers = /^dialect\/[^/]+\/driver\b/;
const driverPackages = [
  "sqlite",
  "pg",
  "postgres",
  "mysql2",
  "mariadb",
  "better-sqlite3",
  "@electric-sql/pglite",
];

/** What a run loaded: files of `dist` by their path in it, npm packages by name, Node's modules with `node:`. */
interface Loaded {
  readonly ours: readonly string[];
  readonly packages: readonly string[];
  readonly builtins: readonly string[];
  readonly stdout: string;
}

function trace(...program: readonly string[]): Loaded {
  assert.ok(existsSync(join(root, "dist/index.js")), "nothing is built; run: npm run build");
  const folder = mkdtempSync(join(tmpdir(), "athanor-trace-"));
  try {
    const target = join(folder, "modules.json");
    const done = spawnSync(process.execPath, ["--import", tracer, ...program], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, ATHANOR_TRACE: target },
    });
    assert.equal(done.status, 0, done.stderr);
    const urls = (JSON.parse(readFileSync(target, "utf8")) as string[]).filter((url) => url !== tracer);
    const packages = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
    return {
      ours: urls.filter((url) => url.startsWith(dist)).map((url) => url.slice(dist.length)),
      packages: [...new Set(packages)],
      builtins: urls.filter((url) => url.startsWith("node:")),
      stdout: done.stdout,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function traceImport(specifier: string): Loaded {
  return trace("--input-type=module", "--eval", `await import(${JSON.stringify(specifier)})`);
}

function inFolders(paths: readonly string[], folders: readonly string[]): readonly string[] {
  return paths.filter((path) => folders.includes(path.split("/", 1)[0] as string));
}

function loadedDrivers(loaded: Loaded): readonly string[] {
  return [
    ...loaded.ours.filter((path) => drivers.test(path)),
    ...loaded.packages.filter((name) => driverPackages.includes(name)),
    ...loaded.builtins.filter((url) => url === "node:sqlite"),
  ];
}

describe("start-up", () => {
  test("the tracer sees files, packages and Node's own modules", () => {
    const loaded = trace(
      "--input-type=module",
      "--eval",
      'import "zod"; import "node:sqlite"; import "athanor";',
    );
    assert.deepEqual(loaded.packages, ["zod"]);
    assert.deepEqual(loadedDrivers(loaded), ["node:sqlite"]);
    assert.ok(loaded.ours.includes("index.js"));
  });

  test("the import of athanor loads neither the design plane nor a driver", () => {
    const loaded = traceImport("athanor");
    assert.ok(loaded.ours.includes("index.js"));
    assert.deepEqual(inFolders(loaded.ours, designPlane), []);
    assert.deepEqual(
      loaded.ours.filter((path) => designHalves.test(path)),
      [],
    );
    assert.deepEqual(loadedDrivers(loaded), []);
  });

  for (const [entry, { never }] of Object.entries(entries)) {
    const name = entry.replace(/\.ts$/, "");
    if (name === "index" || !existsSync(join(root, "src", entry))) continue;
    test(`the import of athanor/${name} stays on its own plane`, () => {
      const loaded = traceImport(`athanor/${name}`);
      assert.ok(loaded.ours.includes(`${name}.js`));
      assert.deepEqual(inFolders(loaded.ours, never), []);
      assert.deepEqual(loadedDrivers(loaded), []);
    });
  }

  test("athanor --help loads neither Zod, nor a driver, nor anything that compares or applies", () => {
    const loaded = trace("dist/cli/bin.js", "--help");
    assert.match(loaded.stdout, /makemigrations/);
    assert.deepEqual(
      loaded.packages.filter((name) => name !== "commander"),
      [],
    );
    assert.deepEqual(
      inFolders(loaded.ours, [...designPlane, ...runPlane, "model", "discover", "picture"]),
      [],
    );
    assert.deepEqual(loadedDrivers(loaded), []);
    assert.deepEqual(
      loaded.ours.filter((path) => designHalves.test(path)),
      [],
    );
  });

  test("athanor status loads nothing that compares, folds or makes models", () => {
    const loaded = trace("dist/cli/bin.js", "status", "--url", "sqlite://");
    assert.match(loaded.stdout, /^heads /m);
    const rest = inFolders(loaded.ours, [
      "diff",
      "fold",
      "lint",
      "plan",
      "pull",
      "model",
      "query",
      "session",
    ]);
    assert.deepEqual(rest, []);
    assert.deepEqual(
      loaded.packages.filter((name) =>
        ["esbuild", "oxc-parser", "oxc-resolver", "yaml", "smol-toml", "zod"].includes(name),
      ),
      [],
    );
  });
});
