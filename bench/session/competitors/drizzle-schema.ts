/** Drizzle's tables for both databases. */
import * as pg from "drizzle-orm/pg-core";
import { relations } from "drizzle-orm/relations";
import * as sqlite from "drizzle-orm/sqlite-core";

const team = sqlite.sqliteTable("team", {
  id: sqlite.integer().primaryKey(),
  name: sqlite.text().notNull(),
});
const hero = sqlite.sqliteTable("hero", {
  id: sqlite.integer().primaryKey(),
  name: sqlite.text().notNull(),
  email: sqlite.text().notNull(),
  age: sqlite.integer().notNull(),
  score: sqlite.real().notNull(),
  active: sqlite.integer({ mode: "boolean" }).notNull(),
  createdAt: sqlite.integer("created_at", { mode: "timestamp_ms" }).notNull(),
  note: sqlite.text(),
  teamId: sqlite.integer("team_id").references(() => team.id),
});
export const sqliteSchema = {
  team,
  hero,
  teamRelations: relations(team, ({ many }) => ({ heroes: many(hero) })),
  heroRelations: relations(hero, ({ one }) => ({
    team: one(team, { fields: [hero.teamId], references: [team.id] }),
  })),
};

const pgTeam = pg.pgTable("team", {
  id: pg.serial().primaryKey(),
  name: pg.varchar({ length: 80 }).notNull(),
});
const pgHero = pg.pgTable("hero", {
  id: pg.serial().primaryKey(),
  name: pg.varchar({ length: 80 }).notNull(),
  email: pg.varchar({ length: 200 }).notNull(),
  age: pg.integer().notNull(),
  score: pg.doublePrecision().notNull(),
  active: pg.boolean().notNull(),
  createdAt: pg.timestamp("created_at", { withTimezone: true, precision: 3 }).notNull(),
  note: pg.text(),
  teamId: pg.integer("team_id").references(() => pgTeam.id),
});
export const pgSchema = {
  team: pgTeam,
  hero: pgHero,
  teamRelations: relations(pgTeam, ({ many }) => ({ heroes: many(pgHero) })),
  heroRelations: relations(pgHero, ({ one }) => ({
    team: one(pgTeam, { fields: [pgHero.teamId], references: [pgTeam.id] }),
  })),
};

/** Rows of one INSERT. */
export const rowsAtOnce = 1000;
