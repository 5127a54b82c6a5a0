/**
 * Inspection of many tables, and what is done with it: how many statements, how long, how much memory, on every
 * database that `ATHANOR_TEST_POSTGRES_URL` and `ATHANOR_TEST_MARIADB_URL` reach. Twice the tables should take no more
 * statements, and about twice the time and memory.
 *
 * `node --expose-gc bench/inspection.ts [tables]`
 */
import type { Connection, DesignDialect } from "../src/dialect/index.ts";
import { diff } from "../src/diff/index.ts";
import { runPlan } from "../src/migrate/run-plan.ts";
import { plan } from "../src/plan/index.ts";
import {
  check,
  column,
  foreignKey,
  index,
  primaryKey,
  type Schema,
  schema,
  type Table,
  t,
  table,
  unique,
} from "../src/schema/index.ts";
import { dialects, loadServerDialect, serverUrl, temporaryDatabase } from "../test/dialects.ts";

const most = Number(process.argv[2] ?? 1000);
const collect = (): void => globalThis.gc?.();

console.log("database     tables  statements  inspect s  diff s  canonical s  memory MB");
for (const row of dialects) {
  if (row.urlVariable !== null && !process.env[row.urlVariable]) continue;
  for (const tables of [most / 2, most]) {
    const database = await temporaryDatabase(row);
    const dialect = await loadServerDialect(row);
    const source = await dialect.open(serverUrl(row) === null ? `${row.name}://` : database.url);
    const connection = await source.acquire();
    try {
      const figures = await measure(connection, await dialect.design(), many(tables));
      console.log(`${row.name.padEnd(12)} ${String(tables).padStart(6)}  ${figures}`);
    } finally {
      await connection.release();
      await source.close();
      await database.remove();
    }
  }
}

async function measure(connection: Connection, design: DesignDialect, wanted: Schema): Promise<string> {
  const empty = await design.inspector.inspect(connection);
  await runPlan(plan(diff(empty, wanted, design.rules), empty, design), connection);
  collect();
  const before = process.memoryUsage().heapUsed;
  let statements = 0;
  const counting = new Proxy(connection, {
    get(target, key) {
      const value = Reflect.get(target, key) as unknown;
      if (typeof value !== "function") return value;
      return (...args: unknown[]): unknown => {
        if (key === "query") statements++;
        return Reflect.apply(value, target, args);
      };
    },
  });
  const inspecting = performance.now();
  const found = await design.inspector.inspect(counting);
  const inspected = performance.now() - inspecting;
  collect();
  const memory = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  const asked = performance.now();
  const canonical = await design.canonical(wanted, connection);
  const told = performance.now() - asked;
  const comparing = performance.now();
  const differences = diff(found, canonical, design.rules);
  const compared = performance.now() - comparing;
  if (differences.length > 0) throw new Error(`${differences.length} differences`);
  return [
    String(statements).padStart(10),
    (inspected / 1000).toFixed(2).padStart(9),
    (compared / 1000).toFixed(2).padStart(6),
    (told / 1000).toFixed(2).padStart(11),
    memory.toFixed(1).padStart(9),
  ].join("  ");
}

/** Tables of ten columns, with two indexes, a check, a unique constraint and a reference to the table before. */
function many(count: number): Schema {
  return schema(
    Array.from({ length: count }, (_, at) => oneOf(`table_${at}`, `table_${Math.max(0, at - 1)}`)),
  );
}

function oneOf(name: string, before: string): Table {
  return table(
    name,
    [
      column("id", t.integer(), { nullable: false, autoIncrement: true }),
      column("before_id", t.integer()),
      ...["a", "b", "c"].map((each) =>
        column(each, t.varchar(80), { nullable: false, default: { kind: "literal", value: "x" } }),
      ),
      ...["d", "e", "f"].map((each) => column(each, t.integer())),
      column("g", t.timestamp(), {
        nullable: false,
        default: { kind: "expression", sql: "CURRENT_TIMESTAMP" },
      }),
      column("h", t.numeric(10, 2)),
    ],
    {
      primaryKey: primaryKey(["id"], { name: `pk_${name}` }),
      foreignKeys: [
        foreignKey(["before_id"], { schema: null, name: before, columns: ["id"] }, { name: `fk_${name}` }),
      ],
      uniques: [unique(["a", "d"], { name: `uq_${name}` })],
      checks: [check("e > 0 OR f > 0", { name: `ck_${name}` })],
      indexes: [index(`ix_${name}_before`, ["before_id"]), index(`ix_${name}_b`, ["b", "c"])],
    },
  );
}
