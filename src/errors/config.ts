interface Place {
  /** The file's name, or what else the value came from. */
  readonly source: string;
  /** The file, absolute, and the line in it; null where there is none. */
  readonly file: string | null;
  readonly line: number | null;
  readonly key: string;
}

const at = (f: Place): string => (f.line === null ? f.source : `${f.source}:${f.line}`);

/** Errors of the configuration. */
export const configErrors = {
  "CONFIG.FILE_MISSING": {
    exit: 2 as const,
    message: (f: { readonly file: string }): string => `There is no configuration file ${f.file}.`,
    remedy: (_: { readonly file: string }): string =>
      "Check the path given to --config, or run `athanor init`.",
  },
  "CONFIG.FILE_UNREADABLE": {
    exit: 2 as const,
    message: (f: { readonly file: string; readonly reason: string; readonly line: number | null }): string =>
      `${f.file}${f.line === null ? "" : `:${f.line}`} cannot be read: ${f.reason}`,
    remedy: (_: { readonly file: string; readonly reason: string; readonly line: number | null }): string =>
      "Mend the file; nothing else was done.",
  },
  "CONFIG.UNKNOWN_KEY": {
    exit: 2 as const,
    message: (f: Place & { readonly section: string | null; readonly nearest: string | null }): string =>
      `${at(f)}: ${f.section === null ? `there is no section or key "${f.key}"` : `section [${f.section}] has no key "${f.key}"`}.`,
    remedy: (f: Place & { readonly section: string | null; readonly nearest: string | null }): string =>
      f.nearest === null ? "docs/configuration.md lists the keys." : `Did you mean ${f.nearest}?`,
  },
  "CONFIG.BAD_VALUE": {
    exit: 2 as const,
    message: (f: Place & { readonly value: string; readonly problem: string }): string =>
      `${at(f)}: ${f.key} = ${f.value}: ${f.problem}.`,
    remedy: (f: Place & { readonly value: string; readonly problem: string }): string =>
      `Give ${f.key} another value; \`athanor config\` shows where each one comes from.`,
  },
  "CONFIG.DISAGREE": {
    exit: 2 as const,
    message: (f: { readonly key: string; readonly first: string; readonly second: string }): string =>
      `${f.key} is set to one value in ${f.first} and to another in ${f.second}.`,
    remedy: (f: { readonly key: string; readonly first: string; readonly second: string }): string =>
      `Neither goes before the other: take ${f.key} out of one of them.`,
  },
};
