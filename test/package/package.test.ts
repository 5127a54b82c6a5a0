/** What `npm publish` would send, in the hands of a user: packed, installed into an empty project, imported, checked. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseSource } from "../architecture/source.ts";
import { readManifest, root, type Tarball, Workbench } from "./workbench.ts";

/** Ceilings of the tarball, in bytes. Who raises one says what for in the commit. */
const budget = { packed: 900_000, unpacked: 3_200_000 };

const manifest = readManifest();
const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== "./package.json");
const specifiers = subpaths.map((subpath) => subpath.replace(/^\./, "athanor"));

const compilers = {
  "TypeScript 7": "typescript/bin/tsc",
  "TypeScript 5.9": "typescript-5.9/bin/tsc",
} as const;

const settings = {
  compilerOptions: {
    target: "ES2023",
    lib: ["ES2023", "ESNext.Disposable"],
    module: "NodeNext",
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    declaration: true,
    skipLibCheck: false,
    types: ["node"],
    outDir: "out",
    rewriteRelativeImportExtensions: true,
  },
  include: ["*.ts"],
};

describe("the packed tarball", () => {
  const bench = new Workbench();
  let tarball: Tarball;

  before(() => {
    tarball = bench.pack();
    const installed = (name: string): string => {
      const path = join(root, "node_modules", name, "package.json");
      return `${name}@${(JSON.parse(readFileSync(path, "utf8")) as { version: string }).version}`;
    };
    bench.install(tarball, ["zod", "kysely", "@types/node"].map(installed));
  });
  after(() => bench.remove());

  test("holds what is published and nothing else", () => {
    const allowed =
      /^(dist\/.+\.(js|d\.ts)|package\.json|athanor\.schema\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
    const paths = tarball.files.map((file) => file.path);
    assert.deepEqual(
      paths.filter((path) => !allowed.test(path) || /\.test\./.test(path)),
      [],
    );
    for (const needed of ["package.json", "LICENSE", "CHANGELOG.md", "dist/index.js", "dist/index.d.ts"]) {
      assert.ok(paths.includes(needed), `${needed} is missing`);
    }
  });

  test("names no folder of the machine it was built on, and no source file", () => {
    const home = join(bench.project, "node_modules/athanor");
    const guilty = globSync("dist/**/*.{js,ts}", { cwd: home }).filter((path) => {
      const text = readFileSync(join(home, path), "utf8");
      const leadsToSource = parseSource(path, text).imports.some(({ specifier }) =>
        /^\..*\.ts$/.test(specifier),
      );
      return text.includes(root) || leadsToSource;
    });
    assert.deepEqual(guilty, []);
  });

  test("keeps within its size", (t) => {
    const share = (bytes: number, ceiling: number): string =>
      `${Math.ceil(bytes / 1000)} kB of ${ceiling / 1000} kB`;
    t.diagnostic(`packed ${share(tarball.bytes, budget.packed)}`);
    t.diagnostic(`unpacked ${share(tarball.unpackedBytes, budget.unpacked)}, ${tarball.files.length} files`);
    assert.ok(tarball.bytes <= budget.packed && tarball.unpackedBytes <= budget.unpacked);
  });

  for (const specifier of specifiers) {
    test(`${specifier} can be imported`, () => {
      const program = `await import(${JSON.stringify(specifier)})`;
      const done = bench.run(process.execPath, ["--input-type=module", "--eval", program]);
      assert.equal(done.status, 0, done.output);
    });
  }

  for (const [name, compiler] of Object.entries(compilers)) {
    test(`type-checks in a user's project with ${name}, our declarations included`, () => {
      const imports = specifiers.map((specifier, n) => `import * as m${n} from "${specifier}";`);
      const uses = specifiers.map((_, n) => `m${n}`).join(", ");
      bench.write("imports.ts", `${imports.join("\n")}\nexport const all: readonly unknown[] = [${uses}];\n`);
      for (const file of globSync("consumer/*.ts", { cwd: import.meta.dirname })) {
        const text = readFileSync(join(import.meta.dirname, file), "utf8");
        bench.write(file.replace(/^consumer./, ""), text);
      }
      bench.write("tsconfig.json", JSON.stringify(settings));
      const done = bench.tool(compiler, ["-p", "."], bench.project);
      assert.equal(done.status, 0, done.output);
    });
  }

  test("the user's program runs as it was compiled", () => {
    const done = bench.run(process.execPath, ["--disable-warning=ExperimentalWarning", "out/use.js"]);
    assert.equal(done.status, 0, done.output);
    assert.equal(done.stdout, "DEADPOND of Preventers, 1\nrefused\n");
  });

  test("npx athanor --help speaks", () => {
    const done = bench.run("npx", ["--no-install", "athanor", "--help"]);
    assert.equal(done.status, 0, done.output);
    assert.match(done.stdout, /makemigrations/);
  });

  test("a driver that is not installed is named, with the command that brings it", () => {
    for (const [scheme, driver] of [
      ["postgresql", "pg"],
      ["mysql", "mysql2"],
      ["pglite", "@electric-sql/pglite"],
      ["sqlite+better-sqlite3", "better-sqlite3"],
    ]) {
      const url = `${scheme}://${scheme === "postgresql" || scheme === "mysql" ? "127.0.0.1/app" : ""}`;
      const done = bench.run("npx", ["--no-install", "athanor", "current", "--url", url]);
      assert.notEqual(done.status, 0);
      assert.match(done.output, /DATABASE\.DRIVER_MISSING/, done.output);
      assert.ok(done.output.includes(`npm install ${driver}`), done.output);
    }
  });

  test("publint finds nothing", () => {
    const done = bench.tool("publint/src/cli.js", ["run", tarball.path, "--strict"]);
    assert.equal(done.status, 0, done.output);
    assert.match(done.output, /All good!/);
  });

  test("attw finds nothing", () => {
    const flags = ["--profile", "esm-only", "--no-definitely-typed", "--format", "ascii", "--no-emoji"];
    const done = bench.tool("@arethetypeswrong/cli/dist/index.js", [tarball.path, ...flags]);
    assert.equal(done.status, 0, done.output);
    for (const specifier of specifiers) assert.ok(done.output.includes(`"${specifier}"`), done.output);
  });
});
