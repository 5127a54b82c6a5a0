/** The log, for programs that write theirs as Athanor does (docs/configuration.md). */
export * from "./log/index.ts";
