import {
  type Check,
  conventionalName,
  type NamingConvention,
  type Schema,
  type Table,
} from "../schema/index.ts";
import { orderTable } from "../schema/order.ts";
import { prefixed } from "../schema/place.ts";
import { unused } from "./names.ts";

/**
 * A schema in which everything has the name that the models will give it: a table may have several checks without one,
 * and none of them stands elsewhere once it has.
 */
export function withNames(found: Schema, naming: NamingConvention): Schema {
  return { ...found, tables: found.tables.map((table) => orderTable(namedTable(table, naming))) };
}

function namedTable(own: Table, naming: NamingConvention): Table {
  const table = prefixed(own).name;
  return {
    ...own,
    foreignKeys: allNamed(own.foreignKeys, ({ columns, references }) =>
      conventionalName(naming, "fk", { table, columns, referredTable: prefixed(references).name }),
    ),
    uniques: allNamed(own.uniques, ({ columns }) => conventionalName(naming, "uq", { table, columns })),
    checks: namedChecks(own.checks, table, naming),
  };
}

/** With a name for each: the usual one, and that with a number where another of the table has it. */
function allNamed<T extends { readonly name: string | null }>(
  parts: readonly T[],
  usual: (part: T) => string,
): readonly T[] {
  const taken = new Set(parts.flatMap((part) => part.name ?? []));
  return parts.map((part) => {
    if (part.name !== null) return part;
    const name = unused([usual(part)], taken);
    taken.add(name);
    return { ...part, name };
  });
}

function namedChecks(checks: readonly Check[], table: string, naming: NamingConvention): readonly Check[] {
  const taken = new Set(checks.flatMap((check) => check.name ?? []));
  const nameOf = (at: number): string =>
    conventionalName(naming, "ck", { table, constraint: at === 0 ? "check" : `check${at + 1}` });
  const candidates = checks.map((_, at) => nameOf(at));
  return checks.map((check) => {
    if (check.name !== null) return check;
    const name = unused(candidates, taken);
    taken.add(name);
    return { ...check, name };
  });
}
