/** Errors of the revision graph. */
export const revisionErrors = {
  "REVISION.NOT_FOUND": {
    exit: 2 as const,
    message: (f: { readonly identifier: string }): string => `No revision matches "${f.identifier}".`,
    remedy: (_: { readonly identifier: string }): string =>
      "`athanor history` lists every revision; check the spelling, or pull the branch that holds the file.",
  },
};
