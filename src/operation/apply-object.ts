import { AthanorError } from "../errors/index.ts";
import { enumOf } from "../schema/enum-object.ts";
import {
  findObject,
  isGrantOn,
  isRelation,
  kindLabel,
  type ObjectRef,
  objectLabel,
  type Schema,
  type SchemaObject,
  sameObject,
  sameTable,
  type TableRef,
  withoutPublished,
} from "../schema/index.ts";
import { canonicalOrder, withObject } from "../schema/order.ts";
import type { CreateObject, DropObject, ReplaceObject } from "./operation.ts";

/** The schema with an object more, less, or another. */
export function applyToObjects(schema: Schema, operation: CreateObject | DropObject | ReplaceObject): Schema {
  if (refOf(operation).kind === "enum") return applyToEnums(schema, operation);
  switch (operation.kind) {
    case "createObject": {
      const { object } = operation;
      if (findObject(schema, object) !== undefined) {
        throw new AthanorError("OPERATION.EXISTS", { ...named(object), table: null });
      }
      return withObject(schema, object);
    }
    case "dropObject":
      demand(schema, operation.ref);
      return withoutHung(
        {
          ...schema,
          objects: schema.objects.filter(
            (each) => !sameObject(each, operation.ref) && !isGrantOn(each, operation.ref),
          ),
        },
        isRelation(operation.ref) ? operation.ref : null,
      );
    case "replaceObject": {
      const { to } = operation;
      demand(schema, to);
      return { ...schema, objects: schema.objects.map((each) => (sameObject(each, to) ? to : each)) };
    }
  }
}

function refOf(operation: CreateObject | DropObject | ReplaceObject): ObjectRef {
  if (operation.kind === "createObject") return operation.object;
  return operation.kind === "dropObject" ? operation.ref : operation.to;
}

/** An enum is listed as such. One that is dropped may have gone with the last column that had it. */
function applyToEnums(schema: Schema, operation: CreateObject | DropObject | ReplaceObject): Schema {
  const ref = refOf(operation);
  const others = schema.enums.filter((each) => !sameTable(each, ref));
  if (operation.kind === "replaceObject") demand(schema, ref);
  if (operation.kind === "createObject" && others.length < schema.enums.length) {
    throw new AthanorError("OPERATION.EXISTS", { ...named(ref), table: null });
  }
  if (operation.kind === "dropObject") {
    return { ...schema, enums: others, objects: schema.objects.filter((each) => !isGrantOn(each, ref)) };
  }
  const object = operation.kind === "createObject" ? operation.object : operation.to;
  return canonicalOrder({ ...schema, enums: [...others, enumOf(object)] });
}

/** The schema without what goes with a table or view: what hangs on it, the sequences of its columns, its part in publications. */
export function withoutHung(schema: Schema, ref: TableRef | null): Schema {
  if (ref === null) return schema;
  const goes = ({ table, ownedBy }: SchemaObject): boolean =>
    (table !== null && sameTable(table, ref)) || (ownedBy !== null && sameTable(ownedBy.table, ref));
  const names = ({ kind, definition }: SchemaObject): boolean =>
    kind === "publication" && withoutPublished(definition, ref) !== definition;
  if (!schema.objects.some((each) => goes(each) || names(each))) return schema;
  const objects = schema.objects.filter((each) => !goes(each));
  return {
    ...schema,
    objects: objects.map((each) =>
      names(each) ? { ...each, definition: withoutPublished(each.definition, ref) } : each,
    ),
  };
}

function demand(schema: Schema, ref: ObjectRef): void {
  if (findObject(schema, ref) !== undefined) return;
  throw new AthanorError("OPERATION.MISSING", { ...named(ref), table: null });
}

function named(ref: ObjectRef): { readonly kind: string; readonly name: string } {
  return { kind: kindLabel(ref.kind), name: objectLabel(ref) };
}
