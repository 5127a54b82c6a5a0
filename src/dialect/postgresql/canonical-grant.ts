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
import { quoteTable } from "./quote.ts";
import { parseTypeName, typeName } from "./type-name.ts";

/** Grants as the catalog has them. */

/** A grant with its privileges and its name in one form. */
export function plainGrant(object: SchemaObject): SchemaObject {
  const target = grantTarget(object);
  return target === null
    ? object
    : { ...object, ...grantOn(target, privilegesOf(object.definition), "postgresql") };
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
    grants.map((grant) => [grant, inWords(grant, schema, Number(version), owners.get(grant) ?? null)]),
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

function inWords(
  grant: SchemaObject,
  schema: Schema,
  version: number,
  owner: string | null,
): readonly SchemaObject[] {
  const target = grantTarget(grant);
  if (target === null) return [grant];
  const all = everything(target, schema, version);
  const privileges = privilegesOf(grant.definition).flatMap((each): readonly Privilege[] => {
    if (!/^ALL( PRIVILEGES)?$/.test(each.name)) return [each];
    return (each.columns === null ? all : ofColumns).map((name) => ({ ...each, name }));
  });
  const whole = all.every((name) => privileges.some((each) => each.name === name && each.columns === null));
  if (whole && target.role === owner) return [];
  const signature = target.signature === null ? null : signatureOf(grant, target, schema);
  return [{ ...grant, ...grantOn({ ...target, signature }, privileges, "postgresql") }];
}

const ofColumns = ["INSERT", "REFERENCES", "SELECT", "UPDATE"];

/** All that can be granted on a thing. */
function everything({ word, schema, name }: GrantTarget, whole: Schema, version: number): readonly string[] {
  if (word === "FUNCTION" || word === "PROCEDURE") return ["EXECUTE"];
  if (word === "SCHEMA") return ["CREATE", "USAGE"];
  if (word !== null) return ["USAGE"];
  const sequence = schemaObject("sequence", { schema, name }, "");
  if (findObject(whole, sequence) !== undefined) return ["SELECT", "UPDATE", "USAGE"];
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
