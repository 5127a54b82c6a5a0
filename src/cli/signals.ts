import type { Command } from "commander";
import { InternalError, isAthanorError } from "../errors/index.ts";
import type { MigrationEvent } from "../migrate/index.ts";
import {
  type CommandSignal,
  dispatcher,
  type FailedSignal,
  type HandlerFailure,
  type SignalName,
  signalNames,
} from "../signal/index.ts";
import { maskUrl } from "../util/mask-url.ts";
import type { Output } from "./output.ts";

/** Commands that are another under Alembic's name: handlers hear of the one they know. */
const sameAs: Readonly<Record<string, string>> = { revision: "makemigrations" };

/** What commands about revisions work towards where nothing is said. */
const targets: Readonly<Record<string, Pick<CommandSignal, "revision" | "direction">>> = {
  migrate: { revision: "heads", direction: "upgrade" },
  rollback: { revision: "-1", direction: "downgrade" },
  fresh: { revision: "heads", direction: "upgrade" },
  reset: { revision: "base", direction: "downgrade" },
  stamp: { revision: null, direction: null },
  show: { revision: "head", direction: null },
};

/** How a command was called, as signals tell it. */
export function callOf(
  command: Command,
  args: readonly string[],
  options: Readonly<Record<string, unknown>> | object,
): CommandSignal {
  const parent = command.parent?.parent ? `${command.parent.name()}_` : "";
  const typed = `${parent}${command.name()}`.replaceAll("-", "_");
  const commandName = sameAs[typed] ?? typed;
  const target = targets[commandName];
  return {
    commandName,
    arguments: args,
    options: masked(options),
    revision: target === undefined ? null : (args[0] ?? target.revision),
    direction: target?.direction ?? null,
  };
}

function masked(options: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, typeof value === "string" ? maskUrl(value) : value]),
  );
}

/** Runs a command between the signals of its beginning and its end. */
export async function withSignals(output: Output, run: () => Promise<0 | 1>): Promise<0 | 1> {
  const call = output.call!;
  const report = (failure: HandlerFailure): void => tellFailure(failure, output);
  const mine = dispatcher.report === null;
  if (mine) dispatcher.report = report;
  const started = performance.now();
  try {
    const name = `migration_${call.commandName}_command` as SignalName;
    if (signalNames.includes(name)) await dispatcher.send(name as "migration_migrate_command", call);
    const exitCode = await run();
    await dispatcher.send("command_finished", { ...call, success: true, exitCode, duration: since(started) });
    return exitCode;
  } catch (error) {
    const failed = failure(call, error, started);
    output.log?.file.error(failed.exception.message, { code: failed.errorType, command: call.commandName });
    await dispatcher.send("command_failed", failed);
    throw error;
  } finally {
    if (mine) dispatcher.report = null;
  }
}

/** Runs the engine between its own signals. */
export async function withEngineSignals<T>(output: Output, run: () => Promise<T>): Promise<T> {
  const { call } = output;
  if (call === null) return run();
  const started = performance.now();
  await dispatcher.send("alembic_command_started", call);
  try {
    const result = await run();
    await dispatcher.send("alembic_command_completed", { ...call, success: true, duration: since(started) });
    return result;
  } catch (error) {
    await dispatcher.send("alembic_command_failed", failure(call, error, started));
    throw error;
  }
}

/** The revision at work, and since when: two never run at once in one process. */
let working: { readonly message: string; readonly started: number } | null = null;

/** Sends the signals of one revision. */
export async function sendRevisionSignal(event: MigrationEvent, output: Output): Promise<void> {
  const { call } = output;
  if (call === null) return;
  if (event.kind === "revisionStarted") {
    const { revision, message, direction } = event;
    working = { message, started: performance.now() };
    await dispatcher.send("revision_started", { ...call, revision, message, direction });
  } else if (event.kind === "revisionFinished") {
    const { revision, message, direction, statements, milliseconds: duration } = event;
    const payload = { ...call, revision, message, direction, statements, duration, success: true } as const;
    await dispatcher.send("revision_applied", payload);
  } else if (event.kind === "revisionFailed") {
    const { revision, direction } = event;
    const { message, started } = working ?? { message: "", started: performance.now() };
    const failed = failure(call, event.error, started);
    await dispatcher.send("revision_failed", { ...failed, revision, direction, message });
  }
}

function failure(call: CommandSignal, thrown: unknown, started: number): FailedSignal {
  const exception = thrown instanceof Error ? thrown : new InternalError(String(thrown));
  const errorType = isAthanorError(exception) ? exception.code : "UNKNOWN";
  return { ...call, success: false, exception, errorType, duration: since(started) };
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}

/** A failing handler is logged, or told where no log is open yet; the command goes on. */
function tellFailure({ signal, handler, error }: HandlerFailure, output: Output): void {
  const message = `the handler ${handler} of the signal ${signal} failed: ${error.message}`;
  if (output.log !== null) output.log.logger.child("signal").warning(message, { error });
  else output.note(`${output.style("yellow", "warning", process.stderr)}: ${message}`);
}
