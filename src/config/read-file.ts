import { AthanorError } from "../errors/index.ts";
import { hookNames } from "../migrate/hooks.ts";
import { nearest } from "../util/nearest.ts";
import { type ConfigFile, isRecord } from "./files.ts";
import { readHook } from "./hooks.ts";
import { allKeys, sectionNames, sectionOf } from "./known-keys.ts";
import { type Given, lineOfKey, lineOfSection, placeLabel } from "./place.ts";
import type { SectionName } from "./schema.ts";

/** What the files say, nothing checked but the names of keys. */
export interface FromFiles {
  readonly given: Map<string, Given>;
  readonly hooks: Record<string, unknown>;
}

/**
 * The keys of several files in one. Throws `CONFIG.UNKNOWN_KEY`, and `CONFIG.DISAGREE` where two of them set one key
 * to different values: nobody could say which of them counts.
 */
export function fromFiles(files: readonly ConfigFile[]): FromFiles {
  const all: FromFiles = { given: new Map(), hooks: {} };
  for (const file of files) {
    const { given, hooks } = fromFile(file);
    Object.assign(all.hooks, hooks);
    for (const [key, value] of given) {
      const before = all.given.get(key);
      if (before !== undefined && JSON.stringify(before.value) !== JSON.stringify(value.value)) {
        throw new AthanorError("CONFIG.DISAGREE", {
          key,
          first: placeLabel(before),
          second: placeLabel(value),
        });
      }
      all.given.set(key, before ?? value);
    }
  }
  return all;
}

function fromFile(file: ConfigFile): FromFiles {
  const from: FromFiles = { given: new Map(), hooks: {} };
  if (!isRecord(file.content)) {
    const reason = "it holds no sections";
    throw new AthanorError("CONFIG.FILE_UNREADABLE", { file: file.path, reason, line: null });
  }
  const isOurs = file.name.startsWith("athanor");
  for (const [name, section] of Object.entries(file.content)) {
    if (isSection(name) && isRecord(section)) readSection(name, section, file, from.given);
    else if (isOurs && hookNames.includes(name)) from.hooks[name] = readHook(name, section, file);
    else if (isOurs && name !== "$schema") throw wrongSection(name, section, file);
  }
  return from;
}

function isSection(name: string): name is SectionName {
  return sectionNames.some((known) => known === name);
}

function wrongSection(name: string, value: unknown, file: ConfigFile): AthanorError {
  const line = lineOfSection(file.text, name);
  const place = { source: file.name, file: file.path, line, key: name };
  if (isSection(name)) {
    const shown = JSON.stringify(value) ?? String(value);
    return new AthanorError("CONFIG.BAD_VALUE", { ...place, value: shown, problem: "a section holds keys" });
  }
  const section = nearest(name, sectionNames);
  const hook = nearest(name, hookNames);
  const owner = sectionOf(name);
  return new AthanorError("CONFIG.UNKNOWN_KEY", {
    ...place,
    section: null,
    nearest: owner === undefined ? (section === null ? hook : `[${section}]`) : `[${owner}] ${name}`,
  });
}

function readSection(
  name: SectionName,
  section: Readonly<Record<string, unknown>>,
  file: ConfigFile,
  given: Map<string, Given>,
): void {
  for (const [key, value] of Object.entries(section)) {
    const line = lineOfKey(file.text, key, name);
    if (sectionOf(key) !== name) throw unknownKey(key, name, { source: file.name, file: file.path, line });
    given.set(key, { value, origin: file.name, file: file.path, line });
  }
}

/** The error of a key that its section does not have, with the nearest that there is. */
export function unknownKey(
  key: string,
  section: SectionName | null,
  place: { readonly source: string; readonly file: string | null; readonly line: number | null },
): AthanorError {
  const near = nearest(key, allKeys());
  const home = near === null ? undefined : sectionOf(near);
  const elsewhere = near === null || section === null || home === section ? near : `${near} in [${home}]`;
  return new AthanorError("CONFIG.UNKNOWN_KEY", { ...place, key, section, nearest: elsewhere });
}
