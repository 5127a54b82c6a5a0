import type { StatementEvent } from "../dialect/index.ts";
import type { Logger } from "../log/index.ts";

/** The log of one command. */
export interface CommandLog {
  /** To the terminal and the file. */
  readonly logger: Logger;
  /** To the file alone: what the terminal is told in other words. */
  readonly file: Logger;
  /** Takes statements where DATABASE_ECHO asks for them; null where it does not. */
  readonly onStatement: ((event: StatementEvent) => void) | null;
}
