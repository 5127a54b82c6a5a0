import { AthanorError } from "../errors/index.ts";
import { defaultNaming, type NamingConvention, type Table } from "../schema/index.ts";
import { ModelColumn } from "./column.ts";
import { type ColumnsByProperty, definitionOf, type ModelDefinition } from "./definition.ts";
import { type AnyField, type ResolvedField, resolveField } from "./field-metadata.ts";
import { resolveForeignKeys } from "./foreign-key-metadata.ts";
import { discriminatorOf, Hierarchy, rootOf } from "./hierarchy.ts";
import { linkNamed } from "./implicit-link.ts";
import type { Discriminator, ModelMetadata, RelationMetadata } from "./metadata.ts";
import type { Relation } from "./relation.ts";
import { resolveRelation } from "./relation-metadata.ts";
import type { ResolvedForeignKey, ResolvedMetadata } from "./resolved.ts";
import { rolesOf } from "./roles.ts";
import { isValid } from "./schemas.ts";
import { buildTable } from "./table.ts";
import type { TableItem } from "./table-items.ts";

type Entry = AnyField | Relation<unknown, "one" | "many">;

/** A model's metadata with the parts that only tables need. */
export class ResolvedModel implements ResolvedMetadata {
  readonly definition: ModelDefinition;
  readonly fields: readonly ResolvedField[];
  readonly fieldsByProperty: ReadonlyMap<string, ResolvedField>;
  readonly primaryKey: readonly ResolvedField[];
  readonly versionId: ResolvedField | null;
  readonly #relationEntries: ReadonlyMap<string, Relation<unknown, "one" | "many">>;
  #relations: ReadonlyMap<string, RelationMetadata> | undefined;
  #discriminator: { readonly value: Discriminator | null } | undefined;
  #foreignKeys: readonly ResolvedForeignKey[] | undefined;

  constructor(definition: ModelDefinition) {
    this.definition = definition;
    const entries = Object.entries(definition.fields).map(
      ([property, entry]) => [property, unarrow(this.name, property, entry)] as const,
    );
    const fields = entries.flatMap(([property, entry]) =>
      entry.kind === "field" ? [[property, entry] as const] : [],
    );
    const keys = fields.filter(([, field]) => field.options.primaryKey === true);
    this.fields = fields.map(([property, field]) =>
      this.#asHeir(resolveField(this.name, property, field, keys.length === 1 && keys[0]?.[0] === property)),
    );
    this.#relationEntries = new Map(
      entries.flatMap(([property, entry]) => (entry.kind === "relation" ? [[property, entry] as const] : [])),
    );
    this.fieldsByProperty = new Map(this.fields.map((field) => [field.property, field]));
    this.primaryKey = this.fields.filter((field) => field.primaryKey);
    this.versionId = this.fields.find((field) => field.versionId) ?? null;
    this.#checkColumns();
    rolesOf(this);
  }

  get model(): ModelMetadata["model"] {
    return this.definition.model;
  }

  get name(): string {
    return this.definition.model.name || this.definition.table.name;
  }

  get table(): ModelMetadata["table"] {
    return this.definition.table;
  }

  /** The properties that are relations; known without resolving any. */
  get relationNames(): readonly string[] {
    return [...this.#relationEntries.keys()];
  }

  get relations(): ReadonlyMap<string, RelationMetadata> {
    this.#relations ??= new Map(
      [...this.#relationEntries].map(([property, relation]) => [
        property,
        this.#resolveRelation(property, relation),
      ]),
    );
    return this.#relations;
  }

  #resolveRelation(property: string, relation: Relation<unknown, "one" | "many">): RelationMetadata {
    const { through } = relation.options;
    if (typeof through !== "string") return resolveRelation(this, property, relation, metadataOf, through);
    const link = linkNamed(through, this, property, metadataOf(relation.target), columnsOf);
    return resolveRelation(this, property, relation, metadataOf, link);
  }

  /** The tables between this model and others that have no model of their own. */
  get implicitLinks(): readonly ResolvedModel[] {
    return [...this.#relationEntries].flatMap(([property, relation]) => {
      if (typeof relation.options.through !== "string") return [];
      return [metadataOf(this.#resolveRelation(property, relation).link?.model.model)];
    });
  }

  get foreignKeys(): readonly ResolvedForeignKey[] {
    this.#foreignKeys ??= this.#resolveForeignKeys();
    return this.#foreignKeys;
  }

  /** Those of an heir's fields, and what its parents' tables said of several fields together. */
  #resolveForeignKeys(): readonly ResolvedForeignKey[] {
    const own = resolveForeignKeys(this);
    const { inherits } = this.definition;
    if (inherits === null) return own;
    const inherited = metadataOf(inherits.parent.model).foreignKeys.filter(
      (key) => key.properties.length > 1,
    );
    return [...own, ...inherited];
  }

  /** New objects of an heir hold its own value in the field that tells them apart. */
  #asHeir(field: ResolvedField): ResolvedField {
    const { inherits } = this.definition;
    if (inherits === null || field.options.discriminator === undefined) return field;
    return { ...field, makeDefault: () => inherits.value };
  }

  get stored(): ModelMetadata {
    const root = rootOf(this.definition);
    root.stored ??= root.heirs.length === 0 ? metadataOf(root.model) : new Hierarchy(root, resolveDefinition);
    return root.stored;
  }

  get discriminator(): Discriminator | null {
    this.#discriminator ??= { value: discriminatorOf(this.definition, resolveDefinition) };
    return this.#discriminator.value;
  }

  get tableItems(): readonly TableItem[] {
    const items = this.definition.items?.(columnsOf(this.definition));
    return items === undefined ? [] : ([items].flat() as unknown as readonly TableItem[]);
  }

  isValid(instance: object): boolean {
    return isValid(this, instance);
  }

  toTable(naming: NamingConvention = defaultNaming): Table {
    return buildTable(this, naming);
  }

  /** Throws `MODEL.NO_PRIMARY_KEY` where there is none and nobody says so. */
  demandKey(): void {
    if (this.primaryKey.length > 0 || this.tableItems.some((item) => item.kind === "noPrimaryKey")) return;
    throw new AthanorError("MODEL.NO_PRIMARY_KEY", { model: this.name });
  }

  #checkColumns(): void {
    const seen = new Set<string>();
    for (const { column, property } of this.fields) {
      if (seen.has(column))
        throw new AthanorError("MODEL.DUPLICATE_COLUMN", { model: this.name, property, column });
      seen.add(column);
    }
  }
}

/** Calls an arrow. One that names a model whose module has not run yet says so instead of failing raw. */
function unarrow(model: string, property: string, entry: unknown): Entry {
  try {
    const value = typeof entry === "function" ? (entry as () => unknown)() : entry;
    if (typeof value === "object" && value !== null && "kind" in value) {
      if (value.kind === "field" || value.kind === "relation") return value as Entry;
    }
  } catch (cause) {
    if (cause instanceof ReferenceError)
      throw new AthanorError("MODEL.EAGER_REFERENCE", { model, property }, { cause });
    throw cause;
  }
  throw new AthanorError("MODEL.NOT_A_FIELD", { model, property });
}

function resolveDefinition(definition: ModelDefinition): ResolvedModel {
  return metadataOf(definition.model);
}

/** Everything known of a model class. Throws `MODEL.NOT_A_MODEL` for anything else. */
export function metadataOf(model: unknown): ResolvedModel {
  const definition = definitionOf(model);
  if (definition === undefined) {
    throw new AthanorError("MODEL.NOT_A_MODEL", {
      what: typeof model === "function" ? model.name : String(model),
    });
  }
  if (definition.metadata !== undefined) return definition.metadata as ResolvedModel;
  const metadata = new ResolvedModel(definition);
  // Known before it is looked at whole: what belongs to the table speaks of the model's own columns.
  definition.metadata = metadata;
  try {
    metadata.demandKey();
  } catch (error) {
    definition.metadata = undefined;
    throw error;
  }
  return metadata;
}

/** The columns of a model by property; each knows its field only when it is asked for it. */
export function columnsOf(definition: ModelDefinition): ColumnsByProperty {
  definition.columns ??= makeColumns(definition, null);
  return definition.columns;
}

/** The columns of a model, or of an alias of it. */
export function makeColumns(definition: ModelDefinition, alias: string | null): ColumnsByProperty {
  const columns: Record<string, ModelColumn<unknown>> = {};
  for (const property of Object.keys(definition.fields)) {
    columns[property] = new ModelColumn(
      {
        get model() {
          return definition.model;
        },
        table: definition.table,
        alias,
        field: () => {
          const metadata = metadataOf(definition.model);
          const field = metadata.fieldsByProperty.get(property);
          if (field !== undefined) return field;
          throw new AthanorError("MODEL.UNKNOWN_PROPERTY", { model: metadata.name, property });
        },
      },
      property,
    );
  }
  return columns;
}
