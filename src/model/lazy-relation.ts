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
  "toJSON",
  "inspect",
  "nodeType",
  "$$typeof",
  "asymmetricMatch",
]);

/**
 * A relation that was not loaded: awaiting it loads it; reading anything else from it is an error that says what
 * to write. Symbols, JSON, spreading and inspection see nothing, query nothing and throw nothing.
 */
export function lazyRelation(relation: LazyRelation): PromiseLike<unknown> {
  const { model, property } = relation;
  const handler: ProxyHandler<object> = {
    get(_, read) {
      if (typeof read === "symbol" || harmless.has(read)) return undefined;
      if (read !== "then") throw new AthanorError("MODEL.UNLOADED", { model, property, read });
      return (fulfilled: (value: unknown) => unknown, rejected: (error: unknown) => unknown) =>
        relation.load().then(fulfilled, rejected);
    },
    set(_, read) {
      throw new AthanorError("MODEL.UNLOADED", { model, property, read: String(read) });
    },
  };
  return new Proxy(Object.create(null) as object, handler) as PromiseLike<unknown>;
}
