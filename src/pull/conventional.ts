import { isDeepStrictEqual } from "node:util";
import {
  conventionalName,
  type ForeignKey,
  type Index,
  index as indexOf,
  type NamingConvention,
  type Table,
  type Unique,
} from "../schema/index.ts";
import { prefixed } from "../schema/place.ts";

/** Whether the options of a field say a constraint or an index of one column, its name included. */
export const isConventional = {
  foreignKey(key: ForeignKey, table: Table, naming: NamingConvention): boolean {
    const name = conventionalName(naming, "fk", {
      table: prefixed(table).name,
      columns: key.columns,
      referredTable: prefixed(key.references).name,
    });
    // What no field says: NULL in a column that takes none.
    const stuck =
      (key.onDelete === "set null" || key.onUpdate === "set null") &&
      table.columns.some((column) => !column.nullable && key.columns.includes(column.name));
    const plain = !stuck && key.match === "simple" && Object.keys(key.options).length === 0;
    return plain && (key.name === null || key.name === name);
  },
  index(index: Index, table: Table, naming: NamingConvention): boolean {
    const [part] = index.parts;
    if (index.parts.length !== 1 || part?.column == null) return false;
    const name = conventionalName(naming, "ix", { table: prefixed(table).name, columns: [part.column] });
    return isDeepStrictEqual(index, indexOf(name, [part.column], { unique: index.unique }));
  },
  unique(unique: Unique, table: Table, naming: NamingConvention): boolean {
    const name = conventionalName(naming, "uq", { table: prefixed(table).name, columns: unique.columns });
    const plain = { nullsNotDistinct: false, deferrable: null, options: {} };
    const { name: own, columns, ...rest } = unique;
    return columns.length === 1 && isDeepStrictEqual(rest, plain) && (own === null || own === name);
  },
};
