/** Errors of logging. */
export const logErrors = {
  "LOG.FILE": {
    exit: 2 as const,
    message: (f: { readonly file: string; readonly reason: string }): string =>
      `The log file ${f.file} cannot be written: ${f.reason}`,
    remedy: (_: { readonly file: string; readonly reason: string }): string =>
      "Give LOGGING_FILE a path that you may write to, or leave it empty.",
  },
};
