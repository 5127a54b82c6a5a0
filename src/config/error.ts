import { AthanorError, type ErrorCode, isAthanorError } from "../errors/index.ts";

/** The codes of what can be wrong with a configuration. */
export type ConfigurationErrorCode = Extract<ErrorCode, `CONFIG.${string}`>;

/**
 * What is wrong with a configuration, with file, line, key and the nearest right spelling in its fields: any error whose
 * code begins with `CONFIG.`, for `error instanceof ConfigurationError`. Nobody makes one.
 */
export abstract class ConfigurationError extends AthanorError<ConfigurationErrorCode> {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isAthanorError(value) && value.code.startsWith("CONFIG.");
  }
}
