import { isAtLeast, type LogLevel } from "./level.ts";
import { createMasker, type Masker } from "./mask.ts";
import type { LogFields, LogRecord, LogSink } from "./record.ts";

/** How a logger is made. */
export interface LoggerOptions {
  /** Default `athanor`. */
  readonly name?: string;
  /** The least level that is logged. Default INFO. */
  readonly level?: LogLevel;
  /** Where records go. Default nowhere. */
  readonly sinks?: readonly LogSink[];
  /** Texts that must not appear in any record. */
  readonly secrets?: readonly string[];
  /** The clock, for tests. */
  readonly now?: () => Date;
}

/** Writes records to its sinks, secrets masked. Nothing it does throws. */
export class Logger {
  readonly name: string;
  /** The least level that is logged; may be changed, and then counts for the loggers made of this one too. */
  get level(): LogLevel {
    return this.#shared.level;
  }
  set level(level: LogLevel) {
    this.#shared.level = level;
  }
  readonly #shared: Shared;
  readonly #fields: LogFields;

  constructor(name: string, shared: Shared, fields: LogFields = {}) {
    this.name = name;
    this.#shared = shared;
    this.#fields = fields;
  }

  /** Whether a record of this level would go anywhere: for work that only makes a message. */
  isEnabled(level: LogLevel): boolean {
    return isAtLeast(level, this.level) && this.#shared.sinks.some((sink) => isAtLeast(level, sink.level));
  }

  /** A logger of a part, `athanor.discovery`; `fields` stand in each of its records. */
  child(name: string, fields: LogFields = {}): Logger {
    return new Logger(`${this.name}.${name}`, this.#shared, { ...this.#fields, ...fields });
  }

  /** Detail for who looks for a fault. */
  debug(message: string, fields?: LogFields): void {
    this.log("DEBUG", message, fields);
  }

  /** What happened. */
  info(message: string, fields?: LogFields): void {
    this.log("INFO", message, fields);
  }

  /** What may become a fault. */
  warning(message: string, fields?: LogFields): void {
    this.log("WARNING", message, fields);
  }

  /** What failed. */
  error(message: string, fields?: LogFields): void {
    this.log("ERROR", message, fields);
  }

  /** What may end the program. */
  critical(message: string, fields?: LogFields): void {
    this.log("CRITICAL", message, fields);
  }

  /** A record of a level that is known at run time only. */
  log(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (!this.isEnabled(level)) return;
    const { masker, now, sinks } = this.#shared;
    try {
      const record: LogRecord = {
        time: now(),
        level,
        name: this.name,
        message: masker.text(message),
        fields: masker.fields({ ...this.#fields, ...fields }),
      };
      for (const sink of sinks) if (isAtLeast(level, sink.level)) sink.write(record);
    } catch {
      // A getter of a field or a stream that is gone: whoever logs cannot help it, and must go on.
    }
  }

  /** Closes the sinks. */
  close(): void {
    for (const sink of this.#shared.sinks) sink.close?.();
  }
}

interface Shared {
  level: LogLevel;
  readonly sinks: readonly LogSink[];
  readonly masker: Masker;
  readonly now: () => Date;
}

/** A logger; without sinks it says nothing. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { name = "athanor", level = "INFO", sinks = [], secrets = [], now = () => new Date() } = options;
  return new Logger(name, { level, sinks, masker: createMasker(secrets), now });
}
