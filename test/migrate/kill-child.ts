/**
 * Migrates, and kills itself at a given statement: `node kill-child.ts <root> <url> <n> <when>`. Only what writes is
 * counted, from 1; `when` is `before` it is sent, `sent` while the database works on it, or `after` its answer.
 * With 0 it lives, and prints how much it wrote. Instead of a number, a text is part of the statement that is meant.
 */
import { join } from "node:path";
import type { Connection, Dialect } from "../../src/dialect/index.ts";
import { dialectFor } from "../../src/dialect/registry.ts";
import { openEnvironment } from "../../src/migrate/index.ts";

const [root = "", url = "", n = "0", when = "before"] = process.argv.slice(2);
const fatal = Number(n);
let count = 0;

const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  throw new Error("still alive");
};

/** Lets what was written to sockets go out first. */
const flushed = (): Promise<void> =>
  new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));

async function deadly<T>(sql: string, work: () => Promise<T>): Promise<T> {
  if (/^\s*(?:\/\*.*?\*\/\s*)?(?:select|show|set)\b/i.test(sql)) return work();
  count += 1;
  if (count !== fatal && !(Number.isNaN(fatal) && sql.includes(n))) return work();
  if (when === "before") die();
  const working = work();
  working.catch(() => undefined);
  if (when === "sent") {
    await flushed();
    die();
  }
  await working;
  return die();
}

/** The same connection, with death in it. */
function mortal(connection: Connection): Connection {
  return new Proxy(connection, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      const call = (...args: unknown[]): unknown => Reflect.apply(value, target, args);
      if (key === "commit") return () => deadly("COMMIT", () => call() as Promise<void>);
      if (key !== "query") return call;
      return (sql: string, ...rest: unknown[]) => deadly(sql, () => call(sql, ...rest) as Promise<unknown>);
    },
  });
}

function mortalDialect(dialect: Dialect): Dialect {
  const { serverDialect } = dialect;
  return {
    ...dialect,
    ...(serverDialect === undefined
      ? {}
      : { serverDialect: (connection: Connection) => serverDialect.call(dialect, connection) }),
    async open(given, options) {
      const source = await dialect.open(given, options);
      return {
        acquire: async () => mortal(await source.acquire()),
        close: () => source.close(),
      };
    },
  };
}

await using environment = await openEnvironment({
  root,
  url,
  dialect: mortalDialect(await dialectFor(url)),
  versionLocations: [join(root, "migrations/versions")],
});
await environment.upgrade();
process.stdout.write(String(count));
