import { type Identity, type SchemaObject, schemaObject } from "../../schema/index.ts";
import type { AttributeRow, Catalog, IdentityRow, SequenceRow } from "./catalog.ts";
import { usualSequenceName } from "./sequence-name.ts";

/** Sequences: those inside identity columns, those behind `serial`, and those that stand alone. */

const largest: Readonly<Record<string, string>> = {
  smallint: "32767",
  integer: "2147483647",
  bigint: "9223372036854775807",
};

const smallest: Readonly<Record<string, string>> = {
  smallint: "-32768",
  integer: "-2147483648",
  bigint: "-9223372036854775808",
};

/** Only what of an identity is not as usual for its type, so that equal identities are equal values. */
export function usualIdentity(identity: Identity, type: string): Identity {
  const { generation } = identity;
  const down = Number(identity.increment ?? 1) < 0;
  const min = String(identity.minValue ?? (down ? smallest[type] : 1));
  const max = String(identity.maxValue ?? (down ? -1 : largest[type]));
  const start = String(identity.start ?? (down ? max : min));
  const increment = String(identity.increment ?? 1);
  return {
    generation,
    ...(start === (down ? max : min) ? {} : { start }),
    ...(increment === "1" ? {} : { increment }),
    ...(min === (down ? smallest[type] : "1") ? {} : { minValue: min }),
    ...(max === (down ? "-1" : largest[type]) ? {} : { maxValue: max }),
    ...(String(identity.cache ?? 1) === "1" ? {} : { cache: String(identity.cache) }),
    ...(identity.cycle === true ? { cycle: true } : {}),
  };
}

/** `usual` is the identity that a plain auto-increment column gets; anything else is said in full. */
export function identityOf(row: AttributeRow): Identity | "usual" {
  const generation = row.identity === "a" ? "always" : "by default";
  const options = row.identityOptions;
  const whole =
    options === null ? ({ generation } as const) : ({ generation, ...numbersOf(options) } as const);
  const identity = usualIdentity(whole, row.type);
  return Object.keys(identity).length === 1 && generation === "by default" ? "usual" : identity;
}

function numbersOf(row: IdentityRow): Omit<Identity, "generation"> {
  return {
    start: row.start,
    increment: row.increment,
    minValue: row.min,
    maxValue: row.max,
    cache: row.cache,
    cycle: row.cycle,
  };
}

/**
 * The sequences that `serial` made: named for the column, nothing about them changed or said, and its default. One that
 * numbers a column of another table as well has to be there before either.
 */
export function serialSequences(catalog: Catalog): ReadonlySet<number> {
  const byOid = new Map(catalog.sequences.map((row) => [row.oid, row]));
  const relations = new Map(catalog.relations.map((row) => [row.oid, row]));
  const shared = sharedNumbers(catalog);
  const serials = catalog.attributes.filter((column) => {
    const sequence = column.ownedSequence === null ? undefined : byOid.get(column.ownedSequence);
    const table = relations.get(column.relation);
    if (sequence === undefined || table === undefined) return false;
    const usual = usualIdentity({ generation: "always", ...numbersOf(sequence) }, sequence.type);
    const numbers = numbersIn(sequence.printed);
    return (
      sequence.name === usualSequenceName(table.name, column.name) &&
      sequence.namespace === table.namespace &&
      sequence.type === column.type &&
      Object.keys(usual).length === 1 &&
      sequence.comment === null &&
      column.notNull &&
      column.default === numbers &&
      !shared.has(numbers)
    );
  });
  return new Set(serials.flatMap((column) => column.ownedSequence ?? []));
}

function numbersIn(sequence: string): string {
  return `nextval('${sequence.replaceAll("'", "''")}'::regclass)`;
}

/** What numbers columns of several tables that do not have it of each other. */
function sharedNumbers({ attributes }: Pick<Catalog, "attributes">): ReadonlySet<string> {
  const users = new Map<string, number>();
  const shared = new Set<string>();
  for (const { default: value, inherited, relation } of attributes) {
    if (value === null || inherited) continue;
    for (const [numbers] of value.matchAll(/nextval\('(?:[^']|'')*'::regclass\)/g)) {
      if ((users.get(numbers) ?? relation) !== relation) shared.add(numbers);
      users.set(numbers, relation);
    }
  }
  return shared;
}

/** Sequences that are not part of a column. */
export function sequencesOf(
  catalog: Pick<Catalog, "sequences">,
  serials: ReadonlySet<number>,
  named: (namespace: string) => string | null,
): readonly SchemaObject[] {
  return catalog.sequences.filter((row) => !serials.has(row.oid)).map((row) => sequenceOf(row, named));
}

function sequenceOf(row: SequenceRow, named: (namespace: string) => string | null): SchemaObject {
  const { ownerNamespace, ownerTable, ownerColumn } = row;
  const owned = ownerNamespace !== null && ownerTable !== null && ownerColumn !== null;
  const definition = `AS ${row.type} INCREMENT BY ${row.increment} MINVALUE ${row.min} MAXVALUE ${row.max} START WITH ${row.start} CACHE ${row.cache} ${row.cycle ? "CYCLE" : "NO CYCLE"}`;
  return schemaObject("sequence", { schema: named(row.namespace), name: row.name }, definition, {
    dialect: "postgresql",
    comment: row.comment,
    options: row.unlogged ? { unlogged: true } : {},
    dependsOn: [],
    ownedBy: owned
      ? { table: { schema: named(ownerNamespace), name: ownerTable }, column: ownerColumn }
      : null,
  });
}
