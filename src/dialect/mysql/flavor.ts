import { AthanorError } from "../../errors/index.ts";

/** The two servers of this family. */
export type Flavor = "mysql" | "mariadb";

/** The very server a dialect speaks to. Whatever differs between servers or versions is asked of this. */
export interface Binding {
  readonly flavor: Flavor;
  /** Major, minor and patch. */
  readonly version: readonly number[];
  /** The server gives a timestamp that must not be null a default, and changes it with its row, unless told. */
  readonly impliesTimestamps?: boolean;
}

/** What `mysql://` means until a server has said what it is. */
export const mysqlDefault: Binding = { flavor: "mysql", version: [8, 0, 30] };

/** What `mariadb://` means until a server has said what it is. */
export const mariadbDefault: Binding = { flavor: "mariadb", version: [10, 11, 0] };

/** Reads what `SELECT VERSION()` answers, like `8.0.36`, `10.11.6-MariaDB-log` and `5.5.5-10.11.6-MariaDB`. */
export function parseVersion(text: string): Binding {
  const flavor = /mariadb/i.test(text) ? "mariadb" : "mysql";
  const numbers = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text.replace(/^5\.5\.5-(?=\d)/, ""));
  const version = [numbers?.[1], numbers?.[2], numbers?.[3]].map((digits) => Number(digits ?? 0));
  return { flavor, version };
}

/** Whether the server is MariaDB. */
export function isMariadb(binding: Binding): boolean {
  return binding.flavor === "mariadb";
}

/** The oldest versions whose schemas are read and changed. */
const oldest: Readonly<Record<Flavor, readonly number[]>> = { mysql: [8, 0], mariadb: [10, 6] };

/** Throws `DATABASE.TOO_OLD` where the server is of an older version. */
export function refuseOld(binding: Binding): void {
  const least = oldest[binding.flavor];
  if (isAtLeast(binding.version, least)) return;
  const server = `${productName(binding)} ${binding.version.join(".")}`;
  throw new AthanorError("DATABASE.TOO_OLD", {
    server,
    oldest: `${productName(binding)} ${least.join(".")}`,
  });
}

/** What the server is called. */
export function productName(binding: Binding): string {
  return isMariadb(binding) ? "MariaDB" : "MySQL";
}

/** What some servers and versions lack. */
export type Feature =
  | "checks"
  | "expressionDefaults"
  | "functionalIndexes"
  | "invisibleColumns"
  | "unenforcedChecks"
  | "compressedColumns"
  | "spatialReferences";

/** What came with a version of each, the ones before it without; null is never. */
const features: Readonly<Record<Feature, Readonly<Record<Flavor, readonly number[] | null>>>> = {
  checks: { mariadb: [10, 2, 1], mysql: [8, 0, 16] },
  expressionDefaults: { mariadb: [10, 2, 1], mysql: [8, 0, 13] },
  functionalIndexes: { mariadb: null, mysql: [8, 0, 13] },
  invisibleColumns: { mariadb: [10, 3, 3], mysql: [8, 0, 23] },
  unenforcedChecks: { mariadb: null, mysql: [8, 0, 16] },
  compressedColumns: { mariadb: [10, 3, 2], mysql: null },
  spatialReferences: { mariadb: null, mysql: [8, 0, 3] },
};

/** Whether the server has a feature. */
export function has(binding: Binding, feature: Feature): boolean {
  return since(binding, features[feature]);
}

/** The version that brought a feature to servers of this kind, as people say it; null where none has it. */
export function broughtBy(binding: Binding, feature: Feature): string | null {
  const version = features[feature][binding.flavor];
  return version === null ? null : version.join(".");
}

/** Whether the server is at least of the version given for its flavor; null is never. */
function since(binding: Binding, versions: Readonly<Record<Flavor, readonly number[] | null>>): boolean {
  const wanted = versions[binding.flavor];
  return wanted !== null && isAtLeast(binding.version, wanted);
}

function isAtLeast(version: readonly number[], wanted: readonly number[]): boolean {
  for (const [place, number] of wanted.entries()) {
    const own = version[place] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}

/** A type `uuid`. */
export function hasUuid(binding: Binding): boolean {
  return since(binding, { mariadb: [10, 7], mysql: null });
}

/** `INSERT … RETURNING`; MariaDB's DELETE has it longer, its UPDATE never. */
export function hasReturning(binding: Binding): boolean {
  return since(binding, { mariadb: [10, 5], mysql: null });
}

/** A type `json` of its own; elsewhere it is a longtext under a check `json_valid`. */
export function hasJsonType(binding: Binding): boolean {
  return since(binding, { mariadb: null, mysql: [5, 7, 8] });
}

/** `IF EXISTS` and `IF NOT EXISTS` in ALTER TABLE. */
export function hasIfExists(binding: Binding): boolean {
  return since(binding, { mariadb: [10, 0, 2], mysql: null });
}

/** `ALTER TABLE … RENAME COLUMN`. */
export function hasRenameColumn(binding: Binding): boolean {
  return since(binding, { mariadb: [10, 5, 2], mysql: [8, 0] });
}

/** Index parts that really are kept in descending order. */
export function hasDescendingIndexes(binding: Binding): boolean {
  return since(binding, { mariadb: [10, 8], mysql: [8, 0] });
}

/** Collations go by names of their own beside those of their character sets, and an administrator says which is usual. */
export function hasSharedCollations(binding: Binding): boolean {
  return since(binding, { mariadb: [10, 10, 1], mysql: null });
}

/** The word for an index that no query uses, or null where there is none. */
export function unusedIndexWord(binding: Binding): "INVISIBLE" | "IGNORED" | null {
  if (!since(binding, { mariadb: [10, 6], mysql: [8, 0] })) return null;
  return isMariadb(binding) ? "IGNORED" : "INVISIBLE";
}
