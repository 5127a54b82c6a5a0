/** Models are found wherever they stand, whatever syntax their files are in; what misbehaves is named, in time. */
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { describe, it } from "node:test";
import { type Discovered, type DiscoverOptions, discover } from "../../src/discover/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import { CliProject } from "../cli/project.ts";

/** A model in one line. */
function model(name: string, table: string, fields = "", head = ""): string {
  return `import { field, Model } from "athanor";
import { z } from "zod";
${head}
export class ${name} extends Model("${table}", { id: field(z.int(), { primaryKey: true }), ${fields} }) {}
`;
}

async function found(
  files: Readonly<Record<string, string>>,
  options: Partial<DiscoverOptions> = {},
  prepare: (project: CliProject) => void = () => {},
): Promise<Discovered> {
  using project = new CliProject(files);
  prepare(project);
  return await discover({ root: project.root, paths: [], exclude: [], timeout: 20, ...options });
}

const tablesOf = ({ schema }: Discovered): readonly string[] => schema.tables.map(({ name }) => name);

async function refused(
  code: string,
  files: Readonly<Record<string, string>>,
  options: Partial<DiscoverOptions> = {},
): Promise<Record<string, unknown>> {
  try {
    await found(files, options);
  } catch (error) {
    assert.ok(isAthanorError(error), String(error));
    assert.equal(error.code, code, error.message);
    return error.fields as unknown as Record<string, unknown>;
  }
  assert.fail(`${code} was expected`);
}

describe("discovery finds", () => {
  it("every ending, and nothing that only looks like a model", async () => {
    const { files, ...rest } = await found({
      "models/a.ts": model("A", "a"),
      "models/deep/b.mts": model("B", "b"),
      "models/c.js": model("C", "c"),
      "models/d.mjs": model("D", "d"),
      "models/comment.ts": '// class X extends Model("x", {}) {}\nexport const text = "extends Model(";\n',
      "models/a.test.ts": model("T", "t"),
      "models/a.d.ts": "export declare class Model {}",
      "models/notes.md": "Model",
    });
    assert.deepEqual(files, ["models/a.ts", "models/c.js", "models/d.mjs", "models/deep/b.mts"]);
    assert.deepEqual(tablesOf(rest as Discovered), ["a", "b", "c", "d"]);
  });

  it("models that are a long way of imports apart", { skip: process.platform === "win32" }, async () => {
    const last = 1500;
    const files = Object.fromEntries(
      Array.from({ length: last }, (_, at) => [
        `deep/f${at}.ts`,
        `export { name } from "./f${at + 1}.ts";\n`,
      ]),
    );
    const result = await found({
      ...files,
      [`deep/f${last}.ts`]: 'export const name = "far";\n',
      "models/far.ts": `${model("Far", "far")}export { name } from "../deep/f0.ts";\n`,
    });
    assert.deepEqual(tablesOf(result), ["far"]);
  });

  it("models under other names, through functions, without a class of their own", async () => {
    const result = await found({
      "models/renamed.ts": model("A", "a")
        .replace("{ field, Model }", "{ field, Model as Table }")
        .replace("Model(", "Table("),
      "models/namespace.ts":
        'import * as athanor from "athanor";\nimport { z } from "zod";\nexport class B extends athanor.Model("b", { id: athanor.field(z.int(), { primaryKey: true }) }) {}\n',
      "lib/base.ts":
        'import { field, Model } from "athanor";\nimport { z } from "zod";\nexport const base = (name: string) => Model(name, { id: field(z.int(), { primaryKey: true }) });\n',
      "models/helped.ts": 'import { base } from "../lib/index.ts";\nexport class C extends base("c") {}\n',
      "lib/index.ts": 'export * from "./base.ts";\n',
      "models/constant.ts":
        'import { field, Model } from "athanor";\nimport { z } from "zod";\nconst Base = Model("d", { id: field(z.int(), { primaryKey: true }) });\nexport class D extends Base {}\n',
      "models/other.ts":
        "const mixin = (base: typeof Object) => base;\nexport class E extends mixin(Object) {}\nthrow new Error('imported');\n",
    });
    assert.deepEqual(tablesOf(result), ["a", "b", "c", "d"]);
    assert.deepEqual(result.models.map(({ name, file }) => [name, file]).sort(), [
      ["A", "models/renamed.ts"],
      ["B", "models/namespace.ts"],
      ["C", "models/helped.ts"],
      ["D", "models/constant.ts"],
    ]);
  });

  it("decorators, enums, namespaces and parameter properties, of both kinds of decorators", async () => {
    const decorated = `enum Rank { Low = "low", High = "high" }
namespace Names { export const table = "ranked"; }
class Point { constructor(readonly x: number) {} }
DECORATOR
@mark
export class Ranked extends Model("ranked", { id: field(z.int(), { primaryKey: true }), rank: field(z.enum(Rank)), at: field(z.int(), { default: new Point(Rank.High.length).x }) }) {}
export const name = Names.table;
`;
    const head = 'import { field, Model } from "athanor";\nimport { z } from "zod";\n';
    const modern =
      "function mark(_: unknown, context: ClassDecoratorContext) { if (context.kind !== 'class') throw new Error('old'); }";
    const old =
      "function mark(target: unknown, ...rest: unknown[]) { if (rest.length > 0) throw new Error('new'); }";
    const legacy = '{ // as many have it\n "extends": "./tsconfig.base.json", }';
    const paths = ["models"];
    const first = await found({ "models/a.ts": head + decorated.replace("DECORATOR", modern) }, { paths });
    assert.deepEqual(
      first.schema.tables[0]?.columns.map(({ name }) => name),
      ["id", "rank", "at"],
    );
    const second = await found(
      {
        "models/a.ts": head + decorated.replace("DECORATOR", old),
        "tsconfig.json": legacy,
        "tsconfig.base.json": '{ "compilerOptions": { "experimentalDecorators": true } }',
      },
      { paths },
    );
    assert.deepEqual(tablesOf(second), ["ranked"]);
  });

  it("what tsconfig.json calls by another name, endings left out or compiled, index files", async () => {
    const result = await found({
      "tsconfig.json": '{ "compilerOptions": { "paths": { "@shared/*": ["./src/shared/*"] } } }',
      "src/shared/fields.ts":
        'import { field } from "athanor";\nimport { z } from "zod";\nexport const name = field(z.string());\n',
      "src/shared/more/index.ts": 'export { name as title } from "../fields";\n',
      "src/models/a.ts": model(
        "A",
        "a",
        "name, title, B: field(z.int())",
        'import { name } from "@shared/fields";\nimport { title } from "../shared/more";\nimport "./b.js";',
      ),
      "src/models/b.ts": model("B", "b"),
    });
    assert.deepEqual(tablesOf(result), ["a", "b"]);
    assert.deepEqual(
      result.schema.tables[0]?.columns.map(({ name }) => name),
      ["id", "name", "title", "b"],
    );
  });

  it("models of a monorepo's packages, by glob and through links", async () => {
    const files = {
      "packages/users/package.json":
        '{ "name": "@app/users", "type": "module", "exports": "./src/index.ts" }',
      "packages/users/src/index.ts": 'export * from "./user.ts";\n',
      "packages/users/src/user.ts": model("User", "user"),
      "packages/orders/src/order.ts": model(
        "Order",
        "order",
        "userId: () => field(z.int(), { foreignKey: User.c.id })",
        'import { User } from "@app/users";',
      ),
      "packages/orders/node_modules/dep/index.js": 'throw new Error("walked into node_modules")',
    };
    const result = await found(files, { paths: ["packages/*/src"] }, (project) => {
      mkdirSync(project.path("node_modules/@app"));
      symlinkSync(project.path("packages/users"), project.path("node_modules/@app/users"), "junction");
    });
    assert.deepEqual(result.models.map(({ file }) => file).sort(), [
      "packages/orders/src/order.ts",
      "packages/users/src/user.ts",
    ]);
  });

  it("models behind an index file that is named outright, under the files that define them", async () => {
    const result = await found(
      {
        "db/index.ts": 'export * from "./hero.ts";\n',
        "db/hero.ts": model("Hero", "hero"),
        "db/other.ts": model("O", "o"),
      },
      { paths: ["db/index.ts"] },
    );
    assert.deepEqual(
      result.models.map(({ file }) => file),
      ["db/hero.ts"],
    );
  });

  it("whatever is in the files of the paths, where it does not look itself", async () => {
    const files = { "db/index.ts": 'export * from "./hero.ts";\n', "db/hero.ts": model("Hero", "hero") };
    const result = await found(files, { paths: ["db/index.ts"], auto: false });
    assert.deepEqual(
      result.models.map(({ name, file }) => [name, file]),
      [["Hero", "db/index.ts"]],
    );
  });

  it("nothing in excluded segments, whole ones only, and goes round in no circle of links", async () => {
    const files = {
      "src/env/a.ts": model("A", "a"),
      "src/environment/b.ts": model("B", "b"),
      "src/c.env.ts": model("C", "c"),
      "src/.hidden/d.ts": model("D", "d"),
    };
    const result = await found(files, { exclude: ["env", "build/"] }, (project) => {
      symlinkSync(project.path("src"), project.path("src/again"), "junction");
      symlinkSync("itself.ts", project.path("src/itself.ts"));
      symlinkSync("nowhere.ts", project.path("src/lost.ts"));
    });
    assert.deepEqual(tablesOf(result), ["b", "c"]);
  });
});

describe("discovery refuses, and says what", () => {
  it("a path and a glob that lead to nothing, with where they were written", async () => {
    const files = { "models/a.ts": model("A", "a"), "empty/notes.md": "" };
    const pathsFrom = "athanor.toml:6";
    for (const path of ["nowhere", "src/**/*.model.ts", "empty", "models/*.mts"]) {
      const fields = await refused("DISCOVERY.PATH_MISSING", files, { paths: ["models", path], pathsFrom });
      assert.deepEqual(fields, { path, source: pathsFrom });
    }
  });

  it("a project without models", async () => {
    const fields = await refused("DISCOVERY.NO_MODELS", { "src/a.ts": "export {};" });
    assert.deepEqual(fields, { paths: ["models", "src", "app"], files: 1 });
  });

  it("a model that is not exported", async () => {
    const files = {
      "models/a.ts": model("A", "a"),
      "models/b.ts": model("B", "b").replace("export class", "class"),
    };
    assert.deepEqual(await refused("DISCOVERY.NOT_EXPORTED", files), { file: "models/b.ts", tables: ["b"] });
  });

  it("syntax that is wrong, at its line, also where a loader reads it", async () => {
    assert.equal(
      (await refused("DISCOVERY.SYNTAX", { "models/a.ts": "\nexport class A extends Model({\n" }))["file"],
      "models/a.ts",
    );
    const imported = {
      "models/a.ts": model("A", "a", "", 'import "../lib/broken.ts";'),
      "lib/broken.ts": "enum A {\n  ?\n}",
    };
    const fields = await refused("DISCOVERY.SYNTAX", imported);
    assert.deepEqual([fields["file"], fields["line"]], ["lib/broken.ts", 2]);
  });

  it("what throws: errors, other values, later, and in code that was transformed, at the line it was written on", async () => {
    const thrown = async (tail: string): Promise<Record<string, unknown>> =>
      refused("DISCOVERY.IMPORT", { "models/a.ts": `${model("A", "a")}${tail}` });
    assert.deepEqual(await thrown("throw new Error('no luck');"), {
      file: "models/a.ts",
      line: 5,
      problem: "no luck",
      missing: null,
    });
    assert.equal((await thrown("throw null;"))["problem"], "it threw null");
    assert.equal(
      (await thrown("throw { toString() { throw 1; } };"))["problem"],
      "it threw what cannot be shown",
    );
    assert.equal(
      (await thrown("Promise.reject(new Error('later')); await new Promise((r) => setTimeout(r, 1000));"))[
        "problem"
      ],
      "later",
    );
    assert.equal((await thrown("\nenum E { A }\n\nthrow new Error('mapped' + E.A);"))["line"], 8);
    const long = String((await thrown("throw new Error('x'.repeat(1e6) + '\\n'.repeat(1000));"))["problem"]);
    assert.ok(long.length < 2100);
  });

  it("a package that is not installed, by name, and a file that is not there", async () => {
    const files = { "models/a.ts": model("A", "a", "", 'import "left-pad";') };
    const fields = await refused("DISCOVERY.IMPORT", files);
    assert.deepEqual([fields["file"], fields["missing"]], ["models/a.ts", "left-pad"]);
    const gone = await refused("DISCOVERY.IMPORT", {
      "models/a.ts": model("A", "a", "", 'import "./gone.ts";'),
    });
    assert.match(String(gone["problem"]), /gone\.ts/);
  });

  it("what never ends, waits for ever, exits, or closes the channel, in time", async () => {
    // Long enough for a process to begin on a busy machine; what ends is given more.
    const tail = async (code: string, text: string, timeout = 60): Promise<Record<string, unknown>> =>
      refused(code, { "models/a.ts": `${model("A", "a")}${text}` }, { timeout });
    assert.deepEqual(await tail("DISCOVERY.TIMEOUT", "for (;;);", 8), { seconds: 8, file: "models/a.ts" });
    assert.deepEqual(await tail("DISCOVERY.TIMEOUT", "await new Promise(() => {});", 8), {
      seconds: 8,
      file: "models/a.ts",
    });
    assert.deepEqual(await tail("DISCOVERY.EXITED", "process.exit(7);"), { file: "models/a.ts", code: 7 });
    assert.equal((await tail("DISCOVERY.EXITED", "process.kill(process.pid, 'SIGKILL');"))["code"], null);
    await tail("DISCOVERY.EXITED", "process.disconnect(); await new Promise((r) => setTimeout(r, 600_000));");
  });

  it("nothing of what files print, keep open, or say in our place", async () => {
    const result = await found({
      "models/a.ts": `import { createServer } from "node:net";
${model("A", "a")}
for (let n = 0; n < 10_000; n++) console.log("noise", n), console.error("noise");
createServer().listen(0);
setInterval(() => {}, 1000);
process.send?.({ kind: "done", schema: { tables: [] }, renames: [], models: [] });
`,
    });
    assert.deepEqual(tablesOf(result), ["a"]);
  });

  it("models that cannot be, with their own remedy", async () => {
    const fields = await refused("DISCOVERY.MODEL", {
      "models/a.ts": model("A", "t"),
      "models/b.ts": model("B", "t"),
    });
    assert.equal(fields["code"], "MODEL.DUPLICATE_TABLE");
  });

  it("models that break when they are put to use, with the place", async () => {
    const fields = await refused("DISCOVERY.MODEL", {
      "models/a.ts": `${model("A", "t")}
export class B extends Model("b", { id: () => field(undefined!.type, { primaryKey: true }) }) {}
`,
    });
    assert.match(String(fields["problem"]), /^models\/a\.ts:\d+ cannot be made a table: /);
    assert.match(String(fields["todo"]), /\S/);
  });
});
