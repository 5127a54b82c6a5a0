import type { DriverValue } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import type { Delete, Insert, Select, Update } from "../query/index.ts";
import { compile } from "../sql/index.ts";
import type { SessionCore } from "./core.ts";
import type { Cohort, Entry } from "./entry.ts";
import type { RowSource, Written } from "./rows.ts";
import { encodeParameters, type PreparedSelect, prepareSelect } from "./select.ts";
import { tablesOf } from "./tables.ts";

/** Rows that pass by while streaming before relations are loaded for them, and they are forgotten. */
const streamedAtOnce = 500;

/** What a Session does before each use: opens, and takes in what was added before it was open. */
export type Ready = () => Promise<void>;

/** The rows of a query, got through a Session. */
export class SelectSource<T> implements RowSource<T> {
  readonly #core: SessionCore;
  readonly #ready: Ready;
  readonly #select: Select<T>;

  constructor(core: SessionCore, ready: Ready, select: Select<T>) {
    this.#core = core;
    this.#ready = ready;
    this.#select = select;
  }

  all(): Promise<T[]> {
    return this.#core.guard.alone("a query", async () => {
      const prepared = await this.#prepare();
      const connection = await this.#core.reading();
      const { rows } = await connection.query(prepared.sql, prepared.params);
      return this.#read(prepared, rows);
    });
  }

  async #prepare(): Promise<PreparedSelect> {
    await this.#ready();
    const { plan } = this.#select;
    if (this.#core.options.autoflush !== false) await this.#core.flushIfDirty(tablesOf(plan));
    return prepareSelect(plan, await this.#core.open());
  }

  async #read(prepared: PreparedSelect, rows: readonly (readonly DriverValue[])[]): Promise<T[]> {
    const cohorts = Array.from({ length: prepared.models }, (): Cohort => ({ entries: [] }));
    const absorb = this.#core.absorb.bind(this.#core);
    const results = rows.map((row) => prepared.read(row, absorb, cohorts) as T);
    const [first] = cohorts;
    if (prepared.root !== null && first !== undefined) {
      await this.#core.loadPaths(first.entries, prepared.root, this.#select.plan.with);
    }
    return results;
  }

  /** In pieces, so that relations are loaded for many objects at once. */
  async *stream(): AsyncGenerator<T, void, undefined> {
    const { guard } = this.#core;
    guard.enter("a stream");
    try {
      const prepared = await this.#prepare();
      const connection = await this.#core.reading();
      let batch: (readonly DriverValue[])[] = [];
      for await (const row of connection.stream(prepared.sql, prepared.params)) {
        batch.push(row);
        if (batch.length < streamedAtOnce) continue;
        yield* await this.#read(prepared, batch);
        batch = [];
      }
      yield* await this.#read(prepared, batch);
    } finally {
      guard.leave();
    }
  }
}

/** Runs a statement that writes rows without objects; pending changes of objects are written before it. */
export async function write<T>(
  core: SessionCore,
  statement: Insert<T> | Update<T> | Delete<T>,
): Promise<Written<T>> {
  const { plan } = statement;
  const dialect = await core.open();
  demandValues(plan);
  if (core.options.autoflush !== false) await core.flushIfDirty(null);
  const { sql, parameters } = compile(plan.statement, dialect.query);
  const connection = await core.writing();
  const result = await connection.query(sql, encodeParameters(parameters, dialect));
  core.unit.epoch += 1; // rows may have changed behind the objects: they are read again when they come by
  if (!plan.returning) return { changes: result.changes, rows: [] };
  const mapper = core.mapperOf(plan.metadata.model, dialect);
  const cohort: Cohort = { entries: [] };
  const entries = result.rows.map((row): Entry => core.absorb(mapper, row, cohort));
  return { changes: result.changes, rows: entries.map(({ instance }) => instance as T) };
}

function demandValues({
  statement,
  metadata,
}: Insert<unknown>["plan"] | Update<unknown>["plan"] | Delete<unknown>["plan"]): void {
  const empty =
    (statement.kind === "insert" && !("kind" in statement.rows) && statement.rows.length === 0) ||
    (statement.kind === "update" && statement.set.length === 0);
  if (empty) throw new AthanorError("QUERY.NO_VALUES", { statement: statement.kind, model: metadata.name });
}
