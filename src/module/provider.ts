import { AthanorError } from "../errors/index.ts";
import { type Place, prefixed } from "../schema/place.ts";

/** Databases by name, for the rare case in which names have to be those of one of them. */
export const DatabaseProvider = {
  SQLITE: "sqlite",
  POSTGRESQL: "postgresql",
  MYSQL: "mysql",
  MARIADB: "mariadb",
} as const;

/** A database by its name, or a URL of it. */
export type DatabaseProvider = (typeof DatabaseProvider)[keyof typeof DatabaseProvider];

const identity: Place = (ref) => ref;

/** Whether tables are in named schemas there. */
const places: ReadonlyMap<string, Place> = new Map([
  ["sqlite", prefixed],
  ["postgresql", identity],
  ["postgres", identity],
  ["pglite", identity],
  ["mysql", prefixed],
  ["mariadb", prefixed],
]);

/** Where a provider, or the database of a URL, has what is in a named schema. Throws `MODULE.PROVIDER`. */
export function placeFor(provider: string): Place {
  const name = (provider.split(":", 1)[0] ?? "").split("+", 1)[0] ?? "";
  const place = places.get(name.toLowerCase());
  if (place !== undefined) return place;
  throw new AthanorError("MODULE.PROVIDER", { provider: name, known: Object.values(DatabaseProvider) });
}
