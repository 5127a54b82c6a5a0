import type { Deferrable } from "../../schema/index.ts";
import type { ConstraintRow } from "./catalog.ts";

/** `["fillfactor=70"]` as an object. */
export function storageParameters(options: readonly string[]): { readonly [name: string]: string } {
  return Object.fromEntries(
    options.map((option) => [option.slice(0, option.indexOf("=")), option.slice(option.indexOf("=") + 1)]),
  );
}

/** When a constraint is checked. */
export function deferrableOf(row: ConstraintRow): Deferrable {
  if (!row.deferrable) return null;
  return row.deferred ? "deferred" : "immediate";
}
