/** The page that users have read about modules: a test for each of its paragraphs, in its order. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { z } from "zod";
import type { DoctorDocument } from "../../src/doctor/index.ts";
import { createEngine, field, one, Session, select, toSchema } from "../../src/index.ts";
import type { MakeMigrationsDocument, UninstallDocument } from "../../src/migrate/index.ts";
import { createModuleBase, DatabaseProvider, forgetModules, makeIncludeObject } from "../../src/modules.ts";
import { CliProject } from "../cli/project.ts";
import { loadDialect, matrix, type TemporaryDatabase, temporaryDatabase } from "../dialects.ts";
import { code, TestDatabase } from "../session/database.ts";

const id = { id: field(z.int(), { primaryKey: true }) };
const sqlite = matrix.find(({ name }) => name === "sqlite")!;
const postgresql = matrix.find(({ name }) => name === "postgresql")!;

const modules: Readonly<Record<string, string>> = {
  "athanor.toml": '[database]\nDB_NAME = "shop.db"\n',
  "modules/orders/module.ts": definition("Orders"),
  "modules/orders/models.ts": models("orders", "Order", "order"),
  "modules/invoices/module.ts": definition("Invoices", ["Orders"]),
  "modules/invoices/models.ts": `import { Order } from "../orders/models.ts";
${models("invoices", "Invoice", "invoice", 'orderId: field(z.int(), { foreignKey: "orders.order.id", index: true }), order: () => one(Order),')}`,
  "modules/plain/module.ts": definition("plain"),
};

function definition(name: string, dependsOn: readonly string[] = []): string {
  return `import { defineModule } from "athanor/modules";
export default defineModule({ name: ${JSON.stringify(name)}, version: "1.0.0", dependsOn: ${JSON.stringify(dependsOn)} });
`;
}

function models(module: string, model: string, table: string, more = ""): string {
  return `import { field, one } from "athanor";
import { createModuleBase } from "athanor/modules";
import { z } from "zod";
const Base = createModuleBase("${module}");
export class ${model} extends Base.Model("${table}", {
  id: field(z.int(), { primaryKey: true }),
  note: field(z.string().max(40).nullable()),
  ${more}
}) {}
export const related = one;
`;
}

const onServer: { database?: TemporaryDatabase } = {};
const made: CliProject[] = [];

beforeEach(() => forgetModules());
before(async () => {
  onServer.database = await temporaryDatabase(postgresql);
});
after(async () => {
  await onServer.database?.remove();
  for (const project of made) project.remove();
});

/** A project with the modules of the page. */
function shop(files: Readonly<Record<string, string>> = {}): CliProject {
  const project = new CliProject({ ...modules, ...files });
  made.push(project);
  return project;
}

type Env = Readonly<Record<string, string>>;

function run<T = Record<string, unknown>>(
  on: CliProject,
  args: readonly string[],
  env: Env = {},
  status = 0,
): T {
  const done = on.athanor([...args, "--json"], env);
  assert.equal(done.status, status, `${args.join(" ")}\n${done.stdout}${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}

/** Runs a program of the project; answers what it prints, line by line. */
function program(on: CliProject, code: string, env: Env = {}): string[] {
  on.write("program.ts", code);
  const done = on.node(["program.ts"], env);
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.trim().split("\n");
}

const inspect = `import { buildModuleMetadata } from "athanor/modules";
const meta = await buildModuleMetadata();
for (const table of meta.sortedTables) console.log(table.schema ?? "(no schema)", table.name);
`;

test("Every module that declares tables calls createModuleBase once, and its models extend what it gives", () => {
  const Base = createModuleBase("orders");
  class Order extends Base.Model("order", { ...id, note: field(z.string().nullable()) }) {}
  assert.deepEqual(new Order({ id: 1 }), new Order({ id: 1, note: null }));
  assert.equal(createModuleBase("orders"), Base);
});

test("Its models are bound to metadata of their own: modules live side by side", () => {
  const Orders = createModuleBase("orders");
  const Billing = createModuleBase("billing");
  class Product extends Orders.Model("product", id) {}
  class Billed extends Billing.Model("product", { ...id, cents: field(z.int()) }) {}
  assert.deepEqual([Orders.models.length, Billing.models.length], [1, 1]);
  assert.deepEqual(
    toSchema([Product, Billed]).schema.tables.map(({ schema, columns }) => [schema, columns.length]),
    [
      ["billing", 2],
      ["orders", 1],
    ],
  );
});

test("Provider auto-detection: SM_DATABASE_URL says which strategy it is", () => {
  const on = shop();
  assert.deepEqual(program(on, inspect, { SM_DATABASE_URL: "sqlite:///other.db" }), [
    "(no schema) orders_order",
    "(no schema) invoices_invoice",
  ]);
  assert.deepEqual(program(on, inspect, { SM_DATABASE_URL: "postgresql://localhost/shop" }), [
    "orders order",
    "invoices invoice",
  ]);
});

test("PostgreSQL: tables live in a schema of the module, and dropping it uninstalls the module cleanly", async () => {
  const on = shop();
  const env = { DATABASE_URL: onServer.database!.url };
  run(on, ["makemigrations", "first"], env);
  run(on, ["migrate"], env);
  const names = async (): Promise<string[]> => {
    const { schema } = run<{ schema: { tables: { schema: string; name: string }[] } }>(on, ["inspect"], env);
    return schema.tables
      .map((table) => `${table.schema}.${table.name}`)
      .filter((name) => !name.includes("athanor"));
  };
  assert.deepEqual(await names(), ["invoices.invoice", "orders.order"]);
  run(on, ["module", "uninstall", "invoices", "--confirm"], env);
  assert.deepEqual(await names(), ["orders.order"]);
  const { schema } = run<{ schema: { namespaces: string[] } }>(on, ["inspect"], env);
  assert.deepEqual(schema.namespaces, ["orders"]);
});

test("SQLite: no schema, and the prefix is there without anybody having to remember it", async () => {
  const Orders = createModuleBase("orders");
  class Order extends Orders.Model("order", id) {}
  const database = await TestDatabase.create(sqlite, [Order]);
  await database.run(async (session) => {
    session.add(new Order({}));
    await session.commit();
  });
  assert.ok(database.statements.some((sql) => sql.includes('"orders_order"')));
  assert.throws(() => Orders.Model("orders_order", id), code("MODULE.TABLE_NAME"));
  await database.remove();
});

test("Detection can be overridden for tests and special cases", () => {
  const Base = createModuleBase("orders", { provider: DatabaseProvider.SQLITE });
  class Order extends Base.Model("order", id) {}
  assert.deepEqual(
    toSchema([Order]).schema.tables.map(({ schema, name }) => [schema, name]),
    [[null, "orders_order"]],
  );
});

test("Production code lets detection do its thing: one definition, several databases in one process", async () => {
  class Order extends createModuleBase("orders").Model("order", id) {}
  for (const row of [sqlite, postgresql]) {
    const database = await TestDatabase.create(row, [Order]);
    await database.run(async (session) => {
      session.add(new Order({}));
      await session.commit();
      assert.equal((await session.exec(select(Order)).all()).length, 1);
    });
    await database.remove();
  }
});

test("Autogenerate sees every table that it should manage, and nobody has to hand it over", () => {
  const document = run<MakeMigrationsDocument>(shop(), ["makemigrations", "first"]);
  assert.deepEqual(
    document.files.map(({ module }) => module),
    ["orders", "invoices"],
  );
  assert.ok(document.differences.some(({ table }) => table === "invoices.invoice"));
});

test("buildModuleMetadata imports every module's models and unites them", () => {
  const code = `import { buildModuleMetadata } from "athanor/modules";
const { modules, models, schema } = await buildModuleMetadata({ provider: null });
console.log(modules.map(({ name }) => name).join(), models.length, schema.namespaces.join());`;
  assert.deepEqual(program(shop(), code), ["orders,invoices,plain 2 invoices,orders"]);
});

test("A module without models contributes nothing; one whose models do not import fails the union", () => {
  const on = shop();
  rmSync(on.path("modules/invoices/models.ts"));
  assert.deepEqual(program(on, inspect), ["(no schema) orders_order"]);
  on.write(
    "modules/plain/models.ts",
    `import "a-package-that-is-missing";\n${models("plain", "Plain", "thing")}`,
  );
  const caught = `import { buildModuleMetadata } from "athanor/modules";
await buildModuleMetadata().catch(({ code, fields }) => console.log(code, fields.module, fields.file));`;
  assert.deepEqual(program(on, caught), ["MODULE.IMPORT plain modules/plain/models.ts"]);
  const done = on.athanor(["makemigrations", "--json"]);
  assert.equal(done.status, 2);
  assert.match(done.stdout, /DISCOVERY\.IMPORT/);
});

test("makeIncludeObject takes in what modules own, leaves out the record of migrations, and asks the host", () => {
  const table = { kind: "table", schema: null, inDatabase: true, inModels: false };
  const include = makeIncludeObject({ host: ({ name }) => name !== "legacy" });
  assert.equal(include({ ...table, name: "order", schema: "orders", module: "orders" }), true);
  assert.equal(include({ ...table, name: "hero", module: null }), true);
  assert.equal(include({ ...table, name: "legacy", module: null }), false);
  const on = shop();
  run(on, ["makemigrations", "first"]);
  run(on, ["migrate"]);
  const again = run<MakeMigrationsDocument>(on, ["makemigrations", "again"]);
  assert.deepEqual([again.outcome, again.differences], ["no changes", []]);
});

test("A table of the host that autogenerate should not track is left out by the host's own rule", () => {
  const host = `import { field, Model } from "athanor";\nimport { z } from "zod";
export class Legacy extends Model("legacy", { id: field(z.int(), { primaryKey: true }) }) {}
export class Kept extends Model("kept", { id: field(z.int(), { primaryKey: true }) }) {}\n`;
  const on = shop({
    "models/host.ts": host,
    "athanor.config.ts": `import { makeIncludeObject } from "athanor/modules";
const includeObject = makeIncludeObject({ host: ({ kind, name }) => kind !== "table" || name !== "legacy" });
export default { database: { DB_NAME: "shop.db" }, includeObject };\n`,
  });
  rmSync(on.path("athanor.toml"));
  const { files, differences } = run<MakeMigrationsDocument>(on, ["makemigrations", "first"]);
  assert.deepEqual(
    files.map(({ module }) => module),
    ["orders", "invoices", null],
  );
  assert.deepEqual(
    differences.flatMap(({ kind, table }) => (kind === "createTable" ? [table] : [])),
    ["orders.order", "invoices.invoice", "kept"],
  );
});

test("A module's name matches its definition's in lower case, or it is an error", () => {
  const on = shop({ "modules/orders/models.ts": models("order", "Order", "order") });
  const done = on.athanor(["makemigrations", "--json", "--from", "history"]);
  assert.match(done.stdout, /"MODULE\.MISNAMED"|"DISCOVERY\.MODEL"/);
  rmSync(on.path("modules/invoices"), { recursive: true });
  const alone = on.athanor(["makemigrations", "--json"]);
  assert.equal(alone.status, 2);
  assert.match(alone.stdout, /"MODULE\.MISNAMED"/);
});

test("Names of modules are identifiers", () => {
  for (const name of ["my-orders", "1orders", "Orders", "or ders", ""])
    assert.throws(() => createModuleBase(name), code("MODULE.NAME"));
});

test("A module is renamed with its data", async () => {
  for (const env of [{}, { DATABASE_URL: (await temporaryDatabaseOf(postgresql)).url }]) {
    const on = shop();
    run(on, ["makemigrations", "first"], env);
    run(on, ["migrate"], env);
    const write = `import { createEngine, Session, sql } from "athanor";
import { Config } from "athanor/config";
import { Order } from "./modules/orders/models.ts";
const engine = createEngine((await Config.load()).databaseUrl);
await Session.run(engine, async (session) => { session.add(new Order({ note: "kept" })); await session.commit(); });
await engine.dispose();`;
    program(on, write, env);
    const rename = (file: string, from: RegExp, to: string): void =>
      on.write(file, on.read(file).replace(from, to));
    rename("modules/orders/module.ts", /"Orders"/, '"Sales", renamedFrom: "orders"');
    rename(
      "modules/orders/models.ts",
      /createModuleBase\("orders"\)/,
      'createModuleBase("sales", { renamedFrom: "orders" })',
    );
    rename("modules/invoices/module.ts", /"Orders"/, '"Sales"');
    rename("modules/invoices/models.ts", /orders\.order\.id/, "sales.order.id");
    run(on, ["makemigrations", "orders are sales"], env);
    run(on, ["migrate"], env);
    run(on, ["check"], env);
    const read = `import { createEngine, Session, select } from "athanor";
import { Config } from "athanor/config";
import { Order } from "./modules/orders/models.ts";
const engine = createEngine((await Config.load()).databaseUrl);
await Session.run(engine, async (session) => console.log((await session.exec(select(Order)).all()).map(({ note }) => note).join()));
await engine.dispose();`;
    assert.deepEqual(program(on, read, env), ["kept"]);
  }
});

test("A foreign key names another module's table in logical words, whatever the database", () => {
  class Order extends createModuleBase("orders").Model("order", id) {}
  class Invoice extends createModuleBase("invoices", { dependsOn: ["orders"] }).Model("invoice", {
    ...id,
    orderId: field(z.int(), { foreignKey: "orders.order.id" }),
    order: () => one(Order),
  }) {}
  const [invoice] = toSchema([Order, Invoice]).schema.tables;
  assert.deepEqual(invoice?.foreignKeys[0]?.references, { schema: "orders", name: "order", columns: ["id"] });
});

test("What a module refers to stands in dependsOn: modules come in that order, and what is undeclared is an error", () => {
  const on = shop();
  const listed = run<{ modules: { name: string; dependsOn: string[] }[] }>(on, ["module", "list"]);
  assert.deepEqual(
    listed.modules.map(({ name }) => name),
    ["orders", "invoices", "plain"],
  );
  on.write("modules/invoices/module.ts", definition("Invoices"));
  const done = on.athanor(["makemigrations", "--json"]);
  assert.equal(done.status, 2);
  assert.match(done.stdout, /"MODULE\.UNDECLARED"/);
});

test("Autogenerate handles foreign keys across schemas", async () => {
  const on = shop();
  const env = { DATABASE_URL: (await temporaryDatabaseOf(postgresql)).url };
  const { files } = run<MakeMigrationsDocument>(on, ["makemigrations", "first"], env);
  assert.match(
    files[1]!.source,
    /foreignKey\(\["order_id"\], \{ schema: "orders", name: "order" \}, \["id"\]/,
  );
  assert.ok(files[1]!.source.includes(`dependsOn: ["${files[0]!.revision}"]`));
  run(on, ["migrate"], env);
  run(on, ["check"], env);
});

test("Uninstalling a module that others refer to is refused, with their names", () => {
  const on = shop();
  run(on, ["makemigrations", "first"]);
  run(on, ["migrate"]);
  const { error } = run<{ error: { code: string; fields: { dependents: string[]; references: string[] } } }>(
    on,
    ["module", "uninstall", "orders", "--confirm"],
    {},
    2,
  );
  assert.deepEqual([error.code, error.fields.dependents], ["MODULE.REFERENCED", ["invoices"]]);
  assert.deepEqual(error.fields.references, ["invoices_invoice.order_id refers to orders_order"]);
  const gone = run<UninstallDocument>(on, ["module", "uninstall", "orders", "--cascade", "--confirm"]);
  assert.deepEqual(gone.modules, ["invoices", "orders"]);
});

test("Without a constraint the modules' lives stay independent, and the relation is there all the same", async () => {
  class Order extends createModuleBase("orders").Model("order", id) {}
  class Invoice extends createModuleBase("invoices", { dependsOn: [] }).Model("invoice", {
    ...id,
    orderId: field(z.int(), { foreignKey: "orders.order.id", constraint: false }),
    order: () => one(Order),
  }) {}
  const database = await TestDatabase.create(sqlite, [Order, Invoice]);
  const engine = createEngine(database.url);
  await Session.run(engine, async (session) => {
    session.add(new Invoice({ order: new Order({}) }));
    await session.commit();
    const [invoice] = await session.exec(select(Invoice).with("order")).all();
    assert.equal(invoice?.order?.id, invoice?.orderId);
  });
  await engine.dispose();
  await database.remove();
});

test("Inspecting at runtime: the registered tables, sorted", () => {
  assert.deepEqual(program(shop(), inspect), ["(no schema) orders_order", "(no schema) invoices_invoice"]);
});

test("doctor SM011 finds tables that are in the code and in no migration", () => {
  const on = shop();
  run(on, ["makemigrations", "first", "--module", "orders"]);
  const { findings } = run<DoctorDocument>(on, ["doctor", "--offline", "--only", "SM011"]);
  assert.deepEqual(
    findings.map(({ code, severity, subject, file }) => [code, severity, subject, file]),
    [["SM011", "warning", "invoices.invoice", "modules/invoices/models.ts"]],
  );
});

const temporary: TemporaryDatabase[] = [];
after(async () => {
  for (const database of temporary) await database.remove();
});

async function temporaryDatabaseOf(row: typeof postgresql): Promise<TemporaryDatabase> {
  assert.ok((await loadDialect(row)).capabilities.namespaces);
  const database = await temporaryDatabase(row);
  temporary.push(database);
  return database;
}
