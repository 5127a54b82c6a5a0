/** Errors that no other test provokes, each as a user would come by it; and what holds for all of them. */
import assert from "node:assert/strict";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { z } from "zod";
import { edit } from "../src/cli/commands/edit.ts";
import { Output } from "../src/cli/output.ts";
import { ImportGraph } from "../src/discover/graph.ts";
import { discover } from "../src/discover/index.ts";
import { catalog, type ErrorCode } from "../src/errors/catalog.ts";
import { isAthanorError } from "../src/errors/index.ts";
import {
  check,
  createAll,
  createEngine,
  createRegistry,
  field,
  one,
  Session,
  select,
  sql,
} from "../src/index.ts";
import { openEnvironment } from "../src/migrate/index.ts";
import { toSchema } from "../src/model/index.ts";
import { apply, reverse } from "../src/operation/index.ts";
import { RevisionGraph, type RevisionInput } from "../src/revision/index.ts";
import { column, index, primaryKey, schema, t, table } from "../src/schema/index.ts";
import { tried } from "../src/testing/migration-checks.ts";

const root = join(import.meta.dirname, "..");
const registry = createRegistry("errors");
const { Model } = registry;

class Depot extends Model("depot", {
  code: field(z.string().max(9), { primaryKey: true }),
  crate: () => one(Crate, { foreignKey: "crateId" }),
  crateId: () => field(z.int().nullable(), { foreignKey: Crate.c.id }),
  spareId: () => field(z.int().nullable(), { foreignKey: Crate.c.id }),
}) {}

class Crate extends Model("crate", { id: field(z.int(), { primaryKey: true }) }) {}

class Label extends Model("label", { code: field(z.string().nullable(), { primaryKey: true }) }) {}

async function withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const engine = createEngine("sqlite://");
  try {
    await createAll(engine, [Depot, Crate, Label]);
    return await Session.run(engine, work);
  } finally {
    await engine.dispose();
  }
}

/** A folder with these files; Athanor and Zod are installed in it unless it is said otherwise. */
async function withProject<T>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => T | Promise<T>,
  installed = true,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "athanor-errors-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    if (installed) symlinkSync(root, join(folder, "node_modules/athanor"), "junction");
    for (const [name, text] of Object.entries({ "package.json": '{ "type": "module" }', ...files })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function migrationText(upgrade: string): string {
  return `import { migration, t } from "athanor/migrations";
    export default migration({ revision: "a1", downRevision: null, message: "one",
      upgrade(op) { ${upgrade} }, downgrade() {} });`;
}

function withEnvironment(
  upgrade: string,
  work: (environment: Awaited<ReturnType<typeof openEnvironment>>) => Promise<unknown>,
  more: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  return withProject({ "migrations/a1_one.ts": migrationText(upgrade), ...more }, async (folder) => {
    const options = { root: folder, url: `sqlite:///${folder}/app.db` };
    await using environment = await openEnvironment({
      ...options,
      versionLocations: [join(folder, "migrations")],
      fileTemplate: "{slug}",
    });
    return await work(environment);
  });
}

const look = (folder: string) => discover({ root: folder, paths: ["models"], exclude: [] });
const graph = (...revisions: RevisionInput[]): RevisionGraph => RevisionGraph.from(revisions);
const hero = { schema: null, name: "hero" };
const standing = schema([
  table("hero", [column("id", t.integer()), column("name", t.text())], {
    primaryKey: primaryKey(["id"], { name: "pk_hero" }),
    indexes: [index("ix_hero_name", ["name"])],
  }),
]);

/** How each error is come by. */
const provoked: Partial<Readonly<Record<ErrorCode, () => unknown>>> = {
  "CLI.EDITOR_FAILED": () =>
    withProject({ "athanor.toml": "", "migrations/versions/a1.ts": migrationText("") }, async (folder) => {
      const { EDITOR, VISUAL } = process.env;
      Object.assign(process.env, { EDITOR: "exit 3 #", VISUAL: "exit 3 #" });
      try {
        const options = { config: join(folder, "athanor.toml"), quiet: true };
        await edit(["head"], options, new Output(options));
      } finally {
        for (const [name, value] of Object.entries({ EDITOR, VISUAL }))
          if (value === undefined) delete process.env[name];
          else process.env[name] = value;
      }
    }),
  "DISCOVERY.NO_PACKAGE": () => withProject({ "models/a.ts": "export {};" }, look, false),
  // A file that went between the walk and the reading.
  "DISCOVERY.UNREADABLE": () => new ImportGraph(root, new Map()).file(join(root, "src/nowhere.ts")),
  "INSPECT.UNREADABLE": async () => {
    const { parseTable } = await import("../src/dialect/sqlite/parse-table.ts");
    return parseTable("CREATE TABLE hero (id INTEGER,");
  },
  "MIGRATE.MERGE": () => withEnvironment("", (environment) => environment.merge(["a1"])),
  "MIGRATE.OFFLINE_RANGE": () =>
    withEnvironment("", (environment) => environment.upgradeSql({ range: "base:a1:a1" })),
  "MIGRATE.OFFLINE_STEP": () =>
    withEnvironment('op.run("fill", async () => undefined);', (environment) =>
      environment.upgradeSql({ range: "base:a1" }),
    ),
  "MIGRATE.NOT_VERIFIED": () =>
    withEnvironment('op.execute("SELECT * FROM nowhere", { changes: [] });', async (environment) =>
      tried(await environment.verify({ compareModels: false })),
    ),
  "SCRIPT.FILE_EXISTS": () =>
    withEnvironment("", async (environment) => {
      await environment.upgrade();
      for (const _ of [1, 2])
        await environment.makeMigrations({ empty: true, message: "same name", head: "a1", splice: true });
    }),
  // What a statement leaves to chance cannot be shown to be the same twice.
  "MIGRATE.SQUASH_UNPROVEN": () => {
    const upgrade = `op.createTable("dice", (table) => [table.column("id", t.bigint(), { nullable: false }), table.primaryKey(["id"])]);
      op.execute("INSERT INTO dice (id) VALUES (random())", { changes: [] });`;
    const second = `import { migration } from "athanor/migrations";
      export default migration({ revision: "b2", downRevision: "a1", message: "two", upgrade() {}, downgrade() {} });`;
    return withEnvironment(upgrade, (environment) => environment.squash("base:b2"), {
      "migrations/b2_two.ts": second,
    });
  },
  "MODEL.NO_COLUMN_TYPE": () => {
    class Odd extends createRegistry("odd").Model("odd", {
      id: field(z.int(), { primaryKey: true }),
      // A type error too: only a program that was not checked comes this far.
      any: field(z.any() as never, {}),
    }) {}
    return toSchema([Odd]);
  },
  "MODEL.DETACHED": () => {
    const depot = new Depot({ code: "a", crateId: 1 });
    return depot.crate;
  },
  "OPERATION.MISSING": () =>
    apply(standing, { kind: "renameColumn", table: hero, from: "nothing", to: "something" }),
  "OPERATION.EXISTS": () =>
    apply(standing, { kind: "addColumn", table: hero, column: column("name", t.text()) }),
  "OPERATION.IN_USE": () =>
    apply(standing, { kind: "dropColumn", table: hero, name: "id", column: column("id", t.integer()) }),
  "OPERATION.IRREVERSIBLE": () =>
    reverse([{ kind: "execute", sql: "DELETE FROM hero", params: [], changes: null }], standing),
  "QUERY.JOIN_CONDITION": () => withSession((session) => session.exec(select(Depot).join(Crate)).all()),
  "REVISION.SELF_LOOP": () => graph({ revision: "a1", downRevision: "a1" }),
  "REVISION.DEPENDENCY_SELF_LOOP": () => graph({ revision: "a1", downRevision: null, dependsOn: ["a1"] }),
  "REVISION.DEPENDENCY_CYCLE": () =>
    graph(
      { revision: "a1", downRevision: null, dependsOn: ["b1"] },
      { revision: "b1", downRevision: null, dependsOn: ["a1"] },
    ),
  "REVISION.DUPLICATE_LABEL": () =>
    graph(
      { revision: "a1", downRevision: null, branchLabels: ["x"] },
      { revision: "b1", downRevision: null, branchLabels: ["x"] },
    ),
  "REVISION.DUPLICATE_REVISION": () =>
    graph({ revision: "a1", downRevision: null }, { revision: "a1", downRevision: null }),
  // A schema may let a key be null; a row may not.
  "SESSION.KEY_CHANGED": () =>
    withSession(async (session) => {
      const label = new Label({ code: "a" });
      session.add(label);
      await session.flush();
      label.code = null;
      await session.flush();
    }),
  "SESSION.NO_KEY": () =>
    withSession(async (session) => {
      session.add(new Label({ code: null }));
      await session.flush();
    }),
  "SCHEMA.NO_LITERAL": () => {
    const { Model: Own } = createRegistry("literal");
    class Odd extends Own("odd", { id: field(z.int(), { primaryKey: true }) }, (c) => [
      check("odd", sql`${c.id} <> ${{ no: "literal" }}`),
    ]) {}
    return toSchema([Odd]);
  },
};

describe("errors", () => {
  for (const [code, provoke] of Object.entries(provoked)) {
    it(code, async () => {
      await assert.rejects(
        async () => provoke(),
        (error) => {
          assert.ok(isAthanorError(error), String(error));
          assert.equal(error.code, code);
          assert.match(error.message, /\S/);
          assert.match(error.remedy, /\S/);
          return true;
        },
      );
    });
  }

  it("are all documented, each once", () => {
    const page = readFileSync(join(root, "docs/errors.md"), "utf8");
    const titles = [...page.matchAll(/^#+ `?([A-Z]+\.[A-Z_]+)`?$/gm)].map(([, code]) => code);
    assert.deepEqual(titles.toSorted(), Object.keys(catalog).toSorted(), "run: npm run errors");
  });

  it("are all thrown somewhere, and named by a test", () => {
    const texts = (patterns: readonly string[], skip: RegExp): string =>
      globSync(patterns, { cwd: root })
        .filter((file) => !skip.test(file))
        .map((file) => readFileSync(join(root, file), "utf8"))
        .join("\n");
    const sources = texts(["src/**/*.ts"], /\.test\.ts$|^src.errors/);
    const tests = texts(["test/**/*.{ts,txt}", "src/**/*.test.ts"], /^$/);
    const codes = Object.keys(catalog);
    assert.deepEqual(
      codes.filter((code) => !sources.includes(`"${code}"`)),
      [],
    );
    assert.deepEqual(
      codes.filter((code) => !tests.includes(code)),
      [],
    );
  });
});
