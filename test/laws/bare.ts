import { objectKey, type Schema } from "../../src/schema/index.ts";

/** What objects are, without what is only known of them, by their names; what a virtual table keeps is its own affair. */
export function bare(schema: Schema): Schema {
  const objects = schema.objects.map(({ dependsOn: _, facts: __, ...object }) => object);
  const unmanaged = schema.unmanaged.filter(({ kind }) => kind !== "shadow table");
  return {
    ...schema,
    unmanaged,
    objects: objects.toSorted((x, y) => (objectKey(x) < objectKey(y) ? -1 : 1)),
  };
}
