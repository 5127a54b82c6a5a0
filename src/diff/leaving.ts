/** What goes of tables that stay, where it has to go before what it is made of changes or gives up its name. */
import type { Operation } from "../operation/index.ts";
import { type Table, type TableRef, table } from "../schema/index.ts";

/** The operations on one table, by when they are done. */
export interface Parting {
  /** Before the types and functions that tables are made of are others. */
  readonly leave: readonly Operation[];
  readonly rest: readonly Operation[];
}

/**
 * Takes out of `operations`, which are in order, the columns that go and have to go first: values that nobody keeps
 * need not suit what their type becomes. What else goes of the table goes before them. `leaves` tells of a table that
 * has nothing but what goes. What an heir, whose columns another table changes, holds them by goes before
 * in any case.
 */
export function parting(
  operations: readonly Operation[],
  leaves: (part: Table) => boolean,
  isHeir: boolean,
): Parting {
  const first = operations.filter((operation) => {
    const part = lost(operation);
    return part !== null && leaves(part);
  });
  if (first.length === 0 && !isHeir) return { leave: [], rest: operations };
  const goes = (operation: Operation): boolean => isFreeing(operation) || first.includes(operation);
  return {
    leave: operations.filter(goes),
    rest: operations.filter((operation) => !goes(operation)),
  };
}

/** Whether an operation takes away what columns are held by. */
function isFreeing(operation: Operation): boolean {
  switch (operation.kind) {
    case "dropIndex":
    case "dropExclusion":
    case "dropCheck":
    case "dropUnique":
    case "dropPrimaryKey":
      return true;
    case "dropColumn":
      return operation.column !== null && operation.column.generated !== null;
    default:
      return false;
  }
}

/** What an operation takes away that may stand on something, as a table of its own. */
function lost(operation: Operation): Table | null {
  switch (operation.kind) {
    case "dropColumn":
      return operation.column && table(operation.table, [operation.column]);
    case "dropIndex":
      return operation.index && only(operation.table, { indexes: [operation.index] });
    case "dropExclusion":
      return operation.exclusion && only(operation.table, { exclusions: [operation.exclusion] });
    case "dropCheck":
      return operation.check && only(operation.table, { checks: [operation.check] });
    default:
      return null;
  }
}

function only(ref: TableRef, part: Partial<Table>): Table {
  return table(ref, [], part);
}
