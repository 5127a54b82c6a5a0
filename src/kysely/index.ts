import { Kysely } from "kysely";
import { metadataOf } from "../model/index.ts";
import type { Session } from "../session/session.ts";
import { SessionDriver } from "./driver.ts";
import { Fields } from "./fields.ts";
import { grammarOf } from "./grammar.ts";
import { ModelPlugin } from "./plugin.ts";
import type { DatabaseOf, TypedModel } from "./types.ts";

export type { DatabaseOf, TableOf, TypedModel } from "./types.ts";

/**
 * Kysely over a Session, for what the builder does not say: windows, recursive expressions, lateral joins, paths into
 * JSON. Tables are the keys of `models`, columns the properties of each, values those of its fields:
 * `const db = await kyselyFor(session, { hero: Hero })`. Statements run on the Session's connection and in its
 * transaction, after a flush of what changed; the Session commits. A transaction of Kysely's is one of
 * `session.begin()`. What inserts and updates fill in (defaults, versions) is filled in here too. Rejects with
 * `QUERY.NO_KYSELY` where Kysely does not know the database.
 */
export async function kyselyFor<const M extends Readonly<Record<string, TypedModel>>>(
  session: Session,
  models: M,
): Promise<Kysely<DatabaseOf<M>>> {
  const { dialect } = await session.engine.open();
  const { adapter, compiler, introspector } = grammarOf(dialect);
  const metadata = new Map(Object.entries(models).map(([key, model]) => [key, metadataOf(model)]));
  return new Kysely<DatabaseOf<M>>({
    dialect: {
      createAdapter: adapter,
      createDriver: () => new SessionDriver(session),
      createQueryCompiler: compiler,
      createIntrospector: introspector,
    },
    plugins: [new ModelPlugin(metadata, new Fields(dialect))],
  });
}
