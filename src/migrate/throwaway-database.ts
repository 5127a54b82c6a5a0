import { createHash, randomBytes } from "node:crypto";
import type { Connection, DesignDialect, Dialect } from "../dialect/index.ts";
import { isAthanorError } from "../errors/index.ts";

/**
 * Databases of a server that are there for one piece of work. Whoever makes one holds a lock under its name for as long
 * as it is there, which the server takes back from a session that has ended: what a killed process left behind has no
 * holder, and goes when the next one is made. Locks are those of one server and database, whose name in short stands in
 * the names: what was made from elsewhere is left alone.
 */

const prefix = "athanor_throwaway_";

/** Where databases can be made and locked. */
interface Server {
  readonly connection: Connection;
  readonly databases: NonNullable<DesignDialect["databases"]>;
  readonly tryLock: NonNullable<DesignDialect["tryLock"]>;
}

/** Makes an empty database on a server; answers its name and what drops it. */
export async function makeDatabase(
  dialect: Dialect,
  url: string,
  { databases, tryLock }: Pick<Server, "databases" | "tryLock">,
): Promise<{ readonly name: string; readonly drop: () => Promise<void> }> {
  const source = await dialect.open(url, { poolSize: 1 });
  try {
    const connection = await source.acquire();
    const server: Server = { connection, databases, tryLock };
    const { rows } = await connection.query(databases.server);
    const here = createHash("sha256").update(String(rows[0]?.[0])).digest("hex").slice(0, 8);
    const family = `${prefix}${here}_`;
    await removeLeftOver(server, family);
    const name = family + randomBytes(6).toString("hex");
    const release = await tryLock(connection, name);
    await connection.query(databases.create(name));
    const drop = async (): Promise<void> => {
      try {
        await connection.query(databases.drop(name));
        await release?.();
        await connection.release();
      } finally {
        await source.close();
      }
    };
    return { name, drop };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Drops what nobody holds. What may not be dropped stays. */
async function removeLeftOver({ connection, databases, tryLock }: Server, family: string): Promise<void> {
  const { rows } = await connection.query(databases.named(family));
  for (const [found] of rows) {
    const name = String(found);
    const release = await tryLock(connection, name);
    if (release === null) continue;
    try {
      await connection.query(databases.drop(name));
    } catch (error) {
      if (!isAthanorError(error) || error.code === "DATABASE.CONNECTION") throw error;
    }
    await release();
  }
}
