import { type ObjectRef, objectKinds, type SchemaObject } from "../schema/index.ts";
import type { MigrationOperations, ObjectInput, ObjectInputRef, Recorder } from "./operations-api.ts";
import {
  type CallPlace,
  type PlaceOf,
  readName,
  readNameOrNull,
  readOptions,
  readTable,
  refuse,
} from "./read-arguments.ts";

/** The calls of `op` about views, functions, sequences and their like. */
export function objectRecorders(
  placeOf: PlaceOf,
  emit: Recorder,
): Pick<MigrationOperations, "createObject" | "dropObject" | "replaceObject"> {
  return {
    createObject(object) {
      emit({ kind: "createObject", object: readObject(placeOf("createObject"), object) });
    },
    dropObject(object) {
      emit({ kind: "dropObject", ref: readRef(placeOf("dropObject"), object), object: null });
    },
    replaceObject(object) {
      emit({ kind: "replaceObject", from: null, to: readObject(placeOf("replaceObject"), object) });
    },
  };
}

const refKeys = ["kind", "dialect", "name", "schema", "table", "signature"] as const;

function readRef(place: CallPlace, input: ObjectInputRef): ObjectRef {
  const { kind, dialect, name, schema, table, signature } = readOptions(place, input, [...refKeys]);
  if (kind === undefined || !objectKinds.includes(kind))
    refuse(place, `kind is one of ${objectKinds.join(", ")}`);
  return {
    kind,
    dialect: readNameOrNull(place, "the dialect", dialect),
    schema: readNameOrNull(place, "the schema", schema),
    name: readName(place, "the name", name),
    table: table == null ? null : readTable(place, table),
    signature: typeof signature === "string" ? signature : null,
  };
}

function readObject(place: CallPlace, input: ObjectInput): SchemaObject {
  const { definition, ownedBy, comment, options, ...ref } = readOptions(place, input, [
    ...refKeys,
    "definition",
    "ownedBy",
    "comment",
    "options",
  ]);
  return {
    ...readRef(place, ref as ObjectInputRef),
    definition: typeof definition === "string" ? definition : refuse(place, "the definition is SQL text"),
    ownedBy: ownedBy
      ? {
          table: readTable(place, ownedBy.table),
          column: readName(place, "the owning column", ownedBy.column),
        }
      : null,
    comment: comment ?? null,
    options: options ?? {},
  };
}
