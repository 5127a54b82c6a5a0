import { randomBytes } from "node:crypto";
import type { Connection } from "../connection.ts";
import { quoteName, quoteString } from "./quote.ts";

/**
 * Databases that are there for a moment. Whoever makes one holds a lock under its name for as long as it is there, which
 * the server takes back from a session that has ended: what a killed process left behind has no holder, and goes when the
 * next one is made. Locks are those of one server, so that its name stands in the database's: one that came here from
 * another server of the same data is left alone.
 */

/** What the server calls itself, in short. */
const serverName = "LEFT(SHA2(CONCAT_WS('/', @@hostname, @@port), 256), 8)";

/**
 * Works in a database like the one of the connection, which is gone afterwards; null where none can be had. `homes` are
 * its name and that of the connection's own.
 */
export async function inScratchDatabase<T>(
  connection: Connection,
  work: (homes: readonly [string, string]) => Promise<T>,
): Promise<T | null> {
  const { rows } = await connection.query(`SELECT DATABASE(), @@collation_database, ${serverName}`);
  const [home, collation, server] = rows[0] ?? [];
  if (home == null) return null;
  const family = `athanor_scratch_${String(server)}_`;
  const name = family + randomBytes(6).toString("hex");
  await removeLeftOver(connection, family);
  const there = async (): Promise<T | null> => {
    const create = `CREATE DATABASE ${quoteName(name)} COLLATE ${String(collation)}`;
    if (!(await taken(connection, create))) return null;
    try {
      await connection.query(`USE ${quoteName(name)}`);
      return await work([name, String(home)]);
    } finally {
      await connection.query(`USE ${quoteName(String(home))}`);
      await connection.query(`DROP DATABASE ${quoteName(name)}`);
    }
  };
  return holding(connection, name, there, true);
}

/** A query for the databases whose names begin so. */
export function databasesNamed(prefix: string): string {
  return `SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE LEFT(SCHEMA_NAME, ${prefix.length}) = ${quoteString(prefix)}`;
}

/** Drops what nobody holds. What may not be dropped stays. */
async function removeLeftOver(connection: Connection, family: string): Promise<void> {
  const { rows } = await connection.query(databasesNamed(family));
  for (const [name] of rows) {
    const drop = `DROP DATABASE IF EXISTS ${quoteName(String(name))}`;
    await holding(connection, String(name), () => taken(connection, drop), false);
  }
}

/** Works with the lock of that name; null where somebody else has it. `always`: also where the server has no such locks. */
async function holding<T>(
  connection: Connection,
  name: string,
  work: () => Promise<T>,
  always: boolean,
): Promise<T | null> {
  const asked = await connection.query(`SELECT GET_LOCK(${quoteString(name)}, 0)`).catch(() => null);
  if (asked === null) return always ? work() : null;
  if (Number(asked.rows[0]?.[0]) !== 1) return null;
  try {
    return await work();
  } finally {
    await connection.query(`SELECT RELEASE_LOCK(${quoteString(name)})`);
  }
}

async function taken(connection: Connection, sql: string): Promise<boolean> {
  try {
    await connection.query(sql);
    return true;
  } catch {
    return false;
  }
}
