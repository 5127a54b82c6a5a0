/** The example of three modules, on every database: install, evolve, uninstall in the wrong order and in the right one. */
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { ModulesDocument, UninstallDocument } from "../../src/migrate/index.ts";
import { CliProject, repository } from "../cli/project.ts";
import { dialects, loadDialect, type TestDialect, temporaryDatabase } from "../dialects.ts";

/** The example in a folder of its own, on an empty database. */
class Shop {
  readonly project: CliProject = new CliProject();
  readonly env: Readonly<Record<string, string>>;
  readonly namespaces: boolean;

  private constructor(url: string, namespaces: boolean) {
    this.env = { DATABASE_URL: url };
    this.namespaces = namespaces;
    cpSync(join(repository, "examples/modules"), this.project.root, { recursive: true });
  }

  static async open(t: TestContext, row: TestDialect): Promise<Shop> {
    const database = await temporaryDatabase(row);
    const shop = new Shop(database.url, (await loadDialect(row)).capabilities.namespaces);
    t.after(async () => {
      shop.project.remove();
      await database.remove();
    });
    return shop;
  }

  /** Runs a command that has to end so; answers its document. */
  run<T = Record<string, unknown>>(args: readonly string[], status = 0): T {
    const done = this.project.athanor([...args, "--json"], this.env);
    assert.equal(done.status, status, `${args.join(" ")}\n${done.stdout}${done.stderr}`);
    return JSON.parse(done.stdout) as T;
  }

  /** The names of tables as this database has them. */
  named(...tables: readonly string[]): string[] {
    return tables.map((table) => (this.namespaces ? table : table.replace(".", "_"))).sort();
  }

  modules(): ModulesDocument["modules"] {
    return this.run<ModulesDocument>(["module", "list"]).modules;
  }

  /** What the database has, by module. */
  tables(): string[] {
    return this.modules()
      .flatMap(({ tables }) => tables)
      .sort();
  }

  edit(file: string, from: string, to: string): void {
    const text = this.project.read(file);
    assert.ok(text.includes(from), `${file} has no ${from}`);
    this.project.write(file, text.replace(from, to));
  }

  files(module: string): number {
    return readdirSync(this.project.path(`modules/${module}/migrations`)).length;
  }
}

const everything = ["users.user", "orders.order", "orders.line", "invoices.invoice"];

for (const row of dialects) {
  test(`three modules are installed, evolve and go (${row.name})`, async (t) => {
    const shop = await Shop.open(t, row);
    assert.deepEqual(
      shop.modules().map(({ name, state }) => [name, state]),
      [
        ["users", "available"],
        ["orders", "available"],
        ["invoices", "available"],
      ],
    );
    shop.run(["migrate"]);
    assert.deepEqual(shop.tables(), shop.named(...everything));
    assert.deepEqual(
      shop.modules().map(({ state }) => state),
      ["installed", "installed", "installed"],
    );
    shop.run(["check"]);
    assert.deepEqual([shop.project.node(["main.ts"], shop.env).stdout, ""], ["R- Ann: 1500\n", ""]);

    shop.edit("modules/users/models.ts", "name:", "phone: field(z.string().max(30).nullable()),\n  name:");
    shop.edit("modules/orders/models.ts", "article:", "note: field(z.string().nullable()),\n  article:");
    const made = shop.run<{ files: { module: string; file: string }[] }>([
      "makemigrations",
      "phones and notes",
    ]);
    assert.deepEqual(
      made.files.map(({ module }) => module),
      ["users", "orders"],
    );
    assert.deepEqual([shop.files("users"), shop.files("orders"), shop.files("invoices")], [2, 2, 1]);
    assert.deepEqual(
      shop.modules().map(({ state }) => state),
      ["pending", "pending", "installed"],
    );
    shop.run(["module", "upgrade", "orders"]);
    assert.equal(shop.modules()[1]?.state, "installed");
    shop.run(["migrate"]);
    shop.run(["check"]);

    for (const module of ["users", "orders"]) {
      const refused = shop.run<{ error: { code: string } }>(["module", "uninstall", module, "--confirm"], 2);
      assert.equal(refused.error.code, "MODULE.REFERENCED");
    }
    assert.deepEqual(shop.tables(), shop.named(...everything));
    const plan = shop.run<UninstallDocument>(["module", "uninstall", "orders", "--cascade", "--plan"]);
    assert.deepEqual([plan.modules, plan.done], [["invoices", "orders"], false]);
    const asked = shop.run<{ error: { code: string } }>(["module", "uninstall", "invoices"], 2);
    assert.equal(asked.error.code, "MODULE.CONFIRM");
    shop.project.write(`taken/${shop.named("invoices.invoice")[0]}.jsonl`, "");
    const taken = ["module", "uninstall", "invoices", "--confirm", "--dump", "taken"];
    assert.equal(shop.run<{ error: { code: string } }>(taken, 2).error.code, "MODULE.DUMP");
    assert.deepEqual(shop.tables(), shop.named(...everything));
    const gone = shop.run<UninstallDocument>([
      "module",
      "uninstall",
      "invoices",
      "--confirm",
      "--dump",
      "backup",
    ]);
    assert.deepEqual(
      gone.tables.map(({ table, rows }) => [table, rows]),
      [[shop.named("invoices.invoice")[0], 1]],
    );
    const dumped = readFileSync(gone.dumped[0]!, "utf8");
    assert.match(dumped, /"number":"R-\d+"/);
    assert.deepEqual(shop.tables(), shop.named("users.user", "orders.order", "orders.line"));
    shop.run(["module", "uninstall", "orders", "--confirm"]);
    assert.deepEqual(shop.tables(), shop.named("users.user"));
    assert.deepEqual(
      shop.modules().map(({ state }) => state),
      ["installed", "uninstalled", "uninstalled"],
    );
    // What was uninstalled on purpose does not come back by itself, and is nobody's difference.
    shop.run(["migrate"]);
    shop.run(["check"]);
    assert.deepEqual(shop.tables(), shop.named("users.user"));
    shop.run(["module", "add", "invoices"]);
    assert.deepEqual(shop.tables(), shop.named(...everything));
    shop.run(["check"]);
  });
}
