import { setImmediate as nextTurn } from "node:timers/promises";
import type { Connection, Dialect, DriverValue, Result } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import type { Delete, Insert, Select, Update } from "../query/index.ts";
import { compile, compileFragment, type SqlFragment, type Statement } from "../sql/index.ts";
import { keepShape } from "../util/keep-shape.ts";
import type { SessionCore } from "./core.ts";
import type { Cohort, Entry } from "./entry.ts";
import { streaming } from "./guard.ts";
import { encodeParameters } from "./parameters.ts";
import { returnsUpdates } from "./returning.ts";
import type { RowSource, Written } from "./rows.ts";
import { type Absorb, type PreparedSelect, prepareSelect } from "./select.ts";
import { tablesOf } from "./tables.ts";
import { explainUnique } from "./violation.ts";
import { withAutomaticValues, writtenValues } from "./write-values.ts";

type Row = readonly DriverValue[];

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
    return this.#core.alone("a query", async () => {
      const prepared = await this.#prepare();
      const connection = await this.#connection();
      const { rows } = await connection.query(prepared.sql, prepared.params);
      return this.#read(prepared, rows);
    });
  }

  get #locks(): boolean {
    return this.#select.plan.statement.lock !== null;
  }

  async #connection(): Promise<Connection> {
    return (await this.#core.connectionFor(this.#locks)).connection;
  }

  async #prepare(): Promise<PreparedSelect> {
    await this.#ready();
    const { plan } = this.#select;
    if (this.#core.options.autoflush !== false) await this.#core.flushIfDirty(tablesOf(plan));
    return prepareSelect(plan, await this.#core.open(), this.#core.scope);
  }

  async #read(prepared: PreparedSelect, rows: readonly (readonly DriverValue[])[]): Promise<T[]> {
    const cohorts = Array.from({ length: prepared.models }, (): Cohort => ({ entries: [] }));
    const results = this.#take(prepared, rows, cohorts);
    const [first] = cohorts;
    if (prepared.root !== null && first !== undefined && this.#select.plan.with.length > 0) {
      await this.#core.onDemand.paths(first.entries, prepared.root, this.#select.plan.with);
    }
    return results;
  }

  #take(prepared: PreparedSelect, rows: readonly Row[], cohorts: readonly Cohort[]): T[] {
    const core = this.#core;
    const always = this.#locks; // a row may have changed while its lock was waited for
    const [first] = cohorts;
    if (prepared.isPlain && prepared.root !== null && first !== undefined) {
      core.absorbAll(prepared.root, rows, first, always, []);
      return first.entries.map(({ instance }) => instance as T);
    }
    const absorb: Absorb = (mapper, row, cohort, missing) =>
      core.absorb(mapper, row, cohort, always, missing);
    return rows.map((row) => prepared.read(row, absorb, cohorts) as T);
  }

  /** In pieces, so that relations are loaded for many objects at once; each piece is let go before the next. */
  async *stream(): AsyncGenerator<T, void, undefined> {
    const { guard } = this.#core;
    guard.enter(streaming);
    try {
      const prepared = await this.#prepare();
      const connection = await this.#connection();
      let batch: (readonly DriverValue[])[] = [];
      for await (const row of connection.stream(prepared.sql, prepared.params)) {
        batch.push(row);
        if (batch.length < streamedAtOnce) continue;
        yield* this.#piece(prepared, batch);
        batch = [];
        await nextTurn(); // what was let go is collected between turns of the event loop
      }
      yield* this.#piece(prepared, batch);
    } catch (error) {
      this.#core.notice(error);
      throw error;
    } finally {
      guard.leave();
    }
  }

  async *#piece(prepared: PreparedSelect, rows: readonly (readonly DriverValue[])[]): AsyncGenerator<T> {
    const stop = this.#core.noteNew();
    let made: readonly Entry[] = [];
    try {
      const results = await this.#read(prepared, rows);
      made = stop();
      yield* results;
    } finally {
      stop();
      this.#core.letPass(made);
    }
  }
}

keepShape(new SelectSource(null as never, null as never, null as never));

/** Runs SQL written by hand; pending changes of objects are written before it. Rows are plain objects by column. */
export async function execSql(
  core: SessionCore,
  dialect: Dialect,
  fragment: SqlFragment,
): Promise<readonly Record<string, unknown>[]> {
  await core.autoflush();
  const { sql, parameters } = compileFragment(fragment.expression, dialect.query);
  core.scope.demandUnguarded(sql);
  const reads = isReading(sql);
  const connection = await (reads ? core.reading() : core.writing());
  const { columns, rows } = await connection.query(sql, encodeParameters(parameters, dialect));
  if (!reads) core.unit.epoch += 1; // rows may have changed behind the objects
  return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
}

/** Whether SQL begins like a query; a named one may still be that of a statement that writes. */
function isReading(sql: string): boolean {
  if (/^\s*with\b/i.test(sql))
    return !/\b(?:insert|replace|merge)\s+into\b|\bdelete\s+from\b|\bupdate\b[^;]*\bset\b/i.test(sql);
  return /^\s*(?:select|values|explain|show|pragma)\b/i.test(sql);
}

/** Runs SQL that something else made, with parameters as the driver takes them; pending changes come before it. */
export async function execText(
  core: SessionCore,
  text: string,
  params: readonly DriverValue[],
  writes: boolean,
): Promise<Result> {
  core.scope.demandUnguarded(text);
  await core.autoflush();
  const connection = await (writes ? core.writing() : core.reading());
  const result = await connection.query(text, params);
  if (writes) core.unit.epoch += 1; // rows may have changed behind the objects
  return result;
}

/** The rows of a query that something else made, as they come; pending changes are written before it. */
export async function* streamText(
  core: SessionCore,
  ready: Ready,
  text: string,
  params: readonly DriverValue[],
  onColumns: ((columns: readonly string[]) => void) | undefined,
): AsyncGenerator<readonly DriverValue[], void, undefined> {
  core.guard.enter(streaming);
  try {
    await ready();
    core.scope.demandUnguarded(text);
    await core.autoflush();
    const connection = await core.reading();
    yield* connection.stream(text, params, onColumns);
  } catch (error) {
    core.notice(error);
    throw error;
  } finally {
    core.guard.leave();
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
  demandReturning(plan, dialect);
  await core.autoflush();
  const { sql, parameters } = compile(scoped(core, withAutomaticValues(plan)), dialect.query);
  const connection = await core.writing();
  const result = await connection.query(sql, encodeParameters(parameters, dialect)).catch(async (error) => {
    const mapper = core.mapperOf(plan.metadata.model, dialect);
    throw await explainUnique(error, mapper, writtenValues(plan), async () => connection);
  });
  core.unit.epoch += 1; // rows may have changed behind the objects: they are read again when they come by
  if (!plan.returning) return { changes: result.changes, rows: [] };
  const mapper = core.mapperOf(plan.metadata.model, dialect);
  const cohort: Cohort = { entries: [] };
  const entries = result.rows.map((row): Entry => core.absorb(mapper, row, cohort, true, []));
  return { changes: result.changes, rows: entries.map(({ instance }) => instance as T) };
}

/** A statement that writes what the Session may write. */
function scoped({ scope }: SessionCore, statement: Statement): Statement {
  if (statement.kind === "update") return scope.update(statement);
  if (statement.kind === "delete") return scope.delete(statement);
  if (statement.kind === "select") return scope.select(statement);
  return scope.insert(statement);
}

type WrittenPlan = (Insert<unknown> | Update<unknown> | Delete<unknown>)["plan"];

function demandValues({ statement, metadata }: WrittenPlan): void {
  const empty =
    (statement.kind === "insert" && !("kind" in statement.rows) && statement.rows.length === 0) ||
    (statement.kind === "update" && statement.set.length === 0);
  if (empty) throw new AthanorError("QUERY.NO_VALUES", { statement: statement.kind, model: metadata.name });
}

function demandReturning({ statement: { kind }, returning }: WrittenPlan, { capabilities }: Dialect): void {
  const gives = kind === "update" ? returnsUpdates(capabilities) : capabilities.returning;
  if (returning && !gives) throw new AthanorError("QUERY.NO_RETURNING", { statement: kind });
}
