import { AthanorError, isAthanorError } from "../errors/index.ts";
import type { Operation } from "../operation/operation.ts";
import { type Table, table } from "../schema/index.ts";
import { deepFreeze } from "../util/deep-freeze.ts";
import type {
  ChangesInput,
  MigrationOperations,
  Recorder,
  TableInput,
  TableOptions,
  TablePart,
  TableParts,
} from "./operations-api.ts";
import {
  type CallPlace,
  type PlaceOf,
  readFunction,
  readName,
  readOptions,
  readTable,
  refuse,
} from "./read-arguments.ts";
import { constraintRecorders } from "./record-constraints.ts";
import { objectRecorders } from "./record-objects.ts";
import {
  readCheck,
  readColumn,
  readColumnChange,
  readExclusion,
  readForeignKey,
  readIndex,
  readPrimaryKey,
  readUnique,
} from "./table-parts.ts";

/** The body whose calls are recorded, for errors. */
export interface RecordingPlace {
  /** The file as people know it. */
  readonly file: string;
  readonly direction: string;
}

/**
 * Runs `body` with a recording `op` and answers the operations it recorded, frozen. Nothing runs. Throws
 * `SCRIPT.ARGUMENT` for a wrong argument, `SCRIPT.ASYNC` where a promise comes back, `SCRIPT.THREW` for what the
 * body itself throws; a call after the end throws `SCRIPT.TOO_LATE`.
 */
export function record(
  place: RecordingPlace,
  body: (op: MigrationOperations) => unknown,
): readonly Operation[] {
  const operations: Operation[] = [];
  let open = true;
  const placeOf: PlaceOf = (call) => {
    if (!open) throw new AthanorError("SCRIPT.TOO_LATE", { ...place, call });
    return { ...place, call };
  };
  try {
    const answer = body(makeOperations(placeOf, (operation) => operations.push(deepFreeze(operation))));
    if (isThenable(answer)) {
      // A promise nobody waits for must not end the process when it is rejected.
      answer.then(undefined, () => undefined);
      throw new AthanorError("SCRIPT.ASYNC", { ...place });
    }
  } catch (error) {
    if (isAthanorError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AthanorError("SCRIPT.THREW", { ...place, reason }, { cause: error });
  } finally {
    open = false;
  }
  return Object.freeze(operations);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** The `op` that hands every operation to `emit`. */
function makeOperations(placeOf: PlaceOf, emit: Recorder): MigrationOperations {
  return {
    ...tableRecorders(placeOf, emit),
    ...columnRecorders(placeOf, emit),
    ...constraintRecorders(placeOf, emit),
    ...objectRecorders(placeOf, emit),
    ...statementRecorders(placeOf, emit),
  };
}

type TableMethods = "createTable" | "dropTable" | "renameTable" | "setTableComment" | "setTableOptions";
type NamespaceMethods = "createNamespace" | "dropNamespace";

function tableRecorders(
  placeOf: PlaceOf,
  emit: Recorder,
): Pick<MigrationOperations, TableMethods | NamespaceMethods> {
  return {
    createTable(name, parts, options) {
      emit({ kind: "createTable", table: readNewTable(placeOf("createTable"), name, parts, options) });
    },
    dropTable(name) {
      emit({ kind: "dropTable", name: readTable(placeOf("dropTable"), name), table: null });
    },
    renameTable(from, to) {
      const place = placeOf("renameTable");
      emit({ kind: "renameTable", from: readTable(place, from), to: readTable(place, to) });
    },
    setTableComment(name, comment) {
      const place = placeOf("setTableComment");
      if (comment !== null && typeof comment !== "string") refuse(place, "a comment is a text or null");
      emit({ kind: "setTableComment", table: readTable(place, name), from: null, to: comment });
    },
    setTableOptions(name, dialect, options) {
      const place = placeOf("setTableOptions");
      const { from = {}, to } = readOptions(place, options, ["from", "to"]);
      if (to === undefined) refuse(place, "options are { to: { … } }, with { from: { … } } beside it");
      emit({
        kind: "setTableOptions",
        table: readTable(place, name),
        dialect: readName(place, "the dialect", dialect),
        from,
        to,
      });
    },
    createNamespace(name) {
      emit({ kind: "createNamespace", name: readName(placeOf("createNamespace"), "the name", name) });
    },
    dropNamespace(name) {
      emit({ kind: "dropNamespace", name: readName(placeOf("dropNamespace"), "the name", name) });
    },
  };
}

type ColumnMethods =
  | "addColumn"
  | "dropColumn"
  | "renameColumn"
  | "alterColumn"
  | "createIndex"
  | "dropIndex";

function columnRecorders(placeOf: PlaceOf, emit: Recorder): Pick<MigrationOperations, ColumnMethods> {
  return {
    addColumn(name, columnName, type, options) {
      const place = placeOf("addColumn");
      const column = readColumn(place, columnName, type, options);
      emit({ kind: "addColumn", table: readTable(place, name), column });
    },
    dropColumn(name, columnName) {
      const place = placeOf("dropColumn");
      emit({
        kind: "dropColumn",
        table: readTable(place, name),
        name: readName(place, "the column's name", columnName),
        column: null,
      });
    },
    renameColumn(name, from, to) {
      const place = placeOf("renameColumn");
      emit({
        kind: "renameColumn",
        table: readTable(place, name),
        from: readName(place, "the column's name", from),
        to: readName(place, "the new name", to),
      });
    },
    alterColumn(name, columnName, change) {
      const place = placeOf("alterColumn");
      emit({
        kind: "alterColumn",
        table: readTable(place, name),
        name: readName(place, "the column's name", columnName),
        from: {},
        ...readColumnChange(place, change),
      });
    },
    createIndex(indexName, name, parts, options) {
      const place = placeOf("createIndex");
      const index = readIndex(place, indexName, parts, options);
      emit({ kind: "createIndex", table: readTable(place, name), index });
    },
    dropIndex(indexName, name, how) {
      const place = placeOf("dropIndex");
      const { options } = readOptions(place, how, ["options"]);
      emit({
        kind: "dropIndex",
        table: readTable(place, name),
        name: readName(place, "the index's name", indexName),
        index: null,
        ...(options === undefined ? {} : { options }),
      });
    },
  };
}

function statementRecorders(
  placeOf: PlaceOf,
  emit: Recorder,
): Pick<MigrationOperations, "execute" | "run" | "on"> {
  return {
    execute(sql, options) {
      const place = placeOf("execute");
      const { params = [], changes } = readOptions(place, options, ["params", "changes"]);
      if (!Array.isArray(params)) refuse(place, "params must be a list");
      emit({
        kind: "execute",
        sql: readName(place, "the statement", sql),
        params: [...params],
        changes: readChanges(placeOf, place, changes),
      });
    },
    run(name, step, options) {
      const place = placeOf("run");
      const { changes } = readOptions(place, options, ["changes"]);
      emit({
        kind: "run",
        name: readName(place, "the step's name", name),
        step: readFunction(place, "the step", step),
        changes: readChanges(placeOf, place, changes),
      });
    },
    on(dialect, operations) {
      const place = placeOf("on");
      emit({
        kind: "onDialect",
        dialect: readName(place, "the dialect", dialect),
        operations: nested(placeOf, place, readFunction(place, "the operations", operations)),
      });
    },
  };
}

/** What `changes` says: null where it is left out. */
function readChanges(
  placeOf: PlaceOf,
  place: CallPlace,
  changes: ChangesInput | undefined,
): readonly Operation[] | null {
  if (changes === undefined) return null;
  if (typeof changes === "function") return nested(placeOf, place, changes);
  if (Array.isArray(changes) && changes.length === 0) return [];
  return refuse(place, "changes is [] (nothing) or a function (op) => { … }");
}

/** The operations that an inner body records. */
function nested(placeOf: PlaceOf, place: CallPlace, body: (op: MigrationOperations) => void): Operation[] {
  const operations: Operation[] = [];
  const answer: unknown = body(makeOperations(placeOf, (operation) => operations.push(operation)));
  if (isThenable(answer)) refuse(place, "the function must not be async");
  return operations;
}

/** A new table out of its parts. */
function readNewTable(
  place: CallPlace,
  name: TableInput,
  describe: (table: TableParts) => readonly TablePart[],
  options: TableOptions | undefined,
): Table {
  const parts: unknown = readFunction(place, "the table's parts", describe)(tableParts(place));
  if (!Array.isArray(parts)) return refuse(place, "the function must return a list of parts");
  const of = <K extends TablePart["part"]>(part: K): Extract<TablePart, { part: K }>[] =>
    (parts as TablePart[]).filter((p): p is Extract<TablePart, { part: K }> => p?.part === part);
  const known = ["column", "primaryKey", "foreignKey", "unique", "check", "exclusion", "index"] as const;
  if (known.reduce((count, part) => count + of(part).length, 0) !== parts.length) {
    refuse(place, "each part of a table is what table.column(…), table.primaryKey(…) and so on give");
  }
  if (of("primaryKey").length > 1) refuse(place, "a table has one primary key");
  return table(
    readTable(place, name),
    of("column").map((part) => part.column),
    {
      primaryKey: of("primaryKey")[0]?.primaryKey ?? null,
      foreignKeys: of("foreignKey").map((part) => part.foreignKey),
      uniques: of("unique").map((part) => part.unique),
      checks: of("check").map((part) => part.check),
      exclusions: of("exclusion").map((part) => part.exclusion),
      indexes: of("index").map((part) => part.index),
      ...readOptions(place, options, ["comment", "options"]),
    },
  );
}

/** `table`, as the callback of `createTable` gets it. */
function tableParts(place: CallPlace): TableParts {
  return {
    column: (name, type, options) => ({
      part: "column",
      column: readColumn(place, name, type, options),
    }),
    primaryKey: (columns, options) => ({
      part: "primaryKey",
      primaryKey: readPrimaryKey(place, columns, options),
    }),
    foreignKey: (columns, other, references, options) => ({
      part: "foreignKey",
      foreignKey: readForeignKey(place, columns, other, references, options),
    }),
    unique: (columns, options) => ({ part: "unique", unique: readUnique(place, columns, options) }),
    check: (expression, options) => ({ part: "check", check: readCheck(place, expression, options) }),
    exclusion: (elements, options) => ({
      part: "exclusion",
      exclusion: readExclusion(place, elements, options),
    }),
    index: (name, parts, options) => ({ part: "index", index: readIndex(place, name, parts, options) }),
  };
}
