/** What MySQL and MariaDB alone have, on generated schemas: types, options, kinds of keys, and changes of them. */
import fc from "fast-check";
import {
  type Column,
  check,
  column,
  index,
  indexPart,
  type Schema,
  type Table,
  t,
} from "../../src/schema/index.ts";
import { canonicalOrder } from "../../src/schema/order.ts";

const native = (sql: string): Column["type"] => t.native("mysql", sql);

/** Types without a neutral name, and neutral ones that are particular here. */
const types: readonly Column["type"][] = [
  native("int unsigned"),
  native("bigint unsigned"),
  native("int(5) unsigned zerofill"),
  native("mediumint"),
  native("tinyint unsigned"),
  native("set('x','it''s')"),
  native("timestamp"),
  native("timestamp(3)"),
  native("tinytext"),
  native("mediumtext"),
  native("mediumblob"),
  native("binary(4)"),
  native("year"),
  native("double unsigned"),
  native("bit(8)"),
  t.numeric(),
  t.interval(),
  t.timestamp(3),
  t.timestamp(0),
  t.time({ precision: 3 }),
  t.bytes(20),
  t.array(t.integer()),
  t.enum(["a", "b"]),
];

/** The n-th value of a type that this family alone has; null where none is known. */
export function mysqlValue(sql: string, n: number): unknown {
  const [word] = /^\w+/.exec(sql) ?? [""];
  switch (word) {
    case "int":
    case "mediumint":
    case "tinyint":
    case "bigint":
      return n + 1;
    case "double":
      return n + 0.5;
    case "set":
      return n % 2 === 0 ? "x" : "x,it's";
    case "timestamp":
      return `2020-01-01 10:00:0${n}`;
    case "tinytext":
    case "mediumtext":
      return `v${n}`;
    case "year":
      return 2020 + n;
    case "binary":
      return Buffer.of(n, 255, 0, 1);
    case "mediumblob":
    case "bit":
      return Buffer.of(n);
    default:
      return null;
  }
}

/** A change of a table, by a number. Rows that were right stay right. */
type Dress = (table: Table, pick: number) => Table;

const options = (values: Readonly<Record<string, string | boolean>>): Table["options"] => ({ mysql: values });
const isText = (each: Column): boolean => each.type.kind === "varchar" || each.type.kind === "text";
const isWhole = (each: Column): boolean => /^(?:smallint|integer|bigint)$/.test(each.type.kind);
const isMoment = (each: Column): boolean =>
  each.type.kind === "timestamp" || (each.type.kind === "native" && each.type.sql.startsWith("timestamp"));

const isPlain = (each: Column): boolean =>
  each.generated === null && !each.autoIncrement && !each.name.endsWith(" id");

/** Whether nothing else of the table speaks of a column, so that it can be changed freely. */
function isFree(table: Table, each: Column): boolean {
  const { columns, primaryKey, foreignKeys, uniques, indexes, checks } = table;
  const rest = [primaryKey, foreignKeys, uniques, indexes, checks, columns.map((other) => other.generated)];
  const spoken = JSON.stringify(rest).replaceAll("\\", "");
  return !spoken.includes(`"${each.name}"`) && each.generated === null && !each.autoIncrement;
}

function changeOne(
  table: Table,
  pick: number,
  suits: (each: Column) => boolean,
  change: (each: Column) => Partial<Column>,
): Table {
  const fit = table.columns.filter((each) => isFree(table, each) && suits(each));
  const chosen = fit[pick % Math.max(fit.length, 1)];
  return {
    ...table,
    columns: table.columns.map((each) => (each === chosen ? { ...each, ...change(each) } : each)),
  };
}

function changeIndexes(
  table: Table,
  change: (each: Table["indexes"][number]) => Table["indexes"][number],
): Table {
  return { ...table, indexes: table.indexes.map(change) };
}

function withoutColumn({ indexes }: Table, name: string): Table["indexes"] {
  return indexes.filter((each) => each.parts.every((part) => part.column !== name));
}

const comments = [null, "it's", 'a \\ "comment"\nof two lines', "ünïcode ✓"];
const commentAt = (pick: number): string | null => comments[pick % comments.length] ?? null;

const tableOptions = [
  {},
  options({ rowFormat: "DYNAMIC" }),
  options({ rowFormat: "COMPACT", statsPersistent: "1" }),
  options({ collation: "utf8mb4_bin" }),
  options({ charset: "latin1" }),
  options({ engine: "Aria" }),
];

const defaults: Readonly<Record<string, string>> = {
  smallint: "1 + 2",
  integer: "(3)",
  bigint: "-(1 + 2)",
  varchar: "concat('it''s', \"x\")",
  uuid: "uuid()",
  date: "current_date",
};

const enums = [
  ["a", "b"],
  ["b", "a", "it's", "z"],
  ["a", "b", "c"],
];

const dresses: readonly Dress[] = [
  (table, pick) => ({ ...table, comment: commentAt(pick) }),
  (table, pick) => ({ ...table, options: tableOptions[pick % tableOptions.length]! }),
  (table, pick) =>
    changeOne(
      table,
      pick,
      () => true,
      () => ({ comment: commentAt(pick) }),
    ),
  (table, pick) => {
    const others = table.columns.some((each) => !each.nullable);
    return changeOne(
      table,
      pick,
      (each) => others && each.nullable,
      () => ({ options: pick % 3 === 0 ? {} : options({ invisible: true }) }),
    );
  },
  (table, pick) =>
    changeOne(table, pick, isMoment, () => ({
      options: pick % 3 === 0 ? {} : options({ onUpdate: "CURRENT_TIMESTAMP" }),
    })),
  (table, pick) =>
    changeOne(table, pick, isText, () => ({
      options: pick % 2 === 0 ? {} : options({ charset: "utf8mb4" }),
    })),
  (table, pick) =>
    changeOne(table, pick, isText, () => ({
      collation: pick % 2 === 0 ? "utf8mb4_unicode_ci" : "latin1_swedish_ci",
      options: {},
    })),
  (table, pick) =>
    changeOne(
      table,
      pick,
      (each) => each.type.kind in defaults,
      (each) => ({ default: { kind: "expression", sql: defaults[each.type.kind]! } }),
    ),
  (table, pick) => changeIndexes(table, (each) => ({ ...each, comment: commentAt(pick) })),
  (table, pick) =>
    changeIndexes(table, (each) => {
      const { kind, ...rest } = each.options["mysql"] ?? {};
      const kept = kind === undefined ? rest : { kind };
      return {
        ...each,
        options: pick % 3 === 0 && !each.unique ? options({ ...kept, unused: true }) : { mysql: kept },
      };
    }),
  (table, pick) =>
    changeIndexes(table, (each) =>
      each.unique || each.options["mysql"]?.["kind"] !== undefined
        ? each
        : { ...each, parts: each.parts.map((part) => ({ ...part, length: pick % 2 === 0 ? 5 : 150 })) },
    ),
  (table, pick) => {
    const others = table.indexes.filter((each) => each.name !== "words");
    const on =
      pick % 3 === 0 ? undefined : table.columns.find((each) => isText(each) && each.generated === null);
    const words = (name: string): Table["indexes"][number] =>
      index("words", [indexPart(name)], { options: options({ kind: "fulltext" }) });
    return { ...table, indexes: on === undefined ? others : [...others, words(on.name)] };
  },
  (table, pick) => {
    const others = table.checks.filter((each) => each.options["mysql"] === undefined);
    const on = pick % 3 === 0 ? undefined : table.columns.find((each) => isWhole(each) && isPlain(each));
    const own = (name: string): Table["checks"][number] =>
      check(`"${name}" > ${-100 - (pick % 2)}`, { name, options: options({ column: true }) });
    return { ...table, checks: on === undefined ? others : [...others, own(on.name)] };
  },
  (table, pick) => {
    const others = table.columns.filter((each) => each.name !== "shout");
    const indexes = withoutColumn(table, "shout");
    const on = others.find((each) => each.type.kind === "varchar" && isPlain(each));
    if (on === undefined || pick % 4 === 0) return { ...table, columns: others, indexes };
    const expression = `concat(upper("${on.name}"), '${["!", "it''s", "\\\\"][pick % 3]}')`;
    const shout = column("shout", t.varchar(120), { generated: { expression, stored: pick % 2 === 0 } });
    const indexed = pick % 5 < 2 ? [index("shouts", [indexPart("shout")])] : [];
    return { ...table, columns: [...others, shout], indexes: [...indexes, ...indexed] };
  },
  (table, pick) =>
    changeOne(
      table,
      pick,
      (each) => each.name.startsWith("own") && each.type.kind === "enum",
      () => ({ type: t.enum(["a", "b", ...(enums[pick % enums.length] ?? []).slice(2)]) }),
    ),
  (table, pick) => {
    const others = table.columns.filter((each) => each.name !== "place");
    const indexes = withoutColumn(table, "place");
    if (pick % 3 > 0) return { ...table, columns: others, indexes };
    const place = column("place", native("point"), {
      nullable: false,
      default: { kind: "expression", sql: "point(1, 2)" },
    });
    const spatial = index("places", [indexPart("place")], { options: options({ kind: "spatial" }) });
    return { ...table, columns: [...others, place], indexes: [...indexes, spatial] };
  },
];

/** Whether a table refers to another or is referred to: its engine and character set cannot change alone. */
function isBound(schema: Schema, table: Table): boolean {
  const refers = (each: Table): boolean => each.foreignKeys.some((key) => key.references.name === table.name);
  return table.foreignKeys.length > 0 || schema.tables.some(refers);
}

function isNullable(table: Table, name: string): boolean {
  return table.columns.some((each) => each.name === name && each.nullable);
}

/** Aria has room for few of the keys that InnoDB has, and none over computed columns that it does not store. */
function fitsEngine(table: Table): boolean {
  const isAria = table.options["mysql"]?.["engine"] === "Aria";
  const isVirtual = (name: string | null): boolean =>
    table.columns.some((column) => column.name === name && column.generated?.stored === false);
  return (
    !isAria ||
    (table.uniques.length === 0 &&
      table.indexes.every((each) => !each.unique && !each.parts.some((part) => isVirtual(part.column))))
  );
}

function dressed(schema: Schema, at: number, which: number, pick: number): Schema {
  const target = schema.tables[at % Math.max(schema.tables.length, 1)];
  if (target === undefined) return schema;
  const changed = dresses[which % dresses.length]!(target, pick);
  const free = !isBound(schema, target) && fitsEngine(changed);
  const bound = { ...changed, options: target.options };
  const kept = free ? changed : fitsEngine(bound) ? bound : target;
  return { ...schema, tables: schema.tables.map((each) => (each === target ? kept : each)) };
}

const arbitraryDress = fc.record({ at: fc.nat(7), which: fc.nat(dresses.length - 1), pick: fc.nat(59) });

function withOwnColumns(schema: Schema, picks: readonly number[]): Schema {
  const tables = schema.tables.map((table, at) => {
    const chosen = picks.filter((pick) => pick % schema.tables.length === at).slice(0, 3);
    const columns = chosen.map((pick, n) => column(`own${n}`, types[pick % types.length]!));
    return { ...table, columns: [...table.columns, ...columns] };
  });
  return { ...schema, tables };
}

/** The schema with what this family alone has on it. */
export function enrichMysql(schema: Schema): fc.Arbitrary<Schema> {
  return fc
    .record({
      columns: fc.array(fc.nat(999), { maxLength: 4 }),
      dresses: fc.array(arbitraryDress, { maxLength: 6 }),
    })
    .map((plan) => {
      const grown = withOwnColumns(schema, plan.columns);
      const made = plan.dresses.reduce((now, each) => dressed(now, each.at, each.which, each.pick), grown);
      return canonicalOrder(made);
    });
}

/**
 * The schema with some of that changed. Tables that came to refer to each other are of one kind. Where the server
 * `implies` a default for a timestamp that must not be null, it may be.
 */
export function mutateMysql(schema: Schema, implies: boolean): fc.Arbitrary<Schema> {
  const kindOf = (table: Table | undefined): string => JSON.stringify(table?.options ?? {});
  const named = (name: string): Table | undefined => schema.tables.find((table) => table.name === name);
  const tables = schema.tables.map((table) => ({
    ...table,
    options: fitsEngine(table) ? table.options : {},
    // A hidden column has to be able to do without a value.
    columns: table.columns.map((each) => {
      if (implies && each.type.kind === "native" && isMoment(each)) return { ...each, nullable: true };
      return each.nullable || each.options["mysql"]?.["invisible"] !== true ? each : { ...each, options: {} };
    }),
    indexes: table.indexes.filter((each) => each.name !== "places" || !isNullable(table, "place")),
    foreignKeys: table.foreignKeys.filter(
      (key) => kindOf(table) === kindOf(named(key.references.name)) && !kindOf(table).includes("Aria"),
    ),
  }));
  return fc.array(arbitraryDress, { maxLength: 3 }).map((edits) =>
    canonicalOrder(
      edits.reduce<Schema>((now, each) => dressed(now, each.at, each.which, each.pick), {
        ...schema,
        tables,
      }),
    ),
  );
}
