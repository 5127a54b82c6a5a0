import {
  type GrantTarget,
  grantedWord,
  grantOn,
  type ObjectKind,
  type Privilege,
  type SchemaObject,
} from "../../schema/index.ts";
import {
  DatabaseObject,
  type ObjectName,
  type PartsSetting,
  refOf,
  type TableTarget,
  targetOf,
} from "./database-object.ts";
import { owners } from "./one-database.ts";

/** Something that a role may do. */
export type PrivilegeName =
  | "select"
  | "insert"
  | "update"
  | "delete"
  | "truncate"
  | "references"
  | "trigger"
  | "maintain"
  | "usage"
  | "create"
  | "execute"
  | "connect"
  | "temporary";

/** Privileges: of the whole, or of some columns by their names in the database: `{ update: ["name"] }`. */
export type Privileges =
  | "all"
  | readonly (PrivilegeName | { readonly [P in PrivilegeName]?: readonly string[] })[];

/** What is granted on: a model, an object, or anything by its kind and name. */
export type GrantedThing =
  | TableTarget
  | DatabaseObject
  | {
      readonly kind: ObjectKind | "table" | "type" | "schema" | "language";
      readonly name: ObjectName;
      /** The types of a routine's arguments. */
      readonly signature?: string;
    }
  /** The database that the migration is run in, whatever its name. */
  | { readonly kind: "database" };

type Thing = Omit<GrantTarget, "role">;

/**
 * What roles may do with something of PostgreSQL's: `grant(() => Hero, "app", ["select", { update: ["name"] }])`. It is all
 * that each of them may do with it; what other roles may is not looked at. `public` is everybody, and an empty list takes
 * away what everybody has of functions and types. Roles have to be there.
 */
export function grant(
  on: GrantedThing,
  to: string | readonly string[],
  privileges: Privileges,
  options: { readonly withGrantOption?: boolean } = {},
): DatabaseObject {
  return granting(to, listOf(privileges, options.withGrantOption === true), (setting) =>
    thingsOf(on, setting),
  );
}

/** What is yet to be made, of a kind. */
export type ComingThings = "tables" | "sequences" | "functions" | "types" | "schemas";

/** What can be said of a grant on what is yet to be made. */
export interface DefaultGrantOptions {
  /** Only what is made in this schema. */
  readonly schema?: string;
  /** Who makes it; left out, whoever runs the migrations. */
  readonly by?: string;
  readonly withGrantOption?: boolean;
}

/**
 * What roles may do with things of PostgreSQL's that somebody makes later on: `defaultGrant("tables", "app", ["select"])`.
 * Views count as tables, procedures as functions. It is compared as a `grant` is.
 */
export function defaultGrant(
  on: ComingThings,
  to: string | readonly string[],
  privileges: Privileges,
  options: DefaultGrantOptions = {},
): DatabaseObject {
  const { schema = null, by = null, withGrantOption = false } = options;
  const thing: Thing = { word: "DEFAULT", schema, name: on.toUpperCase(), signature: null, by };
  return granting(to, listOf(privileges, withGrantOption), () => [thing]);
}

function granting(
  to: string | readonly string[],
  list: readonly Privilege[],
  things: (setting: PartsSetting) => readonly Thing[],
): DatabaseObject {
  const roles = typeof to === "string" ? [to] : to;
  return new DatabaseObject(`grant to ${roles.join(", ")}`, (setting) => ({
    objects: things(setting).flatMap((thing) =>
      roles.map((role): SchemaObject => {
        return grantOn({ ...thing, role: /^public$/i.test(role) ? "public" : role }, list, owners.policies);
      }),
    ),
  }));
}

function listOf(privileges: Privileges, grantable: boolean): readonly Privilege[] {
  if (privileges === "all") return [{ name: "ALL", columns: null, grantable }];
  return privileges.flatMap((each): readonly Privilege[] =>
    typeof each === "string"
      ? [{ name: each.toUpperCase(), columns: null, grantable }]
      : Object.entries(each).map(([name, columns]) => ({ name: name.toUpperCase(), columns, grantable })),
  );
}

function thingsOf(on: GrantedThing, setting: PartsSetting): readonly Thing[] {
  if (on instanceof DatabaseObject) return partsOf(on, setting);
  if (typeof on === "object" && "kind" in on && on.kind === "database") return [database];
  if (typeof on === "object" && "kind" in on && "name" in on) {
    const { kind, name, signature = null } = on as Extract<GrantedThing, { kind: unknown; name: unknown }>;
    const word = plainWords[kind] === undefined ? grantedWord(kind as ObjectKind) : plainWords[kind];
    return word === undefined ? [] : [{ ...refOf(name), word, signature }];
  }
  return [{ ...targetOf(on), word: null, signature: null }];
}

const database: Thing = { word: "DATABASE", schema: null, name: "", signature: null };

/** What is no kind of object and yet granted on. */
const plainWords: Readonly<Record<string, GrantTarget["word"]>> = {
  table: null,
  type: "TYPE",
  schema: "SCHEMA",
  language: "LANGUAGE",
};

/** What of an object's parts can be granted on, each once. */
function partsOf(object: DatabaseObject, setting: PartsSetting): readonly Thing[] {
  const { objects = [], tables = [], enums = [], namespaces = [] } = object.parts(setting);
  const found: readonly Thing[] = [
    ...objects.flatMap(({ kind, schema, name, signature }) => {
      const word = grantedWord(kind);
      return word === undefined ? [] : [{ word, schema, name, signature }];
    }),
    ...tables.map(({ schema, name }) => ({ word: null, schema, name, signature: null })),
    ...enums.map(({ schema, name }) => ({ word: "TYPE" as const, schema, name, signature: null })),
    ...namespaces.map((name) => ({ word: "SCHEMA" as const, schema: null, name, signature: null })),
  ];
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}
