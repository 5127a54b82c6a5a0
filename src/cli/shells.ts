/** The shells that can complete our commands. */
export const shells = ["bash", "zsh", "fish", "powershell"] as const;

/** One of those. */
export type Shell = (typeof shells)[number];
