import { z } from "zod";
import type { ResolvedField } from "./field-metadata.ts";
import { isZod, standardIssues } from "./field-metadata.ts";
import { ModelInstance } from "./instance-base.ts";
import { type QuickValid, quickValid } from "./quick-object.ts";
import type { ResolvedMetadata } from "./resolved.ts";
import { definition } from "./zod-definition.ts";

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
    update: shape((field) => z.optional(withoutDefault(zodOf(field)))),
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
 * not checked again, unless it can be changed in place. What is wrong is not said.
 */
export function isValid(model: ResolvedMetadata, instance: object): boolean {
  let looks = quick.get(model);
  if (looks === undefined) {
    const { stored } = schemasOf(model);
    looks =
      quickValid(model.fields, stored.shape) ?? ((values) => z.safeEncode(stored, values as never).success);
    quick.set(model, looks);
  }
  const checked = ModelInstance.checkedOf(instance as ModelInstance);
  return looks(instance as Readonly<Record<string, unknown>>, checked);
}

const quick = new WeakMap<ResolvedMetadata, QuickValid>();

/** Whether a new object may come without a value for the field. */
export function mayBeLeftOut(field: ResolvedField): boolean {
  return field.makeDefault !== undefined || field.serverGenerated || field.nullable;
}

/** A change says nothing of what it leaves out: a default there would set columns back that nobody named. */
function withoutDefault(schema: z.ZodType): z.ZodType {
  const { type, innerType } = definition(schema);
  if (innerType === undefined) return schema;
  const inner = withoutDefault(innerType as z.ZodType);
  if (type === "default" || type === "prefault") return inner;
  if (inner === innerType) return schema;
  if (type === "nullable") return z.nullable(inner);
  if (type === "optional") return z.optional(inner);
  return type === "readonly" ? z.readonly(inner) : schema;
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
