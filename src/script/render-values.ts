import { isDeepStrictEqual } from "node:util";
import type { StatementParameter } from "../operation/operation.ts";
import { type ColumnType, type DefaultValue, type TableRef, t } from "../schema/index.ts";
import { type Code, call, list, object, text } from "./code.ts";
import type { RenderedItem } from "./render-item.ts";

/** What rendered code needs from elsewhere. */
export interface Needs {
  /** Whether `t` occurs. */
  types: boolean;
  /** The name a user's type has in the file; null where it cannot be imported. */
  userType(name: string, from: string): string | null;
  /** A part in the project's own words; null where it has none. */
  own(item: RenderedItem): string | null;
}

/** JSON as code; undefined values are left out, as JSON leaves them. */
export function json(value: unknown): Code {
  if (typeof value === "string") return text(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) return list(value.map(json));
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return object(entries.map(([name, inner]) => [name, json(inner)]));
  }
  return String(value);
}

/** The entries of `value` that differ from those of `usual`, in the order of `keys`. */
export function unusual<T extends object>(
  value: T,
  usual: T,
  keys: readonly (keyof T & string)[],
): readonly (readonly [string, Code])[] {
  return keys
    .filter((name) => !isDeepStrictEqual(value[name], usual[name]))
    .map((name) => [name, json(value[name])]);
}

/** An object of options, or null where none is needed. */
export function optionsObject(entries: readonly (readonly [string, Code])[]): Code | null {
  return entries.length === 0 ? null : object(entries);
}

/** A table's name as files write it. */
export function tableName(ref: TableRef): Code {
  return ref.schema === null ? text(ref.name) : json({ schema: ref.schema, name: ref.name });
}

/** A list of names. */
export function names(values: readonly string[]): Code {
  return list(values.map(text));
}

/** A default as files write it. */
export function defaultValue(value: DefaultValue | null, needs: Needs): Code {
  if (value === null) return "null";
  const own = needs.own({ kind: "default", value });
  if (own !== null) return own;
  if (value.kind === "expression") return json({ sql: value.sql });
  return value.value === null ? json({ value: null }) : json(value.value);
}

/** A parameter of a statement. */
export function parameter(value: StatementParameter): Code {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return `new Date(${text(value.toISOString())})`;
  if (value instanceof Uint8Array) return `new Uint8Array([${Array.from(value).join(", ")}])`;
  return json(value);
}

/** A column type: `t.…` where that says it, the exported name of a user's type, else the type's own data. */
export function columnType(type: ColumnType, needs: Needs): Code {
  const own = needs.own({ kind: "type", value: type });
  if (own !== null) return own;
  if (type.kind === "user") {
    const local = needs.userType(type.name, type.from);
    if (local !== null) return local;
  }
  const said = construct(type, needs);
  if (said !== null && isDeepStrictEqual(said.value, type)) {
    needs.types = true;
    return said.code;
  }
  return json(type);
}

/** The call of `t` that comes nearest to `type`, and what it gives. */
function construct(
  type: ColumnType,
  needs: Needs,
): { readonly code: Code; readonly value: ColumnType } | null {
  const of = <A extends readonly (string | number | undefined)[]>(
    name: string,
    make: (...args: A) => ColumnType,
    ...args: A
  ) => {
    const given = args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1);
    return given.includes(undefined)
      ? null
      : { code: call(`t.${name}`, ...given.map(json)), value: make(...args) };
  };
  switch (type.kind) {
    case "numeric":
      return of(
        "numeric",
        t.numeric,
        type.precision ?? undefined,
        type.scale === 0 ? undefined : (type.scale ?? undefined),
      );
    case "char":
      return of("char", t.char, type.length);
    case "varchar":
      return of("varchar", t.varchar, type.length ?? undefined);
    case "bytes":
      return of("bytes", t.bytes, type.length ?? undefined);
    case "timestamp":
      return type.timezone
        ? of("timestamptz", t.timestamptz, type.precision ?? undefined)
        : of("timestamp", t.timestamp, type.precision ?? undefined);
    case "time": {
      const given = {
        ...(type.precision === null ? {} : { precision: type.precision }),
        ...(type.timezone ? { timezone: true } : {}),
      };
      return {
        code: call("t.time", optionsObject(Object.entries(given).map(([k, v]) => [k, json(v)]))),
        value: t.time(given),
      };
    }
    case "enum": {
      const given = {
        ...(type.name === null ? {} : { name: type.name }),
        ...(type.schema === null ? {} : { schema: type.schema }),
      };
      const rest = optionsObject(Object.entries(given).map(([k, v]) => [k, json(v)]));
      return { code: call("t.enum", names(type.values), rest), value: t.enum(type.values, given) };
    }
    case "array":
      return { code: call("t.array", columnType(type.of, needs)), value: type };
    case "native":
      return of("native", t.native, type.dialect, type.sql);
    case "user":
      return {
        code: call("t.user", text(type.name), text(type.from), columnType(type.base, needs)),
        value: type,
      };
    default:
      return of(type.kind, t[type.kind]);
  }
}
