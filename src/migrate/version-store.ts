import type { Connection, Dialect } from "../dialect/index.ts";
import type { Operation } from "../operation/index.ts";
import { plan } from "../plan/index.ts";
import { findTable, type Table } from "../schema/index.ts";
import { packageVersion } from "../util/package-version.ts";
import { uuid7 } from "../util/uuid7.ts";
import type { Direction } from "./documents.ts";
import {
  deleteRow,
  insertRow,
  ParameterWriter,
  type Row,
  selectRows,
  updateRow,
  type ValueWriter,
} from "./statements.ts";
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
  /** The statements, while it runs; null for data steps of code. */
  readonly plan: readonly (string | null)[] | null;
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
    const { inspector } = await this.#dialect.design();
    const found = await inspector.inspect(connection, { tables: [this.version, this.log] });
    return [this.version, this.log].filter((table) => findTable(found, table) === undefined);
  }

  /** Makes what is missing, in the transaction that is open. */
  async create(connection: Connection, missing: readonly Table[]): Promise<void> {
    const operations = missing.map((table): Operation => ({ kind: "createTable", table }));
    if (operations.length === 0) return;
    const design = await this.#dialect.design();
    const state = await design.inspector.inspect(connection, { tables: missing });
    for (const step of plan(operations, state, design).steps) {
      if (step.kind === "statement") await connection.query(step.sql);
    }
  }

  /** The database's heads; none where there is no version table. */
  async heads(connection: Connection): Promise<readonly string[]> {
    if ((await this.missing(connection)).includes(this.version)) return [];
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
  async entries(connection: Connection): Promise<readonly LogEntry[]> {
    if ((await this.missing(connection)).includes(this.log)) return [];
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
    const planned = row.get("plan");
    return {
      id: String(row.get("id")),
      revision: String(row.get("revision")),
      direction: row.get("direction") as LogEntry["direction"],
      status: row.get("status") as LogEntry["status"],
      checksum: (row.get("checksum") as string | null) ?? null,
      startedAt: new Date(row.get("started_at") as Date),
      statementIndex: number("statement_index"),
      statementCount: number("statement_count"),
      plan: typeof planned === "string" ? (JSON.parse(planned) as (string | null)[]) : null,
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

  /** Adds a row to the log; answers its id. */
  async append(connection: Connection, entry: NewLogEntry, outcome: LogOutcome): Promise<string> {
    const values = new ParameterWriter(this.#dialect);
    const { id, sql } = this.logStatement(entry, outcome, values);
    await connection.query(sql, values.params);
    return id;
  }

  /** Changes a row of the log. */
  async update(connection: Connection, id: string, entry: NewLogEntry, outcome: LogOutcome): Promise<void> {
    const values = new ParameterWriter(this.#dialect);
    const sql = updateRow(this.#dialect, this.log, outcomeRow(entry, outcome), { id }, values);
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
