import { z } from "zod";
import { unrolled } from "../util/unrolled.ts";
import type { ResolvedField } from "./field-metadata.ts";
import { ModelInstance } from "./instance-base.ts";
import { type Constants, type Test, testOf } from "./quick-test.ts";
import { asIs } from "./stored.ts";

/**
 * Objects made and looked through by functions that are compiled for their model: one pass over the fields, in which
 * most values are seen to be right at once. Only of fields whose schemas do more than compare are these run, one by one.
 * Where anything is not as it should be, nothing is said of it: the model's whole schema is asked then.
 */

type Values = Record<string, unknown>;
type Given = Readonly<Values>;

/** What came of it: the object is filled. */
export const filled = 1;
/** What came of it: the object is filled, but for its relations. */
export const filledButRelations = 2;
const notFilled = 0;

/** Fills an object; else 0, or the defaults that were made by then, by property. */
export type QuickFill = (target: ModelInstance, given: Given) => number | Given;

/** A variable of the function for each field, and its test; none where its schema has to be run. */
interface Line {
  readonly field: ResolvedField;
  readonly name: string;
  readonly value: string;
  readonly schema: z.core.$ZodType;
  readonly test: Test | null;
}

function linesOf(
  fields: readonly ResolvedField[],
  shape: Readonly<Record<string, z.core.$ZodType>>,
  constants: Constants,
): readonly Line[] {
  return fields.map((field, at) => {
    const schema = shape[field.property] as z.core.$ZodType;
    const name = JSON.stringify(field.property);
    return { field, name, value: `v${at}`, schema, test: testOf(schema, constants) };
  });
}

/** Fills new objects from what constructors are given: `shape` are the schemas of the fields. Null without compiled code. */
export function quickFill(
  fields: readonly ResolvedField[],
  shape: Readonly<Record<string, z.core.$ZodType>>,
  relations: readonly string[],
): QuickFill | null {
  if (fields.some(({ property }) => property === "__proto__")) return null;
  const constants: Constants = { setChecked: ModelInstance.setChecked };
  const lines = linesOf(fields, shape, constants);
  const given = lines.filter(({ field }) => field.makeDefault === undefined);
  const defaulted = lines.filter(({ field }) => field.makeDefault !== undefined);
  const made = `{ ${defaulted.map(({ name, value }) => `${name}: ${value}`).join(", ")} }`;
  const body = [
    `const prototype = Object.getPrototypeOf(given);`,
    `if (prototype !== Object.prototype && prototype !== null) return ${notFilled};`,
    `let done = ${filled};`,
    `for (const key in given) switch (key) {`,
    ...lines.map(({ name }) => `case ${name}:`),
    `break;`,
    ...relations.map((name) => `case ${JSON.stringify(name)}:`),
    ...(relations.length === 0 ? [] : [`done = ${filledButRelations}; break;`]),
    `default: return ${notFilled}; }`,
    ...given.flatMap((line) => [
      `let ${line.value} = given[${line.name}];`,
      validation(line, String(notFilled), constants),
    ]),
    ...defaulted.map(({ field, name, value }, at) => {
      constants[`default${at}`] = field.makeDefault;
      return `let ${value} = given[${name}]; if (${value} === undefined) ${value} = default${at}();`;
    }),
    ...defaulted.map((line) => validation(line, made, constants)),
    ...lines.map(({ field, name, value }) => {
      const isNull = field.nullable && !field.serverGenerated;
      return `target[${name}] = ${value}${isNull ? " ?? null" : ""};`;
    }),
    remembered(lines),
    "return done;",
  ];
  return unrolled<QuickFill>(["target", "given"], body.join("\n"), constants);
}

/** Sees to it that a value is valid; a schema that is run gives its own. */
function validation({ schema, value, test }: Line, otherwise: string, constants: Constants): string {
  if (test !== null) return `if (!(${test(value)})) return ${otherwise};`;
  const run = `run${Object.keys(constants).length}`;
  constants[run] = (input: unknown) => z.safeParse(schema, input);
  const result = `r${value}`;
  // What may be left out stays so; anything else that is undefined is a matter for the whole schema.
  const isOpen = schema.constructor === z.ZodOptional && schema._zod.optin === "optional";
  return `if (${value} !== undefined) {
const ${result} = ${run}(${value});
if (!${result}.success) return ${otherwise};
${value} = ${result}.data;
}${isOpen ? "" : ` else return ${otherwise};`}`;
}

/** Values whose schemas were run are not run again when they are written, as long as they are the same. */
function remembered(lines: readonly Line[]): string {
  const checked = lines.filter(({ test }) => test === null);
  if (checked.length === 0) return "";
  return `setChecked(target, { ${checked.map(({ name, value }) => `${name}: ${value}`).join(", ")} });`;
}

/** Whether all values of an object that are there could be stored, of which some were checked. */
export type QuickValid = (values: Given, checked: Given | null) => boolean;

/** Looks through objects: `shape` are the schemas of what is stored. Null without compiled code. */
export function quickValid(
  fields: readonly ResolvedField[],
  shape: Readonly<Record<string, z.core.$ZodType>>,
): QuickValid | null {
  const constants: Constants = {};
  const lines = linesOf(fields, shape, constants).map(({ field, name, test }, at) => {
    const isThere = `value !== undefined${field.nullable ? " && value !== null" : ""}`;
    if (test !== null && field.toStored === asIs.toStored)
      return `value = values[${name}]; if (${isThere} && !(${test("value")})) return false;`;
    constants[`validate${at}`] = field.validate;
    const isKept =
      field.toStored === asIs.toStored
        ? `checked !== null && value === checked[${name}] && typeof value !== "object"`
        : "false";
    return `value = values[${name}]; if (${isThere} && !(${isKept}) && validate${at}(value) !== null) return false;`;
  });
  return unrolled<QuickValid>(
    ["values", "checked"],
    `let value;\n${lines.join("\n")}\nreturn true;`,
    constants,
  );
}
