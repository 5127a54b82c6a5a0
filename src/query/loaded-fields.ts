import type { FieldMetadata, ModelMetadata } from "../model/index.ts";

const needed = new WeakMap<ModelMetadata, ReadonlySet<string>>();

/** Properties that every object has: its key and version, what tells its model, and what relations go by. */
function neededProperties(stored: ModelMetadata): ReadonlySet<string> {
  let properties = needed.get(stored);
  if (properties === undefined) {
    const keys = [...stored.primaryKey, stored.versionId, stored.discriminator?.field];
    properties = new Set([
      ...keys.flatMap((field) => (field === null || field === undefined ? [] : [field.property])),
      ...stored.foreignKeys.flatMap((key) => key.properties),
      ...[...stored.relations.values()].flatMap(({ pairs, link }) =>
        [...pairs, ...(link?.local ?? [])].map(({ local }) => local),
      ),
    ]);
    needed.set(stored, properties);
  }
  return properties;
}

/**
 * The fields of a table that are read for an object: all but the deferred ones that nobody asked for, or, where the
 * query says `only`, those and what no object can be without.
 */
export function loadedFields(
  stored: ModelMetadata,
  only: readonly string[] | null,
  asked: readonly string[],
): readonly FieldMetadata[] {
  if (only === null && !stored.fields.some(({ deferred }) => deferred)) return stored.fields;
  const always = neededProperties(stored);
  return stored.fields.filter(({ property, deferred }) => {
    if (always.has(property) || asked.includes(property)) return true;
    return only === null ? !deferred : only.includes(property);
  });
}
