import { type SignalCommand, signalCommands } from "./commands.ts";

/** Which way a migration goes. */
export type SignalDirection = "upgrade" | "downgrade";

/** What every signal tells: which command it belongs to, and how that was called. */
export interface CommandSignal {
  /** The command's name, whichever alias was typed: `migrate`, `makemigrations`. */
  readonly commandName: string;
  /** Its arguments as they were typed. */
  readonly arguments: readonly string[];
  /** Its options by name, in camelCase; passwords masked. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The revision or target it was given, or that the signal is about; null where there is none. */
  readonly revision: string | null;
  /** Which way the command migrates; null for one that does not. */
  readonly direction: SignalDirection | null;
}

/** A command, or a part of one, that did its work. */
export interface SucceededSignal extends CommandSignal {
  readonly success: true;
  /** How long it took, in milliseconds. */
  readonly duration: number;
}

/** A command, or a part of one, that was stopped by an error. */
export interface FailedSignal extends CommandSignal {
  readonly success: false;
  /** How long it went on, in milliseconds. */
  readonly duration: number;
  readonly exception: Error;
  /** The code of an Athanor error; `UNKNOWN` for any other. */
  readonly errorType: string;
}

/** A command that came to its end. */
export interface FinishedSignal extends SucceededSignal {
  /** 0, or 1 where the answer is no (`check`, `validate`, `lint`, …). */
  readonly exitCode: 0 | 1;
}

/** One revision, and which way it goes. */
export interface RevisionSignal extends CommandSignal {
  readonly revision: string;
  readonly direction: SignalDirection;
  /** What the revision says it does. */
  readonly message: string;
}

/** A revision that is in the database now, or no longer. */
export interface AppliedSignal extends RevisionSignal, SucceededSignal {
  readonly revision: string;
  readonly direction: SignalDirection;
  /** How many statements ran. */
  readonly statements: number;
}

/** A revision that failed and was rolled back, as far as the database can. */
export interface RevisionFailedSignal extends RevisionSignal, FailedSignal {
  readonly revision: string;
  readonly direction: SignalDirection;
}

/** Every signal by name, with what its handlers are given. */
export type Signals = {
  /** A command came to its end. */
  readonly command_finished: FinishedSignal;
  /** A command was stopped by an error. */
  readonly command_failed: FailedSignal;
  /** Before the engine touches files or a database. */
  readonly alembic_command_started: CommandSignal;
  readonly alembic_command_completed: SucceededSignal;
  readonly alembic_command_failed: FailedSignal;
  /** Before a revision runs. */
  readonly revision_started: RevisionSignal;
  /** One for each revision that was applied or undone, after its transaction. */
  readonly revision_applied: AppliedSignal;
  readonly revision_failed: RevisionFailedSignal;
} & {
  /** A command begins. */
  readonly [Command in SignalCommand as `migration_${Command}_command`]: CommandSignal;
};

/** The name of a signal. */
export type SignalName = keyof Signals;

/** Every name there is. */
export const signalNames: readonly SignalName[] = [
  "command_finished",
  "command_failed",
  "alembic_command_started",
  "alembic_command_completed",
  "alembic_command_failed",
  "revision_started",
  "revision_applied",
  "revision_failed",
  ...signalCommands.map((command) => `migration_${command}_command` as const),
];
