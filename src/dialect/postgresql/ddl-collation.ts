import type { AlterColumn, ReplaceObject } from "../../operation/operation.ts";
import { nameText } from "../../schema/expression.ts";
import { findObject, type ObjectRef, type Schema, type SchemaObject } from "../../schema/index.ts";
import { asideFor, standingOnObject, withoutObjects } from "./ddl-object-aside.ts";
import { commentOf, createStatement, dropObject, roleOf } from "./ddl-object-create.ts";
import { outOfTheWay } from "./ddl-object-type.ts";
import { quoteName, quoteTable } from "./quote.ts";

/** Collations that columns are compared by. */

/**
 * No statement gives a collation another locale: a new one takes its name, and every column that had the old one gets it,
 * with its indexes and whatever else stands on it, by `statements`. Null where no column has it.
 */
export function recollated(
  { from: said, to }: ReplaceObject,
  state: Schema,
  statements: (operation: AlterColumn, state: Schema) => readonly string[],
): readonly string[] | null {
  if (to.kind !== "collation") return null;
  const from = findObject(state, to) ?? said;
  if (from == null || from.definition === to.definition) return null;
  const changes = columnsBy(from, state);
  if (changes.length === 0) return null;
  const old: SchemaObject = { ...from, name: outOfTheWay(from) };
  const held = standingOnObject(from, state);
  const free = withoutObjects(state, held);
  const aside = asideFor(held);
  return [
    ...aside.before,
    `ALTER COLLATION ${quoteTable(from)} RENAME TO ${quoteName(old.name)}`,
    createStatement(to),
    ...roleOf(to, from),
    ...commentOf(to, null),
    ...changes.flatMap((change) => statements(change, free)),
    dropObject(old),
    ...aside.after,
  ];
}

/** What gives each column that is compared by a collation the one of that name. */
function columnsBy({ schema, name }: ObjectRef, { tables }: Schema): readonly AlterColumn[] {
  const collation = schema === null ? name : `${nameText(schema)}.${nameText(name)}`;
  return tables.flatMap((table) =>
    table.columns
      .filter((column) => column.collation === collation)
      .map((column): AlterColumn => {
        const ref = { schema: table.schema, name: table.name };
        return {
          kind: "alterColumn",
          table: ref,
          name: column.name,
          from: {},
          to: { collation },
          using: null,
        };
      }),
  );
}
