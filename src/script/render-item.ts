import { AthanorError } from "../errors/index.ts";
import type { Operation } from "../operation/operation.ts";
import type { ColumnType, DefaultValue } from "../schema/index.ts";

/** A part of a new file that a project may write in its own words. */
export type RenderedItem =
  | { readonly kind: "operation"; readonly value: Operation }
  | { readonly kind: "type"; readonly value: ColumnType }
  | { readonly kind: "default"; readonly value: DefaultValue };

/** What a hook that renders may use. */
export interface RenderTools {
  /**
   * Imports `name` from a package, or from a file of the project by its path from the root; answers what it is called
   * in the new file.
   */
  import(name: string, from: string): string;
}

/**
 * The code of a part of a new file, an expression; undefined is Athanor's own. An operation is a call of `op`. What
 * the code gives has to be the same operation, type or default as far as the history is concerned.
 */
export type RenderItem = (item: RenderedItem, tools: RenderTools) => string | undefined;

/** What the project's hook gives for a part; null where it gives nothing. Throws `SCRIPT.RENDER_ITEM`. */
export function ownCode(hook: RenderItem | undefined, item: RenderedItem, tools: RenderTools): string | null {
  const code: unknown = hook?.(item, tools);
  if (code === undefined || code === null || code === false) return null;
  const what = item.kind === "operation" ? `operation ${item.value.kind}` : item.kind;
  if (typeof code !== "string" || code.trim() === "") {
    throw new AthanorError("SCRIPT.RENDER_ITEM", { item: what, reason: "it gave no text" });
  }
  return code.trim().replace(/;$/, "");
}
