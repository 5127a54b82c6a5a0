/** Errors of `athanor doctor` itself; what it finds are findings. */
export const doctorErrors = {
  "DOCTOR.UNKNOWN_CHECK": {
    exit: 2 as const,
    message: (f: { readonly code: string; readonly known: readonly string[] }): string =>
      `There is no check "${f.code}".`,
    remedy: (f: { readonly code: string; readonly known: readonly string[] }): string =>
      `athanor doctor --list explains them: ${f.known.join(", ")}.`,
  },
  "DOCTOR.NO_REASON": {
    exit: 2 as const,
    message: (f: { readonly ignored: string }): string => `--ignore ${f.ignored} gives no reason.`,
    remedy: (f: { readonly ignored: string }): string =>
      `Write --ignore "${f.ignored.replace(/=.*$/, "")}=why it may stay", for all that the check finds, or "CODE:subject=…" for one.`,
  },
};
