import type { LoadedConfig } from "./load.ts";

/** The format of a log file: `pretty` is for a terminal, and a file is kept for longer than a day. */
export function fileFormat(format: string): string {
  return format === "pretty" ? "%(asctime)s - %(name)s - %(levelname)s - %(message)s %(fields)s" : format;
}

/** What of a configuration must not appear in a log, in whatever form it was given. */
export function secretsOf(config: Pick<LoadedConfig, "values" | "databaseUrl">): readonly string[] {
  const { general, database, migration } = config.values;
  const inUrls = [config.databaseUrl, migration.MIGRATION_SHADOW_URL ?? ""].map(
    (url) => /:\/\/[^/?#:@]*:([^/?#]*)@/.exec(url)?.[1] ?? "",
  );
  return [general.SECRET_KEY, database.DB_PASS, ...inUrls, ...inUrls.map(decoded)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
