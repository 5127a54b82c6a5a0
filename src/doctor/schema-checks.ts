import { type Column, findColumn, findTable, type Schema, type Table, tableLabel } from "../schema/index.ts";
import type { Check, NewFinding } from "./finding.ts";
import type { DoctorInput } from "./input.ts";

/** What a check of one table finds, looking at the whole. */
type TableCheck = (table: Table, schema: Schema) => readonly Omit<NewFinding, "module" | "file">[];

/** Checks of the tables that models make up: what a careful administrator looks for before they are made. */
export const schemaChecks: readonly Check<DoctorInput>[] = [
  {
    code: "SM024",
    rule: "unique across tenants",
    severity: "warning",
    needs: ["models"],
    about: "a unique key of a table with tenants that has no tenant in it",
    find: eachTable(uniqueAcrossTenants),
  },
  {
    code: "SM101",
    rule: "key without index",
    severity: "warning",
    needs: ["models"],
    about:
      "a foreign key whose columns begin no index: each delete of what it refers to reads the whole table",
    find: eachTable(keysWithoutIndex),
  },
  {
    code: "SM110",
    rule: "number that ends",
    severity: "warning",
    needs: ["models"],
    about: "rows numbered by an integer of 16 or 32 bits",
    find: eachTable(numbersThatEnd),
  },
  {
    code: "SM111",
    rule: "no primary key",
    severity: "warning",
    needs: ["models"],
    about: "a table without a primary key",
    find: eachTable((table) =>
      table.primaryKey !== null && table.primaryKey.columns.length > 0
        ? []
        : [
            {
              subject: tableLabel(table),
              message: `${tableLabel(table)} has no primary key.`,
              remedy: "Mark its key with { primaryKey: true }.",
            },
          ],
    ),
  },
  {
    code: "SM112",
    rule: "index twice",
    severity: "notice",
    needs: ["models"],
    about: "an index that is the beginning of another",
    find: eachTable(indexesTwice),
  },
  {
    code: "SM116",
    rule: "key of another type",
    severity: "warning",
    needs: ["models"],
    about: "a foreign key whose column has another type than what it refers to",
    find: eachTable(keysOfOtherTypes),
  },
];

function eachTable(check: TableCheck): (input: DoctorInput) => readonly NewFinding[] {
  return ({ models, modules }) =>
    (models?.schema.tables ?? []).flatMap((table) => {
      const model = models?.models.find((each) => tableLabel(each.table) === tableLabel(table));
      const module = (modules ?? []).find(({ name }) => name === table.schema)?.name ?? null;
      const place = { module, file: model?.file ?? null };
      return check(table, models!.schema).map((finding) => ({ ...place, ...finding }));
    });
}

/** The lists of columns that an index, a unique key or the primary key begins with. */
function leading(table: Table): readonly (readonly string[])[] {
  return [
    table.primaryKey?.columns ?? [],
    ...table.uniques.map(({ columns }) => columns),
    ...table.indexes
      .filter(({ where }) => where === null)
      .map(({ parts }) => parts.map(({ column }) => column ?? "")),
  ];
}

function keysWithoutIndex(table: Table): ReturnType<TableCheck> {
  return table.foreignKeys
    .filter(({ columns }) => {
      const first = (list: readonly string[]): boolean =>
        columns.every((column) => list.slice(0, columns.length).includes(column));
      return !leading(table).some(first);
    })
    .map(({ columns, references }) => ({
      subject: `${tableLabel(table)}.${columns.join("+")}`,
      message: `The foreign key ${tableLabel(table)}.${columns.join("+")} to ${tableLabel(references)} has no index.`,
      remedy:
        columns.length === 1
          ? "Give its field { index: true }."
          : "Add index(…) over its columns to the table.",
    }));
}

/** How tables tell tenants apart, by name. */
const tenant = /^tenant(_id)?$/;

function uniqueAcrossTenants(table: Table): ReturnType<TableCheck> {
  const column = table.columns.find(({ name }) => tenant.test(name));
  if (column === undefined) return [];
  const keys = [
    ...table.uniques.map(({ name, columns }) => ({ name, columns })),
    ...table.indexes
      .filter(({ unique }) => unique)
      .map(({ name, parts }) => ({ name, columns: parts.map((part) => part.column ?? "") })),
  ];
  return keys
    .filter(({ columns }) => !columns.includes(column.name))
    .map(({ name, columns }) => ({
      subject: `${tableLabel(table)}.${columns.join("+")}`,
      message: `${name ?? columns.join("+")} of ${tableLabel(table)} is unique across all tenants.`,
      remedy: `Make it unique together with ${column.name}, unless it is meant so.`,
    }));
}

const ends: Readonly<Record<string, string>> = { smallint: "32 767", integer: "2 147 483 647" };

function numbersThatEnd(table: Table): ReturnType<TableCheck> {
  return table.columns
    .filter(({ type, autoIncrement, identity }) => (autoIncrement || identity !== null) && type.kind in ends)
    .map(({ name, type }) => ({
      subject: `${tableLabel(table)}.${name}`,
      message: `${tableLabel(table)}.${name} numbers rows by ${type.kind}, and ends at ${ends[type.kind]}.`,
      remedy: "z.int() makes it a bigint. Changing it later rewrites the table.",
    }));
}

function indexesTwice(table: Table): ReturnType<TableCheck> {
  const plain = table.indexes.filter(
    ({ where, method, unique }) => where === null && method === null && !unique,
  );
  const others = leading(table);
  return plain.flatMap((index) => {
    const columns = index.parts.map(({ column }) => column ?? "");
    const longer = others.find(
      (list) => list.length > columns.length && columns.every((column, at) => list[at] === column),
    );
    if (longer === undefined || columns.includes("")) return [];
    const message = `Index ${index.name} of ${tableLabel(table)} is the beginning of one over ${longer.join(", ")}.`;
    return [{ subject: `${tableLabel(table)}.${index.name}`, message, remedy: "Take the shorter one away." }];
  });
}

function keysOfOtherTypes(table: Table, schema: Schema): ReturnType<TableCheck> {
  return table.foreignKeys.flatMap(({ columns, references }) => {
    const target = findTable(schema, references);
    return columns.flatMap((name, at) => {
      const own = findColumn(table, name);
      const other = target === undefined ? undefined : findColumn(target, references.columns[at] ?? "");
      if (own === undefined || other === undefined || sameKind(own, other)) return [];
      const message = `${tableLabel(table)}.${name} is ${own.type.kind}, and ${tableLabel(references)}.${other.name}, which it refers to, ${other.type.kind}.`;
      return [{ subject: `${tableLabel(table)}.${name}`, message, remedy: "Give both the same type." }];
    });
  });
}

function sameKind(a: Column, b: Column): boolean {
  return a.type.kind === b.type.kind;
}
