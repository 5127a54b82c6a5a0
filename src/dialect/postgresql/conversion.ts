import type { ColumnType } from "../../schema/index.ts";
import { typeName } from "./type-name.ts";

/**
 * The expression that turns a column's old value into one of another type, where nobody says how: the cast that
 * PostgreSQL has, or else the way by text, which every type has in and out
 * (https://www.postgresql.org/docs/current/sql-createcast.html).
 */
export function conversionTo(name: string, from: ColumnType, to: ColumnType): string {
  const type = typeName(to);
  const [old, now] = [family(from), family(to)];
  if (old === now || old === "text" || now === "text") return `${name}::${type}`;
  if (old === "number" && now === "boolean") return `${name} <> 0`;
  if (old === "boolean" && now === "number") return `${name}::integer::${type}`;
  if (now === "json") return to.kind === "jsonb" ? `to_jsonb(${name})` : `to_json(${name})`;
  if (old === "json") return `(${name} #>> '{}')::${type}`;
  if (from.kind === "timestamp" && to.kind === "time") return `${name}::${type}`;
  if (from.kind === "date" && to.kind === "time") return `${name}::timestamp::${type}`;
  return `${name}::text::${type}`;
}

/** Types between which PostgreSQL casts by itself; other types are each a family of their own. */
function family(type: ColumnType): string {
  switch (type.kind) {
    case "smallint":
    case "integer":
    case "bigint":
    case "numeric":
    case "real":
    case "double":
      return "number";
    case "char":
    case "varchar":
    case "text":
      return "text";
    case "json":
    case "jsonb":
      return "json";
    case "date":
    case "timestamp":
      return "moment";
    default:
      return typeName(type);
  }
}
