import { Dispatcher } from "./dispatcher.ts";
import { type Signals, signalNames } from "./signals.ts";

export { type SignalCommand, signalCommands } from "./commands.ts";
export {
  type Answer,
  Dispatcher,
  type DispatcherOptions,
  type Handler,
  type HandlerFailure,
} from "./dispatcher.ts";
export {
  type AppliedSignal,
  type CommandSignal,
  type FailedSignal,
  type FinishedSignal,
  type RevisionFailedSignal,
  type RevisionSignal,
  type SignalDirection,
  type SignalName,
  type Signals,
  type SucceededSignal,
  signalNames,
} from "./signals.ts";

/** The dispatcher that Athanor's commands send their signals through. */
export const dispatcher: Dispatcher<Signals> = new Dispatcher<Signals>({ names: signalNames });
