import type { Capabilities } from "../dialect/index.ts";

/** Whether UPDATE gives rows back: some databases have it for INSERT and DELETE alone. */
export function returnsUpdates(capabilities: Capabilities & { readonly updateReturning?: boolean }): boolean {
  return capabilities.returning && capabilities.updateReturning !== false;
}
