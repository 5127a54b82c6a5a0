import { namedEnum } from "../../operation/apply-enum.ts";
import { type Column, type ColumnType, type Schema, sameTable } from "../../schema/index.ts";
import { tokenize } from "../../schema/lexer.ts";
import { conversionTo } from "./conversion.ts";
import { typeName } from "./type-name.ts";

/**
 * Which changes make PostgreSQL write a table anew: a new type whose values are not stored as the old one's
 * (https://www.postgresql.org/docs/current/sql-altertable.html, notes), and a new column whose value differs by row.
 */

/** Why the rows have to be written anew for a column to have another type; null where they stay as they are. */
export function retypingReason(from: ColumnType, to: ColumnType): string | null {
  const [old, now] = [typeName(from), typeName(to)];
  if (old === now) return null;
  if (conversionTo("it", from, to) !== `it::${now}`) return `${old} becomes ${now} by way of another type`;
  if (isStoredAlike(from, to)) return null;
  if (from.kind === "timestamp" && to.kind === "timestamp" && from.timezone !== to.timezone) {
    return `${old} becomes ${now} without a rewrite only where the session's time zone is UTC`;
  }
  if (from.kind === "native" || to.kind === "native" || from.kind === "array" || to.kind === "array") {
    return `nothing says that ${old} is stored as ${now} is`;
  }
  return `${old} is not stored as ${now} is`;
}

/** Native types that the cast leaves as they are. */
const alike: ReadonlySet<string> = new Set([
  "cidr>inet",
  "citext>text",
  "citext>character varying",
  "text>citext",
  "character varying>citext",
]);

function isStoredAlike(from: ColumnType, to: ColumnType): boolean {
  if (isVarying(to) && (isVarying(from) || from.kind === "native")) {
    if (from.kind === "native") return lengthOf(to) === null && alike.has(`${from.sql}>${typeName(to)}`);
    return lengthOf(to) === null || (lengthOf(from) !== null && lengthOf(from)! <= lengthOf(to)!);
  }
  if (from.kind === "numeric" && to.kind === "numeric") {
    if (to.precision === null) return true;
    return from.precision !== null && from.scale === to.scale && from.precision <= to.precision;
  }
  if ((from.kind === "timestamp" || from.kind === "time") && from.kind === to.kind) {
    return from.timezone === to.timezone && (from.precision ?? 6) <= (to.precision ?? 6);
  }
  if (to.kind !== "native") return false;
  return alike.has(`${isVarying(from) ? typeName(from).replace(/\(.*/, "") : typeName(from)}>${to.sql}`);
}

function isVarying(type: ColumnType): boolean {
  return type.kind === "varchar" || type.kind === "text";
}

function lengthOf(type: ColumnType): number | null {
  return type.kind === "varchar" ? type.length : null;
}

/** Why the rows have to be written anew for a column to be added; null where the catalog alone changes. */
export function addingReason(column: Column, state: Schema): string | null {
  if (column.generated !== null)
    return column.generated.stored ? "a stored generated column is computed for every row" : null;
  if (column.identity !== null || column.autoIncrement) return "every row gets a number of its own";
  const domain = checkedDomain(column.type, state);
  if (domain !== null) return `the domain ${domain} has constraints, which every row has to pass`;
  if (column.default?.kind !== "expression") return null;
  const called = unsteadyCall(column.default.sql);
  if (called === null) return null;
  return volatile.has(called)
    ? `the default ${called}() is another value for each row`
    : `nothing says that the default ${called}() is one value for all rows`;
}

function checkedDomain(type: ColumnType, state: Schema): string | null {
  if (type.kind !== "native" || namedEnum(type) !== null) return null;
  const [name = "", schema = null] = type.sql.replaceAll('"', "").split(".").reverse();
  const domain = state.objects.find((each) => each.kind === "domain" && sameTable(each, { schema, name }));
  return domain !== undefined && /\b(?:check|not null)\b/i.test(domain.definition) ? name : null;
}

/** The first function in an expression that is not known to give one value for all rows of a statement. */
export function unsteadyCall(sql: string): string | null {
  const tokens = tokenize(sql);
  const called = tokens.find(
    (token, at) =>
      (token.kind === "name" || token.kind === "quoted") &&
      tokens[at + 1]?.text === "(" &&
      !steady.has(token.value.toLowerCase()),
  );
  return called?.value.toLowerCase() ?? null;
}

const volatile: ReadonlySet<string> = new Set(
  (
    "random gen_random_uuid uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuidv4 uuidv7 clock_timestamp " +
    "timeofday nextval currval lastval setval gen_random_bytes random_normal"
  ).split(" "),
);

/** Functions that are immutable or stable, and words before a parenthesis that are no functions. */
const steady: ReadonlySet<string> = new Set(
  (
    "now transaction_timestamp statement_timestamp current_timestamp current_time localtime localtimestamp " +
    "current_setting current_schema abs age array_fill array_remove ceil ceiling char_length coalesce concat " +
    "concat_ws convert_from convert_to date_bin date_part date_trunc decode encode extract floor format greatest " +
    "initcap json_build_array json_build_object jsonb_build_array jsonb_build_object least left length lower lpad " +
    "make_date make_interval make_time make_timestamp make_timestamptz md5 nullif overlay power repeat replace " +
    "right round rpad sha256 sign split_part sqrt string_to_array substr substring to_char to_date to_json " +
    "to_jsonb to_number to_timestamp translate trim trunc upper int4range int8range numrange tsrange tstzrange " +
    "daterange timezone " +
    "and any array as bit case cast char character decimal else in interval not numeric or row then time timestamp " +
    "timestamptz timetz varbit varchar varying when"
  ).split(" "),
);
