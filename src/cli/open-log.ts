import { resolve } from "node:path";
import type { LoadedConfig } from "../config/load.ts";
import { fileFormat, secretsOf } from "../config/log-settings.ts";
import type { StatementEvent } from "../dialect/index.ts";
import {
  createFormatter,
  createLogger,
  fileSink,
  type LogLevel,
  type LogSink,
  streamSink,
} from "../log/index.ts";
import type { CommandLog } from "./command-log.ts";
import type { Output } from "./output.ts";

/**
 * Opens the log as the configuration says. A terminal is shown warnings and up, since commands say themselves what
 * they did; LOGGING_LEVEL, DEBUG or `--verbose` show more. Throws `LOG.FILE`.
 */
export async function openLog(config: LoadedConfig, output: Output): Promise<CommandLog> {
  const { values } = config;
  const level = levelOf(config, output);
  const files = fileSinks(config, output);
  const secrets = secretsOf(config);
  const terminal = terminalSink(config, output, terminalLevel(config, output, level));
  const log: CommandLog = {
    logger: createLogger({ level, secrets, sinks: [terminal, ...files] }),
    file: createLogger({ level, secrets, sinks: files }),
    onStatement: values.database.DATABASE_ECHO ? await echo(config, output, files, secrets) : null,
  };
  output.log = log;
  const from = config.file ?? "defaults and environment";
  log.logger.child("config").info(`Configuration initialized from: ${from}`);
  for (const warning of config.warnings) log.logger.child("config").warning(warning);
  return log;
}

function isSaid(config: LoadedConfig, key: string): boolean {
  return config.origins.get(key) !== "default";
}

function levelOf(config: LoadedConfig, output: Output): LogLevel {
  const { general, logging } = config.values;
  if (output.options.verbose === true) return "DEBUG";
  return general.DEBUG && !isSaid(config, "LOGGING_LEVEL") ? "DEBUG" : logging.LOGGING_LEVEL;
}

function terminalLevel(config: LoadedConfig, output: Output, level: LogLevel): LogLevel {
  if (output.options.quiet === true) return "ERROR";
  if (output.options.verbose === true || config.values.general.DEBUG) return level;
  return isSaid(config, "LOGGING_LEVEL") ? level : "WARNING";
}

function terminalSink(config: LoadedConfig, output: Output, level: LogLevel): LogSink {
  const color = output.style("red", "x", process.stderr) !== "x";
  const write = (text: string): void => {
    output.progress.clear();
    process.stderr.write(text);
  };
  return streamSink({ write }, createFormatter(config.values.logging.LOGGING_FORMAT, { color }), level);
}

function fileSinks(config: LoadedConfig, output: Output): readonly LogSink[] {
  const { LOGGING_FILE, LOGGING_FORMAT, LOGGING_MAX_BYTES, LOGGING_BACKUP_COUNT } = config.values.logging;
  if (LOGGING_FILE === "") return [];
  const sink = fileSink({
    path: resolve(config.root, LOGGING_FILE),
    format: createFormatter(fileFormat(LOGGING_FORMAT)),
    maxBytes: LOGGING_MAX_BYTES,
    backupCount: LOGGING_BACKUP_COUNT,
    onError: (error) => output.note(`warning: ${error.message}`),
  });
  return [sink];
}

/** Echo was asked for by name, so no level leaves it out. */
async function echo(
  config: LoadedConfig,
  output: Output,
  files: readonly LogSink[],
  secrets: readonly string[],
): Promise<(event: StatementEvent) => void> {
  const { formatStatement } = await import("../session/echo.ts");
  const sinks = [terminalSink(config, output, "DEBUG"), ...files];
  const logger = createLogger({ level: "DEBUG", secrets, sinks }).child("sql");
  const asData = config.values.logging.LOGGING_FORMAT === "json";
  return (event) => {
    const { sql, milliseconds, rows } = event;
    if (asData) logger.info(sql.trim(), { milliseconds, rows, failed: event.error !== null });
    else logger.info(formatStatement(event));
  };
}
