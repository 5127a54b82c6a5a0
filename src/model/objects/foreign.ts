import type { DatabaseObject, ObjectName } from "./database-object.ts";
import { made, type ObjectOptions } from "./makers.ts";
import { owners } from "./one-database.ts";
import { nameOf } from "./text.ts";

/** Tables that are kept elsewhere, and what leads to them. What a server keeps of its users holds passwords: it is not said here. */

/** Options of a wrapper, a server or a foreign table, by name. */
export interface ForeignOptions {
  readonly [option: string]: string;
}

function optionsText(options: ForeignOptions | undefined): string {
  const list = Object.entries(options ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${nameOf({ schema: null, name: key })} '${value.replaceAll("'", "''")}'`);
  return list.length === 0 ? "" : ` OPTIONS (${list.join(", ")})`;
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** What servers of a kind are spoken to with: `foreignDataWrapper("files", { handler: "file_fdw_handler" })`. */
export function foreignDataWrapper(
  name: string,
  {
    handler,
    validator,
    options,
    ...rest
  }: ObjectOptions & {
    readonly handler?: string;
    readonly validator?: string;
    readonly options?: ForeignOptions;
  } = {},
): DatabaseObject {
  const parts = [
    handler === undefined ? "" : `HANDLER ${handler}`,
    validator === undefined ? "" : ` VALIDATOR ${validator}`,
    optionsText(options),
  ];
  return made("foreignDataWrapper", name, parts.join("").trim(), { dialect: owners.parts, ...rest });
}

/** A server whose tables are seen here: `foreignServer("archive", { wrapper: "postgres_fdw", options: { host: "…" } })`. */
export function foreignServer(
  name: string,
  {
    wrapper,
    type,
    version,
    options,
    ...rest
  }: ObjectOptions & {
    readonly wrapper: string;
    readonly type?: string;
    readonly version?: string;
    readonly options?: ForeignOptions;
  },
): DatabaseObject {
  const parts = [
    type === undefined ? "" : `TYPE ${quoted(type)}`,
    version === undefined ? "" : ` VERSION ${quoted(version)}`,
    ` FOREIGN DATA WRAPPER ${nameOf({ schema: null, name: wrapper })}`,
    optionsText(options),
  ];
  return made("server", name, parts.join("").trim(), { dialect: owners.parts, ...rest });
}

/**
 * A table of another server, its columns by name: `foreignTable("old_order", { server: "archive", columns: { id: "integer
 * NOT NULL" }, options: { table_name: "orders" } })`.
 */
export function foreignTable(
  name: ObjectName,
  {
    server,
    columns,
    options,
    comments,
    ...rest
  }: ObjectOptions & {
    readonly server: string;
    /** Types, with what follows them: defaults, `NOT NULL`, `OPTIONS (…)`. */
    readonly columns: { readonly [column: string]: string };
    readonly options?: ForeignOptions;
    /** What is said of its columns. */
    readonly comments?: { readonly [column: string]: string };
  },
): DatabaseObject {
  const list = Object.entries(columns).map(([key, type]) => `${nameOf({ schema: null, name: key })} ${type}`);
  const notes = Object.entries(comments ?? {}).map(([key, comment]) => [key, { comment }] as const);
  return made(
    "foreignTable",
    name,
    `(${list.join(", ")}) SERVER ${nameOf({ schema: null, name: server })}${optionsText(options)}`,
    { dialect: owners.parts, ...rest },
    () => (notes.length === 0 ? {} : { options: { columns: Object.fromEntries(notes) } }),
  );
}

/** How text is ordered and compared: `collation("german", { provider: "icu", locale: "de-u-co-phonebk" })`. */
export function collation(
  name: ObjectName,
  {
    provider = "libc",
    locale,
    deterministic = true,
    rules,
    ...rest
  }: ObjectOptions & {
    /** Default `libc`. */
    readonly provider?: "icu" | "libc" | "builtin";
    readonly locale: string;
    /** Texts of other bytes may be equal where it is not. Default true. */
    readonly deterministic?: boolean;
    /** Rules of ICU beside those of the locale. */
    readonly rules?: string;
  },
): DatabaseObject {
  const parts = [
    `provider = ${provider}`,
    `locale = ${quoted(locale)}`,
    ...(deterministic ? [] : ["deterministic = false"]),
    ...(rules === undefined ? [] : [`rules = ${quoted(rules)}`]),
  ];
  return made("collation", name, `(${parts.join(", ")})`, { dialect: owners.types, ...rest });
}
