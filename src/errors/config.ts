interface Place {
  /** The file, or what else the value came from. */
  readonly source: string;
  readonly key: string;
}

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
    message: (f: { readonly file: string; readonly reason: string }): string =>
      `${f.file} cannot be read: ${f.reason}`,
    remedy: (_: { readonly file: string; readonly reason: string }): string =>
      "Mend the file; nothing else was done.",
  },
  "CONFIG.UNKNOWN_KEY": {
    exit: 2 as const,
    message: (f: Place & { readonly section: string | null; readonly nearest: string | null }): string =>
      `${f.source}: ${f.section === null ? `there is no section or key "${f.key}"` : `section [${f.section}] has no key "${f.key}"`}.`,
    remedy: (f: Place & { readonly section: string | null; readonly nearest: string | null }): string =>
      f.nearest === null ? "docs/configuration.md lists the keys." : `Did you mean ${f.nearest}?`,
  },
  "CONFIG.BAD_VALUE": {
    exit: 2 as const,
    message: (f: Place & { readonly value: string; readonly problem: string }): string =>
      `${f.source}: ${f.key} = ${f.value}: ${f.problem}.`,
    remedy: (f: Place & { readonly value: string; readonly problem: string }): string =>
      `Give ${f.key} another value.`,
  },
};
