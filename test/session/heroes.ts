/** The models most tests of Sessions use. */
import { z } from "zod";
import { createRegistry, field, many, one } from "../../src/index.ts";

const { Model } = createRegistry("session-tests");

export class Team extends Model("team", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(80), { unique: true }),
  heroes: () => many(Hero, { backPopulates: "team", orderBy: "name" }),
}) {}

export class Hero extends Model("hero", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(80)),
  age: field(z.int32().min(0).nullable()),
  tags: field(z.array(z.string()).nullable()),
  born: field(z.date().nullable()),
  rank: field(z.string().max(20), { serverDefault: "'recruit'" }),
  version: field(z.int32(), { versionId: true }),
  teamId: () => field(z.int32().nullable(), { foreignKey: Team.c.id, onDelete: "set null" }),
  team: () => one(Team, { backPopulates: "heroes" }),
  powers: () => many(Power, { through: HeroPower, backPopulates: "heroes" }),
}) {
  get shout(): string {
    return this.name.toUpperCase();
  }
}

export class Power extends Model("power", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(80)),
  heroes: () => many(Hero, { through: HeroPower, backPopulates: "powers" }),
}) {}

export class HeroPower extends Model("hero_power", {
  heroId: () => field(z.int32(), { primaryKey: true, foreignKey: Hero.c.id, onDelete: "cascade" }),
  powerId: () => field(z.int32(), { primaryKey: true, foreignKey: Power.c.id, onDelete: "cascade" }),
}) {}

/** A key of two parts. */
export class Seat extends Model("seat", {
  line: field(z.string().max(2), { primaryKey: true }),
  number: field(z.int32(), { primaryKey: true }),
  guest: field(z.string().max(80).nullable()),
}) {}

/** Columns that are seldom wanted. */
export class Book extends Model("book", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(80)),
  text: field(z.string(), { deferred: true }),
  notes: field(z.array(z.string()), { deferred: true }),
}) {}

export const heroModels = [Team, Hero, Power, HeroPower, Seat, Book];
