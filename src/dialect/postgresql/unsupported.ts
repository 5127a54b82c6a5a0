import { AthanorError } from "../../errors/index.ts";
import { describe, type Operation } from "../../operation/index.ts";
import {
  type Check,
  type Column,
  type ColumnType,
  type ForeignKey,
  type Index,
  kindLabel,
  type PrimaryKey,
  type Schema,
  type SchemaObject,
  type Table,
  type TableRef,
  tableLabel,
  type Unique,
} from "../../schema/index.ts";
import { option } from "./ddl-clauses.ts";
import { nameLimit } from "./quote.ts";
import { typeName } from "./type-name.ts";
import { type Feature, lacks, since, type Version, versionName } from "./version.ts";

/** Reasons why a server of this version cannot hold a schema, for people. */
export function unsupported(schema: Schema, version: Version): readonly string[] {
  return [
    ...schema.namespaces.flatMap((name) => tooLong("schema", name)),
    ...schema.enums.flatMap(({ name }) => tooLong("enum", name)),
    ...schema.objects.flatMap(objectName),
    ...schema.tables.flatMap((table) => new Reasons(version).table(table)),
  ];
}

/** A name that is cut short would be another's: only those of constraints and indexes are of nobody's choosing. */
function tooLong(kind: string, name: string, of = ""): readonly string[] {
  const length = nameLimit.lengthOf(name);
  if (length <= nameLimit.most) return [];
  return [
    `PostgreSQL has names of ${nameLimit.most} bytes at most, and this has ${length}: ${kind} "${name}"${of}.`,
  ];
}

/** What comments and grants are called says what they are about. */
function objectName({ kind, name }: Pick<SchemaObject, "kind" | "name">): readonly string[] {
  return kind === "comment" || kind === "grant" ? [] : tooLong(kindLabel(kind), name);
}

/** The type that another database alone has. */
function foreignType(type: ColumnType | undefined): readonly string[] {
  if (type?.kind === "array") return foreignType(type.of);
  return type?.kind === "native" && type.dialect !== "postgresql"
    ? [`${type.sql}, which is ${type.dialect}'s own`]
    : [];
}

/** Throws `PLAN.UNSUPPORTED` where a server of this version cannot do what an operation says. */
export function refuseUnsupported(operation: Operation, version: Version): void {
  const reasons = new Reasons(version).operation(operation);
  if (reasons.length > 0)
    throw new AthanorError("PLAN.UNSUPPORTED", { operation: describe(operation), reason: reasons.join(" ") });
}

/** Collects what a version lacks of the parts of a schema. */
class Reasons {
  readonly #version: Version;

  constructor(version: Version) {
    this.#version = version;
  }

  operation(operation: Operation): readonly string[] {
    switch (operation.kind) {
      case "createTable":
        return this.table(operation.table);
      case "renameTable":
        return tooLong("table", operation.to.name);
      case "renameColumn":
        return tooLong("column", operation.to, ` of table "${tableLabel(operation.table)}"`);
      case "createNamespace":
        return tooLong("schema", operation.name);
      case "createObject":
        return objectName(operation.object);
      case "addColumn":
        return this.#column(operation.column, operation.table);
      case "alterColumn":
        return this.#column({ ...operation.to, name: operation.name }, operation.table);
      case "addPrimaryKey":
        return this.#key(operation.primaryKey, operation.table);
      case "addUnique":
        return this.#unique(operation.unique, operation.table);
      case "addForeignKey":
        return this.#foreignKey(operation.foreignKey, operation.table);
      case "addCheck":
        return this.#check(operation.check, operation.table);
      case "createIndex":
        return this.#index(operation.index, operation.table);
      default:
        return [];
    }
  }

  table(table: Table): readonly string[] {
    return [
      ...tooLong("table", table.name),
      ...table.columns.flatMap((each) => this.#column(each, table)),
      ...(table.primaryKey === null ? [] : this.#key(table.primaryKey, table)),
      ...table.uniques.flatMap((each) => this.#unique(each, table)),
      ...table.foreignKeys.flatMap((each) => this.#foreignKey(each, table)),
      ...table.checks.flatMap((each) => this.#check(each, table)),
      ...table.indexes.flatMap((each) => this.#index(each, table)),
    ];
  }

  /** A sentence where the version lacks a feature that is used. */
  #needs(used: boolean, feature: Feature, words: string, where: string): readonly string[] {
    const version = this.#version;
    if (!used || version === null || !lacks(version, feature)) return [];
    const wanted = since[feature] / 10_000;
    return [`${words} PostgreSQL ${wanted} or newer, and this server is ${versionName(version)}: ${where}.`];
  }

  #column(column: Partial<Column> & Pick<Column, "name">, table: TableRef): readonly string[] {
    const where = `"${tableLabel(table)}.${column.name}"`;
    const compressed = option(column.options ?? {}, "compression") !== undefined;
    const multirange = column.type !== undefined && /multirange\b/i.test(typeName(column.type));
    return [
      ...foreignType(column.type).map((sql) => `PostgreSQL does not have the type ${sql}: ${where}.`),
      ...tooLong("column", column.name, ` of table "${tableLabel(table)}"`),
      ...this.#needs(
        column.generated?.stored === false,
        "virtualColumns",
        "Generated columns that are computed when read need",
        where,
      ),
      ...this.#needs(compressed, "compression", "Compression of a column needs", where),
      ...this.#needs(multirange, "multiranges", "Types of several ranges need", where),
    ];
  }

  #key(key: PrimaryKey, table: TableRef): readonly string[] {
    return this.#temporal(key.options, named("primary key", key.name, table));
  }

  #unique(unique: Unique, table: TableRef): readonly string[] {
    const where = named("unique constraint", unique.name, table);
    return [...this.#nulls(unique.nullsNotDistinct, where), ...this.#temporal(unique.options, where)];
  }

  #index(index: Index, table: TableRef): readonly string[] {
    return this.#nulls(index.nullsNotDistinct, named("index", index.name, table));
  }

  #foreignKey(key: ForeignKey, table: TableRef): readonly string[] {
    const where = named("foreign key", key.name, table);
    const columns = option(key.options, "onDeleteColumns") !== undefined;
    return [
      ...this.#needs(columns, "onDeleteColumns", "A list of columns after ON DELETE SET NULL needs", where),
      ...this.#enforced(key.options, where),
      ...this.#temporal(key.options, where),
    ];
  }

  #check(check: Check, table: TableRef): readonly string[] {
    return this.#enforced(check.options, named("check", check.name, table));
  }

  #nulls(used: boolean, where: string): readonly string[] {
    return this.#needs(used, "nullsNotDistinct", "NULLS NOT DISTINCT needs", where);
  }

  #enforced(options: Table["options"], where: string): readonly string[] {
    return this.#needs(option(options, "notEnforced") === true, "notEnforced", "NOT ENFORCED needs", where);
  }

  #temporal(options: Table["options"], where: string): readonly string[] {
    const used = option(options, "withoutOverlaps") === true || option(options, "period") === true;
    return this.#needs(used, "temporalKeys", "A key over periods needs", where);
  }
}

function named(kind: string, name: string | null, table: TableRef): string {
  return `${kind} ${name === null ? "" : `"${name}" `}of table "${tableLabel(table)}"`;
}
