import {
  kindLabel,
  type ObjectKind,
  objectLabel,
  type SchemaObject,
  schemaObject,
} from "../../schema/index.ts";
import { DatabaseObject, type ObjectName, refOf, type TableTarget, targetOf } from "./database-object.ts";
import { owners } from "./one-database.ts";
import { familyOf, methodOf, withFamily } from "./operator-class.ts";
import { signatureOf } from "./signature.ts";
import { indentless, nameOf, tableOf } from "./text.ts";

/** SQL, or SQL for each database that has its own: `{ postgresql: "…", sqlite: "…" }`. */
export type SqlByDialect = string | { readonly [dialect: string]: string };

/** What can be said of any object. */
export interface ObjectOptions {
  /** The database that it is for; left out, every one. */
  readonly dialect?: string | null;
  readonly comment?: string | null;
  /**
   * What no definition says, by the database: for MySQL and MariaDB `definer`, `security` and `algorithm` of a view,
   * `aggregate`, and what the server keeps of the session (`sqlMode`, `charset`, `collation`, `timeZone`).
   */
  readonly settings?: SchemaObject["options"];
}

type Rest = Partial<Omit<SchemaObject, "kind" | "name" | "schema" | "definition">>;

/** One object for each dialect that has a definition. */
export function made(
  kind: ObjectKind,
  name: ObjectName,
  sql: SqlByDialect,
  options: ObjectOptions,
  rest: () => Rest = () => ({}),
  define: (sql: string) => string = (text) => text,
  beside: (object: SchemaObject) => readonly SchemaObject[] = () => [],
): DatabaseObject {
  const ref = refOf(name);
  const texts: readonly (readonly [string | null, string])[] =
    typeof sql === "string" ? [[options.dialect ?? null, sql]] : Object.entries(sql);
  return new DatabaseObject(
    `${kindLabel(kind)} ${objectLabel({ ...ref, table: null, signature: null })}`,
    () => ({
      objects: texts.flatMap(([dialect, text]) => {
        const own = rest();
        const hung = own.table == null ? {} : { schema: own.table.schema };
        const object = schemaObject(kind, { ...ref, ...hung }, define(indentless(text)), {
          dialect,
          comment: options.comment ?? null,
          ...own,
          options: { ...own.options, ...options.settings },
        });
        return [...beside(object), object];
      }),
    }),
  );
}

/**
 * Any object by its kind and definition: what follows the name in the statement that creates it. An operator class that
 * names no family has one of its own name, as in the database.
 */
export function object(
  kind: ObjectKind,
  name: ObjectName,
  definition: SqlByDialect,
  options: ObjectOptions & {
    readonly on?: TableTarget;
    readonly signature?: string;
    readonly options?: SchemaObject["options"];
  } = {},
): DatabaseObject {
  const text = typeof definition === "string" ? definition : (Object.values(definition)[0] ?? "");
  const isClass = kind === "operatorClass";
  const method = isClass || kind === "operatorFamily" ? methodOf(text) : null;
  return made(
    kind,
    name,
    definition,
    options,
    () => ({
      table: options.on === undefined ? null : targetOf(options.on),
      signature: options.signature ?? method,
      options: options.options ?? {},
    }),
    isClass ? (sql) => withFamily(sql, refOf(name)) : undefined,
    isClass && method !== null && withFamily(text, refOf(name)) !== text ? familyOf : undefined,
  );
}

/** What can be said of a view. */
export interface ViewOptions extends ObjectOptions {
  /** Storage and other parameters, as they stand in `WITH (…)`: `security_invoker = true`. */
  readonly with?: string;
  /** Comments and defaults of its columns. */
  readonly columns?: { readonly [column: string]: { readonly comment?: string; readonly default?: string } };
}

/** A view: `view("active_hero", "SELECT id, name FROM hero WHERE active")`. */
export function view(name: ObjectName, select: SqlByDialect, options: ViewOptions = {}): DatabaseObject {
  return made(
    "view",
    name,
    select,
    options,
    () => noted(options),
    (sql) => queryOf(sql, options.with),
  );
}

/** What can be said of a materialized view. */
export interface MaterializedViewOptions extends ViewOptions {
  /** What follows the table in CREATE INDEX, by the index's name: `{ totals_team: { unique: true, on: "(team)" } }`. */
  readonly indexes?: {
    readonly [name: string]:
      | string
      | { readonly on: string; readonly unique?: boolean; readonly comment?: string };
  };
}

/** A view whose rows are kept; PostgreSQL's own. */
export function materializedView(
  name: ObjectName,
  select: string,
  options: MaterializedViewOptions = {},
): DatabaseObject {
  const ref = refOf(name);
  const dialect = options.dialect ?? owners.policies;
  return new DatabaseObject(
    `materialized view ${objectLabel({ ...ref, table: null, signature: null })}`,
    () => ({
      objects: [
        schemaObject("materializedView", ref, queryOf(indentless(select), options.with), {
          dialect,
          comment: options.comment ?? null,
          ...noted(options),
        }),
        ...Object.entries(options.indexes ?? {}).map(([index, given]) => {
          const said = typeof given === "string" ? { on: given } : given;
          return schemaObject("index", { schema: ref.schema, name: index }, `ON ${nameOf(ref)} ${said.on}`, {
            dialect,
            table: ref,
            comment: said.comment ?? null,
            options: said.unique === true ? { unique: true } : {},
          });
        }),
      ],
    }),
  );
}

function noted({ columns }: ViewOptions): Rest {
  return columns === undefined ? {} : { options: { columns } };
}

function queryOf(sql: string, parameters: string | undefined): string {
  const said = /^(?:\(|as\b|with\s*\()/i.test(sql) ? sql : `AS ${sql}`;
  return parameters === undefined ? said : `WITH (${parameters}) ${said}`;
}

/** What can be said of a function or procedure. */
export interface RoutineOptions extends ObjectOptions {
  /** Default `function`. */
  readonly kind?: "function" | "procedure" | "aggregate";
  /** The types of its arguments, where they cannot be read from the definition. */
  readonly signature?: string;
}

/**
 * A function or procedure, by what follows its name: `routine("shout", "(what text) RETURNS text LANGUAGE sql AS …")`.
 * Several may have one name, with other arguments.
 */
export function routine(
  name: ObjectName,
  definition: SqlByDialect,
  options: RoutineOptions = {},
): DatabaseObject {
  const kind = options.kind ?? "function";
  const text = typeof definition === "string" ? definition : (Object.values(definition)[0] ?? "");
  return made(kind, name, definition, options, () => ({ signature: options.signature ?? signatureOf(text) }));
}

/** What can be said of a trigger. */
export interface TriggerOptions extends ObjectOptions {
  /** `CREATE CONSTRAINT TRIGGER`. */
  readonly constraint?: boolean;
  /** Fires unless said otherwise. */
  readonly enabled?: "disabled" | "replica" | "always";
}

/**
 * A trigger: when it fires, on which table, and what follows. `trigger("touch", "BEFORE UPDATE", () => Hero, "FOR EACH
 * ROW EXECUTE FUNCTION touched()")`.
 */
export function trigger(
  name: string,
  when: string,
  on: TableTarget,
  does: SqlByDialect,
  options: TriggerOptions = {},
): DatabaseObject {
  const { constraint, enabled } = options;
  return made(
    "trigger",
    name,
    does,
    options,
    () => ({
      table: targetOf(on),
      options: {
        ...(constraint === true ? { constraint } : {}),
        ...(enabled === undefined ? {} : { enabled }),
      },
    }),
    (sql) => `${when} ON ${tableOf(on)} ${sql}`,
  );
}

/** What can be said of a policy. */
export interface PolicyOptions extends ObjectOptions {
  readonly for?: "all" | "select" | "insert" | "update" | "delete";
  /** The roles it is for; left out, everybody. */
  readonly to?: readonly string[];
  readonly using?: string;
  readonly check?: string;
  /** Has to hold beside others, not instead of them. */
  readonly restrictive?: boolean;
}

/**
 * A policy of row-level security. The table says that it has any:
 * `tableOptions({ postgresql: { rowSecurity: true } })`.
 */
export function policy(name: string, on: TableTarget, options: PolicyOptions = {}): DatabaseObject {
  const { for: of = "all", to = [], using, check, restrictive } = options;
  const roles = to.map((role) =>
    /^(current_user|session_user|current_role|public)$/i.test(role)
      ? role
      : nameOf({ schema: null, name: role }),
  );
  const rest = [
    restrictive === true ? " AS RESTRICTIVE" : "",
    of === "all" ? "" : ` FOR ${of.toUpperCase()}`,
    roles.length === 0 ? "" : ` TO ${roles.join(", ")}`,
    using === undefined ? "" : ` USING (${using})`,
    check === undefined ? "" : ` WITH CHECK (${check})`,
  ].join("");
  return made(
    "policy",
    name,
    rest,
    { dialect: owners.policies, ...options },
    () => ({ table: targetOf(on) }),
    (sql) => `ON ${tableOf(on)}${sql === "" ? "" : ` ${sql}`}`,
  );
}

/** A rule: `rule("keep", () => Log, "ON DELETE", "DO INSTEAD NOTHING")`; a condition stands before the DO. */
export function rule(
  name: string,
  on: TableTarget,
  event: string,
  does: string,
  options: ObjectOptions & { readonly enabled?: TriggerOptions["enabled"] } = {},
): DatabaseObject {
  const { enabled } = options;
  return made(
    "rule",
    name,
    does,
    { dialect: owners.policies, ...options },
    () => ({ table: targetOf(on), options: enabled === undefined ? {} : { enabled } }),
    (sql) => `AS ${event} TO ${tableOf(on)} ${sql}`,
  );
}

/** What is said of extended statistics. */
export interface StatisticsOptions extends ObjectOptions {
  /** Default all of them. */
  readonly kinds?: readonly ("ndistinct" | "dependencies" | "mcv")[];
  /** How much is sampled. */
  readonly target?: number;
}

/** Extended statistics over columns and expressions: `statistics("places", () => Team, ["lat", "lon"])`. */
export function statistics(
  name: ObjectName,
  on: TableTarget,
  keys: readonly string[],
  options: StatisticsOptions = {},
): DatabaseObject {
  const { kinds = [], target } = options;
  const list = kinds.length === 0 ? "" : `(${kinds.join(", ")}) `;
  return made(
    "statistics",
    name,
    `${list}ON ${keys.join(", ")}`,
    { dialect: owners.policies, ...options },
    () => ({ options: target === undefined ? {} : { target } }),
    (sql) => `${sql} FROM ${tableOf(on)}`,
  );
}

/** An event of MySQL: `event("tidy", "ON SCHEDULE EVERY 1 DAY DO DELETE FROM log")`. */
export function event(name: ObjectName, definition: string, options: ObjectOptions = {}): DatabaseObject {
  return made("event", name, definition, { dialect: owners.events, ...options });
}

/** A virtual table of SQLite, by its module: `virtualTable("hero_text", "fts5(name, story)")`. */
export function virtualTable(name: ObjectName, using: string, options: ObjectOptions = {}): DatabaseObject {
  return made(
    "virtualTable",
    name,
    using,
    { dialect: owners.virtualTables, ...options },
    () => ({}),
    (sql) => `USING ${sql}`,
  );
}

/** A trigger on what is done to the database: `eventTrigger("noted", "ddl_command_end", "noted()")`. */
export function eventTrigger(
  name: string,
  on: string,
  does: string,
  options: ObjectOptions & {
    readonly tags?: readonly string[];
    readonly enabled?: TriggerOptions["enabled"];
  } = {},
): DatabaseObject {
  const { tags = [], enabled } = options;
  const list = [...tags].sort().map((tag) => `'${tag}'`);
  const when = list.length === 0 ? "" : ` WHEN TAG IN (${list.join(", ")})`;
  return made(
    "eventTrigger",
    name,
    `ON ${on}${when} EXECUTE FUNCTION ${does}`,
    { dialect: owners.policies, ...options },
    () => ({ options: enabled === undefined ? {} : { enabled } }),
  );
}
