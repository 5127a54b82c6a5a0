import { AthanorError } from "../errors/index.ts";
import type { Dialect } from "./dialect.ts";

/** Loads a dialect. */
export type DialectLoader = () => Promise<Dialect>;

/** Dialects by the scheme of their URLs. None is loaded before a URL asks for it. */
const loaders = new Map<string, DialectLoader>([
  ["sqlite", async () => (await import("./sqlite/index.ts")).sqlite],
  ["postgresql", async () => (await import("./postgresql/index.ts")).postgresql],
  ["postgres", async () => (await import("./postgresql/index.ts")).postgresql],
  ["pglite", async () => (await import("./postgresql/index.ts")).pglite],
  ["mysql", async () => (await import("./mysql/index.ts")).mysql],
  ["mariadb", async () => (await import("./mysql/index.ts")).mariadb],
]);

/** Makes a dialect known under a URL scheme; a later one takes the place of an earlier. */
export function registerDialect(scheme: string, load: DialectLoader): void {
  loaders.set(scheme, load);
}

/** The scheme of a URL: what stands before the first colon, a driver's name after `+` left out. */
export function schemeOf(url: string): string {
  const end = url.indexOf(":");
  return (end < 0 ? url : url.slice(0, end)).split("+", 1)[0]!.toLowerCase();
}

/** What loads the dialect that serves `url`. Throws `DATABASE.UNKNOWN_SCHEME` where none does. */
export function loaderFor(url: string): DialectLoader {
  const scheme = schemeOf(url);
  const load = loaders.get(scheme);
  if (load === undefined) {
    throw new AthanorError("DATABASE.UNKNOWN_SCHEME", { scheme, known: [...loaders.keys()].sort() });
  }
  return load;
}

/** The dialect that serves `url`. Rejects with `DATABASE.UNKNOWN_SCHEME` where none does. */
export async function dialectFor(url: string): Promise<Dialect> {
  return loaderFor(url)();
}
