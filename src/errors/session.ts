/** Errors of engines and Sessions. */
export const sessionErrors = {
  "SESSION.NO_TENANT": {
    exit: 2 as const,
    message: (f: { readonly model: string | null }): string =>
      `Rows${f.model === null ? "" : ` of ${f.model}`} belong to tenants, and nobody said whose are meant.`,
    remedy: (_: { readonly model: string | null }): string =>
      "Work for one: actAs({ tenant }, …) or new Session(engine, { tenant }); for all of them: { tenant: allTenants }.",
  },
  "SESSION.OTHER_TENANT": {
    exit: 2 as const,
    message: (f: { readonly model: string }): string =>
      `A row of ${f.model} would be another tenant's than the Session's.`,
    remedy: (_: { readonly model: string }): string =>
      "Leave the tenant out: it is filled in. What works across tenants says { tenant: allTenants }.",
  },
  "SESSION.RAW_SCOPE": {
    exit: 2 as const,
    message: (f: { readonly model: string }): string =>
      `SQL written by hand reads the table of ${f.model}, of which this Session does not see all rows.`,
    remedy: (_: { readonly model: string }): string =>
      'Write it with select, update or deleteFrom; or say that it takes care of it itself: { tenant: allTenants, deleted: "show" }.',
  },
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
      `The Session's transaction can go no further, since something in it failed: ${f.reason}`,
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
    message: (f: { readonly model: string | null }): string =>
      `The Session only reads, and ${f.model === null ? "a statement" : `a ${f.model}`} is to be written.`,
    remedy: (_: { readonly model: string | null }): string =>
      "Use a Session that was not made with `readOnly`.",
  },
  "SESSION.COMMIT_UNKNOWN": {
    exit: 3 as const,
    message: (_: Record<never, never>): string =>
      "The connection was lost during the commit: whether the changes were kept is not known.",
    remedy: (_: Record<never, never>): string =>
      "Roll back, which puts the objects back, then ask the database with a new Session before writing again.",
  },
  "SESSION.UNCOMMITTED": {
    exit: 3 as const,
    message: (_: Record<never, never>): string =>
      "The Session has changes that were not committed, which `run` could not do again.",
    remedy: (_: Record<never, never>): string =>
      "Commit or roll back before, or make the changes inside of `run`.",
  },
  "SESSION.BEGUN": {
    exit: 3 as const,
    message: (_: Record<never, never>): string => "The transaction has begun already: its options are fixed.",
    remedy: (_: Record<never, never>): string =>
      "Give isolation and readOnly before the first statement, or commit first.",
  },
  "SESSION.NO_SCOPE": {
    exit: 3 as const,
    message: (_: Record<never, never>): string => "There is no scope here that a Session could belong to.",
    remedy: (_: Record<never, never>): string =>
      "Call it inside of `scoped.run(async () => …)`, for example in a middleware around every request.",
  },
  "SESSION.LISTENER_FAILED": {
    exit: 3 as const,
    message: (f: { readonly event: string }): string =>
      `A listener of ${f.event} failed; what it was told of has happened all the same.`,
    remedy: (_: { readonly event: string }): string => "Do not repeat the transaction. The cause says why.",
  },
  "SESSION.FLUSH_LOOP": {
    exit: 3 as const,
    message: (f: { readonly flushes: number }): string =>
      `After ${f.flushes} flushes of one commit, listeners still change objects.`,
    remedy: (_: { readonly flushes: number }): string =>
      "A listener that changes an object has to leave it alone once it is as wanted.",
  },
};
