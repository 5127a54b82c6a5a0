import { AthanorError } from "../errors/index.ts";
import type { ColumnType, ColumnTypeKind, TableRef } from "../schema/index.ts";
import type { TableInput } from "./operations-api.ts";

/** Where a call of `op` stands, for errors. */
export interface CallPlace {
  /** The file as people know it. */
  readonly file: string;
  readonly direction: string;
  readonly call: string;
}

/** Names a call for errors, and refuses it once recording is over. */
export type PlaceOf = (call: string) => CallPlace;

/** Refuses an argument. */
export function refuse(place: CallPlace, problem: string): never {
  throw new AthanorError("SCRIPT.ARGUMENT", { ...place, problem });
}

/** What `value` is, for a message. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "string" ? JSON.stringify(value) : typeof value;
}

/** A text that is not empty. */
export function readName(place: CallPlace, what: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  return refuse(place, `${what} must be a text that is not empty, not ${kindOf(value)}`);
}

/** A name, or null where there is none. */
export function readNameOrNull(place: CallPlace, what: string, value: unknown): string | null {
  return value === undefined || value === null ? null : readName(place, what, value);
}

/** A list of names, one at least. */
export function readNames(place: CallPlace, what: string, value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    return refuse(place, `${what} must be a list of names, not ${kindOf(value)}`);
  }
  return value.map((name) => readName(place, `each of ${what}`, name));
}

/** A table's name. */
export function readTable(place: CallPlace, value: TableInput): TableRef {
  if (typeof value === "string" && value !== "") return { schema: null, name: value };
  if (typeof value === "object" && value !== null) {
    return {
      schema: readNameOrNull(place, "the table's schema", value.schema),
      name: readName(place, "the table's name", value.name),
    };
  }
  return refuse(place, `a table is a name or { schema, name }, not ${kindOf(value)}`);
}

/** An object of options, checked for keys that mean nothing. */
export function readOptions<T extends object>(
  place: CallPlace,
  value: T | undefined,
  known: readonly (keyof T & string)[],
): Partial<T> {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse(place, `options must be an object, not ${kindOf(value)}`);
  }
  for (const key of Object.keys(value)) {
    if (!(known as readonly string[]).includes(key)) {
      refuse(place, `there is no option "${key}"; there are ${known.join(", ")}`);
    }
  }
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Partial<T>;
}

/** A function. */
export function readFunction<F>(place: CallPlace, what: string, value: F): F {
  if (typeof value === "function") return value;
  return refuse(place, `${what} must be a function, not ${kindOf(value)}`);
}

const plainKinds: ReadonlySet<string> = new Set<ColumnTypeKind>([
  "smallint",
  "integer",
  "bigint",
  "boolean",
  "real",
  "double",
  "text",
  "uuid",
  "date",
  "interval",
  "json",
  "jsonb",
]);

/** The fields of the types that have some. */
const typeFields: { readonly [kind: string]: readonly string[] } = {
  numeric: ["precision", "scale"],
  char: ["length"],
  varchar: ["length"],
  bytes: ["length"],
  time: ["timezone", "precision"],
  timestamp: ["timezone", "precision"],
  enum: ["name", "schema", "values"],
  native: ["dialect", "sql"],
};

/** A column type; what a type of the user's own carries beside its description is left behind. */
export function readType(place: CallPlace, value: ColumnType): ColumnType {
  if (typeof value !== "object" || value === null || typeof value.kind !== "string") {
    return refuse(
      place,
      `a column type is what t.… gives (t.integer(), t.varchar(30)), not ${kindOf(value)}`,
    );
  }
  if (value.kind === "array") return { kind: "array", of: readType(place, value.of) };
  if (value.kind === "user") {
    return {
      kind: "user",
      name: readName(place, "the type's name", value.name),
      from: readName(place, "the type's module", value.from),
      base: readType(place, value.base),
    };
  }
  if (plainKinds.has(value.kind)) return { kind: value.kind } as ColumnType;
  const fields = typeFields[value.kind];
  if (fields === undefined) return refuse(place, `there is no column type "${value.kind}"`);
  const given = value as unknown as Readonly<Record<string, unknown>>;
  const entries = fields.map((field): [string, unknown] => [field, given[field] ?? null]);
  return { kind: value.kind, ...Object.fromEntries(entries) } as unknown as ColumnType;
}
