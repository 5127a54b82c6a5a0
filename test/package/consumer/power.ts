import { field, Model, many } from "athanor";
import { z } from "zod";
import { Hero } from "./hero.ts";

export class Power extends Model("power", {
  id: field(z.int(), { primaryKey: true }),
  name: field(z.string(), { unique: true }),
  heroes: () => many(Hero, { through: HeroPower, backPopulates: "powers" }),
}) {}

export class HeroPower extends Model("hero_power", {
  heroId: () => field(z.uuid(), { primaryKey: true, foreignKey: Hero.c.id, onDelete: "cascade" }),
  powerId: () => field(z.int(), { primaryKey: true, foreignKey: "power.id", onDelete: "cascade" }),
}) {}
