import type {
  DroppedCheck,
  DroppedExclusion,
  DroppedForeignKey,
  DroppedUnique,
  MigrationOperations,
  Recorder,
} from "./operations-api.ts";
import { type CallPlace, type PlaceOf, readNameOrNull, readTable, refuse } from "./read-arguments.ts";
import { readCheck, readExclusion, readForeignKey, readPrimaryKey, readUnique } from "./table-parts.ts";

type ConstraintMethods =
  | "addPrimaryKey"
  | "dropPrimaryKey"
  | "addForeignKey"
  | "dropForeignKey"
  | "addUnique"
  | "dropUnique"
  | "addCheck"
  | "dropCheck"
  | "addExclusion"
  | "dropExclusion";

/** The calls of `op` that add and drop constraints. */
export function constraintRecorders(
  placeOf: PlaceOf,
  emit: Recorder,
): Pick<MigrationOperations, ConstraintMethods> {
  return { ...addRecorders(placeOf, emit), ...dropRecorders(placeOf, emit) };
}

function addRecorders(
  placeOf: PlaceOf,
  emit: Recorder,
): Pick<MigrationOperations, Extract<ConstraintMethods, `add${string}`>> {
  return {
    addPrimaryKey(table, columns, options) {
      const place = placeOf("addPrimaryKey");
      const primaryKey = readPrimaryKey(place, columns, options);
      emit({ kind: "addPrimaryKey", table: readTable(place, table), primaryKey });
    },
    addForeignKey(table, columns, referencedTable, references, options) {
      const place = placeOf("addForeignKey");
      const foreignKey = readForeignKey(place, columns, referencedTable, references, options);
      emit({ kind: "addForeignKey", table: readTable(place, table), foreignKey });
    },
    addUnique(table, columns, options) {
      const place = placeOf("addUnique");
      emit({
        kind: "addUnique",
        table: readTable(place, table),
        unique: readUnique(place, columns, options),
      });
    },
    addCheck(table, expression, options) {
      const place = placeOf("addCheck");
      emit({
        kind: "addCheck",
        table: readTable(place, table),
        check: readCheck(place, expression, options),
      });
    },
    addExclusion(table, elements, options) {
      const place = placeOf("addExclusion");
      const exclusion = readExclusion(place, elements, options);
      emit({ kind: "addExclusion", table: readTable(place, table), exclusion });
    },
  };
}

function dropRecorders(
  placeOf: PlaceOf,
  emit: Recorder,
): Pick<MigrationOperations, Extract<ConstraintMethods, `drop${string}`>> {
  return {
    dropPrimaryKey(table, name) {
      const place = placeOf("dropPrimaryKey");
      emit({
        kind: "dropPrimaryKey",
        table: readTable(place, table),
        name: readNameOrNull(place, "the constraint's name", name),
        primaryKey: null,
      });
    },
    dropForeignKey(table, dropped) {
      const place = placeOf("dropForeignKey");
      const of = { kind: "dropForeignKey", table: readTable(place, table) } as const;
      const said = readDropped<DroppedForeignKey>(place, dropped);
      if (typeof said === "string") return emit({ ...of, name: said, foreignKey: null });
      const { columns, table: other, references, ...options } = said;
      emit({ ...of, name: null, foreignKey: readForeignKey(place, columns, other, references, options) });
    },
    dropUnique(table, dropped) {
      const place = placeOf("dropUnique");
      const of = { kind: "dropUnique", table: readTable(place, table) } as const;
      const said = readDropped<DroppedUnique>(place, dropped);
      if (typeof said === "string") return emit({ ...of, name: said, unique: null });
      const { columns, ...options } = said;
      emit({ ...of, name: null, unique: readUnique(place, columns, options) });
    },
    dropCheck(table, dropped) {
      const place = placeOf("dropCheck");
      const of = { kind: "dropCheck", table: readTable(place, table) } as const;
      const said = readDropped<DroppedCheck>(place, dropped);
      if (typeof said === "string") return emit({ ...of, name: said, check: null });
      const { expression, ...options } = said;
      emit({ ...of, name: null, check: readCheck(place, expression, options) });
    },
    dropExclusion(table, dropped) {
      const place = placeOf("dropExclusion");
      const of = { kind: "dropExclusion", table: readTable(place, table) } as const;
      const said = readDropped<DroppedExclusion>(place, dropped);
      if (typeof said === "string") return emit({ ...of, name: said, exclusion: null });
      const { elements, ...options } = said;
      emit({ ...of, name: null, exclusion: readExclusion(place, elements, options) });
    },
  };
}

/** Which constraint is meant: its name, or its description where it has none. */
function readDropped<T extends string | object>(place: CallPlace, dropped: T): T {
  if (typeof dropped === "object" && dropped !== null) return dropped;
  if (typeof dropped === "string" && dropped !== "") return dropped;
  return refuse(place, "say which constraint is meant: by its name, or described where it has none");
}
