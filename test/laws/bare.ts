import { objectKey, type Schema } from "../../src/schema/index.ts";

/** What objects are, without what is only known of them, by their names. */
export function bare(schema: Schema): Schema {
  const objects = schema.objects.map(({ dependsOn: _, facts: __, ...object }) => object);
  return { ...schema, objects: objects.toSorted((x, y) => (objectKey(x) < objectKey(y) ? -1 : 1)) };
}
