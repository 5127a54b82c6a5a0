import type { Operation } from "../operation/index.ts";
import { findObject, type Schema, type SchemaObject, sameDefinition, sameObject } from "../schema/index.ts";

/** Objects beside tables in the words of `logical`, wherever its own physical form is what is there. */
export function objectsAsSaid(physical: Schema, logical: Schema, canonical: Schema): readonly SchemaObject[] {
  return physical.objects.map((object) => {
    const made = findObject(canonical, object);
    return made !== undefined && sameDefinition(made, object) ? (saidOf(logical, object) ?? object) : object;
  });
}

/** An object as it was said: the types of its arguments may be written in another way there. */
function saidOf(schema: Schema, object: SchemaObject): SchemaObject | undefined {
  const exact = findObject(schema, object);
  if (exact !== undefined) return exact;
  const named = schema.objects.filter((each) => sameObject({ ...each, signature: object.signature }, object));
  return named.length === 1 ? named[0] : undefined;
}

type ObjectOperation = Extract<Operation, { kind: "createObject" | "dropObject" | "replaceObject" }>;

/**
 * What is done to an object, with the definition that was said. Its name is the one that the database knows; its owner
 * and its comment are the operation's own matter.
 */
export function objectInWords(operation: ObjectOperation, from: Schema, to: Schema): Operation {
  const said = <T extends SchemaObject | null>(object: T, ...sides: readonly Schema[]): T => {
    if (object === null) return object;
    const found = sides.map((side) => saidOf(side, object)).find((each) => each !== undefined);
    if (found === undefined) return object;
    const { dependsOn: _, facts: __, ...plain } = object;
    // The members of a family are words as well.
    const options = isFamily(object) ? found.options : object.options;
    return { ...plain, dialect: found.dialect, definition: found.definition, options } as T;
  };
  switch (operation.kind) {
    case "createObject":
      return { ...operation, object: said(operation.object, to) };
    case "dropObject":
      return { ...operation, object: said(operation.object, from) };
    case "replaceObject": {
      const same = operation.from?.definition === operation.to.definition && !isFamily(operation.to);
      return {
        ...operation,
        from: same ? said(operation.from, to, from) : said(operation.from, from),
        to: said(operation.to, to, from),
      };
    }
  }
}

function isFamily({ kind }: SchemaObject): boolean {
  return kind === "operatorFamily";
}
