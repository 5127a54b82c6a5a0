import { DatabaseError } from "../dialect/errors.ts";
import type { DriverValue } from "../dialect/index.ts";
import { inChunks } from "./chunks.ts";
import type { SessionCore } from "./core.ts";
import type { Entry } from "./entry.ts";
import { relationsOf } from "./mapped-relation.ts";
import { relationValue, unloadRelation } from "./relation-value.ts";
import { renew } from "./renew.ts";

/**
 * Reads rows again that were first read in a transaction that was rolled back, after it had written: what they held
 * may never have been. Objects whose rows are not there are let go. Where nothing can be read now, they are read
 * when they next come by.
 */
export async function reread(core: SessionCore, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  try {
    await rereadNow(core, entries);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
  }
}

async function rereadNow(core: SessionCore, entries: readonly Entry[]): Promise<void> {
  const here = entries.filter((entry) => entry.owner === core && entry.state === "persistent");
  for (const entry of here) {
    entry.epoch = 0;
    for (const property of relationsOf(entry.mapper).keys()) {
      if (relationValue(entry.instance, property) !== undefined) unloadRelation(entry, property);
    }
  }
  const missing = new Set(here);
  for (const [mapper, list] of Map.groupBy(here, (entry) => entry.mapper)) {
    const keys = list.map((entry) => mapper.keyParts(entry.snapshot));
    const connection = await core.reading();
    await inChunks(keys, mapper.statements, async (count, params: DriverValue[]) => {
      const sql = mapper.statements.selectWhere(mapper.key, count, "");
      for (const row of (await connection.query(sql, params)).rows) {
        const whole = mapper.spread(row);
        const entry = core.unit.find(mapper, mapper.keyOf(whole) as DriverValue);
        if (entry === undefined) continue;
        renew(core.unit, entry, whole, true);
        missing.delete(entry);
      }
    });
  }
  for (const entry of missing) core.forgetRow(entry);
}
