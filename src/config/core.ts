import { resolve } from "node:path";
import {
  createFormatter,
  createLogger,
  ErrorHandler,
  fileSink,
  type Logger,
  type LogSink,
  streamSink,
} from "../log/index.ts";
import { type Dispatcher, dispatcher, type Signals } from "../signal/index.ts";
import { Config } from "./config.ts";
import type { LoadOptions } from "./load.ts";
import { fileFormat, secretsOf } from "./log-settings.ts";

/** What programs and commands are made of. */
export interface Core {
  readonly config: Config;
  /** Writes to standard error, and to LOGGING_FILE where that is set. */
  readonly logger: Logger;
  readonly errorHandler: ErrorHandler;
  /** The one that the commands send their signals through. */
  readonly dispatcher: Dispatcher<Signals>;
}

/**
 * Reads the configuration and opens the log that it asks for; the logger's level follows `config.set`. Rejects with
 * `CONFIG.…` and `LOG.FILE`.
 */
export async function initializeCore(options: LoadOptions = {}): Promise<Core> {
  const config = await Config.load(options);
  const logger = loggerOf(config);
  const show = (changed: Config): void => {
    logger.level = levelOf(changed);
  };
  config.onChange(show);
  logger.child("config").info(`Configuration initialized from: ${config.file ?? "defaults and environment"}`);
  for (const warning of config.loaded.warnings) logger.child("config").warning(warning);
  return { config, logger, errorHandler: new ErrorHandler(logger), dispatcher };
}

function loggerOf(config: Config): Logger {
  const { LOGGING_FORMAT, LOGGING_FILE, LOGGING_MAX_BYTES, LOGGING_BACKUP_COUNT } = config.values.logging;
  const sinks: LogSink[] = [streamSink(process.stderr, createFormatter(LOGGING_FORMAT))];
  if (LOGGING_FILE !== "") {
    const path = resolve(config.root, LOGGING_FILE);
    const format = createFormatter(fileFormat(LOGGING_FORMAT));
    sinks.push(fileSink({ path, format, maxBytes: LOGGING_MAX_BYTES, backupCount: LOGGING_BACKUP_COUNT }));
  }
  return createLogger({ level: levelOf(config), sinks, secrets: secretsOf(config) });
}

function levelOf(config: Config): Logger["level"] {
  const said = config.placeOf("LOGGING_LEVEL").origin !== "default";
  return config.get("DEBUG") && !said ? "DEBUG" : config.get("LOGGING_LEVEL");
}
