/** How much a record matters, least first. */
export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL";

/** The levels, least first. */
export const logLevels: readonly LogLevel[] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/** The number of a level, as other systems count: DEBUG is 10, CRITICAL 50. */
export function levelNumber(level: LogLevel): number {
  return (logLevels.indexOf(level) + 1) * 10;
}

/** Whether a record of `level` counts where `least` is asked for. */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return levelNumber(level) >= levelNumber(least);
}
