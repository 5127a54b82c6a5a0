/** What only PostgreSQL has, put on top of generated schemas: types, constraints, indexes, enums, sequences, domains. */
import fc from "fast-check";
import {
  type Column,
  type ColumnType,
  column,
  type DefaultValue,
  type Json,
  type Schema,
  type SchemaObject,
  schemaObject,
  type Table,
  t,
  unique,
} from "../../src/schema/index.ts";
import { canonicalOrder } from "../../src/schema/order.ts";
import { isText } from "./generate.ts";
import { exclusionOn, withIndex } from "./generate-postgresql-indexes.ts";

const native = (sql: string): ColumnType => t.native("postgresql", sql);

/** Types beyond those that every database has a word for, with a value of each. */
export const postgresqlTypes: readonly (readonly [ColumnType, (n: number) => unknown])[] = [
  [t.interval(), (n) => `P${n + 1}D`],
  [t.array(t.integer()), (n) => [n, null, 7]],
  [t.array(t.text()), (n) => [`it's "${n}"`, "b\\c"]],
  [t.array(t.varchar(20)), (n) => [`v${n}`]],
  [t.numeric(), (n) => `${n}.125`],
  [t.varchar(), (n) => `v${n}`],
  [t.timestamp(3), (n) => `2020-01-01T10:00:0${n}.125`],
  [t.time({ timezone: true, precision: 0 }), (n) => `10:00:0${n}+00`],
  [native("inet"), (n) => `10.0.0.${n}`],
  [native("cidr"), () => "10.0.0.0/8"],
  [native("macaddr"), () => "08:00:2b:01:02:03"],
  [native("int4range"), (n) => `[${n},9)`],
  [native("numrange"), (n) => `[${n}.5,9)`],
  [native("tstzrange"), () => '["2020-01-01 00:00:00+00",)'],
  [native("bit(8)"), () => "10101010"],
  [native("bit varying(16)"), () => "101"],
  [native("tsvector"), () => "'cat' 'sat'"],
  [native("point"), (n) => `(${n},2)`],
  [native("money"), () => "$1.50"],
  [native("xml"), () => "<a/>"],
  [native("name"), (n) => `n${n}`],
  [native("inet[]"), () => "{10.0.0.1}"],
  [native('"char"'), () => "x"],
  [native("positive"), (n) => n + 1],
];

/** The value of a type that PostgreSQL alone has, or that it has under a name of its own. */
export function postgresqlValue(type: ColumnType, n: number): unknown {
  if (type.kind === "enum" && type.name === "mood") return lasting[n % lasting.length];
  const found = postgresqlTypes.find(([each]) => JSON.stringify(each) === JSON.stringify(type));
  return found === undefined ? null : found[1](n);
}

/** Whether a column holds whole numbers. */
export const isWhole = ({ type }: Column): boolean => /^(?:smallint|integer|bigint)$/.test(type.kind);

const domain = (limit: number): SchemaObject =>
  schemaObject("domain", "positive", `AS integer CHECK (VALUE > ${limit})`, { dialect: "postgresql" });

const moods: readonly (readonly string[])[] = [
  ["sad", "ok", "it's", "glad"],
  ["sad", "ok", "it's", "glad", "new"],
  ["first", "sad", "ok", "between", "it's", "glad"],
  ["it's", "ok", "sad"],
  ["glad", "it's", "ok", "sad"],
];

/** Values that no change takes away: rows have no others. */
const lasting = moods[0]!.filter((value) => moods.every((values) => values.includes(value)));

const kinds = [
  "comments",
  "type",
  "type",
  "type",
  "mood",
  "moodList",
  "changeMoods",
  "uniqueNulls",
  "deferrableUnique",
  "checkOptions",
  "foreignKeyOptions",
  "deleteColumns",
  "notEnforced",
  "exclusion",
  "index",
  "index",
  "identity",
  "serial",
  "fillfactor",
  "statistics",
  "storage",
  "compression",
  "sequence",
  "changeSequence",
  "expressionDefault",
  "generated",
  "namespace",
] as const;

/** Kinds that rows put in with their keys cannot stand, or that would move a table away from its rows. */
const changesOnly: ReadonlySet<string> = new Set(["identityAlways"]);

/** Kinds that came with a version; elsewhere they would be refused. */
const newKinds: Readonly<Record<string, number>> = {
  compression: 140_000,
  uniqueNulls: 150_000,
  deleteColumns: 150_000,
  notEnforced: 180_000,
};

function isThere(kind: string, version: number): boolean {
  return version >= (newKinds[kind] ?? 0);
}

interface Edit {
  readonly kind: (typeof kinds)[number] | "identityAlways";
  readonly table: number;
  readonly pick: number;
  readonly other: number;
}

function arbitraryEdits(max: number, all: readonly Edit["kind"][]): fc.Arbitrary<readonly Edit[]> {
  const edit = fc.record({
    kind: fc.constantFrom(...all),
    table: fc.nat(7),
    pick: fc.nat(30),
    other: fc.nat(30),
  });
  return fc.array(edit, { maxLength: max });
}

/** The schema with some of what PostgreSQL alone has in that version. */
export function enrichPostgresql(schema: Schema, version: number): fc.Arbitrary<Schema> {
  return arbitraryEdits(
    6,
    kinds.filter((kind) => !changesOnly.has(kind) && isThere(kind, version)),
  ).map((edits) => finished(edits.reduce(applyEdit, schema)));
}

/** The schema after a few changes of what PostgreSQL alone has, such that rows that were right stay right. */
export function mutatePostgresql(schema: Schema, version: number): fc.Arbitrary<Schema> {
  const all = kinds.filter((kind) => kind !== "namespace" && isThere(kind, version));
  return arbitraryEdits(3, [...all, "identityAlways"]).map((edits) =>
    finished(edits.reduce(applyEdit, schema)),
  );
}

/** Enums list what is in use; the domain is there where a column is of it. */
function finished(schema: Schema): Schema {
  const used = schema.tables.some((table) => table.columns.some(({ type }) => isPositive(type)));
  const known = schema.objects.filter((object) => object.kind !== "domain" && hasOwner(object, schema));
  const domains = schema.objects.filter((object) => object.kind === "domain");
  return canonicalOrder({ ...schema, objects: used ? [...known, domains[0] ?? domain(0)] : known });
}

function hasOwner({ ownedBy }: SchemaObject, schema: Schema): boolean {
  if (ownedBy === null) return true;
  const table = schema.tables.find((each) => each.name === ownedBy.table.name && each.schema === null);
  return table?.columns.some((each) => each.name === ownedBy.column) ?? false;
}

function isPositive(type: ColumnType): boolean {
  return type.kind === "native" && type.sql === "positive";
}

function applyEdit(schema: Schema, edit: Edit): Schema {
  const target = schema.tables[edit.table % Math.max(schema.tables.length, 1)];
  if (target === undefined) return schema;
  switch (edit.kind) {
    case "changeMoods":
      return withMoods(schema, moods[edit.pick % moods.length]!);
    case "mood":
    case "moodList": {
      const type = t.enum(currentMoods(schema), { name: "mood" });
      const made = edit.kind === "mood" ? type : t.array(type);
      return replaced(
        schema,
        target,
        withColumn(target, column(edit.kind, made, { default: moodDefault(edit) })),
      );
    }
    case "sequence":
      return withSequence(schema, target, edit);
    case "changeSequence":
      return {
        ...schema,
        objects: schema.objects.map((object) =>
          object.kind === "sequence" ? { ...object, definition: sequenceDefinition(edit.pick % 3) } : object,
        ),
      };
    case "namespace":
      return moved(schema, target);
    default:
      return replaced(schema, target, editTable(target, edit));
  }
}

function moodDefault(edit: Edit): DefaultValue | null {
  if (edit.pick % 3 !== 0) return null;
  return edit.kind === "mood"
    ? { kind: "literal", value: "ok" }
    : { kind: "expression", sql: "'{ok,sad}'::mood[]" };
}

function replaced(schema: Schema, target: Table, table: Table): Schema {
  return { ...schema, tables: schema.tables.map((each) => (each === target ? table : each)) };
}

function withColumn(table: Table, added: Column): Table {
  return table.columns.some((each) => each.name === added.name)
    ? table
    : { ...table, columns: [...table.columns, added] };
}

function isMood(type: ColumnType): boolean {
  return type.kind === "array" ? isMood(type.of) : type.kind === "enum" && type.name === "mood";
}

function currentMoods(schema: Schema): readonly string[] {
  for (const table of schema.tables) {
    for (const { type } of table.columns) {
      const element = type.kind === "array" ? type.of : type;
      if (isMood(type) && element.kind === "enum") return element.values;
    }
  }
  return moods[0]!;
}

function withMoods(schema: Schema, values: readonly string[]): Schema {
  const retyped = (type: ColumnType): ColumnType => {
    if (!isMood(type)) return type;
    return type.kind === "array" ? t.array(retyped(type.of)) : t.enum(values, { name: "mood" });
  };
  return {
    ...schema,
    tables: schema.tables.map((table) => ({
      ...table,
      columns: table.columns.map((each) =>
        isMood(each.type) ? { ...each, type: retyped(each.type) } : each,
      ),
    })),
  };
}

const sequenceDefinition = (n: number): string =>
  ["AS integer START WITH 5", "AS bigint INCREMENT BY 3 MAXVALUE 1000000 CYCLE", "CACHE 10"][n]!;

function withSequence(schema: Schema, target: Table, edit: Edit): Schema {
  const name = `numbers ${target.name}`;
  if (target.schema !== null || schema.objects.some((object) => object.name === name)) return schema;
  const by = edit.pick % 2 === 0 ? "counted" : null;
  const counted = column("counted", t.bigint(), {
    default: { kind: "expression", sql: `nextval('"${name.replaceAll("'", "''")}"')` },
  });
  const table = withColumn(target, counted);
  const owned = by !== null && table !== target;
  const object = schemaObject("sequence", name, sequenceDefinition(edit.other % 3), {
    dialect: "postgresql",
    ownedBy: owned ? { table: { schema: null, name: target.name }, column: by } : null,
  });
  return { ...replaced(schema, target, table), objects: [...schema.objects, object] };
}

/** The table in a schema of its own, foreign keys to it with it. */
function moved(schema: Schema, target: Table): Schema {
  const owns = schema.objects.some((object) => object.ownedBy?.table.name === target.name);
  if (target.schema !== null || owns) return schema;
  const to = { schema: "Sales Area", name: target.name };
  return {
    ...schema,
    namespaces: [...new Set([...schema.namespaces, to.schema])],
    tables: schema.tables.map((table) => ({
      ...table,
      schema: table === target ? to.schema : table.schema,
      foreignKeys: table.foreignKeys.map((key) =>
        key.references.name === to.name && key.references.schema === null
          ? { ...key, references: { ...key.references, schema: to.schema } }
          : key,
      ),
    })),
  };
}

function withOption(options: Table["options"], name: string, value: Json): Table["options"] {
  return { ...options, postgresql: { ...options["postgresql"], [name]: value } };
}

function editTable(table: Table, edit: Edit): Table {
  const chosen = table.columns[edit.pick % table.columns.length]!;
  const change = (to: Partial<Column>): Table => ({
    ...table,
    columns: table.columns.map((each) => (each === chosen ? { ...each, ...to } : each)),
  });
  switch (edit.kind) {
    case "comments":
      return {
        ...change({ comment: 'it\'s a "column"' }),
        comment: edit.other % 2 === 0 ? "a table's comment" : null,
        indexes: table.indexes.map((each) => ({ ...each, comment: "an index" })),
      };
    case "type": {
      const at = edit.other % postgresqlTypes.length;
      return withColumn(table, column(`extra ${at}`, postgresqlTypes[at]![0]));
    }
    case "uniqueNulls": {
      const plain = table.columns.find((each) => !each.nullable && each.type.kind === "uuid");
      const name = `uq_nulls_${table.name}`;
      if (plain === undefined || table.uniques.some((each) => each.name === name)) return table;
      return {
        ...table,
        uniques: [...table.uniques, unique([plain.name], { name, nullsNotDistinct: true })],
      };
    }
    case "deferrableUnique": {
      const when = edit.pick % 2 === 0 ? "deferred" : "immediate";
      return { ...table, uniques: table.uniques.map((each) => ({ ...each, deferrable: when })) };
    }
    case "checkOptions": {
      const name = edit.pick % 2 === 0 ? "noInherit" : "notValid";
      return {
        ...table,
        checks: table.checks.map((each) => ({ ...each, options: withOption(each.options, name, true) })),
      };
    }
    case "expressionDefault": {
      const value = expressionDefault(chosen.type);
      return value === null || chosen.generated !== null || chosen.autoIncrement || isBound(table, chosen)
        ? table
        : change({ default: { kind: "expression", sql: value } });
    }
    case "storage":
      return isText(chosen.type)
        ? change({ options: withOption(chosen.options, "storage", "EXTERNAL") })
        : table;
    case "compression":
      return isText(chosen.type)
        ? change({ options: withOption(chosen.options, "compression", "pglz") })
        : table;
    case "statistics":
      return chosen.generated?.stored === false
        ? table
        : change({ options: withOption(chosen.options, "statistics", 50 + (edit.other % 2)) });
    default:
      return editParts(table, edit, chosen);
  }
}

function isBound(table: Table, { name }: Column): boolean {
  const key = table.primaryKey?.columns.includes(name) === true;
  return key || table.foreignKeys.some((each) => each.columns.includes(name));
}

function expressionDefault(type: ColumnType): string | null {
  switch (type.kind) {
    case "uuid":
      return "gen_random_uuid()";
    case "timestamp":
      return type.timezone ? "now()" : "(now() AT TIME ZONE 'utc')";
    case "jsonb":
      return `'{"a": [1, "it''s"]}'`;
    case "varchar":
    case "text":
      return "upper('x'::text) || 'y'";
    case "date":
      return "CURRENT_DATE + 1";
    case "integer":
      return "1 + 2 * 3";
    default:
      return null;
  }
}

function editParts(table: Table, edit: Edit, chosen: Column): Table {
  switch (edit.kind) {
    case "foreignKeyOptions":
      return { ...table, foreignKeys: table.foreignKeys.map((key) => foreignKeyEdit(key, edit)) };
    case "deleteColumns":
      return { ...table, foreignKeys: table.foreignKeys.map(withDeleteColumns) };
    case "notEnforced": {
      const options = { postgresql: { notEnforced: true } };
      return edit.pick % 2 === 0
        ? { ...table, checks: table.checks.map((each) => ({ ...each, options })) }
        : { ...table, foreignKeys: table.foreignKeys.map((each) => ({ ...each, options })) };
    }
    case "exclusion": {
      const name = `ex_${table.name}`;
      // Rows may have the same key of another in common, and no other uuid.
      const repeats = table.foreignKeys.some((key) => key.columns.includes(chosen.name));
      const isThere = table.exclusions.some((each) => each.name === name);
      if (chosen.type.kind !== "uuid" || repeats || isThere) return table;
      return { ...table, exclusions: [...table.exclusions, exclusionOn(name, chosen, edit)] };
    }
    case "index":
      return withIndex(table, chosen, edit);
    case "identity":
      return numbered(table, {
        identity: { generation: "by default", start: 100, increment: 5, cache: 2 },
        options: {},
      });
    case "identityAlways":
      return numbered(table, { identity: { generation: "always" }, options: {} });
    case "serial":
      return numbered(table, { identity: null, options: { postgresql: { serial: true } } });
    case "fillfactor":
      return { ...table, options: withOption(table.options, "with", { fillfactor: 70 + (edit.pick % 2) }) };
    case "generated": {
      const text = table.columns.find((each) => each.type.kind === "text" && each.generated === null);
      if (text === undefined) return table;
      const expression = `COALESCE("${text.name}", 'none') || '!'`;
      return withColumn(table, column("shout", t.text(), { generated: { expression, stored: true } }));
    }
    default:
      return table;
  }
}

function numbered(table: Table, to: Partial<Column>): Table {
  return {
    ...table,
    columns: table.columns.map((each) => (each.autoIncrement ? { ...each, ...to } : each)),
  };
}

function foreignKeyEdit(key: Table["foreignKeys"][number], edit: Edit): Table["foreignKeys"][number] {
  switch (edit.pick % 3) {
    case 0:
      return { ...key, match: "full" };
    case 1:
      return { ...key, options: { postgresql: { notValid: true } } };
    default:
      return { ...key, onUpdate: "cascade", deferrable: "immediate" };
  }
}

function withDeleteColumns(key: Table["foreignKeys"][number]): Table["foreignKeys"][number] {
  return { ...key, onDelete: "set null", options: { postgresql: { onDeleteColumns: [...key.columns] } } };
}
