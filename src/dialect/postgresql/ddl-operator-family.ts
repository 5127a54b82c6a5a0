import type { Json, SchemaObject } from "../../schema/index.ts";
import { closingParenthesis } from "../../schema/lexer.ts";
import { fullName, textOf, tokensOf } from "./object-words.ts";

/** What an operator family has beside its classes, which is changed where it stands. */

/** What a family has beside its classes, given and taken. */
export function memberStatements(family: SchemaObject, before: Json | undefined): readonly string[] {
  const [old, now] = [membersOf(before), membersOf(family.options["members"])];
  const alter = `ALTER OPERATOR FAMILY ${fullName(family)}`;
  const gone = old.filter((member) => !now.includes(member)).map(placeOf);
  const come = now.filter((member) => !old.includes(member));
  return [
    ...(gone.length === 0 ? [] : [`${alter} DROP ${gone.join(", ")}`]),
    ...(come.length === 0 ? [] : [`${alter} ADD ${come.join(", ")}`]),
  ];
}

/** The members that an option lists, each as it stands behind ADD. */
export function membersOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** A member as DROP names it: `OPERATOR 1 <(integer,bigint)` is `OPERATOR 1 (integer,bigint)`. */
function placeOf(member: string): string {
  const tokens = tokensOf(member);
  const open = tokens.findIndex(({ text }) => text === "(");
  const types = tokens.slice(open, closingParenthesis(tokens, open) + 1);
  return `${textOf(member, tokens.slice(0, 2))} ${textOf(member, types)}`;
}
