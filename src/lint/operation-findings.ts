import type { DesignDialect, HazardKind, LiveEffect } from "../dialect/index.ts";
import { canChangeSchema, type Operation } from "../operation/index.ts";
import {
  type Column,
  findColumn,
  findTable,
  type Schema,
  type TableRef,
  tableLabel,
} from "../schema/index.ts";
import { narrows } from "./narrowing.ts";
import { rawLoss } from "./raw.ts";
import type { LintCode, Severity } from "./rules.ts";
import * as safe from "./safe-forms.ts";

/** What is found in one operation, before it is known where it stands and what was accepted. */
export interface Found {
  readonly code: LintCode;
  readonly subject: string;
  readonly why: string;
  readonly safe: readonly string[];
  /** Where it differs from the rule's. */
  readonly severity?: Severity;
}

/** What an operation loses, and what it breaks in code that is running: the same on every database. */
export function schemaFindings(operation: Operation, state: Schema, design: DesignDialect): readonly Found[] {
  switch (operation.kind) {
    case "dropTable":
      return [
        {
          code: "LINT101",
          subject: tableLabel(operation.name),
          why: "its rows are gone, and code that still asks for it fails",
          safe: safe.droppedTable(operation.name, design),
        },
      ];
    case "dropObject":
      return operation.ref.kind === "virtualTable" ? [droppedVirtualTable(operation.ref, design)] : [];
    case "dropColumn":
      return droppedColumn(operation, state, design);
    case "renameTable":
      return [
        {
          code: "LINT202",
          subject: tableLabel(operation.from),
          why: `code that is running still asks for ${tableLabel(operation.from)}`,
          safe: safe.renamedTable(operation, design),
        },
      ];
    case "renameColumn":
      return [
        {
          code: "LINT201",
          subject: `${tableLabel(operation.table)}.${operation.from}`,
          why: `code that is running still names ${operation.from}`,
          safe: safe.renamedColumn(operation, state, design),
        },
      ];
    case "addColumn":
      return isUnfilled(operation.column) ? [unfilled(operation.table, operation.column, design)] : [];
    case "alterColumn":
      return alteredColumn(operation, state, design);
    default:
      return [];
  }
}

/** Of the objects beside tables only these hold rows of their own. */
function droppedVirtualTable(ref: TableRef, design: DesignDialect): Found {
  return {
    code: "LINT101",
    subject: tableLabel(ref),
    why: "what it indexes is gone, and code that still asks for it fails",
    safe: safe.droppedTable(ref, design),
  };
}

type Of<Kind extends Operation["kind"]> = Extract<Operation, { kind: Kind }>;

/** The values of a computed column are lost with nothing. */
function droppedColumn(operation: Of<"dropColumn">, state: Schema, design: DesignDialect): readonly Found[] {
  const table = findTable(state, operation.table);
  const column = operation.column ?? (table && findColumn(table, operation.name));
  if (column && column.generated !== null) return [];
  const why = "its values are gone, and code that still names it fails";
  return [
    {
      code: "LINT102",
      subject: `${tableLabel(operation.table)}.${operation.name}`,
      why,
      safe: safe.droppedColumn(operation, table, design),
    },
  ];
}

/** Whether the database has nothing to fill the column of a row with. */
function isUnfilled(column: Column): boolean {
  const filled = column.generated !== null || column.identity !== null || column.autoIncrement;
  const isNull = column.default?.kind === "literal" && column.default.value === null;
  return !column.nullable && !filled && (column.default === null || isNull);
}

function unfilled(table: TableRef, column: Column, design: DesignDialect): Found {
  return {
    code: "LINT203",
    subject: `${tableLabel(table)}.${column.name}`,
    why: "rows that are there have no value for it, and code that is running inserts rows without one",
    safe: safe.unfilledColumn(table, column, design),
  };
}

function alteredColumn(operation: Of<"alterColumn">, state: Schema, design: DesignDialect): readonly Found[] {
  const table = findTable(state, operation.table);
  const was: Partial<Column> = { ...(table && findColumn(table, operation.name)), ...operation.from };
  const { to } = operation;
  const subject = `${tableLabel(operation.table)}.${operation.name}`;
  const found: Found[] = [];
  if (to.generated != null && was.generated == null) {
    const why = "its values are replaced by computed ones";
    found.push({ code: "LINT102", subject, why, safe: safe.droppedColumn(operation, table, design) });
  }
  if (to.type === undefined || was.type === undefined || was.generated != null) return found;
  const removed = removedValues(was.type, to.type);
  if (removed.length > 0) found.push(lostValues(operation, subject, removed));
  const why = design.rules.sameType(was.type, to.type) ? null : narrows(was.type, to.type);
  if (why !== null)
    found.push({ code: "LINT103", subject, why, safe: safe.narrowedColumn(operation, was.type, design) });
  return found;
}

function removedValues(from: Column["type"], to: Column["type"]): readonly string[] {
  if (from.kind === "array" && to.kind === "array") return removedValues(from.of, to.of);
  if (from.kind !== "enum" || to.kind !== "enum") return [];
  return from.values.filter((value) => !to.values.includes(value));
}

function lostValues(operation: Of<"alterColumn">, subject: string, removed: readonly string[]): Found {
  const unsaid = removed.filter((value) => operation.values?.[value] === undefined);
  const rows =
    unsaid.length > 0
      ? `rows that have ${unsaid.join(", ")} stop the migration: \`values\` says what becomes of them`
      : `rows that have ${removed.join(", ")} are changed`;
  return {
    code: "LINT104",
    subject,
    why: `${rows}; code that is running may still write ${removed.length === 1 ? "it" : "them"}`,
    safe: [
      `-- 1. deploy code that no longer writes ${removed.join(", ")}`,
      "-- 2. change the rows that have it, in a migration of its own",
      "-- 3. this migration, in a later release",
    ],
  };
}

const codes: Readonly<Record<HazardKind, LintCode>> = {
  rewrite: "LINT301",
  setNotNull: "LINT302",
  foreignKey: "LINT303",
  check: "LINT304",
  uniqueConstraint: "LINT305",
  index: "LINT306",
  exclusion: "LINT307",
};

/** What an operation does to a live table on the database in question. */
export function liveFindings(operation: Operation, effect: LiveEffect | null): readonly Found[] {
  return (effect?.hazards ?? []).map((hazard) => ({
    code: codes[hazard.kind],
    subject: hazard.ofTable === true ? tableOf(operation) : subjectOf(operation),
    why: hazard.why,
    safe: hazard.safe,
    ...(hazard.mild === true ? { severity: "notice" } : {}),
  }));
}

/** What a statement or step of the user's own does, or does not say that it does. */
export function rawFindings(operation: Of<"execute"> | Of<"run">): readonly Found[] {
  const unsaid = "what it does to the schema is not said, so that nothing after it can be told for certain";
  if (operation.kind === "run") {
    const subject = operation.name;
    return operation.changes === null ? [{ code: "LINT402", subject, why: unsaid, safe: sayChanges }] : [];
  }
  const subject = firstLine(operation.sql);
  const loss = rawLoss(operation.sql, operation.changes !== null);
  return [
    ...(loss === null ? [] : [{ code: "LINT105" as const, subject, why: loss, safe: [] }]),
    ...(operation.changes === null && canChangeSchema(operation.sql)
      ? [{ code: "LINT401" as const, subject, why: unsaid, safe: sayChanges }]
      : []),
  ];
}

function firstLine(sql: string): string {
  return (sql.trim().split("\n", 1)[0] ?? "").slice(0, 60);
}

const sayChanges: readonly string[] = [
  "-- in the file: { changes: [] } where the schema stays as it is, or",
  "-- { changes: (op) => { op.… } } with the operations that it amounts to",
];

function tableOf(operation: Operation): string {
  return "table" in operation && operation.table ? tableLabel(operation.table) : subjectOf(operation);
}

/** What an operation is about, as people call it: a column, a constraint, an index, a table. */
export function subjectOf(operation: Operation): string {
  switch (operation.kind) {
    case "addColumn":
      return `${tableLabel(operation.table)}.${operation.column.name}`;
    case "dropColumn":
    case "alterColumn":
      return `${tableLabel(operation.table)}.${operation.name}`;
    case "execute":
      return firstLine(operation.sql);
    case "createIndex":
      return operation.index.name;
    case "dropIndex":
      return operation.name;
    case "addForeignKey":
      return ofConstraint(operation.table, operation.foreignKey);
    case "addUnique":
      return ofConstraint(operation.table, operation.unique);
    case "addCheck":
      return ofConstraint(operation.table, operation.check);
    case "addExclusion":
      return ofConstraint(operation.table, operation.exclusion);
    default:
      return "table" in operation && operation.table ? tableLabel(operation.table) : operation.kind;
  }
}

function ofConstraint(table: TableRef, item: { readonly name: string | null }): string {
  return item.name === null ? tableLabel(table) : `${tableLabel(table)}.${item.name}`;
}
