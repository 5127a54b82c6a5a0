import { type Loaded, select } from "athanor";
import { Hono } from "hono";
import { z } from "zod";
import { Hero } from "../models/hero.ts";
import { body, type Env, found, keyOf, parse } from "./request.ts";

const query = z.object({
  team: z.coerce.number().int().optional(),
  minAge: z.coerce.number().int().optional(),
  name: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.coerce.number().int().default(0),
});

// The model's own schemas, narrowed to what clients may say.
const newHero = Hero.insertSchema.omit({ id: true, createdAt: true, version: true });
const change = Hero.updateSchema.omit({ id: true, createdAt: true }).required({ version: true });

/** A model in JSON is its columns; a relation is added where clients are to have it. */
const withTeam = (hero: Loaded<Hero, "team">): object => ({ ...hero, team: hero.team });

export const heroes = new Hono<Env>();

heroes.get("/", async (c) => {
  const { team, minAge, name, limit, after } = parse("query", query, c.req.query());
  const { id, age, teamId } = Hero.c;
  let statement = select(Hero).with("team").where(id.gt(after)).orderBy(id).limit(limit);
  if (team !== undefined) statement = statement.where(teamId.eq(team));
  if (minAge !== undefined) statement = statement.where(age.ge(minAge));
  if (name !== undefined) statement = statement.where(Hero.c.name.startsWith(name));
  const page = await c.var.session.exec(statement).all();
  return c.json({ heroes: page.map(withTeam), next: page.length < limit ? null : page.at(-1)?.id });
});

heroes.post("/", async (c) => {
  const hero = new Hero(parse("Hero", newHero, await body(c)));
  c.var.session.add(hero);
  await c.var.session.flush(); // its key, and what the database fills in
  return c.json(hero, 201);
});

heroes.get("/:id", async (c) => {
  return c.json(withTeam(found(await c.var.session.get(Hero, keyOf(c), { with: ["team"] }))));
});

heroes.patch("/:id", async (c) => {
  const { version, ...changes } = parse("Hero", change, await body(c));
  const hero = found(await c.var.session.get(Hero, keyOf(c)));
  if (hero.version !== version) return c.json({ error: "changed meanwhile" }, 409);
  Object.assign(hero, changes);
  await c.var.session.flush();
  return c.json(hero);
});

heroes.delete("/:id", async (c) => {
  c.var.session.delete(found(await c.var.session.get(Hero, keyOf(c))));
  return c.body(null, 204);
});
