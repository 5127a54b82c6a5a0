import { InternalError } from "../../errors/index.ts";
import type { CreateObject, DropObject, ReplaceObject } from "../../operation/operation.ts";
import { enumOf } from "../../schema/enum-object.ts";
import { equal } from "../../schema/equal.ts";
import { findObject, type ObjectRef, type Schema, type SchemaObject } from "../../schema/index.ts";
import { changeEnum } from "./ddl-enum.ts";
import { alterForeign } from "./ddl-foreign.ts";
import { regrant, ungrant } from "./ddl-grant.ts";
import { asideFor, standingOnObject } from "./ddl-object-aside.ts";
import {
  commentOf,
  createObject,
  createStatement,
  dropObject,
  owner,
  restated,
  roleOf,
  settings,
} from "./ddl-object-create.ts";
import { alterComposite, alterDomain, replaceDomain } from "./ddl-object-type.ts";
import { overClasses, withFamily } from "./ddl-operator-class.ts";
import { alterPublication } from "./ddl-publication.ts";
import { dollarTag, isReplaceable } from "./object-words.ts";
import { quoteName, quoteTable } from "./quote.ts";
import { alteredSequence } from "./sequence-definition.ts";

/** Views, functions, triggers, types, sequences and whatever else stands beside tables. */

/** Whether an object is for PostgreSQL. */
export function isOurs({ dialect }: Pick<ObjectRef, "dialect">): boolean {
  return dialect === null || dialect === "postgresql";
}

/** The statements of one operation on an object; none where it is another dialect's. */
export function objectStatements(
  operation: CreateObject | DropObject | ReplaceObject,
  state: Schema,
): readonly string[] {
  switch (operation.kind) {
    case "createObject":
      return isOurs(operation.object) ? createObject(operation.object) : [];
    case "dropObject":
      if (!isOurs(operation.ref)) return [];
      if (operation.ref.kind === "grant") return ungrant(operation.ref);
      return withFamily(operation.ref, null, state) ?? [dropObject(operation.ref)];
    case "replaceObject": {
      const { to } = operation;
      if (!isOurs(to)) return [];
      const from = findObject(state, to) ?? operation.from;
      if (from == null) throw new InternalError(`${to.kind} ${to.name} is not known`);
      return replace(from, to, state);
    }
  }
}

function replace(from: SchemaObject, to: SchemaObject, state: Schema): readonly string[] {
  if (to.kind === "grant") return regrant(from, to, state);
  const disowned = from.ownedBy !== null && to.ownedBy === null;
  const owned = disowned
    ? [`ALTER SEQUENCE ${quoteTable(to)} OWNED BY NONE`]
    : equal(from.ownedBy, to.ownedBy)
      ? []
      : owner(to);
  const fixed = ["unique", "constraint"].every((name) => equal(from.options[name], to.options[name]));
  if (from.definition === to.definition && fixed) {
    return [...owned, ...commentOf(to, from.comment), ...settings(to, from.options)];
  }
  if (to.kind === "view") return [...replaceView(from, to, state), ...restated(from, to)];
  const { statements, anew } = redefine(from, to, state);
  return [
    ...statements,
    ...owned,
    ...commentOf(to, anew ? null : from.comment),
    ...settings(to, anew ? {} : from.options),
  ];
}

interface Redefinition {
  readonly statements: readonly string[];
  /** It was dropped and made: what else was said of it is gone. */
  readonly anew: boolean;
}

function redefine(from: SchemaObject, to: SchemaObject, state: Schema): Redefinition {
  const inPlace = (statements: readonly string[]): Redefinition => ({ statements, anew: false });
  const inPlaceOrAnew = (statements: readonly string[] | null): Redefinition =>
    statements === null ? { statements: anew(to, state), anew: true } : inPlace(statements);
  switch (to.kind) {
    case "sequence":
      return inPlace([`ALTER SEQUENCE ${quoteTable(to)} ${alteredSequence(from.definition, to.definition)}`]);
    case "domain": {
      const altered = alterDomain(from, to, state);
      return altered === null ? { statements: replaceDomain(from, to, state), anew: true } : inPlace(altered);
    }
    case "extension": {
      const schema = /^SCHEMA (.*)$/is.exec(to.definition)?.[1] ?? "public";
      return inPlace([`ALTER EXTENSION ${quoteName(to.name)} SET SCHEMA ${schema}`]);
    }
    case "enum":
      return inPlace(changeEnum(enumOf(from), enumOf(to), state));
    case "publication":
      return inPlaceOrAnew(alterPublication(from, to));
    case "foreignDataWrapper":
    case "server":
    case "foreignTable":
      return inPlaceOrAnew(alterForeign(from, to));
    case "comment":
      return inPlace([createStatement(to)]);
    case "rule":
      return inPlace([createStatement(to, "OR REPLACE ")]);
    case "function":
    case "procedure":
      return inPlaceOrAnew(isReplaceable(from, to) ? [createStatement(to, "OR REPLACE ")] : null);
    case "composite":
      return inPlaceOrAnew(alterComposite(from, to));
    default:
      return inPlaceOrAnew(null);
  }
}

/** Dropped and made, with all that stands on it. */
function anew(to: SchemaObject, state: Schema): readonly string[] {
  const remade = withFamily(to, to, state);
  if (remade !== null) return remade;
  const standing = findObject(state, to);
  const on = standing === undefined ? [] : standingOnObject(standing, state);
  const [aside, over] = [asideFor(on), overClasses([to, ...on], state)];
  return [
    ...over.before,
    ...aside.before,
    dropObject(to),
    createStatement(to),
    ...roleOf(to, standing),
    ...aside.after,
    ...over.after,
  ];
}

/**
 * A view keeps what stands on it, and who may read it, where its columns stay and others come after them. The server
 * knows whether they do; where they do not, it is made anew.
 */
function replaceView(from: SchemaObject, to: SchemaObject, state: Schema): readonly string[] {
  const aside = asideFor(standingOnObject(from, state));
  const body = (statements: readonly string[]): string => statements.map((sql) => `  ${sql};`).join("\n");
  const text = `BEGIN
${body([createStatement(to, "OR REPLACE ")])}
EXCEPTION WHEN invalid_table_definition THEN
${body([...aside.before, dropObject(to), createStatement(to), ...roleOf(to, from), ...aside.after])}
END`;
  const tag = dollarTag(text);
  return [`DO ${tag}\n${text}\n${tag}`];
}
