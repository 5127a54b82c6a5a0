/**
 * Migrates 1 000 schemas of one PostgreSQL database, a tenant each: `node bench/fleet.ts [schemas] [at once]`. The server
 * is that of ATHANOR_TEST_POSTGRES_URL; the database it makes is dropped again.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dialectFor } from "../src/dialect/registry.ts";
import { migrateFleet } from "../src/migrate/index.ts";

const [count = 1000, concurrency = 8] = process.argv.slice(2).map(Number);
const server = process.env["ATHANOR_TEST_POSTGRES_URL"] ?? "postgresql://postgres@127.0.0.1:5432/postgres";
const name = `athanor_fleet_${process.pid}`;
const root = mkdtempSync(join(tmpdir(), "athanor-fleet-"));
const entry = pathToFileURL(join(import.meta.dirname, "../src/migrations.ts")).href;

function migration(revision: string, down: string | null, upgrade: string): void {
  writeFileSync(
    join(root, `${revision}.ts`),
    `import { migration, t } from ${JSON.stringify(entry)};
export default migration({ revision: "${revision}", downRevision: ${JSON.stringify(down)}, branchLabels: [], dependsOn: [],
  message: "${revision}", upgrade(op) { ${upgrade} }, downgrade() {} });\n`,
  );
}

const tables = ["customer", "product", "invoice", "line", "note"];
const made = tables.map(
  (table) => `op.createTable("${table}", (table) => [
    table.column("id", t.bigint(), { nullable: false, autoIncrement: true }),
    table.column("name", t.varchar(80), { nullable: false }),
    table.primaryKey(["id"], { name: "pk_${table}" })]);
  op.createIndex("ix_${table}_name", "${table}", ["name"]);`,
);

async function ask(sql: string): Promise<void> {
  const dialect = await dialectFor(server);
  const source = await dialect.open(server);
  const connection = await source.acquire();
  await connection.query(sql);
  await connection.release();
  await source.close();
}

await ask(`CREATE DATABASE ${name}`);
try {
  const url = new URL(server);
  url.pathname = `/${name}`;
  const base = { root, url: url.href, versionLocations: [root] };
  const targets = Array.from({ length: count }, (_, at) => ({
    name: `tenant_${at}`,
    schema: `tenant_${at}`,
  }));
  const measure = async (what: string): Promise<void> => {
    const done = await migrateFleet(base, { targets, concurrency, create: true });
    const each = (done.milliseconds / count).toFixed(1);
    const { migrated, unchanged, failed } = done;
    console.log(
      `${what}: ${(done.milliseconds / 1000).toFixed(1)} s, ${each} ms a schema (${migrated} migrated, ${unchanged} unchanged, ${failed} failed)`,
    );
  };
  migration("a1", null, made.join("\n"));
  await measure(`${count} schemas, ${concurrency} at once, five tables each`);
  migration("b2", "a1", 'op.addColumn("customer", "email", t.text());');
  await measure("a column more");
  await measure("nothing to do");
} finally {
  await ask(`DROP DATABASE ${name} WITH (FORCE)`);
  rmSync(root, { recursive: true, force: true });
}
