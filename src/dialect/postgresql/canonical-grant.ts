import {
  findObject,
  type GrantTarget,
  grantOn,
  grantTarget,
  isGrantOn,
  type Privilege,
  privilegesOf,
  type Schema,
  type SchemaObject,
  schemaObject,
} from "../../schema/index.ts";
import type { Connection } from "../connection.ts";
import { usualOf } from "./ddl-grant.ts";
import { quoteTable } from "./quote.ts";
import { parseTypeName, typeName } from "./type-name.ts";

/** Grants as the catalog has them. */

/**
 * A grant with its privileges and its name in one form; none where it says nothing, or what everybody may do anyway: the
 * catalog has no row of that, and where somebody took it away the row that says so goes.
 */
export function plainGrant(object: SchemaObject): readonly SchemaObject[] {
  const target = grantTarget(object);
  if (target === null) return [object];
  const privileges = privilegesOf(object.definition);
  if (saysNothing(target, privileges) || isUsual(target, privileges)) return [];
  return [{ ...object, ...grantOn(target, privileges, "postgresql") }];
}

/**
 * The schema with grants as the server would say them: ALL is what the version has, arguments are by their types' own
 * names, and what an owner may do anyway is not said.
 */
export async function withServerGrants(schema: Schema, connection: Connection): Promise<Schema> {
  const grants = schema.objects.filter(({ kind }) => kind === "grant");
  if (grants.length === 0) return schema;
  const { rows } = await connection.query(
    "SELECT current_setting('server_version_num')::int, current_user::text",
  );
  const [version, user] = rows[0] ?? [];
  const owners = await ownersOf(grants, String(user), connection);
  const placed = new Map(
    grants.map((grant) => [
      grant,
      inWords(grant, schema, {
        version: Number(version),
        user: String(user),
        owner: owners.get(grant) ?? null,
      }),
    ]),
  );
  return {
    ...schema,
    objects: schema.objects.flatMap((object) =>
      object.kind === "grant" ? (placed.get(object) ?? []) : [object],
    ),
  };
}

/** Who owns what hangs together with a grant; what is not there yet will be the user's. */
async function ownersOf(
  grants: readonly SchemaObject[],
  user: string,
  connection: Connection,
): Promise<ReadonlyMap<SchemaObject, string>> {
  const hung = grants.filter(({ table }) => table !== null);
  if (hung.length === 0) return new Map();
  const names = [...new Set(hung.map(({ table }) => quoteTable(table!)))];
  const { rows } = await connection.query(
    `SELECT n.name, pg_get_userbyid(c.relowner)::text FROM json_array_elements_text($1::json) AS n (name)
     JOIN pg_class c ON c.oid = to_regclass(n.name)`,
    [JSON.stringify(names)],
  );
  const found = new Map(rows.map(([name, owner]) => [String(name), String(owner)]));
  return new Map(hung.map((grant) => [grant, found.get(quoteTable(grant.table!)) ?? user]));
}

/** What the server was asked. */
interface Asked {
  readonly version: number;
  readonly user: string;
  readonly owner: string | null;
}

function inWords(
  grant: SchemaObject,
  schema: Schema,
  { version, user, owner }: Asked,
): readonly SchemaObject[] {
  const said = grantTarget(grant);
  if (said === null) return [grant];
  // Whoever grants it says it of what is made in his own name.
  const target = said.by === user ? { ...said, by: null } : said;
  const all = everything(target, schema, version);
  const privileges = privilegesOf(grant.definition).flatMap((each): readonly Privilege[] => {
    if (!/^ALL( PRIVILEGES)?$/.test(each.name)) return [each];
    return (each.columns === null ? all : ofColumns).map((name) => ({ ...each, name }));
  });
  const whole = all.every((name) => privileges.some((each) => each.name === name && each.columns === null));
  if ((whole && target.role === owner) || isUsual(target, privileges, version)) return [];
  const signature = target.signature === null ? null : signatureOf(grant, target, schema);
  return [{ ...grant, ...grantOn({ ...target, signature }, privileges, "postgresql") }];
}

/** Whether there is nothing to be taken away: of these, nobody but everybody has anything without being granted it. */
function saysNothing(target: GrantTarget, privileges: readonly Privilege[]): boolean {
  const { word, role } = target;
  const ofServer = word === "DATABASE" || word === "LANGUAGE" || word === "DEFAULT";
  return ofServer && privileges.length === 0 && (role !== "public" || usualOf(target) === null);
}

function isUsual(target: GrantTarget, privileges: readonly Privilege[], version?: number): boolean {
  const said = privileges.map(({ name, columns, grantable }) => (columns === null && !grantable ? name : ""));
  const usual = usualOf(target, version);
  // What everybody may do in a schema depends on the version.
  if (target.word === "SCHEMA" && version === undefined) return false;
  if (target.role !== "public" || usual === null) return false;
  // All of what has one privilege is that one.
  const [only] = said;
  return said.sort().join(", ") === usual || (said.length === 1 && only === "ALL" && !usual.includes(","));
}

const ofSequences = ["SELECT", "UPDATE", "USAGE"];

const ofColumns = ["INSERT", "REFERENCES", "SELECT", "UPDATE"];

/** All that can be granted on a thing. */
function everything({ word, schema, name }: GrantTarget, whole: Schema, version: number): readonly string[] {
  if (word === "FUNCTION" || word === "PROCEDURE") return ["EXECUTE"];
  if (word === "SCHEMA" || (word === "DEFAULT" && name === "SCHEMAS")) return ["CREATE", "USAGE"];
  if (word === "DATABASE") return ["CONNECT", "CREATE", "TEMPORARY"];
  if (word === "DEFAULT" && name === "FUNCTIONS") return ["EXECUTE"];
  if (word === "DEFAULT" && name === "SEQUENCES") return ofSequences;
  if (word !== null && !(word === "DEFAULT" && name === "TABLES")) return ["USAGE"];
  const sequence = schemaObject("sequence", { schema, name }, "");
  if (findObject(whole, sequence) !== undefined) return ofSequences;
  const table = ["DELETE", "INSERT", ...ofColumns.slice(1), "TRIGGER", "TRUNCATE"];
  return version >= 170_000 ? [...table, "MAINTAIN"] : table;
}

/** The types of a routine's arguments as the routine itself has them, else by rule. */
function signatureOf(grant: SchemaObject, target: GrantTarget, schema: Schema): string {
  const wanted = typesOf(target.signature ?? "");
  const routine = schema.objects.find(
    (each) =>
      typesOf(each.signature ?? "") === wanted && isGrantOn({ ...grant, signature: each.signature }, each),
  );
  return routine?.signature ?? wanted;
}

function typesOf(signature: string): string {
  if (signature.trim() === "") return "";
  return signature
    .split(",")
    .map((type) => typeName(parseTypeName(type.trim().toLowerCase())))
    .join(", ");
}
