import { styleText } from "node:util";
import { type LogLevel, levelNumber } from "./level.ts";
import type { LogFields, LogRecord } from "./record.ts";

/** A record as one line, without its end; a message of several lines gives several. */
export type LogFormatter = (record: LogRecord) => string;

/** How a formatter draws. */
export interface FormatOptions {
  /** Colours, where the format has any. Default false. */
  readonly color?: boolean;
}

/**
 * A formatter: `pretty` for people, `json` for machines (one object to a line), or a format string with
 * `%(asctime)s`, `%(name)s`, `%(levelname)s`, `%(levelno)s`, `%(message)s`, `%(process)d`, `%(fields)s`, each with an
 * optional width: `%(levelname)-8s`.
 */
export function createFormatter(format: string, { color = false }: FormatOptions = {}): LogFormatter {
  if (format === "pretty") return (record) => pretty(record, color);
  if (format === "json") return json;
  return (record) => fill(format, record);
}

const placeholder = /%\((\w+)\)(-?)0?(\d*)(?:\.\d+)?[sdif]|%%/g;

const parts: Readonly<Record<string, (record: LogRecord) => string>> = {
  asctime: (record) => localTime(record.time),
  name: (record) => record.name,
  levelname: (record) => record.level,
  levelno: (record) => String(levelNumber(record.level)),
  message: (record) => record.message,
  process: () => String(process.pid),
  fields: (record) => inline(record.fields),
};

/** What is wrong with a format string; null where nothing is. */
export function formatProblem(format: string): string | null {
  if (format === "pretty" || format === "json") return null;
  for (const [whole, name] of format.matchAll(placeholder)) {
    if (whole !== "%%" && !Object.hasOwn(parts, name!)) {
      return `there is no %(${name})s; there are ${Object.keys(parts).join(", ")}`;
    }
  }
  const left = format.replaceAll(placeholder, "").match(/%.{0,12}/)?.[0];
  if (left !== undefined) return `"${left}" is no placeholder; write %(message)s, or %% for a percent sign`;
  return format.includes("%(message)") ? null : "neither pretty nor json, and it has no %(message)s";
}

function fill(format: string, record: LogRecord): string {
  return format.replaceAll(placeholder, (whole, name: string | undefined, left: string, width: string) => {
    const part = name === undefined ? undefined : parts[name];
    if (part === undefined) return whole === "%%" ? "%" : whole;
    const text = part(record);
    return left === "-" ? text.padEnd(Number(width)) : text.padStart(Number(width));
  });
}

function json(record: LogRecord): string {
  const { time, level, name, message, fields } = record;
  return JSON.stringify({ time: time.toISOString(), level, name, message, ...reserved(fields) });
}

/** A field cannot take the place of what every line has. */
function reserved(fields: LogFields): LogFields {
  const taken = new Set(["time", "level", "name", "message"]);
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [taken.has(key) ? `${key}_` : key, value]),
  );
}

const colors: Readonly<Record<LogLevel, Parameters<typeof styleText>[0]>> = {
  DEBUG: "gray",
  INFO: "cyan",
  WARNING: "yellow",
  ERROR: "red",
  CRITICAL: ["bold", "red"],
};

function pretty(record: LogRecord, color: boolean): string {
  const style = (how: Parameters<typeof styleText>[0], text: string): string =>
    color && text !== "" ? styleText(how, text, { validateStream: false }) : text;
  const time = style("dim", localTime(record.time).slice(11));
  const level = style(colors[record.level], record.level.padEnd(8));
  const fields = inline(record.fields);
  const rest = fields === "" ? "" : `  ${style("dim", fields)}`;
  return `${time} ${level} ${style("dim", record.name)}  ${record.message}${rest}`;
}

/** `key=value key="two words"`; stacks are for JSON. */
function inline(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${inlineValue(value)}`)
    .join(" ");
}

function inlineValue(value: unknown): string {
  if (typeof value === "string") return /^[^\s="]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value === "object" && value !== null && "stack" in value && "message" in value) {
    return JSON.stringify(value.message);
  }
  return JSON.stringify(value) ?? String(value);
}

/** `2026-01-15 10:30:45` on this machine's clock. */
function localTime(time: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${date} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":")}`;
}
