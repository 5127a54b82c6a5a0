import { type Session, ValidationError } from "athanor";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";

/** What handlers find in their context. */
export interface Env {
  Variables: { session: Session };
}

/** What came in, checked. Throws a `ValidationError`, as a model does. */
export function parse<T>(what: string, schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ValidationError(what, parsed.error.issues);
}

/** The body as JSON. */
export async function body(c: Context): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    throw new HTTPException(400, { message: "The body is no JSON." });
  }
}

/** The key in the path. */
export function keyOf(c: Context): number {
  return parse("key", z.coerce.number().int().positive(), c.req.param("id"));
}

export function found<T>(row: T | null): T {
  if (row === null) throw new HTTPException(404, { message: "There is no such thing." });
  return row;
}
