import type { RootOperationNode } from "kysely";

interface Query {
  readonly kind: string;
  readonly with?: { readonly expressions: readonly { readonly expression: { readonly kind: string } }[] };
  readonly endModifiers?: readonly { readonly modifier?: string }[];
}

/** Statements written by hand that only read. */
const reading = /^\s*(?:select|values|explain|show|pragma)\b/i;

/** Whether a statement writes, or locks rows, so that a transaction has to be begun for it. */
export function writes(root: RootOperationNode, sql: string): boolean {
  const query = root as Query;
  if (query.kind === "RawNode") return !reading.test(sql);
  if (query.kind !== "SelectQueryNode") return true;
  const locks = query.endModifiers?.some(({ modifier }) => modifier?.startsWith("For") === true);
  const inside = query.with?.expressions.some(({ expression }) =>
    /^(?:Insert|Update|Delete)Query/.test(expression.kind),
  );
  return locks === true || inside === true;
}
