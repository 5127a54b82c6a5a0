import type { Operation } from "../operation/operation.ts";

/**
 * An operation as a file says it: without what it takes away, which the history or the database supplies.
 * Rendering an operation and recording it again gives exactly this.
 */
export function asWritten(operation: Operation): Operation {
  switch (operation.kind) {
    case "dropTable":
      return { ...operation, table: null };
    case "dropColumn":
      return { ...operation, column: null };
    case "dropIndex":
      return { ...operation, index: null };
    case "dropPrimaryKey":
      return { ...operation, primaryKey: null };
    case "dropObject":
      return { ...operation, object: null };
    case "replaceObject":
      return { ...operation, from: null };
    case "setTableComment":
      return { ...operation, from: null };
    case "alterColumn":
      return { ...operation, from: {} };
    case "dropForeignKey":
      return { ...operation, foreignKey: operation.name === null ? unnamed(operation.foreignKey) : null };
    case "dropUnique":
      return { ...operation, unique: operation.name === null ? unnamed(operation.unique) : null };
    case "dropCheck":
      return { ...operation, check: operation.name === null ? unnamed(operation.check) : null };
    case "dropExclusion":
      return { ...operation, exclusion: operation.name === null ? unnamed(operation.exclusion) : null };
    case "execute":
    case "run":
      return { ...operation, changes: operation.changes?.map(asWritten) ?? null };
    case "onDialect":
      return { ...operation, operations: operation.operations.map(asWritten) };
    default:
      return operation;
  }
}

function unnamed<T extends { readonly name: string | null }>(constraint: T | null): T | null {
  return constraint === null ? null : { ...constraint, name: null };
}
