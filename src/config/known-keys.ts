import { readFileSync } from "node:fs";
import type { KeyMeta } from "./kinds.ts";
import type { ConfigValues, SectionName } from "./schema.ts";
import { splitList } from "./split-list.ts";

/**
 * The keys as `athanor.schema.json` has them, which is written from the schema of the configuration: whoever only wants to
 * know what keys there are, or reads a configuration without a fault, does not wait for Zod.
 */

type Meta = Partial<KeyMeta>;

const sections: Readonly<Record<string, Readonly<Record<string, Meta>>>> = read();

function read(): typeof sections {
  const file = new URL("../../athanor.schema.json", import.meta.url);
  const { properties } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly properties: Readonly<Record<string, { readonly properties?: Readonly<Record<string, Meta>> }>>;
  };
  const named = Object.entries(properties).flatMap(([name, { properties: keys }]) =>
    keys === undefined ? [] : [[name, keys] as const],
  );
  return Object.fromEntries(named);
}

/** Keys whose values are never shown. */
export const secretKeys: ReadonlySet<string> = new Set(["SECRET_KEY", "DB_PASS"]);

/** The names of the sections. */
export const sectionNames: readonly SectionName[] = Object.keys(sections) as SectionName[];

/** The section a key belongs to; undefined for an unknown one. */
export function sectionOf(key: string): SectionName | undefined {
  return sectionNames.find((name) => Object.hasOwn(sections[name] ?? {}, key));
}

/** Every key there is. */
export function allKeys(): string[] {
  return Object.values(sections).flatMap((keys) => Object.keys(keys));
}

/**
 * The values of a configuration in which every one is plainly what its key takes; null where the schema has to be asked,
 * since one of them may be wrong.
 */
export function plainValues(given: ReadonlyMap<string, { readonly value: unknown }>): ConfigValues | null {
  const values: Record<string, Record<string, unknown>> = {};
  for (const [section, keys] of Object.entries(sections)) {
    const held: Record<string, unknown> = {};
    for (const [key, meta] of Object.entries(keys)) {
      const said = given.get(key);
      const value = said === undefined ? meta.default : plainValue(meta, said.value);
      if (value !== undefined) held[key] = value;
      else if (said !== undefined) return null;
    }
    values[section] = Object.freeze(held);
  }
  return Object.freeze(values) as unknown as ConfigValues;
}

/** Undefined where it is not plain. */
function plainValue(meta: Meta, value: unknown): unknown {
  const { type, format, minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = meta;
  if (meta.enum !== undefined) return meta.enum.includes(value as string) ? value : undefined;
  if (format !== undefined) return value === meta.default ? value : undefined;
  if (type === "boolean") return asBoolean(value);
  if (type === "string") return typeof value === "string" ? value : undefined;
  if (type === "integer") {
    const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
    const fits = Number.isSafeInteger(number) && Number(number) >= minimum && Number(number) <= maximum;
    return fits ? number : undefined;
  }
  if (typeof value === "string") return splitList(value);
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}

function asBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
}
