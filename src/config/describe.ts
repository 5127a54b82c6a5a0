import type { z } from "zod";
import { maskUrl } from "../util/mask-url.ts";
import type { KeyMeta } from "./kinds.ts";
import { secretKeys } from "./known-keys.ts";
import type { LoadedConfig } from "./load.ts";
import { placeLabel } from "./place.ts";
import { configSchema, type SectionName } from "./schema.ts";

/** One key, its value, and where that came from. */
export interface ConfigRow {
  readonly section: SectionName;
  readonly key: string;
  /** Secrets masked; null where nothing is said and there is no default. */
  readonly value: unknown;
  /** `default`, `environment`, `--url`, `set`, or a file's name. */
  readonly origin: string;
  /** The file, absolute, and the line in it; null where there is none. */
  readonly file: string | null;
  readonly line: number | null;
  /** Origin and line in one word: `athanor.toml:3`. */
  readonly source: string;
  readonly default: unknown;
  readonly description: string;
}

/** Every key of a configuration, in the order of the sections. Secrets are masked. */
export function describeConfig(config: LoadedConfig): readonly ConfigRow[] {
  return keysWithMeta().map(({ section, key, meta }) => {
    const values = config.values[section] as Readonly<Record<string, unknown>>;
    const place = config.places.get(key) ?? { origin: "default", file: null, line: null };
    return {
      section,
      key,
      value: shownValue(key, values[key]),
      ...place,
      source: placeLabel(place),
      default: meta.default ?? null,
      description: meta.description,
    };
  });
}

/** A value as it may be shown: a secret is masked, and so is the password of a URL. */
export function shownValue(key: string, value: unknown): unknown {
  if (secretKeys.has(key)) return value === "" ? "" : "***";
  if ((key === "DATABASE_URL" || key === "MIGRATION_SHADOW_URL") && typeof value === "string")
    return maskUrl(value);
  return value ?? null;
}

/** A key, its section, and what is said of it. */
export interface DescribedKey {
  readonly section: SectionName;
  readonly key: string;
  readonly meta: KeyMeta;
}

/** Every key there is, with what is said of it. */
export function keysWithMeta(): readonly DescribedKey[] {
  return Object.entries(configSchema).flatMap(([section, schema]) =>
    Object.entries((schema as unknown as z.ZodObject).shape).map(([key, value]) => ({
      section: section as SectionName,
      key,
      meta: (value as z.ZodType).meta() as unknown as KeyMeta,
    })),
  );
}
