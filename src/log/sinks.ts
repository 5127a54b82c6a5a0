import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { AthanorError } from "../errors/index.ts";
import type { LogFormatter } from "./format.ts";
import type { LogLevel } from "./level.ts";
import type { LogRecord, LogSink } from "./record.ts";

/** A sink that writes each record as a line to a stream, such as standard error. */
export function streamSink(
  stream: { write(text: string): unknown },
  format: LogFormatter,
  level: LogLevel = "DEBUG",
): LogSink {
  return { level, write: (record) => void stream.write(`${format(record)}\n`) };
}

/** How a log file is kept small. */
export interface FileSinkOptions {
  readonly path: string;
  readonly format: LogFormatter;
  /** Default DEBUG. */
  readonly level?: LogLevel;
  /** A file that would grow beyond this many bytes is put aside as `<path>.1`. Default 10 MiB; 0 never. */
  readonly maxBytes?: number;
  /** How many files that were put aside are kept. Default 5. */
  readonly backupCount?: number;
  /** Told once when writing fails later on: a full disk must not stop what is being logged. */
  readonly onError?: (error: AthanorError<"LOG.FILE">) => void;
}

const defaultMaxBytes = 10 * 1024 * 1024;
const defaultBackupCount = 5;

/**
 * A sink that appends to a file, whole lines at once, so that several processes can share it. The file and its folder
 * are made at once: throws `LOG.FILE` where that is not possible.
 */
export function fileSink(options: FileSinkOptions): LogSink {
  const { path, format, level = "DEBUG", maxBytes = defaultMaxBytes } = options;
  const backups = options.backupCount ?? defaultBackupCount;
  let told = false;
  try {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, "");
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
  const write = (record: LogRecord): void => {
    const line = `${format(record)}\n`;
    try {
      if (maxBytes > 0 && sizeOf(path) + Buffer.byteLength(line) > maxBytes) rotate(path, backups);
      appendFileSync(path, line);
      told = false;
    } catch (cause) {
      if (!told) options.onError?.(cannotWrite(path, cause));
      told = true;
    }
  };
  return { level, write };
}

function cannotWrite(file: string, cause: unknown): AthanorError<"LOG.FILE"> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AthanorError("LOG.FILE", { file, reason }, { cause });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** `log` becomes `log.1`, `log.1` becomes `log.2`, and so on; the last one goes. An empty log stays. */
function rotate(path: string, backups: number): void {
  if (sizeOf(path) === 0) return;
  if (backups === 0) {
    rmSync(path, { force: true });
    return;
  }
  rmSync(`${path}.${backups}`, { force: true });
  for (let at = backups - 1; at >= 1; at--) move(`${path}.${at}`, `${path}.${at + 1}`);
  move(path, `${path}.1`);
}

/** Another process may have moved it already. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
