import { z } from "zod";
import type { ResolvedField } from "./field-metadata.ts";
import { isZod, standardIssues } from "./field-metadata.ts";
import type { ResolvedMetadata } from "./resolved.ts";

/** The Zod objects of one model: its rows, its input, a change. */
export interface ModelSchemas {
  readonly row: z.ZodObject;
  readonly insert: z.ZodObject;
  readonly update: z.ZodObject;
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
    update: shape((field) => z.optional(zodOf(field))),
  };
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
