import { AthanorError } from "../../errors/index.ts";
import type { Connection } from "../connection.ts";

/**
 * The server's own number for its version: 150004 is 15.4. Null until a server has said it: then nothing is refused,
 * and what is written is what every version understands.
 */
export type Version = number | null;

/** The oldest version whose catalog is read. */
const oldest = 130_000;

/** Throws `DATABASE.TOO_OLD` where the catalog of that version is another. */
export function refuseOld(version: Version): void {
  if (version === null || version >= oldest) return;
  throw new AthanorError("DATABASE.TOO_OLD", {
    server: `PostgreSQL ${versionName(version)}`,
    oldest: `PostgreSQL ${oldest / 10_000}`,
  });
}

/** What came with a version, by the number that the release before did not have. */
export const since = {
  compression: 140_000,
  multiranges: 140_000,
  nullsNotDistinct: 150_000,
  onDeleteColumns: 150_000,
  setExpression: 170_000,
  virtualColumns: 180_000,
  notEnforced: 180_000,
  temporalKeys: 180_000,
} as const;

/** What some versions lack. */
export type Feature = keyof typeof since;

/** Whether the server is known to have a feature. */
export function has(version: Version, feature: Feature): boolean {
  return version !== null && version >= since[feature];
}

/** Whether the server is known to lack a feature. */
export function lacks(version: Version, feature: Feature): boolean {
  return version !== null && version < since[feature];
}

/** A version as people say it: `15.4`. */
export function versionName(version: number): string {
  return `${Math.floor(version / 10_000)}.${version % 10_000}`;
}

/** The version of the server behind a connection. */
export async function versionOf(connection: Connection): Promise<number> {
  const { rows } = await connection.query("SELECT current_setting('server_version_num')::int4");
  return Number(rows[0]?.[0]);
}
