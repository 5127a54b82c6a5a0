import { randomBytes } from "node:crypto";
import { zonedTime } from "./zoned-time.ts";

/** A new revision's id: twelve hexadecimal digits, as Alembic has them. */
export function newRevisionId(): string {
  return randomBytes(6).toString("hex");
}

/** A message as part of a file's name: lower case, words joined with `_`, cut at a word where it can be. */
export function slug(message: string, maxLength: number): string {
  const words = message
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  let cut = "";
  for (const word of words) {
    const longer = cut === "" ? word : `${cut}_${word}`;
    if (longer.length > maxLength) break;
    cut = longer;
  }
  return cut === "" ? (words[0] ?? "").slice(0, maxLength) : cut;
}

/** What a file is named after. */
export interface FileNameParts {
  readonly revision: string;
  readonly message: string;
  readonly createdAt: Date;
}

/** How files are named. */
export interface FileNameOptions {
  /** Tokens `{revision} {slug} {epoch} {year} {month} {day} {hour} {minute} {second}`; `/` makes a folder. */
  readonly template?: string;
  /** Longest slug. Default 40. */
  readonly slugLength?: number;
  /** The zone of the times. Default UTC. */
  readonly timeZone?: string;
}

/** A new file's name, `.ts` included. Default `<revision>_<slug>.ts`. */
export function fileName(parts: FileNameParts, options: FileNameOptions = {}): string {
  const { offset: _, ...times } = zonedTime(parts.createdAt, options.timeZone);
  const tokens: Readonly<Record<string, string>> = {
    ...times,
    revision: parts.revision,
    slug: slug(parts.message, options.slugLength ?? 40),
    epoch: String(Math.floor(parts.createdAt.getTime() / 1000)),
  };
  const name = (options.template ?? "{revision}_{slug}").replaceAll(
    /\{(\w+)\}/g,
    (token, key: string) => tokens[key] ?? token,
  );
  return `${name.replace(/_+$/, "")}.ts`;
}
