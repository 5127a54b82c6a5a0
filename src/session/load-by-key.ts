import type { DriverValue } from "../dialect/index.ts";
import { inChunks } from "./chunks.ts";
import type { SessionCore } from "./core.ts";
import type { Cohort, Entry } from "./entry.ts";
import type { Key, Mapper } from "./mapper.ts";

/** How an object is got by its key. */
export interface GetOptions<P extends string> {
  /** Relations to load along, as in `select(…).with(…)`. */
  readonly with?: readonly P[];
  /** Reads the row anew and locks it until the transaction ends. */
  readonly withForUpdate?: boolean;
}

/**
 * What `give` makes of the entry of the row with a key: from the Session, where it was read in this transaction, or the
 * database. This is what is asked for most often, one row after the other: it waits for the database, where that takes
 * its time, and for nothing else.
 */
export function byKey<T>(
  core: SessionCore,
  mapper: Mapper,
  parts: readonly Key[],
  options: GetOptions<string>,
  give: (entry: Entry | null) => T,
): T | Promise<T> {
  const isLone = options.with === undefined && options.withForUpdate !== true;
  const entry = isLone ? entryNow(core, mapper, parts) : undefined;
  return entry === undefined ? readByKey(core, mapper, parts, options, give) : give(entry);
}

/** The entry where nothing has to be waited for; undefined where something has. */
function entryNow(core: SessionCore, mapper: Mapper, parts: readonly Key[]): Entry | null | undefined {
  const known = fresh(core, mapper, parts);
  if (known !== undefined) return known;
  const connection = core.transaction.current();
  if (connection?.firstNow === undefined || isComing(core)) return undefined;
  core.scope.demandTenant(mapper.meta.table);
  const found = connection.firstNow(mapper.statements.selectByKey(mapper.eager, false), parts);
  if (found === undefined) return undefined;
  const row = found === null ? null : core.seenRow(mapper, found);
  return row === null ? null : core.absorb(mapper, row, null);
}

/** The entry that is here and was read in this transaction; null where it may not be seen, undefined where it is not. */
function fresh(core: SessionCore, mapper: Mapper, parts: readonly Key[]): Entry | null | undefined {
  const known = core.unit.find(mapper, mapper.keyOfParts(parts));
  if (known === undefined || known.epoch !== core.unit.epoch || known.doomed) return undefined;
  return core.seesEntry(known) ? known : null;
}

async function readByKey<T>(
  core: SessionCore,
  mapper: Mapper,
  parts: readonly Key[],
  options: GetOptions<string>,
  give: (entry: Entry | null) => T,
): Promise<T> {
  const forUpdate = options.withForUpdate === true;
  let entry = forUpdate ? undefined : fresh(core, mapper, parts);
  if (entry === undefined) {
    core.scope.demandTenant(mapper.meta.table);
    if (isComing(core)) await core.flush();
    const connection = forUpdate ? null : core.transaction.current();
    const row =
      connection === null
        ? await core.rowByKey(mapper, parts, forUpdate)
        : core.firstSeen(
            mapper,
            await connection.query(mapper.statements.selectByKey(mapper.eager, false), parts),
          );
    entry = row === null ? null : core.absorb(mapper, row, null, forUpdate);
  }
  if (options.with !== undefined && entry !== null) await core.onDemand.paths([entry], mapper, options.with);
  return give(entry);
}

/** Only rows that come or go can matter: an object with the key that was changed would be known here. */
function isComing({ unit, options }: SessionCore): boolean {
  return options.autoflush !== false && unit.pending.size + unit.doomed.size > 0;
}

/** The entries of rows with several keys, in the order of the keys, those that are not here in one query. */
export async function entriesByKey(
  core: SessionCore,
  mapper: Mapper,
  keys: readonly (readonly Key[])[],
  options: GetOptions<string> = {},
): Promise<(Entry | null)[]> {
  const forUpdate = options.withForUpdate === true;
  if (isComing(core)) await core.flush();
  const { unit } = core;
  const known = (parts: readonly Key[]): Entry | undefined => unit.find(mapper, mapper.keyOfParts(parts));
  const missing = keys.filter((parts) => forUpdate || known(parts)?.epoch !== unit.epoch);
  const cohort: Cohort = { entries: [] };
  const found = new Set<Entry>();
  if (missing.length > 0) {
    const { connection, lock } = await core.connectionFor(forUpdate);
    await inChunks(missing, mapper.statements, async (count, params: DriverValue[]) => {
      const sql = mapper.statements.selectWhere(mapper.key, count, lock);
      for (const given of (await connection.query(sql, params)).rows) {
        const row = mapper.spread(given);
        if (core.sees(mapper, row)) found.add(core.absorb(mapper, row, cohort, forUpdate));
      }
    });
  }
  const entries = keys.map((parts) => {
    const entry = known(parts);
    const isHere = entry !== undefined && (found.has(entry) || entry.epoch === unit.epoch);
    return isHere && core.seesEntry(entry) ? entry : null;
  });
  if (options.with !== undefined) {
    const all = entries.filter((entry) => entry !== null);
    await core.onDemand.paths(all, mapper, options.with);
  }
  return entries;
}
