import type { Connection, DriverValue } from "../dialect/index.ts";
import { inChunks } from "./chunks.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { MappedLink } from "./mapped-relation.ts";
import type { LinkChange } from "./reconcile.ts";
import type { Unit } from "./unit.ts";

/** Inserts rows of link tables, many with each statement. */
export async function insertLinkRows(connection: Connection, changes: readonly LinkChange[]): Promise<void> {
  for (const [link, list] of byLink(changes)) {
    const columns = [...keyColumns(link), ...defaulted(link)];
    const rows = list.map((change) => [
      ...keysOf(link, change),
      ...defaulted(link).map((column) => column.encode(column.field.makeDefault?.())),
    ]);
    const { statements } = link.mapper;
    const most = statements.rowsAtOnce(columns.length);
    for (let start = 0; start < rows.length; start += most) {
      const chunk = rows.slice(start, start + most);
      await connection.query(statements.insert(columns, chunk.length, []), chunk.flat());
    }
  }
}

/** Deletes rows of link tables; objects of them, where the link has a model, go with them. */
export async function deleteLinkRows(
  connection: Connection,
  unit: Unit,
  changes: readonly LinkChange[],
): Promise<void> {
  for (const [link, list] of byLink(changes)) {
    const columns = keyColumns(link);
    const keys = list.map((change) => keysOf(link, change));
    const { statements } = link.mapper;
    await inChunks(keys, statements, async (count, params) => {
      await connection.query(statements.deleteWhere(columns, count), params);
    });
    const { mapper } = link;
    if (!mapper.key.every((column) => columns.includes(column))) continue;
    for (const key of keys) {
      const parts = mapper.key.map((column) => key[columns.indexOf(column)] as DriverValue);
      const entry = unit.find(mapper, mapper.keyOfParts(parts));
      if (entry === undefined) continue;
      unit.frame.deleted.add(entry);
      unit.unregister(entry);
      entry.state = "deleted";
    }
  }
}

function byLink(changes: readonly LinkChange[]): Map<MappedLink, LinkChange[]> {
  return Map.groupBy(changes, ({ relation }) => relation.link as MappedLink);
}

function keyColumns(link: MappedLink): MappedColumn[] {
  return [...link.local.map((pair) => pair.link), ...link.remote.map((pair) => pair.link)];
}

function defaulted(link: MappedLink): MappedColumn[] {
  const keys = keyColumns(link);
  return link.mapper.columns.filter(
    (column) => column.field.makeDefault !== undefined && !keys.includes(column),
  );
}

function keysOf(link: MappedLink, { own, other }: LinkChange): DriverValue[] {
  const ofOwn = link.local.map((pair) => pair.link.encode(own.values[pair.own.property]));
  return [...ofOwn, ...link.remote.map((pair) => pair.link.encode(other.values[pair.own.property]))];
}
