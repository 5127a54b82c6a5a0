import { type Engine, sessionMaker } from "athanor";
import { Hono } from "hono";
import { toResponse } from "./errors.ts";
import { heroes } from "./heroes.ts";
import type { Env } from "./request.ts";
import { teams } from "./teams.ts";

/** The application over a database. It listens nowhere: tests call `app.request(…)`, `main.ts` serves it. */
export function createApp(engine: Engine): Hono<Env> {
  const makeSession = sessionMaker(engine);
  const app = new Hono<Env>();

  // Each request has a Session and a transaction of its own: all of it is kept, or none.
  app.use(async (c, next) => {
    await makeSession.run(async (session) => {
      c.set("session", session);
      await next();
      if (c.error !== undefined) return;
      await session.commit();
    });
  });

  app.get("/health", async (c) => {
    await c.var.session.execText("SELECT 1", [], { writes: false });
    return c.json({ ok: true });
  });
  app.route("/heroes", heroes);
  app.route("/teams", teams);
  app.onError(toResponse);
  return app;
}
