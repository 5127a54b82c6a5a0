import type { DatabaseIntrospector, DialectAdapter, Kysely, QueryCompiler } from "kysely";
import {
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { Dialect } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";

/** What Kysely has of its own for the SQL of one database. */
export interface Grammar {
  readonly adapter: () => DialectAdapter;
  readonly compiler: () => QueryCompiler;
  readonly introspector: (db: Kysely<unknown>) => DatabaseIntrospector;
}

const mysql: Grammar = {
  adapter: () => new MysqlAdapter(),
  compiler: () => new MysqlQueryCompiler(),
  introspector: (db) => new MysqlIntrospector(db),
};

/** Kysely takes it for MySQL, which gives no rows back; this one does, from what it inserts and deletes. */
class MariadbAdapter extends MysqlAdapter {
  override get supportsReturning(): boolean {
    return true;
  }
}

const grammars: Readonly<Record<string, Grammar>> = {
  sqlite: {
    adapter: () => new SqliteAdapter(),
    compiler: () => new SqliteQueryCompiler(),
    introspector: (db) => new SqliteIntrospector(db),
  },
  postgresql: {
    adapter: () => new PostgresAdapter(),
    compiler: () => new PostgresQueryCompiler(),
    introspector: (db) => new PostgresIntrospector(db),
  },
  mysql,
  mariadb: { ...mysql, adapter: () => new MariadbAdapter() },
};

/** Kysely's part for a dialect. Throws `QUERY.NO_KYSELY` where Kysely has none. */
export function grammarOf(dialect: Dialect): Grammar {
  const ids = [dialect.id, ...(dialect.standsInFor ?? [])];
  const grammar = ids.map((id) => grammars[id]).find((each) => each !== undefined);
  if (grammar === undefined) throw new AthanorError("QUERY.NO_KYSELY", { what: `words for ${dialect.id}` });
  return grammar;
}
