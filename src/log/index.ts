export { ErrorHandler } from "./error-handler.ts";
export { createFormatter, type FormatOptions, formatProblem, type LogFormatter } from "./format.ts";
export { isAtLeast, type LogLevel, levelNumber, logLevels } from "./level.ts";
export { createLogger, Logger, type LoggerOptions } from "./logger.ts";
export { createMasker, hidden, type Masker } from "./mask.ts";
export type { LogFields, LogRecord, LogSink } from "./record.ts";
export { type FileSinkOptions, fileSink, streamSink } from "./sinks.ts";
