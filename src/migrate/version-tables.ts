import { column, primaryKey, type Table, type TableRef, t, table } from "../schema/index.ts";

/** Where the history of a database is kept. */
export interface VersionTables {
  readonly version: TableRef;
  readonly log: TableRef;
}

/** The names a project gave, or the usual ones. */
export function versionTables(
  version: string | TableRef | undefined,
  log: string | TableRef | undefined,
): VersionTables {
  const ref = (name: string | TableRef): TableRef =>
    typeof name === "string" ? { schema: null, name } : { schema: name.schema, name: name.name };
  return { version: ref(version ?? "athanor_version"), log: ref(log ?? "athanor_log") };
}

/** The version table: one row for each head of the database. Its form is frozen. */
export function versionTable(ref: TableRef): Table {
  return table(ref, [column("version_num", t.varchar(255), { nullable: false })], {
    primaryKey: primaryKey(["version_num"], { name: `pk_${ref.name}` }),
  });
}

/**
 * The log: one row for each revision that was applied, undone or stamped, in the order of `id`. Its form is
 * frozen; columns are only ever added, nullable.
 *
 * | column | meaning |
 * |---|---|
 * | id | UUID version 7, made by the program: no database numbers it, so that scripts of SQL can hold it |
 * | run_id | the same for all revisions of one command |
 * | revision | |
 * | direction | `upgrade`, `downgrade`, `stamp`, `unstamp`, or `purge`: earlier rows no longer count |
 * | status | `running`, `done` or `failed`; where DDL is transactional only `done` is ever seen |
 * | checksum | of the file as it was then (see `script/checksum.ts`); null where there was none |
 * | started_at, finished_at | instants |
 * | duration_ms | |
 * | statement_index | the last finished statement, counted from 0; null before the first |
 * | statement_count | how many there are |
 * | plan | until it is `done`, where statements are not all taken back: what is run, as JSON (`migrate/stored-plan.ts`) |
 * | mark | the same: what was there before a statement that no transaction takes back, as JSON |
 * | error | what stopped it, where it `failed` |
 * | athanor | the version of Athanor that wrote the row |
 */
export function logTable(ref: TableRef): Table {
  const required = { nullable: false };
  return table(
    ref,
    [
      column("id", t.varchar(36), required),
      column("run_id", t.varchar(36), required),
      column("revision", t.varchar(255), required),
      column("direction", t.varchar(10), required),
      column("status", t.varchar(10), required),
      column("checksum", t.varchar(64)),
      column("started_at", t.timestamptz(3), required),
      column("finished_at", t.timestamptz(3)),
      column("duration_ms", t.bigint()),
      column("statement_index", t.integer()),
      column("statement_count", t.integer()),
      column("plan", t.text()),
      column("mark", t.text()),
      column("error", t.text()),
      column("athanor", t.varchar(40), required),
    ],
    { primaryKey: primaryKey(["id"], { name: `pk_${ref.name}` }) },
  );
}
