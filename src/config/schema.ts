import { z } from "zod";
import type { LogLevel } from "../log/index.ts";
import type { TransactionMode } from "../migrate/index.ts";
import { choice, count, flag, format, level, list, optional, text, timezone, whole } from "./kinds.ts";

/**
 * Every key of the configuration: its section, type, default and description. The one source for types, validation,
 * the names of environment variables (a key's own name), the documentation and the JSON Schema.
 */

const transactionModes: readonly TransactionMode[] = ["each", "all", "none"];

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
    readonly MIGRATION_VERSIONS_PATH: readonly string[];
    readonly MIGRATION_VERSION_TABLE: string;
    readonly MIGRATION_LOG_TABLE: string;
    readonly MIGRATION_VERSION_TABLE_SCHEMA: string;
    readonly MIGRATION_COMPARE_TYPE: boolean;
    readonly MIGRATION_COMPARE_SERVER_DEFAULT: boolean;
    readonly MIGRATION_TIMEZONE: string;
    readonly MIGRATION_FILE_TEMPLATE: string;
    readonly MIGRATION_SLUG_LENGTH: number;
    readonly MIGRATION_WAIT_TIMEOUT: number;
    readonly MIGRATION_LOCK_TIMEOUT: number;
    readonly MIGRATION_LOCK_RETRIES: number;
    readonly MIGRATION_STATEMENT_TIMEOUT: number;
    readonly MIGRATION_TRANSACTION: TransactionMode;
    readonly MIGRATION_SHADOW_URL: string | undefined;
  };
  readonly logging: {
    readonly LOGGING_LEVEL: LogLevel;
    readonly LOGGING_FORMAT: string;
    readonly LOGGING_FILE: string;
    readonly LOGGING_MAX_BYTES: number;
    readonly LOGGING_BACKUP_COUNT: number;
  };
  readonly discovery: {
    readonly AUTO_DISCOVER_MODELS: boolean;
    readonly MODEL_DISCOVERY_PATHS: readonly string[];
    readonly EXCLUDE_PATHS: readonly string[];
    readonly MODULE_PATHS: readonly string[];
    readonly MODULES_ENABLED: readonly string[];
    readonly MODULE_NAMING: "schema" | "prefix";
    readonly DISCOVERY_TIMEOUT: number;
    readonly DISCOVERY_CACHE: boolean;
    readonly DISCOVERY_CACHE_DIR: string;
  };
}

/** A schema for each key of a section, of the very type that `ConfigValues` says. */
type SectionSchema<V> = z.ZodObject<{ readonly [K in keyof V]-?: z.ZodType<V[K]> }, z.core.$strict>;

/** The sections and their keys. */
export const configSchema: { readonly [S in SectionName]: SectionSchema<ConfigValues[S]> } = {
  general: z.strictObject({
    DEBUG: flag(false, "More detail in logs and errors."),
    ENVIRONMENT: text("development", "Which environment this is; also chooses `.env.<environment>`."),
    PROJECT_NAME: text(
      "Athanor project",
      "What `athanor status` calls the project; for the program's own use too.",
    ),
    SECRET_KEY: text("", "Kept for the program; never shown."),
  }),
  database: z.strictObject({
    DATABASE_URL: optional(
      "The database's URL. Goes before the DB_ keys of the same source; DB_USER and DB_PASS fill in what it leaves out.",
    ),
    DB_ENGINE: text("sqlite", "Which database: a URL's scheme (`sqlite`, `postgresql`, `mysql`, `mariadb`)."),
    DB_HOST: text("localhost", "The server's host."),
    DB_PORT: whole(1, 65_535, "The server's port; without it the usual one of the database."),
    DB_USER: text("", "The user's name."),
    DB_PASS: text("", "The user's password; never shown."),
    DB_NAME: text("database.db", "The database's name, or the file's path from the project's root."),
    DATABASE_ECHO: flag(false, "Log every statement with its time."),
    DATABASE_POOL_SIZE: count(5, "Connections that are kept.", 1),
    DATABASE_MAX_OVERFLOW: count(
      10,
      "Connections to a server beyond those, closed once they are given back.",
    ),
    DATABASE_POOL_TIMEOUT: count(
      30,
      "Seconds to wait for a connection to a server while all are in use; 0 waits without end.",
    ),
    DATABASE_POOL_RECYCLE: count(
      3600,
      "Seconds after which a connection to a server is replaced before it is used again; 0 never.",
    ),
  }),
  migration: z.strictObject({
    MIGRATION_DIR: text("migrations", "The folder of the migrations, from the project's root."),
    MIGRATION_VERSIONS_PATH: list(
      ["versions"],
      "The folders of the migration files in it; new files go to the folder of the revision that they follow, else to the first.",
    ),
    MIGRATION_VERSION_TABLE: text("athanor_version", "The table that names the applied heads."),
    MIGRATION_LOG_TABLE: text("athanor_log", "The table that logs what was applied, and when."),
    MIGRATION_VERSION_TABLE_SCHEMA: text(
      "",
      "The schema of both tables, which has to be there; without it the usual one of the connection.",
    ),
    MIGRATION_COMPARE_TYPE: flag(true, "Compare the types of columns."),
    MIGRATION_COMPARE_SERVER_DEFAULT: flag(true, "Compare the defaults that the database gives."),
    MIGRATION_TIMEZONE: timezone("UTC", "The zone of times in migration files and in their names."),
    MIGRATION_FILE_TEMPLATE: text("{revision}_{slug}", "How migration files are named."),
    MIGRATION_SLUG_LENGTH: count(40, "The longest slug in a file's name."),
    MIGRATION_WAIT_TIMEOUT: count(60, "Seconds to wait for another migration to end."),
    MIGRATION_LOCK_TIMEOUT: count(
      5,
      "Seconds a statement of a migration waits for a lock before it is taken back and tried again; 0 as the server is set. On SQLite, where one lock serves all writers, MIGRATION_WAIT_TIMEOUT is what counts.",
    ),
    MIGRATION_LOCK_RETRIES: count(
      8,
      "How often a migration is tried again that a lock was in the way of, with growing pauses.",
    ),
    MIGRATION_STATEMENT_TIMEOUT: count(
      0,
      "Seconds one statement of a migration may work; 0 as the server is set.",
    ),
    MIGRATION_TRANSACTION: choice<TransactionMode>(
      transactionModes,
      "each",
      "What of a run is one transaction: `each` migration, `all` of them, or `none`.",
    ),
    MIGRATION_SHADOW_URL: optional(
      "The URL of a server on which `verify`, `squash` and `--from shadow` may make a database and drop it again; without it they work in process.",
    ),
  }),
  logging: z.strictObject({
    LOGGING_LEVEL: level("INFO", "The least level that is logged."),
    LOGGING_FORMAT: format(
      "pretty",
      "`pretty`, `json`, or a format with `%(asctime)s %(name)s %(levelname)s %(message)s %(fields)s`.",
    ),
    LOGGING_FILE: text("", "A file to log to as well, from the project's root."),
    LOGGING_MAX_BYTES: count(10_485_760, "The log file is put aside before it grows beyond this; 0 never."),
    LOGGING_BACKUP_COUNT: count(5, "How many log files that were put aside are kept."),
  }),
  discovery: z.strictObject({
    AUTO_DISCOVER_MODELS: flag(
      true,
      "Look for models under the paths; without it the paths' files are imported, whatever they hold.",
    ),
    MODEL_DISCOVERY_PATHS: list(
      [],
      "Folders, files and globs with models; without any those of `models`, `src`, `app` that are there, else the whole project.",
    ),
    EXCLUDE_PATHS: list(
      defaultExcludes,
      "Names of folders and files that are passed over, as whole path segments; `node_modules` always is.",
    ),
    MODULE_PATHS: list(["modules"], "Folders whose folders are modules, where they have a `module.ts`."),
    MODULES_ENABLED: list([], "The modules that count, by name; without any all that are found."),
    MODULE_NAMING: choice(
      ["schema", "prefix"],
      "schema",
      "Where tables of modules are: in a schema of each where the database has schemas, or under a prefix.",
    ),
    DISCOVERY_TIMEOUT: count(30, "Seconds that importing the models may take; at least 1.", 1),
    DISCOVERY_CACHE: flag(true, "Keep what was found until a file changes that it was found in."),
    DISCOVERY_CACHE_DIR: text(".athanor", "The folder of that cache, from the project's root."),
  }),
};
