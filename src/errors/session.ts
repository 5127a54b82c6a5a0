/** Errors of engines and Sessions. */
export const sessionErrors = {
  "SESSION.CLOSED": {
    exit: 3 as const,
    message: (_: Record<never, never>): string => "This Session was closed.",
    remedy: (_: Record<never, never>): string =>
      "Make a new one; `Session.run(engine, fn)` closes its Session only when `fn` is done.",
  },
  "SESSION.CONCURRENT": {
    exit: 3 as const,
    message: (f: { readonly running: string; readonly refused: string }): string =>
      `The Session is busy with ${f.running}, and ${f.refused} was asked of it meanwhile.`,
    remedy: (_: { readonly running: string; readonly refused: string }): string =>
      "Await each call before the next one, and give every task a Session of its own.",
  },
  "SESSION.INACTIVE": {
    exit: 3 as const,
    message: (f: { readonly reason: string }): string =>
      `The Session's transaction was rolled back, since a flush failed: ${f.reason}`,
    remedy: (_: { readonly reason: string }): string =>
      "Call `session.rollback()`, which puts its objects back as they were, and begin again.",
  },
  "SESSION.OTHER_SESSION": {
    exit: 3 as const,
    message: (f: { readonly model: string }): string => `This ${f.model} belongs to another Session.`,
    remedy: (_: { readonly model: string }): string =>
      "Take it out of there with `expunge`, or bring a copy of it in with `merge`.",
  },
  "SESSION.NOT_HERE": {
    exit: 3 as const,
    message: (f: { readonly model: string; readonly action: string }): string =>
      `This ${f.model} does not belong to the Session, which cannot ${f.action} it.`,
    remedy: (_: { readonly model: string; readonly action: string }): string =>
      "Add it first, or load it with this Session.",
  },
  "SESSION.NOT_STORED": {
    exit: 3 as const,
    message: (f: { readonly model: string; readonly action: string }): string =>
      `This ${f.model} has no row yet, so the Session cannot ${f.action} it.`,
    remedy: (_: { readonly model: string; readonly action: string }): string =>
      "Flush or commit first; an object that was only added is taken back with `expunge`.",
  },
  "SESSION.DELETED": {
    exit: 3 as const,
    message: (f: { readonly model: string }): string => `This ${f.model} was deleted.`,
    remedy: (_: { readonly model: string }): string =>
      "Make a new object; after a rollback the deleted one can be used again.",
  },
  "SESSION.NOT_A_MODEL": {
    exit: 3 as const,
    message: (f: { readonly given: string }): string => `${f.given} is no instance of a model.`,
    remedy: (_: { readonly given: string }): string =>
      "Give objects made by `new` from a class of `Model(…)`.",
  },
  "SESSION.DUPLICATE_KEY": {
    exit: 3 as const,
    message: (f: { readonly model: string; readonly key: string }): string =>
      `Another ${f.model} with the key ${f.key} is in the Session already.`,
    remedy: (_: { readonly model: string; readonly key: string }): string =>
      "Change the one that is there, or use `merge`, which does that.",
  },
  "SESSION.NO_KEY": {
    exit: 3 as const,
    message: (f: { readonly model: string; readonly properties: readonly string[] }): string =>
      `A ${f.model} is to be written without its key (${f.properties.join(", ")}).`,
    remedy: (_: { readonly model: string; readonly properties: readonly string[] }): string =>
      "Give the key a value, a defaultFactory, or a default of the database.",
  },
  "SESSION.NO_ROW": {
    exit: 3 as const,
    message: (f: { readonly model: string }): string => `The row of this ${f.model} is no longer there.`,
    remedy: (_: { readonly model: string }): string => "Somebody deleted it; `expunge` the object.",
  },
  "SESSION.STALE": {
    exit: 3 as const,
    message: (f: { readonly model: string; readonly key: string; readonly action: string }): string =>
      `The row of ${f.model} ${f.key} could not be ${f.action}: somebody changed or deleted it since it was read.`,
    remedy: (_: { readonly model: string; readonly key: string; readonly action: string }): string =>
      "Roll back, read it again, and apply the change to what is there now.",
  },
  "SESSION.CYCLE": {
    exit: 3 as const,
    message: (f: { readonly models: readonly string[] }): string =>
      `New rows of ${f.models.join(", ")} need each other's keys, so that none can be the first.`,
    remedy: (_: { readonly models: readonly string[] }): string =>
      "Make one of the foreign keys nullable: its row is then written without it and completed afterwards.",
  },
  "SESSION.KEY_CHANGED": {
    exit: 3 as const,
    message: (f: { readonly model: string; readonly key: string }): string =>
      `The primary key of ${f.model} ${f.key} was set to null.`,
    remedy: (_: { readonly model: string; readonly key: string }): string =>
      "A row that has a key keeps one; delete the object to delete the row.",
  },
  "SESSION.UNKNOWN_RELATION": {
    exit: 3 as const,
    message: (f: {
      readonly model: string;
      readonly relation: string;
      readonly known: readonly string[];
    }): string => `${f.model} has no relation "${f.relation}".`,
    remedy: (f: {
      readonly model: string;
      readonly relation: string;
      readonly known: readonly string[];
    }): string => (f.known.length === 0 ? "It has none." : `It has: ${f.known.join(", ")}.`),
  },
  "SESSION.WRONG_RELATION": {
    exit: 3 as const,
    message: (f: { readonly model: string; readonly relation: string; readonly expected: string }): string =>
      `${f.model}.${f.relation} holds something that is no ${f.expected}.`,
    remedy: (f: { readonly model: string; readonly relation: string; readonly expected: string }): string =>
      `Assign instances of ${f.expected}.`,
  },
  "SESSION.UNKNOWN_PROPERTY": {
    exit: 3 as const,
    message: (f: { readonly model: string; readonly property: string }): string =>
      `${f.model} has no field "${f.property}".`,
    remedy: (_: { readonly model: string; readonly property: string }): string => "Check the spelling.",
  },
  "SESSION.DETACHED": {
    exit: 3 as const,
    message: (f: { readonly model: string; readonly relation: string }): string =>
      `${f.model}.${f.relation} was not loaded, and the object belongs to no Session that could load it.`,
    remedy: (f: { readonly model: string; readonly relation: string }): string =>
      `Load it with the object: \`.with("${f.relation}")\`.`,
  },
  "SESSION.NOT_ONE": {
    exit: 3 as const,
    message: (f: { readonly found: "none" | "several" }): string =>
      f.found === "none"
        ? "The query found no row, and one was asked for."
        : "The query found more than one row.",
    remedy: (_: { readonly found: "none" | "several" }): string =>
      "Use `.oneOrNull()` or `.first()` where none may be found, and narrow the query where one is meant.",
  },
  "SESSION.KEY_PARTS": {
    exit: 3 as const,
    message: (f: { readonly model: string; readonly expected: number; readonly given: number }): string =>
      `The key of ${f.model} has ${f.expected} parts, and ${f.given} were given.`,
    remedy: (_: { readonly model: string; readonly expected: number; readonly given: number }): string =>
      "Give an array with one value for each part, in the order of the model's fields.",
  },
  "SESSION.NO_TRANSACTION": {
    exit: 3 as const,
    message: (f: { readonly action: string }): string =>
      `There is no transaction to ${f.action}; it is over.`,
    remedy: (_: { readonly action: string }): string =>
      "A transaction of `session.begin()` ends once, by its commit, its rollback, or that of one around it.",
  },
  "SESSION.READ_ONLY": {
    exit: 3 as const,
    message: (f: { readonly model: string }): string =>
      `The Session only reads, and a ${f.model} is to be written.`,
    remedy: (_: { readonly model: string }): string => "Use a Session that was not made with `readOnly`.",
  },
};
