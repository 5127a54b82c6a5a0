import type { Schema } from "../schema/index.ts";

/** A table that a failed run of some tool seems to have left behind. It may hold rows that the real one lacks. */
export interface Leftover {
  readonly name: string;
  /** The table it was to take the place of. */
  readonly table: string;
  readonly tool: string;
}

/** How tools name the table that they fill before it takes the place of another. */
const patterns: readonly { readonly tool: string; readonly name: (table: string) => string }[] = [
  { tool: "Athanor", name: (table) => `_athanor_new_${table}` },
  { tool: "Alembic", name: (table) => `_alembic_tmp_${table}`.slice(0, 50) },
  { tool: "Drizzle", name: (table) => `__new_${table}` },
  { tool: "TypeORM", name: (table) => `temporary_${table}` },
  { tool: "Sequelize", name: (table) => `${table}_backup` },
  { tool: "Django", name: (table) => `new__${table}` },
  { tool: "Prisma", name: (table) => `new_${table}` },
];

/**
 * Tables whose names say that a rebuild of another table was left in the middle: in order of their names. A guess
 * from names, for people to look at; nothing is ever dropped for it.
 */
export function findLeftovers(schema: Schema): readonly Leftover[] {
  const names = new Set(schema.tables.map((table) => table.name));
  return schema.tables
    .flatMap(({ name: table }) => patterns.map(({ tool, name }) => ({ name: name(table), table, tool })))
    .filter((leftover) => names.has(leftover.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
