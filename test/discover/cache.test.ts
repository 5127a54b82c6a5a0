/** The cache of discovery: a second run imports nothing, a change is seen wherever it counts, and nothing is trusted. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type Discovered, type DiscoverOptions, discover } from "../../src/discover/index.ts";
import { isAthanorError } from "../../src/errors/index.ts";
import { createLogger, type LogRecord } from "../../src/log/index.ts";
import { CliProject } from "../cli/project.ts";

const head = 'import { field, Model, SubModel } from "athanor";\nimport { z } from "zod";\n';
const id = "id: field(z.int(), { primaryKey: true })";

function model(name: string, fields = "", imports = ""): string {
  return `${head}${imports}\nexport class ${name} extends Model("${name.toLowerCase()}", { ${id}, ${fields} }) {}\n`;
}

const rank = 'enum Rank { Low = "low", High = "high" }\nexport { Rank };\n';

let project: CliProject;
let records: LogRecord[];

async function run(options: Partial<DiscoverOptions> = {}): Promise<Discovered> {
  const sink = { level: "DEBUG", write: (record: LogRecord): unknown => records.push(record) } as const;
  const logger = createLogger({ level: "DEBUG", sinks: [{ ...sink, write: (r) => void sink.write(r) }] });
  const shared = { root: project.root, paths: ["models"], exclude: [], logger };
  const result = await discover({ ...shared, cache: ".athanor", ...options });
  const { imported: _, ...fresh } = await discover({ ...shared, ...options, cache: null });
  const { imported, ...kept } = result;
  assert.deepEqual(kept, fresh, "what the cache gives is what importing everything gives");
  assert.deepEqual(JSON.stringify(kept.schema), JSON.stringify(fresh.schema));
  return result;
}

const importedBy = async (options?: Partial<DiscoverOptions>): Promise<readonly string[]> =>
  (await run(options)).imported;
const said = (text: string): boolean => records.some(({ message }) => message.includes(text));

describe("the cache of discovery", () => {
  beforeEach(() => {
    records = [];
    project = new CliProject({
      "shared/rank.ts": rank,
      "shared/names.ts": 'export { Rank } from "./rank.ts";\nexport const length = 80;\n',
      "models/hero.ts": model(
        "Hero",
        "rank: field(z.enum(Rank)), teamId: () => field(z.int(), { foreignKey: Team.c.id })",
        'import { Rank } from "../shared/names.ts";\nimport { Team } from "./team.ts";',
      ),
      "models/team.ts": model(
        "Team",
        'rank: field(z.enum(Rank), { renamedFrom: "level" })',
        'import { Rank } from "../shared/rank.ts";',
      ),
      "models/power.ts": model("Power", 'heroId: field(z.int(), { foreignKey: "hero.id" })'),
      "models/city.ts": model("City"),
    });
  });
  afterEach(() => project.remove());

  it("lets a second run import nothing", async () => {
    const all = ["models/city.ts", "models/hero.ts", "models/power.ts", "models/team.ts"];
    assert.deepEqual(await importedBy(), all);
    assert.deepEqual(await importedBy(), []);
    project.write("models/notes.ts", "export const nothing = 1;\n");
    assert.deepEqual(await importedBy(), []);
    assert.ok(existsSync(project.path(".athanor/.gitignore")));
  });

  it("imports exactly what imports a shared file that changed", async () => {
    await run();
    project.write("shared/rank.ts", rank.replace('"high"', '"tall"'));
    assert.deepEqual(await importedBy(), ["models/hero.ts", "models/team.ts"]);
    project.write("shared/names.ts", 'export { Rank } from "./rank.ts";\nexport const length = 90;\n');
    assert.deepEqual(await importedBy(), ["models/hero.ts"]);
    project.write("models/city.ts", model("City", "name: field(z.string())"));
    assert.deepEqual(await importedBy(), ["models/city.ts"]);
    project.write("models/power.ts", project.read("models/power.ts"));
    assert.deepEqual(await importedBy(), []);
  });

  it("imports whatever leads to a change, through files that import each other, and nothing else", async () => {
    const imports = (...names: readonly string[]): string =>
      names.map((name) => `import "./${name}.ts";\n`).join("");
    project.write("models/one.ts", model("One", "", imports("two", "city")));
    project.write("models/two.ts", model("Two", "", imports("three")));
    project.write("models/three.ts", model("Three", "", imports("one", "two", "power")));
    project.write("models/above.ts", model("Above", "", imports("three")));
    await run();
    const circle = ["models/above.ts", "models/one.ts", "models/three.ts", "models/two.ts"];
    project.write("models/two.ts", model("Two", "name: field(z.string())", imports("three")));
    assert.deepEqual(await importedBy(), circle);
    project.write("models/above.ts", model("Above", "name: field(z.string())", imports("three")));
    assert.deepEqual(await importedBy(), ["models/above.ts"]);
    project.write("models/power.ts", model("Power"));
    assert.deepEqual(await importedBy(), [...circle, "models/power.ts"].sort());
    project.write("models/city.ts", `import "../shared/rank.ts";\n${model("City")}`);
    assert.deepEqual(await importedBy(), [...circle, "models/city.ts"].sort());
    project.write("models/power.ts", `const x = "node:fs";\nawait import(x);\n${model("Power")}`);
    await run();
    assert.deepEqual(await importedBy(), [...circle, "models/power.ts"].sort());
  });

  it("keeps views and other objects with the file that exports them", async () => {
    const views = `import { view, partitionOf } from "athanor/objects";
import { City } from "./city.ts";
export const cities = view("cities", "SELECT id FROM city");
export const part = partitionOf("city_1", () => City, "DEFAULT");
`;
    project.write("models/views.ts", views);
    const { schema, imported } = await run();
    assert.ok(imported.includes("models/views.ts"));
    assert.deepEqual([schema.objects.map(({ name }) => name), schema.tables.length], [["cities"], 5]);
    assert.deepEqual(await importedBy(), []);
    project.write("models/power.ts", model("Power"));
    assert.deepEqual(await importedBy(), ["models/power.ts"]);
    project.write("models/views.ts", views.replace("SELECT id", "SELECT id + 1 AS next"));
    assert.deepEqual(await importedBy(), ["models/views.ts"]);
  });

  it("sees files come, go, and take another's place", async () => {
    await run();
    project.write("models/place.ts", model("Place", 'cityId: field(z.int(), { foreignKey: "city.id" })'));
    assert.deepEqual(await importedBy(), ["models/place.ts"]);
    rmSync(project.path("models/place.ts"));
    assert.deepEqual(
      (await run()).schema.tables.map(({ name }) => name),
      ["city", "hero", "power", "team"],
    );
    project.write("shared/place/index.ts", rank.replace('"low"', '"least"'));
    project.write("shared/names.ts", 'export { Rank } from "./place";\n');
    assert.deepEqual(await importedBy(), ["models/hero.ts"]);
    project.write("shared/place.ts", rank);
    assert.deepEqual(await importedBy(), ["models/hero.ts"]);
    rmSync(project.path("shared/place.ts"));
    assert.deepEqual(await importedBy(), ["models/hero.ts"]);
  });

  it("refuses what no longer fits together, as if nothing were kept", async () => {
    await run();
    rmSync(project.path("models/hero.ts"));
    const dangling = await discover({
      root: project.root,
      paths: ["models"],
      exclude: [],
      cache: ".athanor",
    }).catch((error: unknown) => error);
    assert.ok(isAthanorError(dangling, "DISCOVERY.MODEL"));
    assert.equal(dangling.fields.code, "MODEL.FOREIGN_KEY_TARGET");
    project.write("models/hero.ts", model("Hero"));
    await run();
    project.write("models/second.ts", model("City"));
    await assert.rejects(run(), { code: "DISCOVERY.MODEL" });
  });

  it("keeps a model and its heirs together, wherever they stand", async () => {
    project.write(
      "models/employee.ts",
      model("Employee", 'kind: field(z.string(), { discriminator: "employee" })'),
    );
    await run();
    const manager = `${head}import { Employee } from "./employee.ts";\nexport class Manager extends SubModel(Employee, "manager", { budget: field(z.int().nullable()) }) {}\n`;
    project.write("models/manager.ts", manager);
    assert.deepEqual(await importedBy(), ["models/employee.ts", "models/manager.ts"]);
    assert.deepEqual(await importedBy(), []);
    project.write("models/manager.ts", manager.replace("budget", "bonus"));
    assert.deepEqual(await importedBy(), ["models/employee.ts", "models/manager.ts"]);
    project.write("models/employee.ts", `${project.read("models/employee.ts")}// more\n`);
    assert.deepEqual(await importedBy(), ["models/employee.ts", "models/manager.ts"]);
    rmSync(project.path("models/manager.ts"));
    assert.deepEqual(await importedBy(), ["models/employee.ts"]);
  });

  it("counts the environment that a file reads, and never keeps what only running tells", async () => {
    project.write(
      "models/city.ts",
      model("City", "name: field(z.string().max(Number(process.env.CITY_LENGTH ?? 9)))"),
    );
    project.write(
      "models/odd.ts",
      `import { readFileSync } from "node:fs";\n${model("Odd", "size: field(z.string().max(Number(readFileSync('size.txt', 'utf8'))))")}`,
    );
    project.write("size.txt", "7");
    await run();
    assert.deepEqual(await importedBy(), ["models/odd.ts"]);
    process.env["CITY_LENGTH"] = "12";
    try {
      assert.deepEqual(await importedBy(), ["models/city.ts", "models/odd.ts"]);
    } finally {
      delete process.env["CITY_LENGTH"];
    }
  });

  it("counts the configuration and the versions of packages", async () => {
    await run();
    assert.deepEqual((await importedBy({ exclude: ["nothing"] })).length, 4);
    assert.ok(said("of another version or configuration"));
    const manifest = (version: string): void => {
      project.write(
        "node_modules/dep/package.json",
        `{ "name": "dep", "version": "${version}", "type": "module", "exports": "./index.js" }`,
      );
      project.write("node_modules/dep/index.js", "export const most = 5;\n");
    };
    manifest("1.0.0");
    project.write(
      "models/city.ts",
      model("City", "name: field(z.string().max(most))", 'import { most } from "dep";'),
    );
    await run();
    assert.deepEqual(await importedBy(), []);
    manifest("1.0.1");
    assert.deepEqual(await importedBy(), ["models/city.ts"]);
  });

  it("follows what tsconfig.json says of names", async () => {
    const alias = (target: string): void =>
      project.write(
        "tsconfig.json",
        `{ "compilerOptions": { "paths": { "@rank": ["./shared/${target}"] } } }`,
      );
    alias("rank.ts");
    project.write("shared/other.ts", rank.replace('"low"', '"other"'));
    project.write(
      "models/city.ts",
      model("City", "rank: field(z.enum(Rank))", 'import { Rank } from "@rank";'),
    );
    await run();
    alias("other.ts");
    assert.deepEqual(await importedBy(), ["models/city.ts"]);
  });

  it("throws away what is damaged, cut off, no JSON, or another project's", async () => {
    const file = project.path(".athanor/discovery.json");
    await run();
    const good = readFileSync(file, "utf8");
    const tables = good.replaceAll("city", "evil");
    const rehashed = JSON.stringify({ ...(JSON.parse(good) as object), body: "{}", checksum: "0" });
    for (const bad of ["", "{", "[]", "null", good.slice(0, -100), tables, rehashed, "\0\0"]) {
      writeFileSync(file, bad);
      assert.equal((await importedBy()).length, 4, bad.slice(0, 40));
      assert.ok(said("The cache is thrown away"));
    }
    using other = new CliProject();
    other.write("package.json", "{}");
    const { root } = project;
    assert.equal(
      (await discover({ root, paths: ["models"], exclude: [], cache: ".athanor" })).imported.length,
      0,
    );
    for (const name of ["models", "shared"]) symlinkSync(project.path(name), other.path(name), "junction");
    other.write(".athanor/discovery.json", readFileSync(file, "utf8"));
    const options = { root: other.root, paths: ["models"], exclude: [], cache: ".athanor" };
    assert.equal((await discover(options)).imported.length, 4);
  });

  it("goes on where it cannot be written, and says so", async () => {
    project.write("blocked", "");
    const options = { root: project.root, paths: ["models"], exclude: [], cache: "blocked/cache" };
    const sink = { level: "DEBUG", write: (record: LogRecord) => void records.push(record) } as const;
    const { imported } = await discover({ ...options, logger: createLogger({ sinks: [sink] }) });
    assert.equal(imported.length, 4);
    assert.ok(said("The cache cannot be written"));
  });

  it("is left alone by a run that fails", async () => {
    await run();
    project.write("models/city.ts", `${model("City")}throw new Error("no");\n`);
    await assert.rejects(run(), { code: "DISCOVERY.IMPORT" });
    project.write("models/city.ts", model("City"));
    assert.deepEqual(await importedBy(), []);
  });
});
