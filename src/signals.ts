/** Signals: what a program hears of the commands while they work (docs/signals.md). */
export * from "./signal/index.ts";
