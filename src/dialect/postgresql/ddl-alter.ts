import { InternalError } from "../../errors/index.ts";
import { enumKey, namedEnum } from "../../operation/apply-enum.ts";
import type { AlterColumn } from "../../operation/operation.ts";
import { equal } from "../../schema/equal.ts";
import {
  type Column,
  type ColumnType,
  emptySchema,
  findColumn,
  findTable,
  type Schema,
  type Table,
  type TableRef,
} from "../../schema/index.ts";
import { conversionTo } from "./conversion.ts";
import { type Aside, dependents, nothing, standingOn } from "./ddl-aside.ts";
import {
  addColumnStatements,
  collationName,
  columnSettings,
  identityClause,
  option,
  usualIdentity,
} from "./ddl-clauses.ts";
import { changeEnum, conversion } from "./ddl-enum.ts";
import { columnGrants, grantsOf } from "./ddl-grant.ts";
import { isSerial } from "./ddl-serial.ts";
import { defaultSql, enumName, enumsOf, physicalType, withPhysicalType } from "./physical.ts";
import { quoteName, quoteString, quoteTable } from "./quote.ts";
import { usualSequenceName } from "./sequence-name.ts";
import { typeName } from "./type-name.ts";
import type { Version } from "./version.ts";

/** A column changed where it stands, in words that the version understands. */
export function alterColumn(operation: AlterColumn, state: Schema, version: Version): readonly string[] {
  const table = findTable(state, operation.table);
  const current = table === undefined ? undefined : findColumn(table, operation.name);
  const { to } = operation;
  const was: Partial<Column> = { ...current, ...operation.from };
  const type = to.type === undefined ? null : physicalType(to.type, operation.table, operation.name);
  const enums = type === null ? noChange : enumChange(type, was, operation, state);
  const column = (action: string): string =>
    `ALTER TABLE ${quoteTable(operation.table)} ALTER COLUMN ${quoteName(operation.name)} ${action}`;
  if (to.generated !== undefined) return regenerated(operation, table, state, version);
  const retyped = (type !== null && !enums.done) || to.collation !== undefined;
  const aside =
    table === undefined || (!retyped && !enums.remade)
      ? nothing
      : dependents(table, operation.name, {
          remade: enums.remade,
          collated: to.collation !== undefined,
          state,
        });
  const dropsDefault = retyped && type !== null && was.default != null;
  const filled = to.default === undefined && dropsDefault ? was.default : to.default;
  const numbered = numbering(operation, was, column, state);
  return [
    ...aside.before,
    ...enums.statements,
    ...(dropsDefault || to.default === null ? [column("DROP DEFAULT")] : []),
    ...numbered.before,
    ...(retyped ? [column(typeAction(operation, was, type))] : []),
    ...(filled == null ? [] : [column(`SET DEFAULT ${defaultSql(filled)}`)]),
    ...(to.nullable === undefined ? [] : [column(`${to.nullable ? "DROP" : "SET"} NOT NULL`)]),
    ...numbered.after,
    ...settings(operation, was, type, retyped || enums.remade),
    ...aside.after,
    ...(to.comment === undefined
      ? []
      : [
          `COMMENT ON COLUMN ${quoteTable(operation.table)}.${quoteName(operation.name)} IS ${to.comment === null ? "NULL" : quoteString(to.comment)}`,
        ]),
  ];
}

/** What the column was set to beyond its type: a new type forgets how values are stored, so that is said again. */
function settings(
  operation: AlterColumn,
  was: Partial<Column>,
  type: ColumnType | null,
  retyped: boolean,
): readonly string[] {
  const { name, table, to } = operation;
  const had = was.options ?? {};
  if (to.options === undefined && !retyped) return [];
  const { storage: _, compression: __, ...kept } = had["postgresql"] ?? {};
  return columnSettings(
    table,
    { name, type: type ?? was.type ?? { kind: "text" } },
    retyped ? { ...had, postgresql: kept } : had,
    to.options ?? had,
  );
}

interface EnumChange {
  readonly statements: readonly string[];
  /** The column has its new type by that alone. */
  readonly done: boolean;
  /** A new type took the place of the old one. */
  readonly remade: boolean;
}

const noChange: EnumChange = { statements: [], done: false, remade: false };

/** What has to be done to the enum that the column is, or becomes. */
function enumChange(
  type: ColumnType,
  was: Partial<Column>,
  operation: AlterColumn,
  state: Schema,
): EnumChange {
  const to = namedEnum(type);
  if (to === null) return noChange;
  const standing = enumsOf(state).get(enumKey(to));
  if (standing === undefined) return noChange;
  const old = was.type && physicalType(was.type, operation.table, operation.name);
  const from = old === undefined ? null : namedEnum(old);
  const same = from !== null && enumKey(from) === enumKey(to) && old?.kind === type.kind;
  const statements = changeEnum(standing, to, state, operation.values);
  const remade = statements.some((sql) => sql.startsWith("CREATE TYPE"));
  return { statements, done: same, remade };
}

/** The type, or the collation alone. */
function typeAction(operation: AlterColumn, was: Partial<Column>, to: ColumnType | null): string {
  const old = was.type && physicalType(was.type, operation.table, operation.name);
  const type = to ?? old;
  if (type === undefined) throw new InternalError(`the type of ${operation.name} is not known`);
  const collation = operation.to.collation === undefined ? was.collation : operation.to.collation;
  const collate = collation == null ? "" : ` COLLATE ${collationName(collation)}`;
  const using = to === null ? "" : ` USING ${operation.using ?? plainConversion(operation, old, type)}`;
  return `TYPE ${typeName(type)}${collate}${using}`;
}

/** A cast; by way of text where an enum is on either side, since no other type is cast to one. */
function plainConversion(operation: AlterColumn, old: ColumnType | undefined, type: ColumnType): string {
  const name = quoteName(operation.name);
  const element = namedEnum(type);
  const ofEnum = element !== null || (old !== undefined && namedEnum(old) !== null);
  if (!ofEnum) return old === undefined ? `${name}::${typeName(type)}` : conversionTo(name, old, type);
  const text = element === null ? typeName(type) : enumName(element);
  return conversion(name, type.kind === "array", typeName(type), text, operation.values ?? {});
}

/** What numbers the column: the old way goes before its type changes, the new one comes after. */
function numbering(
  operation: AlterColumn,
  was: Partial<Column>,
  column: (action: string) => string,
  state: Schema,
): Aside {
  const { to } = operation;
  const now: Partial<Column> = { ...was, ...to };
  const wanted = now.identity ?? (now.autoIncrement && !isSerial(now) ? usualIdentity : null);
  const had = was.identity ?? (was.autoIncrement && !isSerial(was) ? usualIdentity : null);
  if (equal(had, wanted) && isSerial(was) === isSerial(now)) {
    if (isSerial(now) && to.type !== undefined)
      return { before: [], after: [retypedSequence(operation, now)] };
    return wanted === null ? nothing : { before: [], after: renamedSequence(operation, was, now) };
  }
  return {
    before: [
      ...(isSerial(was) ? dropSerial(operation, column) : []),
      ...(had === null ? [] : [column("DROP IDENTITY")]),
    ],
    after: [
      ...(wanted === null
        ? []
        : [column(`ADD ${identityClause(wanted, now.options ?? {})}`), continued(operation)]),
      ...(isSerial(now) ? addSerial(operation, now, column) : []),
      ...(isNumbered(had, was) && isNumbered(wanted, now)
        ? grantsOf(sequenceOf(operation, was), sequenceOf(operation, now), state)
        : []),
    ],
  };
}

function isNumbered(identity: Column["identity"], column: Partial<Column>): boolean {
  return identity !== null || isSerial(column);
}

/** The sequence behind a column that is numbered. */
function sequenceOf({ table, name }: AlterColumn, column: Partial<Column>): TableRef {
  const said = option(column.options ?? {}, "sequence");
  return {
    schema: table.schema,
    name: typeof said === "string" ? said : usualSequenceName(table.name, name),
  };
}

function sequenceName(operation: AlterColumn): string {
  return quoteTable(sequenceOf(operation, {}));
}

/** The sequence of an identity gets the name that is said. */
function renamedSequence(
  { table, name }: AlterColumn,
  was: Partial<Column>,
  now: Partial<Column>,
): readonly string[] {
  const wanted = option(now.options ?? {}, "sequence");
  if (typeof wanted !== "string" || wanted === option(was.options ?? {}, "sequence")) return [];
  return [
    `DO $athanor$ BEGIN
  EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', pg_get_serial_sequence(${quoteString(quoteTable(table))}, ${quoteString(name)}), ${quoteString(wanted)});
END $athanor$`,
  ];
}

/** The sequence of a `serial` column has the column's type. */
function retypedSequence(operation: AlterColumn, now: Partial<Column>): string {
  const type = now.type === undefined ? "bigint" : typeName(now.type);
  return `ALTER SEQUENCE ${sequenceName(operation)} AS ${type}`;
}

function dropSerial(operation: AlterColumn, column: (action: string) => string): readonly string[] {
  return [column("DROP DEFAULT"), `DROP SEQUENCE ${sequenceName(operation)}`];
}

function addSerial(
  operation: AlterColumn,
  now: Partial<Column>,
  column: (action: string) => string,
): readonly string[] {
  const sequence = sequenceName(operation);
  const type = now.type === undefined ? "bigint" : typeName(now.type);
  return [
    `CREATE SEQUENCE ${sequence} AS ${type} OWNED BY ${quoteTable(operation.table)}.${quoteName(operation.name)}`,
    column(`SET DEFAULT nextval(${quoteString(sequence)}::regclass)`),
    continued(operation),
  ];
}

/** Numbers go on after those of the rows that are there. */
function continued(operation: AlterColumn): string {
  const table = quoteTable(operation.table);
  const name = quoteName(operation.name);
  return `SELECT setval(pg_get_serial_sequence(${quoteString(table)}, ${quoteString(operation.name)}), GREATEST(max(${name}), 1), max(${name}) IS NOT NULL) FROM ${table}`;
}

/** PostgreSQL changes the expression of no column: one that is computed is made anew, a plain one kept. */
function regenerated(
  operation: AlterColumn,
  table: Table | undefined,
  state: Schema,
  version: Version,
): readonly string[] {
  if (table === undefined) throw new InternalError(`table ${operation.table.name} is not known`);
  const current = findColumn(table, operation.name);
  if (current === undefined) throw new InternalError(`column ${operation.name} is not known`);
  const next = withPhysicalType({ ...current, ...operation.to }, operation.table);
  const alter = `ALTER TABLE ${quoteTable(operation.table)}`;
  const name = quoteName(operation.name);
  if (next.generated === null && current.generated?.stored === true) {
    const { generated: _, ...to } = operation.to;
    const { generated: __, ...from } = operation.from;
    const rest =
      Object.keys(to).length === 0 ? [] : alterColumn({ ...operation, from, to }, stateOf(table), version);
    return [`${alter} ALTER COLUMN ${name} DROP EXPRESSION`, ...rest];
  }
  const aside = standingOn(table, operation.name);
  return [
    ...aside.before,
    `${alter} DROP COLUMN ${name}`,
    ...addColumnStatements(operation.table, next),
    ...aside.after,
    ...columnGrants(table, [operation.name], state),
  ];
}

function stateOf(table: Table): Schema {
  return { ...emptySchema, tables: [table] };
}
