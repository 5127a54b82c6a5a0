import { avg, count, select } from "athanor";
import { Hono } from "hono";
import { Hero } from "../models/hero.ts";
import { Team } from "../models/team.ts";
import { body, type Env, found, keyOf, parse } from "./request.ts";

const newTeam = Team.insertSchema.omit({ id: true });

export const teams = new Hono<Env>();

/** How large the teams are, and how old their heroes: one query, no objects. */
teams.get("/", async (c) => {
  const rows = await c.var.session
    .exec(
      select(Team.c.id, Team.c.name, count(Hero.c.id), avg(Hero.c.age))
        .leftJoin(Hero)
        .groupBy(Team.c.id, Team.c.name)
        .orderBy(Team.c.name),
    )
    .all();
  return c.json(rows.map(([id, name, size, age]) => ({ id, name, heroes: size, averageAge: age })));
});

teams.post("/", async (c) => {
  const team = new Team(parse("Team", newTeam, await body(c)));
  c.var.session.add(team);
  await c.var.session.flush();
  return c.json(team, 201);
});

teams.get("/:id", async (c) => {
  const team = found(await c.var.session.get(Team, keyOf(c), { with: ["heroes"] }));
  return c.json({ ...team, heroes: team.heroes });
});

/** The team goes; its heroes stay, without one. */
teams.delete("/:id", async (c) => {
  c.var.session.delete(found(await c.var.session.get(Team, keyOf(c))));
  return c.body(null, 204);
});
