import type { LogLevel } from "./level.ts";

/** What a record says beside its message: plain data, kept apart so that machines can read it. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One thing that was logged, secrets masked. */
export interface LogRecord {
  readonly time: Date;
  readonly level: LogLevel;
  /** Which part of the system speaks: `athanor.discovery`. */
  readonly name: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** Takes records that passed the logger's level. */
export interface LogSink {
  /** The least level it takes. */
  readonly level: LogLevel;
  write(record: LogRecord): void;
  /** Lets go of what it holds. */
  close?(): void;
}
