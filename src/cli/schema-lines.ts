import type {
  Check,
  Column,
  Exclusion,
  ForeignKey,
  Index,
  IndexPart,
  Schema,
  SchemaObject,
  Table,
} from "../schema/index.ts";
import { findTable, kindLabel, objectLabel, sameTable, tableLabel } from "../schema/index.ts";

/** How the lines are written. */
export interface SchemaLinesOptions {
  /** A type in the database's own words. */
  readonly describeType: (type: Column["type"]) => string;
  /** A heading. */
  readonly heading: (text: string) => string;
  /** Tables that are only named. */
  readonly brief: readonly string[];
}

/** A schema for people: tables with all that belongs to them, then the rest, each kind under a heading of its own. */
export function schemaLines(schema: Schema, options: SchemaLinesOptions): readonly string[] {
  const tables = schema.tables.filter((table) => !options.brief.includes(tableLabel(table)));
  return [
    ...section(
      "schemas",
      schema.namespaces.map((name) => [name]),
      options,
    ),
    ...section(
      "enums",
      schema.enums.map((type) => [`${tableLabel(type)} (${type.values.map(quoted).join(", ")})`]),
      options,
    ),
    ...tables.flatMap((table) => [...tableLines(table, schema, options), ""]),
    ...objectSections(schema, options),
    ...section("Athanor's own", options.brief.map(list), options),
    ...section(
      "there, and not managed",
      schema.unmanaged.map((object) => [`${object.kind} ${tableLabel(object)}`]),
      options,
    ),
  ];
}

const list = (line: string): readonly string[] => [line];

function section(
  title: string,
  items: readonly (readonly string[])[],
  { heading }: SchemaLinesOptions,
): readonly string[] {
  if (items.length === 0) return [];
  return [heading(title), ...items.flat().map((line) => `  ${line}`), ""];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** What hangs on no table, each kind under its name. */
function objectSections(schema: Schema, options: SchemaLinesOptions): readonly string[] {
  const alone = schema.objects.filter(
    ({ table }) => table === null || findTable(schema, table) === undefined,
  );
  return [...Map.groupBy(alone, ({ kind }) => kind)].flatMap(([kind, objects]) =>
    section(plural(kindLabel(kind)), objects.map(objectLines), options),
  );
}

function plural(words: string): string {
  if (words.endsWith("s")) return words;
  return words.endsWith("y") ? `${words.slice(0, -1)}ies` : `${words}${words.endsWith("x") ? "es" : "s"}`;
}

/** The name, and the definition beside it where it is one line, below it where it is more. */
function objectLines(object: SchemaObject): readonly string[] {
  const { definition, ownedBy, comment } = object;
  const owner = ownedBy === null ? "" : `  owned by ${tableLabel(ownedBy.table)}.${ownedBy.column}`;
  const said = comment === null ? "" : `  -- ${oneLine(comment)}`;
  const lines = definition.split("\n").map((line) => `  ${line.trimEnd()}`);
  return lines.length === 1
    ? [`${objectLabel(object)} ${definition}${owner}${said}`.trim()]
    : [`${objectLabel(object)}${owner}${said}`, ...lines];
}

function oneLine(sql: string): string {
  return sql.replaceAll(/\s*\n\s*/g, " ").trim();
}

function tableLines(table: Table, schema: Schema, options: SchemaLinesOptions): readonly string[] {
  const hung = schema.objects.filter(({ table: of }) => of !== null && sameTable(of, table));
  const lines = [
    ...columnLines(table, options),
    ...(table.primaryKey === null
      ? []
      : [`primary key (${table.primaryKey.columns.join(", ")})${nameOf(table.primaryKey)}`]),
    ...table.uniques.map(
      (unique) =>
        `unique (${unique.columns.join(", ")})${unique.nullsNotDistinct ? " nulls not distinct" : ""}${deferral(unique)}${nameOf(unique)}`,
    ),
    ...table.foreignKeys.map(foreignKeyLine),
    ...table.checks.map(checkLine),
    ...table.exclusions.map(exclusionLine),
    ...table.indexes.map(indexLine),
    ...hung.map(({ kind, name, definition }) => `${kindLabel(kind)} ${name}: ${oneLine(definition)}`),
    ...optionLines(table.options),
  ];
  const comment = table.comment === null ? "" : `  -- ${oneLine(table.comment)}`;
  return [`${options.heading(`table ${tableLabel(table)}`)}${comment}`, ...lines.map((line) => `  ${line}`)];
}

/** Name, type and the rest, in columns. */
function columnLines(table: Table, options: SchemaLinesOptions): readonly string[] {
  const rows = table.columns.map((column) => [
    column.name,
    options.describeType(column.type),
    columnRest(column),
  ]);
  const width = (at: number): number => Math.min(40, Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)));
  const [names, types] = [width(0), width(1)];
  return rows.map(([name = "", type = "", rest = ""]) =>
    `${name.padEnd(names)}  ${type.padEnd(types)}  ${rest}`.trimEnd(),
  );
}

function columnRest(column: Column): string {
  const { default: value, generated, identity } = column;
  return [
    column.nullable ? "" : "not null",
    column.autoIncrement ? "numbered by the database" : "",
    identity === null ? "" : `identity ${identity.generation}`,
    value === null
      ? ""
      : `default ${value.kind === "expression" ? oneLine(value.sql) : JSON.stringify(value.value)}`,
    generated === null
      ? ""
      : `generated as (${oneLine(generated.expression)}) ${generated.stored ? "stored" : "virtual"}`,
    column.collation === null ? "" : `collate ${column.collation}`,
    ...optionTexts(column.options),
    column.comment === null ? "" : `-- ${oneLine(column.comment)}`,
  ]
    .filter((part) => part !== "")
    .join("  ");
}

function nameOf(item: { readonly name: string | null }): string {
  return item.name === null ? "" : `  ${item.name}`;
}

function deferral(item: { readonly deferrable: "immediate" | "deferred" | null }): string {
  return item.deferrable === null ? "" : ` deferrable initially ${item.deferrable}`;
}

function foreignKeyLine(key: ForeignKey): string {
  const { references: to } = key;
  const actions = [
    key.onDelete === "no action" ? "" : ` on delete ${key.onDelete}`,
    key.onUpdate === "no action" ? "" : ` on update ${key.onUpdate}`,
    key.match === "simple" ? "" : ` match ${key.match}`,
  ].join("");
  const rest = optionTexts(key.options).map((text) => `  ${text}`);
  return `foreign key (${key.columns.join(", ")}) to ${tableLabel(to)} (${to.columns.join(", ")})${actions}${deferral(key)}${nameOf(key)}${rest.join("")}`;
}

function checkLine(check: Check): string {
  const rest = optionTexts(check.options).map((text) => `  ${text}`);
  return `check (${oneLine(check.expression)})${nameOf(check)}${rest.join("")}`;
}

function exclusionLine(exclusion: Exclusion): string {
  const elements = exclusion.elements.map(({ part, operator }) => `${partText(part)} with ${operator}`);
  return `exclude using ${exclusion.method} (${elements.join(", ")})${where(exclusion.where)}${deferral(exclusion)}${nameOf(exclusion)}`;
}

function indexLine(index: Index): string {
  const kind = index.unique ? "unique index" : "index";
  const method = index.method === null ? "" : ` using ${index.method}`;
  const include = index.include.length === 0 ? "" : ` include (${index.include.join(", ")})`;
  const nulls = index.nullsNotDistinct ? " nulls not distinct" : "";
  const comment = index.comment === null ? "" : `  -- ${oneLine(index.comment)}`;
  const rest = optionTexts(index.options).map((text) => `  ${text}`);
  return `${kind} ${index.name}${method} (${index.parts.map(partText).join(", ")})${include}${nulls}${where(index.where)}${rest.join("")}${comment}`;
}

function partText(part: IndexPart): string {
  return [
    part.column ?? `(${oneLine(part.expression ?? "")})`,
    part.length === null ? "" : `(${part.length})`,
    part.collation === null ? "" : ` collate ${part.collation}`,
    part.operatorClass === null ? "" : ` ${part.operatorClass}`,
    part.order === "asc" ? "" : " desc",
    part.nulls === null ? "" : ` nulls ${part.nulls}`,
  ].join("");
}

function where(condition: string | null): string {
  return condition === null ? "" : ` where ${oneLine(condition)}`;
}

function optionLines(options: Table["options"]): readonly string[] {
  const texts = optionTexts(options);
  return texts.length === 0 ? [] : [texts.join("  ")];
}

/** What one database alone understands: `engine: "InnoDB"`. */
function optionTexts(options: Table["options"]): string[] {
  return Object.values(options)
    .flatMap((own) => Object.entries(own))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
}
