import { AthanorError } from "../errors/index.ts";
import type { Select } from "../query/index.ts";
import type { ModelOf } from "./model-of.ts";
import type { Rows } from "./rows.ts";

/** The Session as listeners see it. */
export interface ListenerSession {
  add(object: object): void;
  addAll(objects: Iterable<object>): void;
  delete(object: object): void;
  has(object: object): boolean;
  /** What the program changed since the object was last equal to its row, by property. */
  changes(object: object): Readonly<Record<string, PropertyChange>>;
  exec<T>(statement: Select<T>): Rows<T>;
  flush(): Promise<void>;
}

/** A property's value in the row, and the one that is to be written. */
export interface PropertyChange {
  readonly from: unknown;
  readonly to: unknown;
}

/** What a listener is told of one object. */
export interface ObjectEvent<T = object> {
  readonly session: ListenerSession;
  readonly object: T;
}

/** What a listener is told of a flush: the objects that come, change and go, as far as they are known before it. */
export interface FlushEvent {
  readonly session: ListenerSession;
  readonly added: readonly object[];
  readonly changed: readonly object[];
  readonly deleted: readonly object[];
}

/** What a listener is told of a transaction. */
export interface TransactionEvent {
  readonly session: ListenerSession;
}

/**
 * What can be listened to. Listeners are awaited, in the order in which they came. Those of a flush run inside it
 * and may not query: `beforeFlush` may change, `add` and `delete`, `beforeInsert` and `beforeUpdate` may change the
 * object they are told of, and what is changed after the fact is written by the next flush, before the commit. A
 * listener that throws before the fact stops it. `beforeCommit`, `afterCommit`, `beforeRollback` and
 * `afterRollback` stand outside and may use the Session.
 */
export interface SessionEvents {
  beforeFlush: FlushEvent;
  afterFlush: FlushEvent;
  beforeInsert: ObjectEvent;
  afterInsert: ObjectEvent;
  beforeUpdate: ObjectEvent;
  afterUpdate: ObjectEvent;
  beforeDelete: ObjectEvent;
  afterDelete: ObjectEvent;
  beforeCommit: TransactionEvent;
  afterCommit: TransactionEvent;
  beforeRollback: TransactionEvent;
  afterRollback: TransactionEvent;
}

/** The names of events. */
export type SessionEventName = keyof SessionEvents;

/** Events that are about one object, and can be listened to for one model. */
export type ObjectEventName = {
  [N in SessionEventName]: SessionEvents[N] extends ObjectEvent ? N : never;
}[SessionEventName];

/** Called when an event happens; a promise is awaited. */
export type Listener<E> = (event: E) => void | Promise<void>;

/** Listeners by event, as options have them: they hear every Session that is made with the options. */
export type SessionListeners = { readonly [N in SessionEventName]?: Listener<SessionEvents[N]> };

/** The listeners of one Session. */
export class Events {
  readonly #session: ListenerSession;
  readonly #listeners = new Map<SessionEventName, Listener<never>[]>();

  constructor(session: ListenerSession, listeners: SessionListeners = {}) {
    this.#session = session;
    for (const [name, listener] of Object.entries(listeners)) {
      if (listener === undefined) continue;
      this.on(name as SessionEventName, listener as Listener<SessionEvents[SessionEventName]>);
    }
  }

  /** Adds a listener; answers what takes it away. */
  on<N extends SessionEventName>(name: N, listener: Listener<SessionEvents[N]>): () => void {
    const list = this.#listeners.get(name) ?? [];
    list.push(listener as Listener<never>);
    this.#listeners.set(name, list);
    return () => {
      const at = list.indexOf(listener as Listener<never>);
      if (at >= 0) list.splice(at, 1);
    };
  }

  /** Adds a listener for the objects of one model. */
  onObject<T extends object>(
    name: ObjectEventName,
    model: ModelOf<T>,
    listener: Listener<ObjectEvent<T>>,
  ): () => void {
    return this.on(name, (event) =>
      event.object instanceof model ? listener(event as ObjectEvent<T>) : undefined,
    );
  }

  /** Whether anybody listens to one of these. */
  hears(...names: readonly SessionEventName[]): boolean {
    return names.some((name) => (this.#listeners.get(name)?.length ?? 0) > 0);
  }

  /** Tells of an event and waits for everyone who listens. */
  async emit<N extends SessionEventName>(name: N, event: Omit<SessionEvents[N], "session">): Promise<void> {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      await (listener as Listener<unknown>)({ ...event, session: this.#session });
    }
  }

  /** Tells of what is over: a listener that fails cannot undo it, and the error says that it happened. */
  async emitDone(name: "afterCommit" | "afterRollback"): Promise<void> {
    try {
      await this.emit(name, {});
    } catch (cause) {
      throw new AthanorError("SESSION.LISTENER_FAILED", { event: name }, { cause });
    }
  }

  /** Tells of objects, one after the other. */
  async emitEach(name: ObjectEventName, objects: Iterable<object>): Promise<void> {
    if (!this.hears(name)) return;
    for (const object of [...objects]) await this.emit(name, { object });
  }
}
