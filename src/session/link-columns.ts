import type { DriverValue } from "../dialect/index.ts";
import type { Entry } from "./entry.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { MappedLink } from "./mapped-relation.ts";
import type { LinkChange } from "./reconcile.ts";
import type { Unit } from "./unit.ts";

/** The columns of a link's table that hold the keys of both sides. */
export function keyColumns(link: MappedLink): MappedColumn[] {
  return [...link.local.map((pair) => pair.link), ...link.remote.map((pair) => pair.link)];
}

/** Those that have a default of the program's, keys aside. */
export function defaulted(link: MappedLink): MappedColumn[] {
  const keys = keyColumns(link);
  return link.mapper.columns.filter(
    (column) => column.field.makeDefault !== undefined && !keys.includes(column),
  );
}

/** What a row holds in the columns of both keys. */
export function linkKey(link: MappedLink, { own, other }: LinkChange): DriverValue[] {
  const ofOwn = link.local.map((pair) => pair.link.encode(own.values[pair.own.property]));
  return [...ofOwn, ...link.remote.map((pair) => pair.link.encode(other.values[pair.own.property]))];
}

/** The object of a row, where the link has a model with the keys of both sides as its own, and it is here. */
export function linkEntry(unit: Unit, link: MappedLink, change: LinkChange): Entry | undefined {
  const { mapper } = link;
  const columns = keyColumns(link);
  if (!mapper.key.every((column) => columns.includes(column))) return undefined;
  const key = linkKey(link, change);
  const parts = mapper.key.map((column) => key[columns.indexOf(column)] as DriverValue);
  return unit.find(mapper, mapper.keyOfParts(parts));
}
