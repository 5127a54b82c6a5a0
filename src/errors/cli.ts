/** Errors of the command line. */
export const cliErrors = {
  "CLI.NOT_CONFIRMED": {
    exit: 2 as const,
    message: (f: { readonly command: string }): string =>
      `athanor ${f.command} was not confirmed; nothing was done.`,
    remedy: (_: { readonly command: string }): string => "Say --confirm where nobody can answer.",
  },
  "CLI.FOLDER_EXISTS": {
    exit: 2 as const,
    message: (f: { readonly folder: string }): string =>
      `The folder ${f.folder} is there already and is not empty.`,
    remedy: (_: { readonly folder: string }): string =>
      "Choose another name, or run `athanor init` inside it.",
  },
  "CLI.CANNOT_WRITE": {
    exit: 2 as const,
    message: (f: { readonly path: string; readonly reason: string }): string =>
      `${f.path} cannot be written: ${f.reason}`,
    remedy: (_: { readonly path: string; readonly reason: string }): string =>
      "Choose a folder that you may write to.",
  },
};
