import type { Connection } from "../dialect/index.ts";
import { inChunks } from "./chunks.ts";
import { deleteGuarded, insertGuarded, linkRoles } from "./guarded-link.ts";
import { defaulted, keyColumns, linkEntry, linkKey } from "./link-columns.ts";
import type { MappedLink } from "./mapped-relation.ts";
import type { LinkChange } from "./reconcile.ts";
import type { Scope } from "./scope.ts";
import type { Unit } from "./unit.ts";

/** Inserts rows of link tables, many with each statement. */
export async function insertLinkRows(
  connection: Connection,
  unit: Unit,
  scope: Scope,
  changes: readonly LinkChange[],
): Promise<void> {
  for (const [link, list] of byLink(changes)) {
    if (linkRoles(link) !== null) {
      await insertGuarded(connection, unit, scope, link, list);
      continue;
    }
    const columns = [...keyColumns(link), ...defaulted(link)];
    const rows = list.map((change) => [
      ...linkKey(link, change),
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
  scope: Scope,
  changes: readonly LinkChange[],
): Promise<void> {
  for (const [link, list] of byLink(changes)) {
    const roles = linkRoles(link);
    if (roles !== null) await deleteGuarded(connection, unit, scope, link, list);
    else await deletePlain(connection, link, list);
    if (roles?.deletedAt !== undefined) continue;
    for (const change of list) {
      const entry = linkEntry(unit, link, change);
      if (entry === undefined) continue;
      unit.frame.deleted.add(entry);
      unit.unregister(entry);
      entry.state = "deleted";
    }
  }
}

async function deletePlain(
  connection: Connection,
  link: MappedLink,
  list: readonly LinkChange[],
): Promise<void> {
  const { statements } = link.mapper;
  const keys = list.map((change) => linkKey(link, change));
  await inChunks(keys, statements, async (count, params) => {
    await connection.query(statements.deleteWhere(keyColumns(link), count), params);
  });
}

function byLink(changes: readonly LinkChange[]): Map<MappedLink, LinkChange[]> {
  return Map.groupBy(changes, ({ relation }) => relation.link as MappedLink);
}
