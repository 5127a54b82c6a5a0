/** Small changes to a schema, such that rows which were right stay right. */
import fc from "fast-check";
import { mentions } from "../../src/schema/expression.ts";
import { type Column, type ColumnType, column, type Schema, type Table, t } from "../../src/schema/index.ts";
import { canonicalOrder } from "../../src/schema/order.ts";
import { type Features, sqliteFeatures } from "./features.ts";
import {
  arbitraryTable,
  checkOn,
  defaultsOf,
  indexOn,
  isDistinct,
  isIndexable,
  isText,
  uniqueOn,
  withReference,
} from "./generate.ts";

const kinds = [
  "addTable",
  "dropTable",
  "addColumn",
  "addRequiredColumn",
  "dropColumn",
  "makeNullable",
  "makeRequired",
  "widen",
  "changeDefault",
  "changeCollation",
  "addIndex",
  "dropIndex",
  "addUnique",
  "dropUnique",
  "addCheck",
  "dropCheck",
  "addReference",
  "dropReference",
  "changeReference",
] as const;

interface Edit {
  readonly kind: (typeof kinds)[number];
  readonly table: number;
  readonly pick: number;
  readonly other: number;
  readonly fresh: Table;
}

/** The schema after up to four changes. */
export function mutateSchema(from: Schema, features: Features = sqliteFeatures): fc.Arbitrary<Schema> {
  const edit = fc.record({
    kind: fc.constantFrom(...kinds),
    table: fc.nat(7),
    pick: fc.nat(7),
    other: fc.nat(7),
    fresh: arbitraryTable("fresh", features),
  });
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) => canonicalOrder(edits.reduce((schema, each) => applyEdit(schema, each, features), from)))
    .chain((to) => features.mutate?.(to) ?? fc.constant(to));
}

function applyEdit(schema: Schema, edit: Edit, features: Features): Schema {
  if (edit.kind === "addTable") {
    const taken = schema.tables.some((each) => each.name === edit.fresh.name);
    return taken ? schema : { ...schema, tables: [...schema.tables, edit.fresh] };
  }
  const target = schema.tables[edit.table % Math.max(schema.tables.length, 1)];
  if (target === undefined) return schema;
  if (edit.kind === "dropTable") return withoutTable(schema, target);
  const changed = editTable(target, edit, schema, features);
  return { ...schema, tables: schema.tables.map((each) => (each === target ? changed : each)) };
}

function withoutTable(schema: Schema, target: Table): Schema {
  return {
    ...schema,
    tables: schema.tables
      .filter((each) => each !== target)
      .map((each) => ({
        ...each,
        foreignKeys: each.foreignKeys.filter((key) => key.references.name !== target.name),
      })),
  };
}

function editTable(target: Table, edit: Edit, schema: Schema, features: Features): Table {
  const free = target.columns.filter(
    (each) => !isKey(target, each) && each.generated === null && each.name !== "added",
  );
  const chosen = free[edit.pick % Math.max(free.length, 1)];
  switch (edit.kind) {
    case "addColumn":
      return added(target, column("added", t.varchar(80)));
    case "addRequiredColumn":
      return added(
        target,
        column("added", t.integer(), { nullable: false, default: { kind: "literal", value: 5 } }),
      );
    case "addReference": {
      const to = schema.tables[edit.other % schema.tables.length]!;
      return withReference(target, to, { onDelete: "cascade" });
    }
    case "dropReference":
      return { ...target, foreignKeys: target.foreignKeys.slice(1) };
    case "changeReference":
      return {
        ...target,
        foreignKeys: target.foreignKeys.map((key) => ({ ...key, onUpdate: "cascade" as const })),
      };
    case "dropIndex":
      return { ...target, indexes: target.indexes.slice(1) };
    case "dropUnique":
      return { ...target, uniques: [] };
    case "dropCheck":
      return { ...target, checks: [] };
    default:
      return chosen === undefined ? target : editColumn(target, chosen, edit, features);
  }
}

function isKey(target: Table, { name }: Column): boolean {
  return (
    target.primaryKey?.columns.includes(name) === true ||
    target.foreignKeys.some((key) => key.columns.includes(name))
  );
}

function added(target: Table, fresh: Column): Table {
  const taken = target.columns.some((each) => each.name === fresh.name);
  return taken ? target : { ...target, columns: [...target.columns, fresh] };
}

function changed(target: Table, chosen: Column, change: Partial<Column>): Table {
  return {
    ...target,
    columns: target.columns.map((each) => (each === chosen ? { ...each, ...change } : each)),
  };
}

function editColumn(target: Table, chosen: Column, edit: Edit, features: Features): Table {
  switch (edit.kind) {
    case "dropColumn":
      return withoutColumn(target, chosen.name);
    case "makeNullable":
      return changed(target, chosen, { nullable: true });
    case "makeRequired":
      // A reference may be null for want of a row to refer to, also once it is a plain column.
      return chosen.name.endsWith(" id") ? target : changed(target, chosen, { nullable: false });
    case "widen":
      return changed(target, chosen, { type: wider(chosen.type) });
    case "changeDefault": {
      const defaults = [null, ...defaultsOf(chosen.type)];
      return changed(target, chosen, { default: defaults[edit.other % defaults.length] ?? null });
    }
    case "changeCollation": {
      if (!isText(chosen.type)) return target;
      return changed(target, chosen, { collation: chosen.collation === null ? features.collation : null });
    }
    case "addIndex": {
      if (!isIndexable(chosen.type, features)) return target;
      const plan = {
        unique: false,
        descending: edit.other > 3,
        partial: edit.other % 2 === 0,
        expression: false,
      };
      const made = indexOn(target.name, chosen, plan, features);
      return target.indexes.some((each) => each.name === made.name)
        ? target
        : { ...target, indexes: [...target.indexes, made] };
    }
    case "addUnique": {
      const made = uniqueOn(target.name, [chosen.name]);
      // Rows may refer to one and the same row, also once the reference is a plain column.
      const wasReference = chosen.name.endsWith(" id");
      const possible = isDistinct(chosen.type) && target.uniques.length === 0 && !wasReference;
      return possible ? { ...target, uniques: [made] } : target;
    }
    default: {
      const made = checkOn(target.name, chosen);
      return made === null || target.checks.length > 0 ? target : { ...target, checks: [made] };
    }
  }
}

function withoutColumn(target: Table, name: string): Table {
  const left = target.columns.filter(
    (each) => each.name !== name && !(each.generated !== null && mentions(each.generated.expression, name)),
  );
  if (left.length === 0) return target;
  const gone = target.columns.filter((each) => !left.includes(each)).map((each) => each.name);
  const over = (sql: string | null): boolean => sql !== null && gone.some((each) => mentions(sql, each));
  const on = (part: Table["indexes"][number]["parts"][number]): boolean =>
    gone.includes(part.column ?? "") || over(part.expression);
  return {
    ...target,
    columns: left,
    uniques: target.uniques.filter((each) => !each.columns.some((column) => gone.includes(column))),
    checks: target.checks.filter((each) => !over(each.expression)),
    exclusions: target.exclusions.filter((each) => !each.elements.some(({ part }) => on(part))),
    indexes: target.indexes.filter(
      (each) =>
        !over(each.where) && !each.parts.some(on) && !each.include.some((column) => gone.includes(column)),
    ),
  };
}

/** A type that holds every value of this one, and gives it back the same. */
function wider(type: ColumnType): ColumnType {
  switch (type.kind) {
    case "smallint":
      return t.integer();
    case "integer":
      return t.bigint();
    case "real":
      return t.double();
    case "varchar":
      return type.length === 20 ? t.varchar(80) : t.text();
    default:
      return type;
  }
}
