/** The models that the law of the Session is about: every kind of relation and cascade. */
import { z } from "zod";
import { createRegistry, field, many, one, SubModel } from "../../../src/index.ts";

const { Model } = createRegistry("session-law");

export class Team extends Model("law_team", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(20)),
  /** No two teams have one code; they hand them on. */
  code: field(z.int32(), { unique: true }),
  heroes: () => many(Hero, { backPopulates: "team" }),
}) {}

export class Hero extends Model("law_hero", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(20)),
  age: field(z.int32().nullable()),
  tags: field(z.array(z.string())),
  version: field(z.int32(), { versionId: true }),
  teamId: () => field(z.int32().nullable(), { foreignKey: Team.c.id }),
  mentorId: () => field(z.int32().nullable(), { foreignKey: Hero.c.id }),
  team: () => one(Team, { backPopulates: "heroes" }),
  mentor: () => one(Hero, { backPopulates: "students" }),
  students: () => many(Hero, { backPopulates: "mentor" }),
  powers: () => many(Power, { through: HeroPower, backPopulates: "heroes" }),
  pets: () => many(Pet, { backPopulates: "owner", cascadeDelete: true, deleteOrphan: true }),
  trophies: () => many(Trophy, { backPopulates: "hero", cascadeDelete: true }),
}) {}

export class Power extends Model("law_power", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(20)),
  heroes: () => many(Hero, { through: HeroPower, backPopulates: "powers" }),
}) {}

export class HeroPower extends Model("law_hero_power", {
  heroId: () => field(z.int32(), { primaryKey: true, foreignKey: Hero.c.id }),
  powerId: () => field(z.int32(), { primaryKey: true, foreignKey: Power.c.id }),
}) {}

export class Pet extends Model("law_pet", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(20)),
  kind: field(z.string().max(20), { discriminator: "pet" }),
  ownerId: () => field(z.int32(), { foreignKey: Hero.c.id }),
  owner: () => one(Hero, { backPopulates: "pets" }),
  toys: () => many(Toy, { backPopulates: "pet", cascadeDelete: true }),
}) {}

/** A pet of a class of its own, in the same table. */
export class Hound extends SubModel(Pet, "hound", { speed: field(z.int32()) }) {}

/** Goes with its pet, which goes with its owner. */
export class Toy extends Model("law_toy", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(20)),
  petId: () => field(z.int32(), { foreignKey: Pet.c.id }),
  pet: () => one(Pet, { backPopulates: "toys" }),
}) {}

/** Its key has two parts, one of them its owner's. */
export class Trophy extends Model("law_trophy", {
  heroId: () => field(z.int32(), { primaryKey: true, foreignKey: Hero.c.id }),
  rank: field(z.int32(), { primaryKey: true }),
  name: field(z.string().max(20)),
  hero: () => one(Hero, { backPopulates: "trophies" }),
}) {}

export const lawModels = [Team, Hero, Power, HeroPower, Pet, Hound, Toy, Trophy];
