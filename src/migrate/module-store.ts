import type { Connection, Dialect } from "../dialect/index.ts";
import type { Operation } from "../operation/index.ts";
import { column, primaryKey, type Table, type TableRef, t, table } from "../schema/index.ts";
import { presentTables } from "./present.ts";
import { deleteRow, insertRow, ParameterWriter, type Row, selectRows } from "./statements.ts";

/** What a module is to one database. */
export interface ModuleState {
  readonly name: string;
  /** The version whose migrations were last applied; null where the module says none. */
  readonly version: string | null;
  /** `disabled` keeps its tables and applies nothing more; `uninstalled` says that its tables were dropped on purpose. */
  readonly state: "installed" | "disabled" | "uninstalled";
  /** Its revisions that are applied. */
  readonly revisions: readonly string[];
  /** The revisions of others that these depend on: known by then even where the module's own files are gone. */
  readonly needs: readonly string[];
  readonly changedAt: Date;
}

/** The table of modules: one row for each that was ever installed. Its form is frozen; columns are only ever added. */
export function moduleTable(ref: TableRef): Table {
  const required = { nullable: false };
  return table(
    ref,
    [
      column("name", t.varchar(64), required),
      column("version", t.varchar(64)),
      column("state", t.varchar(12), required),
      column("revisions", t.text(), required),
      column("changed_at", t.timestamptz(3), required),
    ],
    { primaryKey: primaryKey(["name"], { name: `pk_${ref.name}` }) },
  );
}

/** Reads and writes which modules a database has. */
export class ModuleStore {
  readonly table: Table;
  readonly #dialect: Dialect;

  constructor(dialect: Dialect, name: string | TableRef = "athanor_module") {
    this.#dialect = dialect;
    this.table = moduleTable(typeof name === "string" ? { schema: null, name } : name);
  }

  async #exists(connection: Connection): Promise<boolean> {
    return (await presentTables(await this.#dialect.design(), connection, [this.table])).length > 0;
  }

  /** Every module that was ever installed, by name; none where there is no table. */
  async read(connection: Connection): Promise<readonly ModuleState[]> {
    if (!(await this.#exists(connection))) return [];
    const { rows } = await connection.query(selectRows(this.#dialect, this.table, "name"));
    return rows.map((values) => {
      const at = (name: string): unknown => {
        const index = this.table.columns.findIndex((each) => each.name === name);
        const value = values[index] ?? null;
        return value === null ? null : this.#dialect.codec(this.table.columns[index]!.type).decode(value);
      };
      return {
        name: String(at("name")),
        version: at("version") as string | null,
        state: at("state") as ModuleState["state"],
        ...(JSON.parse(String(at("revisions"))) as Pick<ModuleState, "revisions" | "needs">),
        changedAt: new Date(at("changed_at") as Date),
      };
    });
  }

  /** Writes the row of a module, in the transaction that is open; the table is made where it is missing. */
  async write(connection: Connection, state: ModuleState): Promise<void> {
    await this.#create(connection);
    const row: Row = {
      name: state.name,
      version: state.version,
      state: state.state,
      revisions: JSON.stringify({ revisions: state.revisions, needs: state.needs }),
      changed_at: state.changedAt,
    };
    await this.remove(connection, state.name);
    const values = new ParameterWriter(this.#dialect);
    const sql = insertRow(this.#dialect, this.table, row, values);
    await connection.query(sql, values.params);
  }

  /** Takes the row of a module away. */
  async remove(connection: Connection, name: string): Promise<void> {
    const values = new ParameterWriter(this.#dialect);
    const sql = deleteRow(this.#dialect, this.table, { name }, values);
    await connection.query(sql, values.params);
  }

  async #create(connection: Connection): Promise<void> {
    if (await this.#exists(connection)) return;
    const [design, { plan }] = await Promise.all([this.#dialect.design(), import("../plan/index.ts")]);
    const state = await design.inspector.inspect(connection, { tables: [this.table] });
    const operations: readonly Operation[] = [{ kind: "createTable", table: this.table }];
    for (const step of plan(operations, state, design).steps) {
      if (step.kind === "statement") await connection.query(step.sql);
    }
  }
}
