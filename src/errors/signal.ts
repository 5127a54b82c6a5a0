interface Unknown {
  readonly signal: string;
  readonly nearest: string | null;
}

/** Errors of signals and their handlers. */
export const signalErrors = {
  "SIGNAL.UNKNOWN_NAME": {
    exit: 2 as const,
    message: (f: Unknown): string => `There is no signal "${f.signal}".`,
    remedy: (f: Unknown): string =>
      f.nearest === null ? "docs/signals.md lists the signals." : `Did you mean "${f.nearest}"?`,
  },
  "SIGNAL.NO_FUNCTION": {
    exit: 2 as const,
    message: (f: { readonly signal: string; readonly given: string }): string =>
      `What was connected to the signal "${f.signal}" is no function but ${f.given}.`,
    remedy: (_: { readonly signal: string; readonly given: string }): string =>
      "Give a function: dispatcher.connect(name, (payload) => { … }).",
  },
  "SIGNAL.THREW": {
    exit: 3 as const,
    message: (f: { readonly value: string }): string => `A handler threw what is no error: ${f.value}`,
    remedy: (_: { readonly value: string }): string => "Throw an Error, so that its place is known.",
  },
  "SIGNAL.TIMEOUT": {
    exit: 3 as const,
    message: (f: {
      readonly signal: string;
      readonly handler: string;
      readonly milliseconds: number;
    }): string =>
      `The handler ${f.handler} of the signal "${f.signal}" did not end within ${f.milliseconds} ms; it was left behind.`,
    remedy: (_: {
      readonly signal: string;
      readonly handler: string;
      readonly milliseconds: number;
    }): string => "Give what the handler waits for a time limit of its own.",
  },
};
