import type { AlterColumn, Operation } from "../../operation/operation.ts";
import { equal } from "../../schema/equal.ts";
import {
  type Column,
  findColumn,
  findTable,
  type Index,
  type Json,
  type Schema,
  type Table,
  type TableRef,
} from "../../schema/index.ts";
import type { Hazard, LiveEffect } from "../hazards.ts";
import { defaultSql, foreignKeyClause, quoteTable } from "./ddl-clauses.ts";
import { convertsRows } from "./ddl-convert.ts";
import { type Binding, isMariadb } from "./flavor.ts";
import { option } from "./options.ts";
import { fillingOf, physicalType } from "./physical.ts";

/**
 * What InnoDB does online (https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html and
 * https://mariadb.com/kb/en/innodb-online-ddl-overview/): the server takes the gentlest way it has, so that the
 * algorithm is what the operation allows at best.
 */

const instant: LiveEffect = { lock: "INSTANT", blocks: "nothing", duration: "instant", hazards: [] };
const noLock = "INPLACE, LOCK=NONE";
const outside: LiveEffect = { lock: "", blocks: "nothing", duration: "unknown", hazards: [] };

/** The whole table copied while nobody can write to it. */
function copied(hazard: Omit<Hazard, "ofTable">): LiveEffect {
  return {
    lock: "COPY, LOCK=SHARED",
    blocks: "writes",
    duration: "rewrite",
    hazards: [{ ...hazard, ofTable: true }],
  };
}

/** The whole table made anew while others go on writing. */
function rebuilt(why: string): LiveEffect {
  return {
    lock: noLock,
    blocks: "nothing",
    duration: "rewrite",
    hazards: [
      {
        kind: "rewrite",
        why: `${why}; reads and writes go on meanwhile`,
        safe: [],
        ofTable: true,
        mild: true,
      },
    ],
  };
}

function rewrite(why: string, { table }: { readonly table: TableRef }): Hazard {
  return { kind: "rewrite", why, safe: besides(table.name) };
}

/** What copies a table bit by bit beside the server. */
function besides(table: string): readonly string[] {
  return [
    "-- outside the migration, with a tool that copies bit by bit and swaps at the end; then `athanor stamp`:",
    `-- gh-ost --table=${table} --alter="…" or pt-online-schema-change --alter "…" t=${table}`,
  ];
}

/** What an operation does to a table that is in use. */
export function liveEffect(operation: Operation, state: Schema, binding: Binding): LiveEffect {
  switch (operation.kind) {
    case "setTableOptions":
      return operation.dialect === "mysql" ? tableOptions(operation) : instant;
    case "addColumn":
      return added(operation, binding);
    case "alterColumn":
      return alteredColumn(operation, findTable(state, operation.table), binding);
    case "createIndex":
      return indexed(operation.index);
    case "addUnique":
      return { lock: noLock, blocks: "nothing", duration: "build", hazards: [] };
    case "addPrimaryKey":
      return rebuilt("the rows are kept in the order of the key");
    case "dropPrimaryKey":
      return copied(rewrite("the rows are kept in the order of the key, which goes", operation));
    case "addForeignKey":
      return copied({
        kind: "foreignKey",
        why: "the table is copied, and every row looked up, while nobody can write to it",
        safe: [
          "-- rows are not looked up; make sure first that none is without its partner:",
          "SET SESSION foreign_key_checks = 0;",
          `ALTER TABLE ${quoteTable(operation.table)} ADD ${foreignKeyClause(operation.foreignKey)}, ALGORITHM=INPLACE, LOCK=NONE;`,
          "SET SESSION foreign_key_checks = 1;",
        ],
      });
    case "addCheck":
      if (option(operation.check.options, "notEnforced") === true) return instant;
      return copied({
        kind: "check",
        why: "the table is copied, and every row checked, while nobody can write to it",
        safe: besides(operation.table.name),
      });
    case "execute":
    case "run":
    case "onDialect":
      return outside;
    default:
      return instant;
  }
}

type TableOptions = Extract<Operation, { kind: "setTableOptions" }>;

function tableOptions(operation: TableOptions): LiveEffect {
  const { from, to } = operation;
  const changed = (names: readonly string[]): boolean =>
    names.some((name) => !equal(from[name] as Json, to[name] as Json));
  if (changed(["charset", "collation", "engine", "encryption"]))
    return copied(rewrite("every row is written anew for its character set or engine", operation));
  if (changed(["rowFormat", "keyBlockSize", "pageCompressed"])) return rebuilt("rows get another format");
  return instant;
}

function added(operation: Extract<Operation, { kind: "addColumn" }>, binding: Binding): LiveEffect {
  const { column } = operation;
  if (column.generated?.stored === true)
    return copied(rewrite("a stored generated column is computed for every row", operation));
  if (column.autoIncrement) {
    const hazard = rewrite("every row gets a number of its own", operation);
    return { ...copied(hazard), lock: "INPLACE, LOCK=SHARED" };
  }
  const computed = column.default?.kind === "expression" && defaultSql(column, binding)?.startsWith("(");
  if (computed === true && column.generated === null)
    return copied(rewrite("the default is computed for every row", operation));
  return instant;
}

function alteredColumn(operation: AlterColumn, table: Table | undefined, binding: Binding): LiveEffect {
  const current = table && findColumn(table, operation.name);
  const was: Partial<Column> = { ...current, ...operation.from };
  if (table !== undefined && current !== undefined && convertsRows(operation, table, binding))
    return copied(rewrite("every value is computed anew", operation));
  const { to } = operation;
  if (to.generated !== undefined && current !== undefined) {
    const fillings = [fillingOf(current), fillingOf({ ...current, ...to })];
    if (fillings.includes("stored"))
      return copied(rewrite("a stored generated column is computed for every row", operation));
  }
  if (to.autoIncrement === true) return copied(rewrite("every row without a number gets one", operation));
  const why = to.type === undefined ? null : retyped(was.type, to.type, table, operation.name, binding);
  if (why !== null) return copied(rewrite(why, operation));
  if (to.collation !== undefined && !isMariadb(binding))
    return copied(rewrite("text is compared in another way", operation));
  return to.nullable === undefined || to.nullable === current?.nullable
    ? instant
    : rebuilt("rows have another form where a column can be null");
}

/** Why a change of type copies the table; null where it does not. */
function retyped(
  from: Column["type"] | undefined,
  to: Column["type"],
  table: Table | undefined,
  name: string,
  binding: Binding,
): string | null {
  if (from === undefined) return "what type the column has is not known here";
  const [old, now] = [physicalType(from, binding), physicalType(to, binding)];
  if (old === now) return null;
  const longer = widened(old, now);
  if (longer !== null && (isMariadb(binding) || longer.from > 63 === longer.to > 63)) return null;
  if (extendsValues(old, now)) return null;
  const computed = table?.columns.some(({ generated }) => generated?.stored === true) ?? false;
  return `${old} is not stored as ${now} is${computed ? `, and others may be computed from ${name}` : ""}`;
}

/** Lengths of a `varchar` that only gets longer; how the length is stored changes at 256 bytes, 64 characters. */
function widened(old: string, now: string): { readonly from: number; readonly to: number } | null {
  const [from, to] = [old, now].map((type) => /^varchar\((\d+)\)$/.exec(type)?.[1]);
  if (from === undefined || to === undefined || Number(from) > Number(to)) return null;
  return { from: Number(from), to: Number(to) };
}

/** Values that an enum gets after all others are a matter of the catalog. */
function extendsValues(old: string, now: string): boolean {
  return /^(?:enum|set)\(/.test(old) && now.startsWith(`${old.slice(0, -1)},`);
}

function indexed(index: Index): LiveEffect {
  const kind = option(index.options, "kind");
  if (kind !== "fulltext" && kind !== "spatial")
    return { lock: noLock, blocks: "nothing", duration: "build", hazards: [] };
  return {
    lock: "INPLACE, LOCK=SHARED",
    blocks: "writes",
    duration: "build",
    hazards: [
      { kind: "index", why: `a ${kind} index is built while nobody can write to the table`, safe: [] },
    ],
  };
}
