import { field, Model, one } from "athanor";
import { z } from "zod";
import { Team } from "./team.ts";

export class Hero extends Model("hero", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().trim().min(1).max(80), { unique: true }),
  secretName: field(z.string().max(80)),
  age: field(z.int32().min(0).max(10_000).nullable(), { index: true }),
  powers: field(z.array(z.string().max(40)).max(20), { default: [] }),
  createdAt: field(z.date(), { serverDefault: "CURRENT_TIMESTAMP" }),
  /** Two people who change the same hero do not undo each other's change without knowing. */
  version: field(z.int32(), { versionId: true }),
  teamId: () => field(z.int32().nullable(), { foreignKey: Team.c.id, onDelete: "set null", index: true }),
  team: () => one(Team, { backPopulates: "heroes" }),
}) {}
