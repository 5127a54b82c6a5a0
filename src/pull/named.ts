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
    foreignKeys: own.foreignKeys.map((key) => {
      const referredTable = prefixed(key.references).name;
      return {
        ...key,
        name: key.name ?? conventionalName(naming, "fk", { table, columns: key.columns, referredTable }),
      };
    }),
    uniques: own.uniques.map((unique) => ({
      ...unique,
      name: unique.name ?? conventionalName(naming, "uq", { table, columns: unique.columns }),
    })),
    checks: namedChecks(own.checks, table, naming),
  };
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
