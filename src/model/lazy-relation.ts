import { AthanorError } from "../errors/index.ts";

/** What an unloaded relation asks for. */
export interface LazyRelation {
  readonly model: string;
  readonly property: string;
  readonly load: () => Promise<unknown>;
}

/** Properties that tools read of anything: they see an empty object, and nothing is loaded. */
const harmless: ReadonlySet<string> = new Set([
  "constructor",
  "inspect",
  "nodeType",
  "$$typeof",
  "asymmetricMatch",
]);

const lazyColumns = new WeakSet<object>();

/** Whether a value stands for a column that was not loaded. */
export function isLazyColumn(value: unknown): boolean {
  return typeof value === "object" && value !== null && lazyColumns.has(value);
}

/** A column that was not loaded: awaiting it loads it, JSON leaves it out. */
export function lazyColumn(column: LazyRelation): PromiseLike<unknown> {
  const lazy = lazyValue(column, () => undefined);
  lazyColumns.add(lazy);
  return lazy;
}

/**
 * A relation that was not loaded: awaiting it loads it; reading anything else from it is an error that says what
 * to write. Symbols, JSON, spreading and inspection see nothing, query nothing and throw nothing.
 */
export function lazyRelation(relation: LazyRelation): PromiseLike<unknown> {
  return lazyValue(relation, undefined);
}

function lazyValue({ model, property, load }: LazyRelation, toJSON: unknown): PromiseLike<unknown> {
  const handler: ProxyHandler<object> = {
    get(_, read) {
      if (read === "toJSON") return toJSON;
      if (typeof read === "symbol" || harmless.has(read)) return undefined;
      if (read !== "then") throw new AthanorError("MODEL.UNLOADED", { model, property, read });
      return (fulfilled: (value: unknown) => unknown, rejected: (error: unknown) => unknown) =>
        load().then(fulfilled, rejected);
    },
    set(_, read) {
      throw new AthanorError("MODEL.UNLOADED", { model, property, read: String(read) });
    },
  };
  return new Proxy(Object.create(null) as object, handler) as PromiseLike<unknown>;
}
