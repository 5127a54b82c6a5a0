import type { Connection, Dialect } from "../dialect/index.ts";
import type { Operation } from "../operation/index.ts";
import type { Table } from "../schema/index.ts";
import { packageVersion } from "../util/package-version.ts";
import { uuid7 } from "../util/uuid7.ts";
import type { Direction } from "./documents.ts";
import { presentTables } from "./present.ts";
import {
  deleteRow,
  insertRow,
  ParameterWriter,
  type Row,
  selectRows,
  updateRow,
  type ValueWriter,
} from "./statements.ts";
import { type Mark, readMark, readStoredPlan, type StoredPlan } from "./stored-plan.ts";
import { logTable, type VersionTables, versionTable } from "./version-tables.ts";

/**
 * What a row of the log tells: a revision was applied or undone, or only said to be (`stamp`, `unstamp`); from a
 * `purge` on, earlier rows no longer count.
 */
export type LogDirection = Direction | "stamp" | "unstamp" | "purge";

/** One row of the log. */
export interface LogEntry {
  readonly id: string;
  readonly revision: string;
  readonly direction: LogDirection;
  readonly status: "running" | "done" | "failed";
  readonly checksum: string | null;
  readonly startedAt: Date;
  readonly statementIndex: number | null;
  readonly statementCount: number | null;
  /** What it runs, until it is done; null where a failure takes everything back. */
  readonly stored: StoredPlan | null;
  readonly mark: Mark | null;
}

/** A row that is to be written. */
export interface NewLogEntry {
  readonly runId: string;
  readonly revision: string;
  readonly direction: LogDirection;
  readonly checksum: string | null;
  readonly startedAt: Date;
}

/** What became of it. */
export interface LogOutcome {
  readonly status: "running" | "done" | "failed";
  readonly finishedAt: Date | null;
  readonly statementIndex: number | null;
  readonly statementCount: number | null;
  readonly plan?: string | null;
  readonly error?: string | null;
}

/** What of a row changes. */
export interface LogChange extends Partial<LogOutcome> {
  readonly checksum?: string | null;
  readonly mark?: string | null;
  readonly durationMs?: number;
}

/** Where a database stands. */
export interface Standing {
  /** The tables that are not there. */
  readonly missing: readonly Table[];
  readonly heads: readonly string[];
  readonly entries: readonly LogEntry[];
}

/** Reads and writes the version table and the log. */
export class VersionStore {
  readonly version: Table;
  readonly log: Table;
  readonly #dialect: Dialect;

  constructor(dialect: Dialect, tables: VersionTables) {
    this.#dialect = dialect;
    this.version = versionTable(tables.version);
    this.log = logTable(tables.log);
  }

  /** Which of the two tables are not there. */
  async missing(connection: Connection): Promise<readonly Table[]> {
    const tables = [this.version, this.log];
    const found = await presentTables(await this.#dialect.design(), connection, tables);
    return tables.filter((table) => !found.includes(table));
  }

  /** Makes what is missing, in the transaction that is open. */
  async create(connection: Connection, missing: readonly Table[]): Promise<void> {
    const operations = missing.map((table): Operation => ({ kind: "createTable", table }));
    if (operations.length === 0) return;
    const [design, { plan }] = await Promise.all([this.#dialect.design(), import("../plan/index.ts")]);
    const state = await design.inspector.inspect(connection, { tables: missing });
    for (const step of plan(operations, state, design).steps) {
      if (step.kind === "statement") await connection.query(step.sql);
    }
  }

  /** Where the database stands, with one look at the catalog: `heads`, `entries` and `missing` in one. */
  async read(connection: Connection): Promise<Standing> {
    const missing = await this.missing(connection);
    const heads = await this.heads(connection, missing);
    return { missing, heads, entries: await this.entries(connection, missing) };
  }

  /** The database's heads; none where there is no version table. `missing` is what the method says, where it is known. */
  async heads(connection: Connection, missing?: readonly Table[]): Promise<readonly string[]> {
    if ((missing ?? (await this.missing(connection))).includes(this.version)) return [];
    const { rows } = await connection.query(selectRows(this.#dialect, this.version, "version_num"));
    return rows.map(([id]) => String(id));
  }

  /** The statements that turn the rows of the version table from one set of heads into another. */
  moveStatements(
    from: readonly string[],
    to: readonly string[],
    writer: () => ValueWriter,
  ): readonly { readonly sql: string; readonly values: ValueWriter }[] {
    const gone = from.filter((id) => !to.includes(id));
    const come = to.filter((id) => !from.includes(id));
    const moved = Math.min(gone.length, come.length);
    const key = (id: string | undefined): Row => ({ version_num: id });
    const make = (write: (values: ValueWriter) => string) => {
      const values = writer();
      return { sql: write(values), values };
    };
    return [
      ...gone.slice(moved).map((id) => make((v) => deleteRow(this.#dialect, this.version, key(id), v))),
      ...gone
        .slice(0, moved)
        .map((id, i) => make((v) => updateRow(this.#dialect, this.version, key(come[i]), key(id), v))),
      ...come.slice(moved).map((id) => make((v) => insertRow(this.#dialect, this.version, key(id), v))),
    ];
  }

  /** Writes new heads. */
  async move(connection: Connection, from: readonly string[], to: readonly string[]): Promise<void> {
    for (const { sql, values } of this.moveStatements(from, to, () => new ParameterWriter(this.#dialect))) {
      await connection.query(sql, (values as ParameterWriter).params);
    }
  }

  /** The log, oldest first; empty where there is none. */
  async entries(connection: Connection, missing?: readonly Table[]): Promise<readonly LogEntry[]> {
    if ((missing ?? (await this.missing(connection))).includes(this.log)) return [];
    const { rows } = await connection.query(selectRows(this.#dialect, this.log, "id"));
    return rows.map((values) => this.#readEntry(values));
  }

  #readEntry(values: readonly unknown[]): LogEntry {
    const row = new Map(
      this.log.columns.map((column, i): [string, unknown] => {
        const value = values[i];
        const decode = this.#dialect.codec(column.type).decode;
        return [column.name, value === null || value === undefined ? null : decode(value as never)];
      }),
    );
    const number = (name: string): number | null => (row.get(name) == null ? null : Number(row.get(name)));
    return {
      id: String(row.get("id")),
      revision: String(row.get("revision")),
      direction: row.get("direction") as LogEntry["direction"],
      status: row.get("status") as LogEntry["status"],
      checksum: (row.get("checksum") as string | null) ?? null,
      startedAt: new Date(row.get("started_at") as Date),
      statementIndex: number("statement_index"),
      statementCount: number("statement_count"),
      stored: readStoredPlan(row.get("plan")),
      mark: readMark(row.get("mark")),
    };
  }

  /** The INSERT of a row of the log, and its id. */
  logStatement(entry: NewLogEntry, outcome: LogOutcome, values: ValueWriter): { id: string; sql: string } {
    const id = uuid7(entry.startedAt.getTime());
    const row: Row = {
      id,
      run_id: entry.runId,
      revision: entry.revision,
      direction: entry.direction,
      checksum: entry.checksum,
      started_at: entry.startedAt,
      athanor: packageVersion,
      ...outcomeRow(entry, outcome),
    };
    return { id, sql: insertRow(this.#dialect, this.log, row, values) };
  }

  /** The UPDATE of a row of the log. */
  logUpdateStatement(id: string, entry: NewLogEntry, outcome: LogOutcome, values: ValueWriter): string {
    return updateRow(this.#dialect, this.log, outcomeRow(entry, outcome), { id }, values);
  }

  /** Adds a row to the log; answers its id. */
  async append(connection: Connection, entry: NewLogEntry, outcome: LogOutcome): Promise<string> {
    const values = new ParameterWriter(this.#dialect);
    const { id, sql } = this.logStatement(entry, outcome, values);
    await connection.query(sql, values.params);
    return id;
  }

  /** Changes a row of the log. */
  async update(connection: Connection, id: string, change: LogChange): Promise<void> {
    const values = new ParameterWriter(this.#dialect);
    const row: Row = {
      status: change.status,
      checksum: change.checksum,
      finished_at: change.finishedAt,
      duration_ms: change.durationMs,
      statement_index: change.statementIndex,
      statement_count: change.statementCount,
      plan: change.plan,
      mark: change.mark,
      error: change.error,
    };
    const sql = updateRow(this.#dialect, this.log, row, { id }, values);
    await connection.query(sql, values.params);
  }
}

function outcomeRow(entry: NewLogEntry, outcome: LogOutcome): Row {
  const { finishedAt } = outcome;
  return {
    status: outcome.status,
    finished_at: finishedAt,
    duration_ms: finishedAt === null ? null : Math.max(0, finishedAt.getTime() - entry.startedAt.getTime()),
    statement_index: outcome.statementIndex,
    statement_count: outcome.statementCount,
    plan: outcome.plan ?? null,
    error: outcome.error ?? null,
  };
}
