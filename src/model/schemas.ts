import { z } from "zod";
import { unrolled } from "../util/unrolled.ts";
import type { ResolvedField } from "./field-metadata.ts";
import { isZod, standardIssues } from "./field-metadata.ts";
import { ModelInstance } from "./instance-base.ts";
import type { ResolvedMetadata } from "./resolved.ts";
import { asIs } from "./stored.ts";

/** The Zod objects of one model: its rows, its input, what its constructor takes, a change. */
export interface ModelSchemas {
  readonly row: z.ZodObject;
  readonly insert: z.ZodObject;
  /** Like `insert`; foreign keys may be left out, since relations can give them later. */
  readonly construct: z.ZodObject;
  readonly update: z.ZodObject;
  /** What a flush asks of an object: the values that are there, nulls where the column takes them. */
  readonly stored: z.ZodObject;
}

const made = new WeakMap<ResolvedMetadata, ModelSchemas>();

/** The Zod objects of a model; unknown keys are an issue in all of them. */
export function schemasOf(model: ResolvedMetadata): ModelSchemas {
  let schemas = made.get(model);
  if (schemas === undefined) {
    schemas = makeSchemas(model);
    made.set(model, schemas);
  }
  return schemas;
}

function makeSchemas(model: ResolvedMetadata): ModelSchemas {
  const shape = (of: (field: ResolvedField) => z.ZodType): z.ZodObject =>
    z.strictObject(Object.fromEntries(model.fields.map((field) => [field.property, of(field)])));
  return {
    row: shape(zodOf),
    insert: shape((field) => (mayBeLeftOut(field) ? z.optional(zodOf(field)) : zodOf(field))),
    construct: shape((field) =>
      mayBeLeftOut(field) || field.options.foreignKey !== undefined ? z.optional(zodOf(field)) : zodOf(field),
    ),
    update: shape((field) => z.optional(zodOf(field))),
    stored: z.object(
      Object.fromEntries(
        model.fields.map((field) => {
          const zod = zodOf(field);
          return [field.property, z.optional(field.nullable ? z.nullable(zod) : zod)];
        }),
      ),
    ),
  };
}

/**
 * Whether all values of an object could be stored, those that are undefined aside. What its constructor has checked is
 * not checked again, unless it can be changed in place; any other object is checked whole, which is many times faster
 * than field by field. What is wrong is not said.
 */
export function isValid(model: ResolvedMetadata, instance: object): boolean {
  const checked = ModelInstance.checkedOf(instance as ModelInstance);
  if (checked === null) return z.safeEncode(schemasOf(model).stored, instance as never).success;
  const values = instance as Readonly<Record<string, unknown>>;
  if (keeper(model)(values, checked)) return true;
  const { fields } = model;
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] as ResolvedField;
    const value = values[field.property];
    if (value === undefined || (value === null && field.nullable)) continue;
    const isKept = value === checked[field.property] && (typeof value !== "object" || value === null);
    if (isKept && field.toStored === asIs.toStored) continue;
    if (field.validate(value) !== null) return false;
  }
  return true;
}

type Keeps = (
  values: Readonly<Record<string, unknown>>,
  checked: Readonly<Record<string, unknown>>,
) => boolean;

const keepers = new WeakMap<ResolvedMetadata, Keeps>();

/** What sees at once that an object holds nothing but what its constructor has checked, and cannot be changed in place. */
function keeper(model: ResolvedMetadata): Keeps {
  let keeps = keepers.get(model);
  if (keeps === undefined) {
    const lines = model.fields.map((field) => {
      if (field.toStored !== asIs.toStored) return "return false;";
      const name = JSON.stringify(field.property);
      const isNull = field.nullable ? " && value !== null" : "";
      return `value = values[${name}];
if (value !== undefined${isNull} && (value !== checked[${name}] || typeof value === "object")) return false;`;
    });
    const body = `let value;\n${lines.join("\n")}\nreturn true;`;
    keeps = unrolled<Keeps>(["values", "checked"], body) ?? (() => false);
    keepers.set(model, keeps);
  }
  return keeps;
}

/** Whether a new object may come without a value for the field. */
export function mayBeLeftOut(field: ResolvedField): boolean {
  return field.makeDefault !== undefined || field.serverGenerated || field.nullable;
}

/** A field's schema as Zod; another vendor's is wrapped. */
function zodOf(field: ResolvedField): z.ZodType {
  const { schema } = field;
  const zod = isZod(schema)
    ? (schema as z.ZodType)
    : z.unknown().superRefine((value, context) => {
        for (const issue of standardIssues(schema["~standard"].validate(value)) ?? []) {
          context.addIssue({ code: "custom", message: issue.message, path: [...issue.path] });
        }
      });
  return field.nullable && !zod.safeParse(null).success ? z.nullable(zod) : zod;
}
