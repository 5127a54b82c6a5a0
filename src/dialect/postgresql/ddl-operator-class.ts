import { Dependencies } from "../../schema/dependencies.ts";
import {
  findObject,
  type ObjectRef,
  objectKey,
  type Schema,
  type SchemaObject,
  sameObject,
  type Table,
  table as tableOf,
} from "../../schema/index.ts";
import { isWord } from "../../schema/lexer.ts";
import { type Aside, asideOf } from "./ddl-aside.ts";
import { asideFor, standingOnObject } from "./ddl-object-aside.ts";
import { createAgain, createStatement, dropObject, roleOf } from "./ddl-object-create.ts";
import { tokensOf } from "./object-words.ts";

/** Operator classes that become others or go, with what stands on them. */

/**
 * A class that goes, or comes again as `to`, together with its family: the server keeps there what a class may be
 * without, and leaves it when the class goes. Null where that is nothing.
 */
export function withFamily(ref: ObjectRef, to: SchemaObject | null, state: Schema): readonly string[] | null {
  const from = ref.kind === "operatorClass" ? findObject(state, ref) : undefined;
  if (from === undefined || !leavesMembers(from)) return null;
  const family = familyOf(from, state);
  if (family === undefined) return null;
  const on = standingOnObject(family, state);
  const others = on.filter((each) => !sameObject(each, ref));
  const over = overClasses(to === null ? others : on, state);
  const come = to === null ? [] : [createStatement(to), ...roleOf(to, from)];
  return [
    ...over.before,
    ...asideFor(on).before,
    dropObject(family),
    ...createAgain(family),
    ...on.flatMap((each) => (sameObject(each, ref) ? come : createAgain(each))),
    ...over.after,
  ];
}

/** Methods that keep with a class whatever is for its type alone. */
const keeping: ReadonlySet<string> = new Set(["btree", "hash"]);

/** Whether the server may keep anything of what a class says with its family. */
function leavesMembers({ signature, definition }: SchemaObject): boolean {
  const pairs = definition.matchAll(/\(\s*([^(),]+?)\s*,\s*([^(),]+?)\s*\)/g);
  return !keeping.has(signature ?? "") || pairs.some(([, left, right]) => left !== right);
}

function familyOf(own: SchemaObject, state: Schema): SchemaObject | undefined {
  const tokens = tokensOf(own.definition);
  const at = tokens.findIndex((token) => isWord(token, "family"));
  const name = tokens[tokens[at + 2]?.text === "." ? at + 3 : at + 1];
  return new Dependencies(state)
    .ofObject(own)
    .flatMap((each) => (each.kind === "object" ? [each.object] : []))
    .find(
      (each) =>
        each.kind === "operatorFamily" && each.signature === own.signature && each.name === name?.value,
    );
}

/** Takes the keys and indexes out of the way that have one of these classes, where they may have it. */
export function overClasses(objects: readonly SchemaObject[], state: Schema): Aside {
  const classes = new Set(objects.filter(({ kind }) => kind === "operatorClass").map(objectKey));
  if (classes.size === 0) return { before: [], after: [] };
  const dependencies = new Dependencies(state);
  const asides = state.tables.map((table) => {
    const stands = (names: readonly (string | null)[], rest: Partial<Table>): boolean => {
      const columns = table.columns.filter(({ name }) => names.includes(null) || names.includes(name));
      const own = { ...tableOf(table, columns), ...rest };
      return dependencies
        .ofTable(own)
        .some((each) => each.kind === "object" && classes.has(objectKey(each.object)));
    };
    return asideOf(table, {
      uniques: table.uniques.filter(({ columns }) => stands(columns, {})),
      exclusions: table.exclusions.filter((each) =>
        stands(
          each.elements.map(({ part }) => part.column),
          { exclusions: [each] },
        ),
      ),
      indexes: table.indexes.filter((each) =>
        stands(
          each.parts.map(({ column }) => column),
          { indexes: [each] },
        ),
      ),
    });
  });
  return {
    before: asides.flatMap(({ before }) => before),
    after: asides.flatMap(({ after }) => after),
  };
}
