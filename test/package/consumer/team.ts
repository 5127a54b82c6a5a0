import { randomUUID } from "node:crypto";
import { field, Model, many } from "athanor";
import { z } from "zod";
import { Hero } from "./hero.ts";

export class Team extends Model("team", {
  id: field(z.uuid(), { primaryKey: true, defaultFactory: randomUUID }),
  name: field(z.string(), { unique: true }),
  heroes: () => many(Hero, { backPopulates: "team" }),
}) {}
