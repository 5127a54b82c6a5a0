import { field, Model, many } from "athanor";
import { z } from "zod";
import { Hero } from "./hero.ts";

export class Team extends Model("team", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().trim().min(1).max(80), { unique: true }),
  city: field(z.string().max(80)),
  heroes: () => many(Hero, { backPopulates: "team", orderBy: "name" }),
}) {}
