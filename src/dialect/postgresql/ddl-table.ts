import { AthanorError } from "../../errors/index.ts";
import { equal } from "../../schema/equal.ts";
import { allColumns, detached, parentsOf } from "../../schema/family.ts";
import {
  type Column,
  type Exclusion,
  findTable,
  type Json,
  type Schema,
  type Table,
  type TableRef,
  tableLabel,
  type Unique,
} from "../../schema/index.ts";
import {
  checkClause,
  columnClause,
  columnExtras,
  columnSettings,
  constraintComments,
  createIndexStatements,
  exclusionClause,
  foreignKeyClause,
  option,
  primaryKeyClause,
  uniqueClause,
  withClause,
} from "./ddl-clauses.ts";
import { withPhysicalType } from "./physical.ts";
import { quoteName, quoteString, quoteTable } from "./quote.ts";

/** A table as a whole: made, parted, a part of another, with its options. */

type Options = { readonly [option: string]: Json };

interface Bound extends TableRef {
  readonly bound: string;
  /** The order of its columns, where that is not its table's. */
  readonly columns?: readonly string[];
}

/** The statements that make a table, with all that belongs to it. */
export function createTable(table: Table, state: Schema): readonly string[] {
  const joined = joinedLater(table, state);
  if (joined !== null) return joined;
  const { uniques, exclusions } = table;
  const clauses = [
    ...table.columns.map((column) => columnClause(column) + withoutDefault(column, table, state)),
    ...(table.primaryKey === null ? [] : [primaryKeyClause(table.primaryKey)]),
    ...uniques.filter((unique, at) => !isRepeated(unique, uniques.slice(0, at), table)).map(uniqueClause),
    ...table.checks.filter((check) => !isLater(check)).map(checkClause),
    ...exclusions.filter((each, at) => !isSaid(each, exclusions.slice(0, at))).map(exclusionClause),
    ...table.foreignKeys.filter((key) => !isLater(key)).map(foreignKeyClause),
  ];
  // In CREATE TABLE the server takes NOT VALID for nothing, since there are no rows to be wrong, and a key that is
  // there already for the same, whatever its name.
  const later = [
    ...uniques.filter((unique, at) => isRepeated(unique, uniques.slice(0, at), table)).map(uniqueClause),
    ...exclusions.filter((each, at) => isSaid(each, exclusions.slice(0, at))).map(exclusionClause),
    ...table.checks.filter(isLater).map(checkClause),
    ...table.foreignKeys.filter(isLater).map(foreignKeyClause),
  ];
  const options = (table.options["postgresql"] ?? {}) as Options;
  const { unlogged: _, with: __, partitionBy: ___, partitionOf: ____, inherits: _____, ...rest } = options;
  return [
    creation(table, clauses, options),
    ...later.map((clause) => `ALTER TABLE ${quoteTable(table)} ADD ${clause}`),
    ...table.indexes.flatMap((index) => createIndexStatements(table, index)),
    ...constraints(table).flatMap((each) => constraintComments(table, each)),
    ...(table.comment === null
      ? []
      : [`COMMENT ON TABLE ${quoteTable(table)} IS ${quoteString(table.comment)}`]),
    ...table.columns.flatMap((column) => columnExtras(table, column)),
    ...tableOptions(table, {}, rest),
  ];
}

/** A column that the table says again would have the default that it has above. */
function withoutDefault(column: Column, table: Table, state: Schema): string {
  if (
    column.default !== null ||
    column.generated !== null ||
    column.identity !== null ||
    column.autoIncrement
  )
    return "";
  const above = parentsOf(table).flatMap((ref) => findTable(state, ref) ?? []);
  const columns = above
    .flatMap((parent) => allColumns(parent, state))
    .filter(({ name }) => name === column.name);
  return columns.some((each) => each.default !== null || option(each.options, "serial") === true)
    ? " DEFAULT NULL"
    : "";
}

/** A part is taken out of its table first: foreign keys to the whole would hold it. */
export function dropTable(ref: TableRef, state: Schema): readonly string[] {
  const table = findTable(state, ref);
  const partitionOf = table && (option(table.options, "partitionOf") as unknown as Bound | undefined);
  return [
    ...(partitionOf === undefined
      ? []
      : [`ALTER TABLE ${quoteTable(partitionOf)} DETACH PARTITION ${quoteTable(ref)}`]),
    `DROP TABLE ${quoteTable(ref)}`,
  ];
}

/** A partition whose columns are in an order of their own: a table by itself, until it is made a part. */
function joinedLater(table: Table, state: Schema): readonly string[] | null {
  const partitionOf = option(table.options, "partitionOf") as unknown as Bound | undefined;
  const order = partitionOf?.columns;
  const parent = partitionOf && findTable(state, partitionOf);
  if (partitionOf === undefined || order === undefined || parent === undefined) return null;
  const { columns, options } = detached(table, state);
  const alone: Table = {
    ...table,
    options,
    columns: [...columns]
      .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
      .map((column) => ({
        ...withPhysicalType(column, parent),
        comment: null,
        autoIncrement: false,
        identity: null,
      })),
    checks: [...table.checks, ...allChecks(parent, state)],
  };
  const { inherited, indexNames: names } = (table.options["postgresql"] ?? {}) as Options;
  const family: Options = {
    partitionOf: partitionOf as unknown as Json,
    ...(inherited === undefined ? {} : { inherited }),
    ...(names === undefined ? {} : { indexNames: names }),
  };
  return [...createTable(alone, state), ...tableOptions(table, {}, family)];
}

/** The checks that every part of a table has. */
function allChecks(table: Table, state: Schema): Table["checks"] {
  const above = parentsOf(table).flatMap((ref) => findTable(state, ref) ?? []);
  return [...table.checks, ...above.flatMap((each) => allChecks(each, state))];
}

function constraints(
  table: Table,
): readonly { readonly name: string | null; readonly options: Table["options"] }[] {
  return [
    ...(table.primaryKey === null ? [] : [table.primaryKey]),
    ...table.uniques,
    ...table.checks,
    ...table.exclusions,
    ...table.foreignKeys,
  ];
}

function creation(table: Table, clauses: readonly string[], options: Options): string {
  const partitionOf = options["partitionOf"] as unknown as Bound | undefined;
  const inherits = refs(options["inherits"]);
  const unlogged = options["unlogged"] === true ? "UNLOGGED " : "";
  const by = typeof options["partitionBy"] === "string" ? ` PARTITION BY ${options["partitionBy"]}` : "";
  const parameters = withClause(options["with"]);
  const words = `CREATE ${unlogged}TABLE ${quoteTable(table)}`;
  const inside = clauses.length === 0 ? "" : `\n  ${clauses.join(",\n  ")}\n`;
  if (partitionOf !== undefined) {
    const own = clauses.length === 0 ? "" : ` (${inside})`;
    return `${words} PARTITION OF ${quoteTable(partitionOf)}${own} ${partitionOf.bound}${by}${parameters}`;
  }
  const from = inherits.length === 0 ? "" : ` INHERITS (${inherits.map(quoteTable).join(", ")})`;
  return `${words} (${inside})${from}${by}${parameters}`;
}

function isLater({ options }: { readonly options: Table["options"] }): boolean {
  return option(options, "notValid") === true;
}

/** Whether the primary key or another key is unique for the same columns. */
function isRepeated(unique: Unique, before: readonly Unique[], { primaryKey }: Table): boolean {
  return (primaryKey !== null && equal(primaryKey.columns, unique.columns)) || isSaid(unique, before);
}

/** Whether one of `before` is the same but for its name. */
function isSaid<T extends Unique | Exclusion>(one: T, before: readonly T[]): boolean {
  return before.some((each) => equal({ ...each, name: null }, { ...one, name: null }));
}

/** The statements that give a table other options. */
export function tableOptions(table: TableRef, from: Options, to: Options): readonly string[] {
  const alter = (action: string): string => `ALTER TABLE ${quoteTable(table)} ${action}`;
  const changed = (name: string): boolean => !equal(from[name] ?? null, to[name] ?? null);
  if (changed("partitionBy")) {
    const reason = "PostgreSQL parts a table when it is made, and in no other way afterwards.";
    throw new AthanorError("PLAN.UNSUPPORTED", { operation: `part table ${tableLabel(table)}`, reason });
  }
  return [
    ...family(table, from, to),
    ...(changed("of") ? [alter(typeof to["of"] === "string" ? `OF ${to["of"]}` : "NOT OF")] : []),
    ...(changed("unlogged") ? [alter(to["unlogged"] === true ? "SET UNLOGGED" : "SET LOGGED")] : []),
    ...parameters(from["with"], to["with"]).map(alter),
    ...(changed("rowSecurity")
      ? [alter(`${to["rowSecurity"] === true ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`)]
      : []),
    ...(changed("forceRowSecurity")
      ? [alter(`${to["forceRowSecurity"] === true ? "FORCE" : "NO FORCE"} ROW LEVEL SECURITY`)]
      : []),
    ...(changed("clusterOn")
      ? [
          alter(
            typeof to["clusterOn"] === "string"
              ? `CLUSTER ON ${quoteName(to["clusterOn"])}`
              : "SET WITHOUT CLUSTER",
          ),
        ]
      : []),
    ...(changed("replicaIdentity")
      ? [alter(`REPLICA IDENTITY ${replicaIdentity(to["replicaIdentity"])}`)]
      : []),
    ...inheritedNotes(table, notes(from["inherited"]), notes(to["inherited"])),
    ...(changed("indexNames")
      ? indexNames(table, (to["indexNames"] ?? {}) as Readonly<Record<string, string>>)
      : []),
  ];
}

function parameters(from: Json | undefined, to: Json | undefined): readonly string[] {
  const [before, after] = [(from ?? {}) as Options, (to ?? {}) as Options];
  const reset = Object.keys(before).filter((name) => !(name in after));
  const set = Object.entries(after).filter(([name, value]) => before[name] !== value);
  return [
    ...(reset.length === 0 ? [] : [`RESET (${reset.join(", ")})`]),
    ...(set.length === 0
      ? []
      : [`SET (${set.map(([name, value]) => `${name} = ${String(value)}`).join(", ")})`]),
  ];
}

function replicaIdentity(value: Json | undefined): string {
  if (value === "full" || value === "nothing") return value.toUpperCase();
  const index = (value as { readonly index?: string } | null | undefined)?.index;
  return index === undefined ? "DEFAULT" : `USING INDEX ${quoteName(index)}`;
}

function refs(value: Json | undefined): readonly TableRef[] {
  return (value ?? []) as unknown as readonly TableRef[];
}

/** What it is a part of, and what it inherits from. */
function family(table: TableRef, from: Options, to: Options): readonly string[] {
  const [was, now] = [from["partitionOf"], to["partitionOf"]] as unknown as (Bound | undefined)[];
  const [old, fresh] = [refs(from["inherits"]), refs(to["inherits"])];
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const lost = old.filter((ref) => !fresh.some((each) => equal(each, ref)));
  const gained = fresh.filter((ref) => !old.some((each) => equal(each, ref)));
  const same = equal(was ?? null, now ?? null);
  return [
    ...(was === undefined || same
      ? []
      : [`ALTER TABLE ${quoteTable(was)} DETACH PARTITION ${quoteTable(table)}`]),
    ...lost.map((ref) => `${alter} NO INHERIT ${quoteTable(ref)}`),
    ...gained.map((ref) => `${alter} INHERIT ${quoteTable(ref)}`),
    ...(now === undefined || same
      ? []
      : [`ALTER TABLE ${quoteTable(now)} ATTACH PARTITION ${quoteTable(table)} ${now.bound}`]),
  ];
}

interface Note {
  readonly default?: string | null;
  readonly notNull?: boolean;
  readonly comment?: string;
  readonly options?: Options;
}

function notes(value: Json | undefined): Readonly<Record<string, Note>> {
  return (value ?? {}) as Readonly<Record<string, Note>>;
}

/** What of inherited columns is another matter here than where they come from. */
function inheritedNotes(
  table: TableRef,
  from: Readonly<Record<string, Note>>,
  to: Readonly<Record<string, Note>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return names.flatMap((name) => {
    const [was, now] = [from[name] ?? {}, to[name] ?? {}];
    const column = `ALTER TABLE ONLY ${quoteTable(table)} ALTER COLUMN ${quoteName(name)}`;
    return [
      ...(was.default === now.default
        ? []
        : [now.default == null ? `${column} DROP DEFAULT` : `${column} SET DEFAULT ${now.default}`]),
      ...(was.notNull === now.notNull ? [] : [`${column} ${now.notNull === true ? "SET" : "DROP"} NOT NULL`]),
      ...(was.comment === now.comment
        ? []
        : [
            `COMMENT ON COLUMN ${quoteTable(table)}.${quoteName(name)} IS ${now.comment === undefined ? "NULL" : quoteString(now.comment)}`,
          ]),
      ...columnSettings(
        table,
        { name, type: { kind: "native", dialect: "postgresql", sql: "" } },
        { postgresql: was.options ?? {} },
        { postgresql: now.options ?? {} },
      ),
    ];
  });
}

/** The server names what a partition has of its table's indexes; which is which it knows as well. */
function indexNames(table: TableRef, names: Readonly<Record<string, string>>): readonly string[] {
  const relation = quoteString(quoteTable(table));
  return Object.entries(names).map(
    ([parent, name]) => `DO $athanor$
DECLARE i record;
BEGIN
  FOR i IN SELECT x.oid::regclass AS name FROM pg_index n JOIN pg_class x ON x.oid = n.indexrelid
    JOIN pg_inherits h ON h.inhrelid = x.oid JOIN pg_class p ON p.oid = h.inhparent
    WHERE n.indrelid = ${relation}::regclass AND p.relname = ${quoteString(parent)} AND x.relname <> ${quoteString(name)} LOOP
    EXECUTE format('ALTER INDEX %s RENAME TO %I', i.name, ${quoteString(name)});
  END LOOP;
END $athanor$`,
  );
}
