import { z } from "zod";

/**
 * Every key of the configuration: its section, type, default and description. The one source for validation, for
 * the names of environment variables (a key's own name), and for the documentation.
 */

/** Text; a bare number or boolean of a file is text as well. */
const words = z.preprocess(
  (value) => (typeof value === "number" || typeof value === "boolean" ? String(value) : value),
  z.string(),
);

const text = (fallback: string, description: string): z.ZodType<string> =>
  words.default(fallback).describe(description);

const count = (fallback: number, description: string, most = Number.MAX_SAFE_INTEGER): z.ZodType<number> =>
  z.coerce.number().int().min(0).max(most).default(fallback).describe(description);

const truth: ReadonlySet<string> = new Set(["true", "1", "t", "yes", "on"]);
const untruth: ReadonlySet<string> = new Set(["false", "0", "f", "no", "off", ""]);

/** `true`, `1`, `yes`, `on` and their opposites, in any case. */
const flag = (fallback: boolean, description: string): z.ZodType<boolean> =>
  z
    .preprocess((value) => {
      const word = typeof value === "string" ? value.trim().toLowerCase() : value;
      if (typeof word === "string" && truth.has(word)) return true;
      return typeof word === "string" && untruth.has(word) ? false : word;
    }, z.boolean())
    .default(fallback)
    .describe(description);

/** A list, or a text separated by commas or by the path separator `:`. */
const list = (fallback: readonly string[], description: string): z.ZodType<readonly string[]> =>
  z
    .preprocess(
      (value) =>
        typeof value === "string"
          ? value
              .split(/[,:]/)
              .map((part) => part.trim())
              .filter(Boolean)
          : value,
      z.array(z.string()),
    )
    .default([...fallback])
    .describe(description);

const optional = (description: string): z.ZodType<string | undefined> =>
  words.optional().describe(description);

const defaultExcludes: readonly string[] = [
  "node_modules",
  "dist",
  "build",
  "coverage",
  ".git",
  ".athanor",
  "migrations",
];

/** The names of the sections. */
export type SectionName = "general" | "database" | "migration" | "logging" | "discovery";

/** The configuration's values, as `configSchema` validates them. */
export interface ConfigValues {
  readonly general: {
    readonly DEBUG: boolean;
    readonly ENVIRONMENT: string;
    readonly PROJECT_NAME: string;
    readonly SECRET_KEY: string;
  };
  readonly database: {
    readonly DATABASE_URL?: string | undefined;
    readonly DB_ENGINE: string;
    readonly DB_HOST: string;
    readonly DB_PORT?: number | undefined;
    readonly DB_USER: string;
    readonly DB_PASS: string;
    readonly DB_NAME: string;
    readonly DATABASE_ECHO: boolean;
    readonly DATABASE_POOL_SIZE: number;
    readonly DATABASE_MAX_OVERFLOW: number;
    readonly DATABASE_POOL_TIMEOUT: number;
    readonly DATABASE_POOL_RECYCLE: number;
  };
  readonly migration: {
    readonly MIGRATION_DIR: string;
    readonly MIGRATION_VERSIONS_PATH: string;
    readonly MIGRATION_VERSION_TABLE: string;
    readonly MIGRATION_LOG_TABLE: string;
    readonly MIGRATION_COMPARE_TYPE: boolean;
    readonly MIGRATION_COMPARE_SERVER_DEFAULT: boolean;
    readonly MIGRATION_TIMEZONE: string;
    readonly MIGRATION_FILE_TEMPLATE: string;
    readonly MIGRATION_LOCK_TIMEOUT: number;
  };
  readonly logging: {
    readonly LOGGING_LEVEL: "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";
    readonly LOGGING_FORMAT: string;
    readonly LOGGING_FILE: string;
  };
  readonly discovery: {
    readonly AUTO_DISCOVER_MODELS: boolean;
    readonly MODEL_DISCOVERY_PATHS: readonly string[];
    readonly EXCLUDE_PATHS: readonly string[];
    readonly DISCOVERY_TIMEOUT: number;
  };
}

/** The sections and their keys. */
export const configSchema: Readonly<Record<SectionName, z.ZodObject>> = {
  general: z.strictObject({
    DEBUG: flag(false, "More detail in logs and errors."),
    ENVIRONMENT: text("development", "Which environment this is; also chooses `.env.<environment>`."),
    PROJECT_NAME: text("Athanor project", "The project's name in messages."),
    SECRET_KEY: text("", "Kept for the program; never shown."),
  }),
  database: z.strictObject({
    DATABASE_URL: optional("The database's URL. Goes before the DB_ keys."),
    DB_ENGINE: text("sqlite", "Which database: a URL's scheme."),
    DB_HOST: text("localhost", "The server's host."),
    DB_PORT: z.coerce.number().int().min(1).max(65_535).optional().describe("The server's port."),
    DB_USER: text("", "The user's name."),
    DB_PASS: text("", "The user's password; never shown."),
    DB_NAME: text("database.db", "The database's name, or the file's path from the project's root."),
    DATABASE_ECHO: flag(false, "Log every statement with its time."),
    DATABASE_POOL_SIZE: count(5, "Connections kept at most."),
    DATABASE_MAX_OVERFLOW: count(10, "Connections beyond the pool's size in a rush."),
    DATABASE_POOL_TIMEOUT: count(30, "Seconds to wait for a connection."),
    DATABASE_POOL_RECYCLE: count(3600, "Seconds after which a connection is replaced."),
  }),
  migration: z.strictObject({
    MIGRATION_DIR: text("migrations", "The folder of the migrations, from the project's root."),
    MIGRATION_VERSIONS_PATH: text("versions", "The folder of the migration files in it."),
    MIGRATION_VERSION_TABLE: text("athanor_version", "The table that names the applied heads."),
    MIGRATION_LOG_TABLE: text("athanor_log", "The table that logs what was applied, and when."),
    MIGRATION_COMPARE_TYPE: flag(true, "Compare column types."),
    MIGRATION_COMPARE_SERVER_DEFAULT: flag(true, "Compare defaults of the database."),
    MIGRATION_TIMEZONE: text("UTC", "The zone of times in migration files."),
    MIGRATION_FILE_TEMPLATE: text("{revision}_{slug}", "How migration files are named."),
    MIGRATION_LOCK_TIMEOUT: count(60, "Seconds to wait for another migration to end."),
  }),
  logging: z.strictObject({
    LOGGING_LEVEL: z
      .preprocess(
        (value) => (typeof value === "string" ? value.toUpperCase() : value),
        z.enum(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]),
      )
      .default("INFO")
      .describe("The least level that is logged."),
    LOGGING_FORMAT: text(
      "pretty",
      "`pretty`, `json`, or a format with `%(asctime)s %(name)s %(levelname)s %(message)s`.",
    ),
    LOGGING_FILE: text("", "A file to log to as well."),
  }),
  discovery: z.strictObject({
    AUTO_DISCOVER_MODELS: flag(true, "Look for models; without it only the paths' files are imported."),
    MODEL_DISCOVERY_PATHS: list([], "Folders and files with models; without any, `models`, `src` and `app`."),
    EXCLUDE_PATHS: list(
      defaultExcludes,
      "Names of folders and files that are passed over, as whole path segments.",
    ),
    DISCOVERY_TIMEOUT: count(30, "Seconds that importing the models may take."),
  }),
};

/** Keys whose values are never shown. */
export const secretKeys: ReadonlySet<string> = new Set(["SECRET_KEY", "DB_PASS"]);

/** The section a key belongs to; undefined for an unknown one. */
export function sectionOf(key: string): SectionName | undefined {
  const sections = Object.entries(configSchema) as [SectionName, z.ZodObject][];
  return sections.find(([, section]) => key in section.shape)?.[0];
}

/** Every key there is. */
export function allKeys(): string[] {
  return Object.values(configSchema).flatMap((section) => Object.keys(section.shape));
}
