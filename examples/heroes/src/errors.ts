import { isAthanorError, ValidationError } from "athanor";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";

/** What clients are told. Nothing of the database's own words leaves the house. */
export function toResponse(error: Error, c: Context): Response {
  if (error instanceof ValidationError) {
    const issues = error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    return c.json({ error: "invalid", issues }, 422);
  }
  if (isAthanorError(error, "DATABASE.UNIQUE")) {
    return c.json({ error: "taken", fields: error.fields.columns }, 409);
  }
  if (isAthanorError(error, "DATABASE.FOREIGN_KEY")) return c.json({ error: "no such team" }, 422);
  if (isAthanorError(error, "SESSION.STALE")) return c.json({ error: "changed meanwhile" }, 409);
  if (error instanceof HTTPException) return error.getResponse();
  console.error(error);
  return c.json({ error: "internal" }, 500);
}
