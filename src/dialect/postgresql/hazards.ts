import { enumKey, namedEnum } from "../../operation/apply-enum.ts";
import type { AddColumn, AlterColumn, Operation } from "../../operation/operation.ts";
import { mentions, normalizeExpression } from "../../schema/expression.ts";
import {
  type Column,
  findColumn,
  findTable,
  type Index,
  type Schema,
  type Table,
  type TableRef,
  tableLabel,
} from "../../schema/index.ts";
import type { Blocks, DurationClass, Hazard, LiveEffect } from "../hazards.ts";
import { isConcurrent } from "./concurrent.ts";
import { option } from "./ddl-clauses.ts";
import { changeEnum } from "./ddl-enum.ts";
import { enumsOf, physicalType } from "./physical.ts";
import { addingReason, retypingReason } from "./rewrites.ts";
import * as safe from "./safe-forms.ts";

/** The locks of PostgreSQL (https://www.postgresql.org/docs/current/explicit-locking.html), and what waits for them. */
const locks: Readonly<Record<string, Blocks>> = {
  "ACCESS EXCLUSIVE": "reads and writes",
  "SHARE ROW EXCLUSIVE": "writes",
  SHARE: "writes",
  "SHARE UPDATE EXCLUSIVE": "schema changes",
  "": "nothing",
};

function effect(lock: string, duration: DurationClass, hazards: readonly Hazard[] = []): LiveEffect {
  return { lock, blocks: locks[lock] ?? "nothing", duration, hazards };
}

/** An ALTER TABLE as long as the longest of its hazards. */
function altered(hazards: readonly (Hazard | null)[]): LiveEffect {
  const found = hazards.filter((hazard) => hazard !== null);
  const rewrites = found.some((hazard) => hazard.kind === "rewrite");
  return effect("ACCESS EXCLUSIVE", rewrites ? "rewrite" : found.length > 0 ? "scan" : "instant", found);
}

/** What an operation does to a table that is in use. */
export function liveEffect(operation: Operation, state: Schema): LiveEffect {
  switch (operation.kind) {
    case "createTable":
      return effect(operation.table.foreignKeys.length > 0 ? "SHARE ROW EXCLUSIVE" : "", "instant");
    case "setTableComment":
      return effect("SHARE UPDATE EXCLUSIVE", "instant");
    case "setTableOptions":
      if (operation.dialect !== "postgresql") return effect("", "instant");
      if (operation.from["unlogged"] === operation.to["unlogged"])
        return effect("SHARE UPDATE EXCLUSIVE", "instant");
      return altered([
        { kind: "rewrite", why: "a table that is logged, or no longer, is written anew", safe: [] },
      ]);
    case "addColumn":
      return altered([added(operation, state)]);
    case "alterColumn":
      return alteredColumn(operation, state);
    case "createIndex":
      return indexed(operation.table, operation.index);
    case "dropIndex": {
      const concurrently = isConcurrent(operation);
      return effect(concurrently ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE", "instant");
    }
    case "createNamespace":
    case "dropNamespace":
    case "createObject":
    case "dropObject":
    case "replaceObject":
      return effect("", "instant");
    case "execute":
      return effect("", "unknown");
    case "run":
    case "onDialect":
      return effect("", "unknown");
    default:
      return constrained(operation);
  }
}

/** Constraints that come; all else that is left is a matter of the catalog. */
function constrained(operation: Operation): LiveEffect {
  switch (operation.kind) {
    case "addPrimaryKey":
    case "addUnique":
      if (isConcurrent(operation)) return effect("SHARE UPDATE EXCLUSIVE", "build");
      return effect("ACCESS EXCLUSIVE", "build", [
        {
          kind: "uniqueConstraint",
          why: "its index is built while nobody can read or write the table",
          safe: safe.uniqueConstraint(operation),
        },
      ]);
    case "addForeignKey": {
      if (isConcurrent(operation)) return effect("SHARE UPDATE EXCLUSIVE", "scan");
      if (option(operation.foreignKey.options, "notValid") === true)
        return effect("SHARE ROW EXCLUSIVE", "instant");
      const other = tableLabel(operation.foreignKey.references);
      const why = `every row is looked up in ${other} while nobody can write to either table`;
      return effect("SHARE ROW EXCLUSIVE", "scan", [
        { kind: "foreignKey", why, safe: safe.foreignKey(operation) },
      ]);
    }
    case "addCheck":
      if (isConcurrent(operation)) return effect("SHARE UPDATE EXCLUSIVE", "scan");
      if (option(operation.check.options, "notValid") === true) return effect("ACCESS EXCLUSIVE", "instant");
      return effect("ACCESS EXCLUSIVE", "scan", [
        {
          kind: "check",
          why: "every row is checked while nobody can read or write the table",
          safe: safe.check(operation),
        },
      ]);
    case "addExclusion":
      return effect("ACCESS EXCLUSIVE", "build", [
        { kind: "exclusion", why: "its index is built while nobody can read or write the table", safe: [] },
      ]);
    default:
      return effect("ACCESS EXCLUSIVE", "instant");
  }
}

function indexed(table: TableRef, index: Index): LiveEffect {
  if (option(index.options, "concurrently") === true) return effect("SHARE UPDATE EXCLUSIVE", "build");
  return effect("SHARE", "build", [
    { kind: "index", why: "nobody can write to the table while it is built", safe: safe.index(table, index) },
  ]);
}

function added({ table, column }: AddColumn, state: Schema): Hazard | null {
  const physical = { ...column, type: physicalType(column.type, table, column.name) };
  const why = addingReason(physical, state);
  if (why === null) return null;
  const byDefault = addingReason({ ...physical, default: null }, state) === null;
  return { kind: "rewrite", why, safe: byDefault ? safe.addedColumn(table, physical) : [] };
}

/** A column changed where it stands: its type, what it is computed from, whether it may be null. */
function alteredColumn(operation: AlterColumn, state: Schema): LiveEffect {
  const table = findTable(state, operation.table);
  const was = { ...(table && findColumn(table, operation.name)), ...operation.from };
  const { to } = operation;
  if (Object.keys(to).every((key) => key === "comment")) return effect("SHARE UPDATE EXCLUSIVE", "instant");
  if (isEnumAlone(operation, was, state)) return effect("", "instant");
  const recomputed =
    to.generated !== undefined && to.generated?.stored === true
      ? "a stored generated column is computed for every row"
      : null;
  const why = recomputed ?? retyped(operation, was, table, state);
  // A column that others are computed from cannot be put aside before they are.
  const alone = computedFrom(operation.name, table) === undefined;
  const beside = alone ? safe.retypedColumn(operation, was) : [];
  return altered([
    why === null ? null : { kind: "rewrite", why, safe: beside },
    to.nullable === false && !isKnownNotNull(operation.name, table)
      ? {
          kind: "setNotNull",
          why: "every row is read while nobody can read or write the table",
          safe: safe.notNull(operation.table, operation.name),
        }
      : null,
  ]);
}

/** Why the rows are written anew for what an operation says of a type. */
function retyped(
  operation: AlterColumn,
  was: Partial<Column>,
  table: Table | undefined,
  state: Schema,
): string | null {
  if (operation.to.type === undefined) return null;
  const to = physicalType(operation.to.type, operation.table, operation.name);
  const from = was.type && physicalType(was.type, operation.table, operation.name);
  const own = enumReason(operation, to, from, state);
  if (own !== undefined) return own;
  if (operation.using !== null) return "`using` computes every value anew";
  if (from === undefined) return "what type the column has is not known here";
  const computed = computedFrom(operation.name, table);
  if (computed !== undefined) return `the generated column ${computed.name} is computed anew`;
  return retypingReason(from, to);
}

/** A stored column that is computed from another. */
function computedFrom(name: string, table: Table | undefined): Column | undefined {
  return table?.columns.find(
    (column) => column.generated?.stored === true && mentions(column.generated.expression, name),
  );
}

/** The same where the column is and stays of one enum; undefined where it does not. */
function enumReason(
  operation: AlterColumn,
  to: Column["type"],
  from: Column["type"] | undefined,
  state: Schema,
): string | null | undefined {
  const [old, now] = [from && namedEnum(from), namedEnum(to)];
  if (!old || now === null || enumKey(old) !== enumKey(now) || from?.kind !== to.kind) return undefined;
  const standing = enumsOf(state).get(enumKey(now)) ?? old;
  const remade = changeEnum(standing, now, state, operation.values).some((sql) =>
    sql.startsWith("CREATE TYPE"),
  );
  return remade ? `the type ${now.name} is made anew, and every column that has it` : null;
}

/** Values that an enum gets, or that are called something else, are a matter of its type alone. */
function isEnumAlone(operation: AlterColumn, was: Partial<Column>, state: Schema): boolean {
  const { type, ...rest } = operation.to;
  if (type === undefined || was.type === undefined || Object.keys(rest).length > 0) return false;
  const physical = (each: Column["type"]): Column["type"] =>
    physicalType(each, operation.table, operation.name);
  return enumReason(operation, physical(type), physical(was.type), state) === null;
}

/** A check that holds proves it, and the server does not look at the rows again. */
function isKnownNotNull(name: string, table: Table | undefined): boolean {
  const proof = normalizeExpression(`"${name.replaceAll('"', '""')}" IS NOT NULL`);
  return (
    table?.checks.some(
      (check) =>
        normalizeExpression(check.expression) === proof && option(check.options, "notValid") !== true,
    ) ?? false
  );
}
