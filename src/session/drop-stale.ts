import type { Entry } from "./entry.ts";
import type { MappedColumn } from "./mapped-column.ts";
import { relationsOf } from "./mapped-relation.ts";
import { hasRelations, relationValue, unloadRelation } from "./relation-value.ts";

/** A loaded relation whose foreign key says something else now is loaded again when next asked for. */
export function dropStaleRelations(entry: Entry, columns: readonly MappedColumn[]): void {
  if (!hasRelations(entry.instance)) return;
  for (const relation of relationsOf(entry.mapper).values()) {
    if (!relation.local.some((column) => columns.includes(column)) || relation.meta.keyOn !== "local")
      continue;
    const value = relationValue(entry.instance, relation.property);
    if (value === undefined) continue;
    const holder = (value ?? {}) as Readonly<Record<string, unknown>>;
    const fits = relation.local.every((column, i) => {
      const held = value === null ? null : holder[(relation.remote[i] as MappedColumn).property];
      return held === (entry.values[column.property] ?? null);
    });
    if (!fits) unloadRelation(entry, relation.property);
  }
}
