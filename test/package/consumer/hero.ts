import { randomUUID } from "node:crypto";
import { field, index, Model, many, one } from "athanor";
import { z } from "zod";
import { HeroPower, Power } from "./power.ts";
import { Team } from "./team.ts";

export class Hero extends Model(
  "hero",
  {
    id: field(z.uuid(), { primaryKey: true, defaultFactory: randomUUID }),
    name: field(z.string().max(80), { index: true }),
    secretName: field(z.string()),
    age: field(z.int().min(0).nullable(), { index: true }),
    tags: field(z.array(z.string()).nullable()),
    teamId: () => field(z.uuid().nullable(), { foreignKey: Team.c.id, onDelete: "set null" }),
    team: () => one(Team, { backPopulates: "heroes" }),
    powers: () => many(Power, { through: HeroPower, backPopulates: "heroes" }),
  },
  (c) => [index(c.name, c.age)],
) {
  get shout(): string {
    return this.name.toUpperCase();
  }
}
