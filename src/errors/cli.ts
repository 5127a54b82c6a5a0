/** Errors of the command line. */
export const cliErrors = {
  "CLI.NOT_CONFIRMED": {
    exit: 2 as const,
    message: (f: { readonly command: string }): string =>
      `athanor ${f.command} was not confirmed; nothing was done.`,
    remedy: (_: { readonly command: string }): string => "Say --confirm where nobody can answer.",
  },
  "CLI.NO_EDITOR": {
    exit: 2 as const,
    message: (_: Record<never, never>): string => "No editor is named.",
    remedy: (_: Record<never, never>): string =>
      "Set VISUAL or EDITOR to the command that opens a file: EDITOR=nano athanor edit head.",
  },
  "CLI.EDITOR_FAILED": {
    exit: 2 as const,
    message: (f: { readonly editor: string; readonly status: number | null }): string =>
      `${f.editor} ended with ${f.status === null ? "a signal" : `exit code ${f.status}`}.`,
    remedy: (_: { readonly editor: string; readonly status: number | null }): string =>
      "Correct VISUAL or EDITOR, or open the file yourself: `athanor show <revision>` names it.",
  },
  "CLI.FOLDER_EXISTS": {
    exit: 2 as const,
    message: (f: { readonly folder: string }): string =>
      `The folder ${f.folder} is there already and is not empty.`,
    remedy: (_: { readonly folder: string }): string =>
      "Choose another name, or run `athanor init` inside it.",
  },
  "CLI.FILES_DIFFER": {
    exit: 2 as const,
    message: (f: { readonly files: readonly string[] }): string =>
      `Files are there that say something else: ${f.files.join(", ")}. Nothing was written.`,
    remedy: (_: { readonly files: readonly string[] }): string =>
      "Say --force to write over them, --out for another folder, or --dry-run to look first.",
  },
  "CLI.CANNOT_WRITE": {
    exit: 2 as const,
    message: (f: { readonly path: string; readonly reason: string }): string =>
      `${f.path} cannot be written: ${f.reason}`,
    remedy: (_: { readonly path: string; readonly reason: string }): string =>
      "Choose a folder that you may write to.",
  },
};
