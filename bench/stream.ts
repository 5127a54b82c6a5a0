/**
 * Streams a million rows as objects and shows what memory they take: `node --expose-gc bench/stream.ts [rows] [url]`. Without
 * a URL, a file of SQLite; else a database in which a table `reading` may be made, and is dropped again. The heap after
 * the first tenth and after the last is the same, give or take what is not collected yet; a list of all rows is shown
 * beside it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { createAll, createEngine, createRegistry, dropAll, field, Session, select } from "../src/index.ts";

const [count = "1000000", given] = process.argv.slice(2);
const rows = Number(count);
const folder = mkdtempSync(join(tmpdir(), "athanor-stream-"));

class Reading extends createRegistry("stream").Model("reading", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(40)),
  value: field(z.number()),
  seen: field(z.date()),
}) {}

const engine = createEngine(given ?? `sqlite:///${join(folder, "stream.db")}`);

/** The heap in use, in MB. */
function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function fill(): Promise<void> {
  const digits =
    "(SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";
  const places = Array.from({ length: String(rows - 1).length }, (_, at) => `t${at}`);
  const number = places.map((table, at) => `${table}.d * ${10 ** at}`).join(" + ");
  const from = places.map((table) => `${digits} AS ${table}`).join(" CROSS JOIN ");
  const connection = await engine.connect();
  await connection.query(
    `INSERT INTO reading (name, value, seen) SELECT 'a reading of a sensor', n / 8.0, '2026-01-01 00:00:00' FROM (SELECT ${number} AS n FROM ${from}) AS numbers WHERE n < ${rows}`,
  );
  await connection.release();
}

try {
  await createAll(engine, [Reading]);
  await fill();
  await Session.run(engine, async (session) => {
    const before = heap();
    const started = performance.now();
    let seen = 0;
    let most = 0;
    for await (const { value } of session.exec(select(Reading))) {
      if (value >= 0) seen += 1;
      if (seen % (rows / 10) !== 0) continue;
      const now = heap() - before;
      most = Math.max(most, now);
      console.log(
        `${String(seen).padStart(9)} rows  ${now.toFixed(1).padStart(6)} MB of heap more than before`,
      );
    }
    const seconds = (performance.now() - started) / 1000;
    console.log(`${seen} rows in ${seconds.toFixed(1)} s, ${most.toFixed(1)} MB at most`);
    if (seen !== rows) throw new Error(`${seen} rows came, rather than ${rows}`);
  });
  await Session.run(engine, async (session) => {
    const before = heap();
    const some = await session.exec(select(Reading).where(Reading.c.id.le(rows / 10))).all();
    console.log(`${some.length} of them as a list: ${(heap() - before).toFixed(1)} MB`);
  });
} finally {
  await dropAll(engine, [Reading]);
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
}
