import type { Operation } from "../../operation/operation.ts";
import { findTable, type Schema, type Table, type TableRef } from "../../schema/index.ts";
import { shortenedOperation } from "../short-name.ts";
import { canonicalIndex } from "./canonical.ts";
import type { Binding } from "./flavor.ts";
import { splitUniques } from "./inspect-index.ts";
import { option } from "./options.ts";
import { nameLimit } from "./quote.ts";

/**
 * An operation as this family has it. A unique index and a unique constraint are one thing to the server, and the
 * inspector calls it a constraint: operations that speak of the index mean that. Names that are too long are short.
 */
export function adapted(said: Operation, state: Schema, binding: Binding): Operation {
  const operation = shortenedOperation(said, nameLimit);
  switch (operation.kind) {
    case "createTable":
      return { ...operation, table: withConstraints(operation.table, binding) };
    case "createIndex": {
      const table = findTable(state, operation.table);
      // A key without overlaps is one before its table has the period too.
      const isHeld = option(operation.index.options, "withoutOverlaps") === true;
      if (table === undefined || isHeld) return operation;
      const { uniques } = splitUniques([canonicalIndex(operation.index, table, binding)]);
      const [unique] = uniques;
      return unique === undefined ? operation : { kind: "addUnique", table: operation.table, unique };
    }
    case "dropIndex": {
      const unique = named(state, operation.table, "uniques", operation.name);
      if (unique === undefined || named(state, operation.table, "indexes", operation.name)) return operation;
      return { kind: "dropUnique", table: operation.table, name: operation.name, unique };
    }
    case "dropUnique": {
      if (operation.name === null || named(state, operation.table, "uniques", operation.name))
        return operation;
      const index = named(state, operation.table, "indexes", operation.name);
      if (index === undefined) return operation;
      return { kind: "dropIndex", table: operation.table, name: operation.name, index };
    }
    default:
      return operation;
  }
}

function named<L extends "uniques" | "indexes">(
  state: Schema,
  ref: TableRef,
  list: L,
  name: string,
): Table[L][number] | undefined {
  const items: readonly Table[L][number][] = findTable(state, ref)?.[list] ?? [];
  return items.find((each) => each.name === name);
}

function withConstraints(table: Table, binding: Binding): Table {
  const plain = table.indexes.map((index) => ({
    index,
    unique: splitUniques([canonicalIndex(index, table, binding)]).uniques[0],
  }));
  return {
    ...table,
    uniques: [...table.uniques, ...plain.flatMap(({ unique }) => unique ?? [])],
    indexes: plain.filter(({ unique }) => unique === undefined).map(({ index }) => index),
  };
}
