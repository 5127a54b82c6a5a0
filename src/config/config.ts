import { AthanorError } from "../errors/index.ts";
import { shownValue } from "./describe.ts";
import { addGiven } from "./environment.ts";
import { sectionNames, sectionOf } from "./known-keys.ts";
import { type ConfigSources, configOf, type LoadedConfig, type LoadOptions, readSources } from "./load.ts";
import type { Given, Place } from "./place.ts";
import { type EngineSettings, poolSettings } from "./pool-settings.ts";
import { unknownKey } from "./read-file.ts";
import type { ConfigValues, SectionName } from "./schema.ts";
import { validate } from "./validate.ts";

/** Every key, whatever its section, with its type. */
export type ConfigKeys = {
  readonly [S in SectionName]: ConfigValues[S];
}[SectionName] extends infer U
  ? (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void
    ? I
    : never
  : never;

/** How a program names what it sets. */
export interface SetOptions {
  /** The section, where the program wants to be held to it. */
  readonly section?: SectionName;
}

/** The configuration for programs: read once, changed in one place, the same everywhere it is handed to. */
export class Config {
  #sources: ConfigSources;
  #loaded: LoadedConfig;
  readonly #listeners = new Set<(config: Config) => void>();

  private constructor(sources: ConfigSources) {
    this.#sources = sources;
    this.#loaded = configOf(sources, validate(sources.given));
  }

  /**
   * Reads the configuration as the commands do. `file` names one outright; `env: false` leaves the environment and
   * the `.env` files out. Rejects with `CONFIG.…`.
   */
  static async load(options: LoadOptions = {}): Promise<Config> {
    return new Config(await readSources(options));
  }

  /** The project's root, absolute. */
  get root(): string {
    return this.#loaded.root;
  }

  /** The first file that was read, absolute; null where there is none. */
  get file(): string | null {
    return this.#loaded.file;
  }

  /** The values by section, checked; frozen, and new after each `set`. */
  get values(): ConfigValues {
    return this.#loaded.values;
  }

  /** Where each key was written. */
  get places(): ReadonlyMap<string, Place> {
    return this.#loaded.places;
  }

  /** How constraints are named that have no name of their own; undefined is as they always are. */
  get naming(): LoadedConfig["naming"] {
    return this.#loaded.naming;
  }

  /** Everything that the commands know of it; new after each `set`. */
  get loaded(): LoadedConfig {
    return this.#loaded;
  }

  /** The database's URL. It may hold a password: never print it. */
  get databaseUrl(): string {
    return this.#loaded.databaseUrl;
  }

  /** For `createEngine(config.databaseUrl, config.engineOptions)`. */
  get engineOptions(): EngineSettings {
    const { database, discovery } = this.values;
    return {
      ...poolSettings(this.values),
      moduleNaming: discovery.MODULE_NAMING,
      echo: database.DATABASE_ECHO,
      ...(this.#loaded.naming === undefined ? {} : { namingConvention: this.#loaded.naming }),
    };
  }

  /** The value of a key. Throws `CONFIG.UNKNOWN_KEY` with the nearest. */
  get<K extends keyof ConfigKeys & string>(key: K): ConfigKeys[K] {
    const section = this.#section(key, undefined);
    return (this.values[section] as unknown as ConfigKeys)[key];
  }

  /** Where a key was written. Throws `CONFIG.UNKNOWN_KEY`. */
  placeOf(key: keyof ConfigKeys & string): Place {
    this.#section(key, undefined);
    return this.#loaded.places.get(key)!;
  }

  /**
   * Sets a value, before every other source; whoever has this configuration sees it at once. Checked as a file's
   * would be: throws `CONFIG.UNKNOWN_KEY` and `CONFIG.BAD_VALUE`, and changes nothing then.
   */
  set<K extends keyof ConfigKeys & string>(key: K, value: ConfigKeys[K], options: SetOptions = {}): this {
    this.#section(key, options.section);
    const given = new Map(this.#sources.given);
    const written: Given = { value, origin: "set", file: null, line: null };
    addGiven(given, new Map([[key, written]]));
    const sources = { ...this.#sources, given };
    this.#loaded = configOf(sources, validate(sources.given));
    this.#sources = sources;
    for (const listener of this.#listeners) listener(this);
    return this;
  }

  /** Calls `listener` after each `set`; answers a function that ends it. */
  onChange(listener: (config: Config) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Every section with its values, secrets masked: to be shown or logged. */
  toDict(): Record<SectionName, Record<string, unknown>> {
    const sections = Object.entries(this.values).map(([name, section]) => [
      name,
      Object.fromEntries(Object.entries(section).map(([key, value]) => [key, shownValue(key, value)])),
    ]);
    return Object.fromEntries(sections) as Record<SectionName, Record<string, unknown>>;
  }

  /** The same, so that `JSON.stringify` shows no secret. */
  toJSON(): Record<SectionName, Record<string, unknown>> {
    return this.toDict();
  }

  #section(key: string, asked: SectionName | undefined): SectionName {
    if (asked !== undefined && !sectionNames.includes(asked)) {
      const place = { source: "set", file: null, line: null };
      throw new AthanorError("CONFIG.UNKNOWN_KEY", { ...place, key: asked, section: null, nearest: null });
    }
    const section = sectionOf(key);
    if (section === undefined || (asked !== undefined && asked !== section)) {
      throw unknownKey(key, asked ?? null, { source: "set", file: null, line: null });
    }
    return section;
  }
}
