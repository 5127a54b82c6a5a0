import type { DiffRules } from "../dialect/index.ts";
import type { Operation } from "../operation/index.ts";
import { equal } from "../schema/equal.ts";
import type {
  Check,
  DialectOptions,
  Exclusion,
  ForeignKey,
  Index,
  IndexPart,
  PrimaryKey,
  Table,
  TableRef,
  Unique,
} from "../schema/index.ts";

/** What of a table's constraints and indexes has to be done. */
export interface ConstraintOperations {
  readonly dropForeignKeys: readonly Operation[];
  readonly drop: readonly Operation[];
  readonly add: readonly Operation[];
  readonly addForeignKeys: readonly Operation[];
}

interface Named {
  readonly name: string | null;
}

interface Changes<T> {
  readonly dropped: readonly T[];
  readonly added: readonly T[];
}

/**
 * Pairs what both sides have. First by name and content; then by content, where one side has no name: a
 * constraint that the database holds unnamed is the one that the models name, and raises no alarm. What remains
 * goes or comes; a new name alone counts as both, so that names stay those of the models.
 */
function pair<T extends Named>(
  from: readonly T[],
  to: readonly T[],
  same: (a: T, b: T) => boolean,
): Changes<T> {
  const dropped = [...from];
  const added: T[] = [];
  const unnamed: T[] = [];
  for (const item of to) {
    const at = dropped.findIndex((other) => other.name === item.name && same(other, item));
    if (at >= 0) dropped.splice(at, 1);
    else unnamed.push(item);
  }
  for (const item of unnamed) {
    const at = dropped.findIndex((other) => (other.name === null || item.name === null) && same(other, item));
    if (at >= 0) dropped.splice(at, 1);
    else added.push(item);
  }
  return { dropped, added };
}

/** The operations that make the constraints and indexes of `from` those of `to`. */
export function diffConstraints(
  table: TableRef,
  from: Table,
  to: Table,
  rules: DiffRules,
): ConstraintOperations {
  const same = (a: Key, b: Key): boolean => sameKey(a, b, rules);
  const keys = pair(list(from.primaryKey), list(to.primaryKey), same);
  const foreignKeys = pair(from.foreignKeys, to.foreignKeys, same);
  const uniques = pair(from.uniques, to.uniques, same);
  const checks = pair(from.checks, to.checks, (a, b) => sameCheck(a, b, rules));
  const exclusions = pair(from.exclusions, to.exclusions, (a, b) => sameExclusion(a, b, rules));
  const indexes = pair(from.indexes, to.indexes, (a, b) => sameIndex(a, b, rules));
  return {
    dropForeignKeys: foreignKeys.dropped.map(
      (foreignKey): Operation => ({ kind: "dropForeignKey", table, name: foreignKey.name, foreignKey }),
    ),
    drop: [
      ...indexes.dropped.map((index): Operation => ({ kind: "dropIndex", table, name: index.name, index })),
      ...exclusions.dropped.map(
        (exclusion): Operation => ({ kind: "dropExclusion", table, name: exclusion.name, exclusion }),
      ),
      ...checks.dropped.map((check): Operation => ({ kind: "dropCheck", table, name: check.name, check })),
      ...uniques.dropped.map(
        (unique): Operation => ({ kind: "dropUnique", table, name: unique.name, unique }),
      ),
      ...keys.dropped.map(
        (primaryKey): Operation => ({ kind: "dropPrimaryKey", table, name: primaryKey.name, primaryKey }),
      ),
    ],
    add: [
      ...keys.added.map((primaryKey): Operation => ({ kind: "addPrimaryKey", table, primaryKey })),
      ...uniques.added.map((unique): Operation => ({ kind: "addUnique", table, unique })),
      ...checks.added.map((check): Operation => ({ kind: "addCheck", table, check })),
      ...exclusions.added.map((exclusion): Operation => ({ kind: "addExclusion", table, exclusion })),
      ...indexes.added.map((index): Operation => ({ kind: "createIndex", table, index })),
    ],
    addForeignKeys: foreignKeys.added.map(
      (foreignKey): Operation => ({ kind: "addForeignKey", table, foreignKey }),
    ),
  };
}

function list<T>(item: T | null): readonly T[] {
  return item === null ? [] : [item];
}

type Key = PrimaryKey | ForeignKey | Unique;

/** Names are compared by the pairing itself. */
function sameKey(a: Key, b: Key, rules: DiffRules): boolean {
  const rest = (key: Key): unknown => ({ ...key, name: null, options: null });
  return equal(rest(a), rest(b)) && sameBesides(a.options, b.options, rules);
}

/** Whether the options of two tables, keys or indexes are one to the database. */
export function sameBesides(a: DialectOptions, b: DialectOptions, rules: DiffRules): boolean {
  return rules.sameBesides?.(a, b) ?? equal(a, b);
}

function sameText(a: string | null, b: string | null, rules: DiffRules): boolean {
  return a === null || b === null ? a === b : rules.sameExpression(a, b);
}

function sameCheck(a: Check, b: Check, rules: DiffRules): boolean {
  return rules.sameExpression(a.expression, b.expression) && equal(a.options, b.options);
}

function samePart(a: IndexPart, b: IndexPart, rules: DiffRules): boolean {
  return (
    sameText(a.expression, b.expression, rules) &&
    equal({ ...a, expression: null }, { ...b, expression: null })
  );
}

function sameParts(a: readonly IndexPart[], b: readonly IndexPart[], rules: DiffRules): boolean {
  return a.length === b.length && a.every((part, at) => samePart(part, b[at]!, rules));
}

/** Whether two indexes are the same but for their names. */
export function sameIndex(a: Index, b: Index, rules: DiffRules): boolean {
  const rest = (index: Index): unknown => ({ ...index, name: null, parts: null, where: null, options: null });
  return (
    sameParts(a.parts, b.parts, rules) &&
    sameText(a.where, b.where, rules) &&
    equal(rest(a), rest(b)) &&
    sameBesides(a.options, b.options, rules)
  );
}

function sameExclusion(a: Exclusion, b: Exclusion, rules: DiffRules): boolean {
  const rest = (exclusion: Exclusion): unknown => ({
    ...exclusion,
    name: null,
    where: null,
    elements: exclusion.elements.map((element) => element.operator),
  });
  const parts = (exclusion: Exclusion): readonly IndexPart[] =>
    exclusion.elements.map((element) => element.part);
  return sameParts(parts(a), parts(b), rules) && sameText(a.where, b.where, rules) && equal(rest(a), rest(b));
}
