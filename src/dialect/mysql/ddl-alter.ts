import { InternalError } from "../../errors/index.ts";
import { applyAll, type Operation } from "../../operation/index.ts";
import { equal } from "../../schema/equal.ts";
import {
  type Check,
  type Column,
  findColumn,
  findTable,
  type Index,
  type Schema,
  type Table,
  type TableRef,
} from "../../schema/index.ts";
import {
  checkClause,
  checkOfColumn,
  columnClause,
  indexClause,
  primaryKeyClause,
  quoteTable,
  uniqueClause,
} from "./ddl-clauses.ts";
import { detached, ownIndexClauses, retyped } from "./ddl-foreign-key.ts";
import { type Binding, isMariadb } from "./flavor.ts";
import { periodClause, periodOf, periodOfKey, periodOption } from "./period.ts";
import { fillingOf, hasCollation, isColumnCheck, physicalType } from "./physical.ts";
import { quoteName, quoteString } from "./quote.ts";
import {
  beginsBeforeColumns,
  databaseCollation,
  periodClauses,
  structural,
  tableOptionClause,
} from "./table-options.ts";

/** Operations that can share one ALTER TABLE with others on the same table. */
export type AlterOperation = Extract<
  Operation,
  {
    kind:
      | "setTableComment"
      | "setTableOptions"
      | "addColumn"
      | "dropColumn"
      | "alterColumn"
      | "createIndex"
      | "dropIndex"
      | "addPrimaryKey"
      | "dropPrimaryKey"
      | "addUnique"
      | "dropUnique"
      | "addCheck"
      | "dropCheck";
  }
>;

/** One ALTER TABLE for all these operations on one table, foreign keys on changed columns taken off for that time. */
export function alterTable(
  ref: TableRef,
  operations: readonly AlterOperation[],
  before: Schema,
  binding: Binding,
): readonly string[] {
  const after = applyAll(before, operations);
  const from = findTable(before, ref);
  const to = findTable(after, ref);
  if (from === undefined || to === undefined) throw new InternalError(`table ${ref.name} is not known`);
  const apart = periodApart(operations, from, to) ?? historyApart(operations, from, to);
  if (apart !== null) {
    const between = applyAll(before, apart.first);
    return [
      ...alterTable(ref, apart.first, before, binding),
      ...alterTable(ref, apart.rest, between, binding),
    ];
  }
  const clauses = new Alteration(from, to, binding).clauses(operations);
  const parts = partStatements(from, to);
  if (clauses.length === 0) return [...parts.before, ...parts.after];
  const keys = detached(from, retyped(from, to, binding), before, after, binding);
  const numbering = operations.flatMap((operation) =>
    operation.kind === "addColumn" ? numberRows(operation.column, to) : [],
  );
  return [
    ...(from.options["mysql"]?.["systemVersioned"] === true ? [keepHistory] : []),
    ...keys.before,
    ...parts.before,
    ...alterStatements(ref, clauses),
    ...parts.after,
    ...numbering,
    ...keys.after,
  ];
}

/** What a table that keeps its history takes changes under: its old rows get the new columns too. */
const keepHistory = "SET SESSION system_versioning_alter_history = KEEP";

/**
 * The server takes no period for another in one statement, nor one away that a key has: the old one goes first, with
 * the keys that go and those that have it, which come again.
 */
function periodApart(
  operations: readonly AlterOperation[],
  from: Table,
  to: Table,
): { readonly first: readonly AlterOperation[]; readonly rest: readonly AlterOperation[] } | null {
  if (periodOf(from) === null || periodOf(to) === null || equal(periodOf(from), periodOf(to))) return null;
  const table: TableRef = { schema: from.schema, name: from.name };
  const said = from.options["mysql"] ?? {};
  const { [periodOption]: _, ...without } = said;
  const goes = ({ kind }: AlterOperation): boolean =>
    kind === "dropPrimaryKey" || kind === "dropIndex" || kind === "dropUnique";
  const gone = operations.filter(goes);
  const stands = (index: Index): boolean =>
    periodOfKey(index, from) !== null &&
    !gone.some((each) => each.kind === "dropIndex" && each.name === index.name);
  const indexes = from.indexes.filter(stands);
  const own = from.primaryKey;
  const again =
    own !== null && periodOfKey(own, from) !== null && !gone.some((each) => each.kind === "dropPrimaryKey");
  return {
    first: [
      ...gone,
      ...indexes.map((index): AlterOperation => ({ kind: "dropIndex", table, name: index.name, index })),
      ...(again ? [{ kind: "dropPrimaryKey", table, name: own.name, primaryKey: own } as const] : []),
      { kind: "setTableOptions", table, dialect: "mysql", from: said, to: without },
    ],
    rest: [
      ...operations
        .filter((operation) => !goes(operation))
        .map((operation) =>
          operation.kind === "setTableOptions" && operation.dialect === "mysql"
            ? { ...operation, from: without }
            : operation,
        ),
      ...indexes.map((index): AlterOperation => ({ kind: "createIndex", table, index })),
      ...(again ? [{ kind: "addPrimaryKey", table, primaryKey: own } as const] : []),
    ],
  };
}

/** A table has to keep its history before a column of it is left out of that. */
function historyApart(
  operations: readonly AlterOperation[],
  from: Table,
  to: Table,
): { readonly first: readonly AlterOperation[]; readonly rest: readonly AlterOperation[] } | null {
  if (!beginsBeforeColumns(from, to)) return null;
  const first = operations.filter(
    (operation) =>
      operation.kind === "setTableOptions" &&
      operation.from["systemVersioned"] !== true &&
      operation.to["systemVersioned"] === true,
  );
  const rest = operations.filter((operation) => !first.includes(operation));
  return rest.length === 0 ? null : { first, rest };
}

/** How a table is parted stands in a statement of its own: rows find their parts anew. */
function partStatements(
  from: Table,
  to: Table,
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const [old, now] = [from, to].map((table) => table.options["mysql"]?.["partitionBy"] ?? null);
  if (old === now) return { before: [], after: [] };
  const start = `ALTER TABLE ${quoteTable(from)}`;
  // A table that is parted by its history has to keep one.
  const ends = /^SYSTEM_TIME\b/i.test(String(old)) && to.options["mysql"]?.["systemVersioned"] !== true;
  return {
    before: now === null || ends ? [`${start} REMOVE PARTITIONING`] : [],
    after: now === null ? [] : [`${start} PARTITION BY ${String(now)}`],
  };
}

/** The server numbers the rows of a new column where it begins a key; where its key is still to come, we do. */
function numberRows({ name }: Column, table: Table): readonly string[] {
  const column = findColumn(table, name);
  if (column === undefined || !column.autoIncrement || isNumbered(column, table)) return [];
  return [
    "SET @athanor_number = 0",
    `UPDATE ${quoteTable(table)} SET ${quoteName(name)} = (@athanor_number := @athanor_number + 1)`,
  ];
}

/** One statement, which the server has to put together itself where only it knows its database's collation. */
function alterStatements(ref: TableRef, clauses: readonly string[]): readonly string[] {
  const start = `ALTER TABLE ${quoteTable(ref)} `;
  const at = clauses.indexOf(databaseCollation);
  if (at < 0) return [start + clauses.join(", ")];
  const [before, after] = [clauses.slice(0, at), clauses.slice(at + 1)];
  const head = `${start}${before.map((clause) => `${clause}, `).join("")}COLLATE=`;
  const tail = after.map((clause) => `, ${clause}`).join("");
  return [
    `SET @athanor_statement = CONCAT(${quoteString(head)}, @@collation_database, ${quoteString(tail)})`,
    "PREPARE athanor_statement FROM @athanor_statement",
    "EXECUTE athanor_statement",
    "DEALLOCATE PREPARE athanor_statement",
  ];
}

/** Whether the server numbers a column: it has to begin a key. */
export function isNumbered(column: Column, table: Table): boolean {
  if (!column.autoIncrement) return false;
  return (
    table.primaryKey?.columns[0] === column.name ||
    table.uniques.some((unique) => unique.columns[0] === column.name) ||
    table.indexes.some((index) => index.parts[0]?.column === column.name)
  );
}

/** A column's definition as part of a table. */
export function definition(column: Column, table: Table, binding: Binding): string {
  return columnClause(column, table, binding, { numbered: isNumbered(column, table) });
}

/** Collects the clauses that make one table of another. */
class Alteration {
  readonly #from: Table;
  readonly #to: Table;
  readonly #binding: Binding;
  /** Columns whose definition stands in the statement already. */
  readonly #defined = new Set<string>();

  constructor(from: Table, to: Table, binding: Binding) {
    this.#from = from;
    this.#to = to;
    this.#binding = binding;
  }

  clauses(operations: readonly AlterOperation[]): readonly string[] {
    const clauses = operations.flatMap((operation) => this.#clausesOf(operation));
    const renumbered = this.#to.columns.filter((column) => {
      const was = findColumn(this.#from, column.name);
      return was !== undefined && isNumbered(was, this.#from) !== isNumbered(column, this.#to);
    });
    return [
      ...clauses,
      ...renumbered.flatMap((column) => this.#modify(column.name)),
      ...ownIndexClauses(this.#from, this.#to, this.#binding),
    ];
  }

  #clausesOf(operation: AlterOperation): readonly string[] {
    switch (operation.kind) {
      case "setTableComment":
        return [`COMMENT=${quoteString(operation.to ?? "")}`];
      case "setTableOptions":
        return operation.dialect === "mysql" ? this.#options(operation.from, operation.to) : [];
      case "addColumn":
        this.#defined.add(operation.column.name);
        return [`ADD COLUMN ${this.#define(operation.column.name)}`];
      case "dropColumn":
        return [`DROP COLUMN ${quoteName(operation.name)}`];
      case "alterColumn":
        return this.#modify(operation.name);
      case "createIndex":
        return [`ADD ${indexClause(operation.index, this.#to, this.#binding)}`];
      case "dropIndex":
        return [dropKey(operation.name, this.#from)];
      case "addPrimaryKey":
        return [`ADD ${primaryKeyClause(operation.primaryKey, this.#to)}`];
      case "dropPrimaryKey":
        return ["DROP PRIMARY KEY"];
      case "addUnique":
        return [`ADD ${uniqueClause(operation.unique)}`];
      case "dropUnique":
        return [dropKey(operation.name, this.#from)];
      case "addCheck":
        return this.#addCheck(operation.check);
      case "dropCheck":
        return this.#dropCheck(operation.name, operation.check);
    }
  }

  #define(name: string): string {
    const column = findColumn(this.#to, name);
    if (column === undefined) throw new InternalError(`column ${name} is not known`);
    return definition(column, this.#to, this.#binding);
  }

  /** The column anew, once. What is computed on reading and what is stored cannot become each other in place. */
  #modify(name: string): readonly string[] {
    const column = findColumn(this.#to, name);
    const was = findColumn(this.#from, name);
    if (this.#defined.has(name) || column === undefined || was === undefined) return [];
    this.#defined.add(name);
    const fillings = new Set([fillingOf(was), fillingOf(column)]);
    if (fillings.size === 1 || !fillings.has("virtual")) return [`MODIFY COLUMN ${this.#define(name)}`];
    return [`DROP COLUMN ${quoteName(name)}`, `ADD COLUMN ${this.#define(name)} ${this.#place(name)}`];
  }

  #place(name: string): string {
    const at = this.#from.columns.findIndex((column) => column.name === name);
    const before = this.#from.columns.slice(0, at).findLast((column) => findColumn(this.#to, column.name));
    return before === undefined ? "FIRST" : `AFTER ${quoteName(before.name)}`;
  }

  /** Columns that have the table's collation follow it. */
  #options(from: Table["options"][string], to: Table["options"][string]): readonly string[] {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    const differ = names.filter((name) => !equal(from[name], to[name]));
    // Without a character set of its own the table has the database's collation again.
    const freed = differ.includes("charset") && to["charset"] === undefined && !differ.includes("collation");
    const changed = (freed ? [...differ, "collation"] : differ).filter((name) => !structural.has(name));
    const recollated = changed.some((name) => name === "collation" || name === "charset");
    const clauses = changed
      .filter((name) => name !== "charset" || (to["charset"] !== undefined && to["collation"] === undefined))
      .map((name) => tableOptionClause(name, to[name]));
    const following = this.#to.columns.filter(
      (column) => column.collation === null && hasCollation(physicalType(column.type, this.#binding)),
    );
    return [
      ...clauses,
      ...historyClauses(from, to),
      ...(recollated ? following.flatMap((column) => this.#modify(column.name)) : []),
    ];
  }

  #addCheck(check: Check): readonly string[] {
    if (!isColumnCheck(check)) return [`ADD ${checkClause(check, this.#to)}`];
    const owner = this.#to.columns.find((column) => checkOfColumn(column, this.#to) === check);
    return owner === undefined ? [] : this.#modify(owner.name);
  }

  #dropCheck(name: string | null, check: Check | null): readonly string[] {
    const there = this.#from.checks.find((each) => (name === null ? equal(each, check) : each.name === name));
    if (there !== undefined && isColumnCheck(there)) {
      const owner = this.#from.columns.find((column) => checkOfColumn(column, this.#from) === there);
      return owner === undefined ? [] : this.#modify(owner.name);
    }
    if (name === null) throw new InternalError(`a check of ${this.#from.name} has no name`);
    return [`DROP ${isMariadb(this.#binding) ? "CONSTRAINT" : "CHECK"} ${quoteName(name)}`];
  }
}

/** History is kept, or no longer; and how long rows hold. */
function historyClauses(from: Table["options"][string], to: Table["options"][string]): readonly string[] {
  const [kept, keeps] = [from["systemVersioned"] === true, to["systemVersioned"] === true];
  const samePeriod = equal(from["period"], to["period"]);
  const [had, has] = [from, to].map((options) => periodOf({ options: { mysql: options } }));
  const sameHolding = equal(from[periodOption], to[periodOption]);
  return [
    ...(sameHolding || had == null ? [] : [`DROP PERIOD FOR ${quoteName(had.name)}`]),
    ...(sameHolding || has == null ? [] : [`ADD ${periodClause(has)}`]),
    ...(kept && !keeps ? ["DROP SYSTEM VERSIONING"] : []),
    ...(samePeriod ? [] : periodClauses(to).map((clause) => `ADD ${clause}`)),
    ...(!kept && keeps ? ["ADD SYSTEM VERSIONING"] : []),
  ];
}

function dropKey(name: string | null, table: Table): string {
  if (name === null) throw new InternalError(`a unique constraint of ${table.name} has no name`);
  return `DROP KEY ${quoteName(name)}`;
}
