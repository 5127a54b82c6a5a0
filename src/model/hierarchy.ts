import { AthanorError } from "../errors/index.ts";
import { defaultNaming, type NamingConvention, type Table } from "../schema/index.ts";
import type { ModelDefinition } from "./definition.ts";
import type { ResolvedField } from "./field-metadata.ts";
import type { Discriminator, ModelMetadata, RelationMetadata } from "./metadata.ts";
import type { ResolvedForeignKey, ResolvedMetadata } from "./resolved.ts";
import { isValid } from "./schemas.ts";
import { buildTable } from "./table.ts";
import type { TableItem } from "./table-items.ts";

/** The first of the models that share a table. */
export function rootOf(definition: ModelDefinition): ModelDefinition {
  let root = definition;
  while (root.inherits !== null) root = root.inherits.parent;
  return root;
}

/** A model and those that share its table and came from it, parents first. */
export function lineOf(definition: ModelDefinition): readonly ModelDefinition[] {
  return [definition, ...definition.heirs.flatMap(lineOf)];
}

type Resolve = (definition: ModelDefinition) => ResolvedMetadata;

/** How rows of a model are told from those of others in its table; null where it has the table for itself. */
export function discriminatorOf(definition: ModelDefinition, resolve: Resolve): Discriminator | null {
  const root = rootOf(definition);
  const family = lineOf(root);
  if (family.length === 1) return null;
  const rootModel = resolve(root);
  const field = rootModel.fields.find(({ options }) => options.discriminator !== undefined);
  if (field === undefined) throw new AthanorError("MODEL.NO_DISCRIMINATOR", { model: rootModel.name });
  const kindOf = (each: ModelDefinition): string =>
    each.inherits?.value ?? (field.options.discriminator as string);
  const byValue = new Map<unknown, ModelDefinition>();
  for (const each of family) {
    const other = byValue.get(kindOf(each));
    if (other !== undefined) {
      const models = [other, each].map((one) => resolve(one).name);
      throw new AthanorError("MODEL.SAME_DISCRIMINATOR", { value: kindOf(each), models });
    }
    byValue.set(kindOf(each), each);
  }
  return {
    field,
    value: kindOf(definition),
    values: lineOf(definition).map(kindOf),
    modelOf: (value) => {
      const found = byValue.get(value);
      return found === undefined ? undefined : resolve(found);
    },
    isRoot: definition === root,
  };
}

/** Everything a shared table holds: the fields, keys, relations and table items of all its models. */
export class Hierarchy implements ResolvedMetadata {
  readonly #root: ResolvedMetadata;
  readonly #members: readonly ResolvedMetadata[];
  readonly fields: readonly ResolvedField[];
  readonly fieldsByProperty: ReadonlyMap<string, ResolvedField>;
  readonly discriminator: Discriminator | null;
  #relations: ReadonlyMap<string, RelationMetadata> | undefined;

  constructor(root: ModelDefinition, resolve: Resolve) {
    this.#root = resolve(root);
    this.#members = lineOf(root).map(resolve);
    this.discriminator = discriminatorOf(root, resolve);
    this.fieldsByProperty = unite(this.#root, this.#members);
    this.fields = [...this.fieldsByProperty.values()];
  }

  get model(): ModelMetadata["model"] {
    return this.#root.model;
  }

  get name(): string {
    return this.#root.name;
  }

  get table(): ModelMetadata["table"] {
    return this.#root.table;
  }

  get stored(): ModelMetadata {
    return this;
  }

  get primaryKey(): readonly ResolvedField[] {
    return this.#root.primaryKey;
  }

  get versionId(): ResolvedField | null {
    return this.#root.versionId as ResolvedField | null;
  }

  get foreignKeys(): readonly ResolvedForeignKey[] {
    const keys = this.#members.flatMap((member) => member.foreignKeys);
    const ids = keys.map(
      ({ properties, target }) => `${properties.join("+")} ${target.schema} ${target.name}`,
    );
    return keys.filter((_, at) => ids.indexOf(ids[at] as string) === at);
  }

  get relations(): ReadonlyMap<string, RelationMetadata> {
    this.#relations ??= new Map(this.#members.flatMap((member) => [...member.relations]));
    return this.#relations;
  }

  /** An heir's third argument is about what it adds; what it inherits has been said by its parent. */
  get tableItems(): readonly TableItem[] {
    return this.#members.flatMap((member) => member.tableItems);
  }

  isValid(instance: object): boolean {
    return isValid(this, instance);
  }

  toTable(naming: NamingConvention = defaultNaming): Table {
    return buildTable(this, naming);
  }
}

/** The fields of all, each once. What only an heir has is NULL in the rows of others. */
function unite(
  root: ResolvedMetadata,
  members: readonly ResolvedMetadata[],
): ReadonlyMap<string, ResolvedField> {
  const fields = new Map<string, ResolvedField>(root.fieldsByProperty);
  const columns = new Map(root.fields.map(({ column, property }) => [column, property]));
  for (const member of members) {
    for (const field of member.fields) {
      const { property, column } = field;
      const known = fields.get(property);
      if (root.fieldsByProperty.has(property)) continue;
      const same = known === undefined || (known.schema === field.schema && known.column === column);
      if (!same || (columns.get(column) ?? property) !== property) {
        throw new AthanorError("MODEL.DUPLICATE_COLUMN", { model: member.name, property, column });
      }
      fields.set(property, { ...field, nullable: true });
      columns.set(column, property);
    }
  }
  return fields;
}
