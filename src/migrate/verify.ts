import { isAthanorError } from "../errors/index.ts";
import { operationsFor } from "../fold/index.ts";
import { inspectDatabase } from "../inspect/index.ts";
import { type Schema, sameTable } from "../schema/index.ts";
import { differencesBetween } from "./catalog-differences.ts";
import type { Context } from "./context.ts";
import type { History } from "./history.ts";
import { type KeptTable, keptTables, lostRows, readTableRows, type TableRows } from "./kept-rows.ts";
import { runMigrations } from "./run.ts";
import { fillWithSamples } from "./sample-rows.ts";
import { makeThrowaway, type Throwaway } from "./throwaway.ts";
import {
  type VerifiedRevision,
  type VerifyCode,
  type VerifyDocument,
  type VerifyFinding,
  type VerifyOptions,
  verifyRules,
} from "./verify-document.ts";
import { verifyHead } from "./verify-head.ts";

/**
 * `verify`: every migration up, down and up again on a throwaway database with generated rows; the catalog after the
 * downgrade is what it was, rows in kept columns survive, and in the end the models and the folded history are what the
 * database has. Throws `MIGRATE.NO_THROWAWAY`.
 */
export async function verify(home: Context, options: VerifyOptions): Promise<VerifyDocument> {
  const history = await home.history();
  const verifier = new Verifier(home, history, options);
  try {
    return await verifier.run();
  } finally {
    await verifier.close();
  }
}

class Verifier {
  readonly #home: Context;
  readonly #history: History;
  readonly #options: VerifyOptions;
  readonly #findings: VerifyFinding[] = [];
  readonly #verified: VerifiedRevision[] = [];
  #throwaway: Throwaway | null = null;
  /** Revisions applied to the throwaway database, in order. */
  #applied: string[] = [];

  constructor(home: Context, history: History, options: VerifyOptions) {
    this.#home = home;
    this.#history = history;
    this.#options = options;
  }

  async close(): Promise<void> {
    await this.#throwaway?.remove();
    this.#throwaway = null;
  }

  async run(): Promise<VerifyDocument> {
    const order = this.#history.files.map((file) => file.revision);
    const asked = this.#asked();
    const { place, context } = await this.#fresh([]);
    const until = order.findLastIndex((revision) => asked.has(revision)) + 1;
    let stuck: number | null = null;
    for (const [at, revision] of order.slice(0, until).entries()) {
      if (asked.has(revision)) this.#options.onRevision?.(revision, this.#verified.length, asked.size);
      const went = asked.has(revision) ? await this.#check(revision) : await this.#apply(revision);
      if (went) continue;
      stuck = at;
      break;
    }
    const whole = stuck === null && this.#options.range === undefined;
    const { compareModels = true } = this.#options;
    const comparedModels = whole && compareModels && this.#home.options.models !== undefined;
    if (whole) {
      const found = await verifyHead(this.#context, comparedModels);
      for (const { code, details } of found) this.#find(code, null, details);
    }
    return {
      ok: this.#findings.every((finding) => finding.silenced !== null),
      dialect: context.dialect.id,
      place,
      revisions: this.#verified,
      unchecked: stuck === null ? [] : order.slice(stuck + 1, until).filter((each) => asked.has(each)),
      comparedModels,
      findings: this.#findings,
    };
  }

  #asked(): ReadonlySet<string> {
    const { range } = this.#options;
    if (range === undefined) return new Set(this.#history.files.map((file) => file.revision));
    return new Set(range.includes(":") ? this.#history.graph.range(range) : this.#history.resolveAll(range));
  }

  get #context(): Context {
    return this.#throwaway!.context;
  }

  /** A new throwaway database with these revisions applied. */
  async #fresh(revisions: readonly string[]): Promise<Throwaway> {
    await this.close();
    const throwaway = await makeThrowaway(this.#home, this.#options);
    this.#throwaway = throwaway;
    this.#applied = [];
    for (const revision of revisions) await this.#up(revision);
    return throwaway;
  }

  async #up(revision: string): Promise<void> {
    await runMigrations(this.#context, "upgrade", revision, {});
    this.#applied.push(revision);
  }

  async #down(revision: string): Promise<void> {
    const [parent = "base"] = this.#history.file(revision).downRevisions;
    await runMigrations(this.#context, "downgrade", `${revision}@${parent}`, {});
    this.#applied.pop();
  }

  /** A revision that nobody asked about; whether it could be applied. */
  async #apply(revision: string): Promise<boolean> {
    const trouble = await attempt(() => this.#up(revision));
    if (trouble !== null) this.#find("VERIFY101", revision, [trouble]);
    return trouble === null;
  }

  /** Up, down and up again; whether the database is past the revision in the end. */
  async #check(revision: string): Promise<boolean> {
    const started = performance.now();
    const unfilled = (this.#options.rows ?? 3) > 0 ? await this.#fill() : [];
    const went = await this.#upDownUp(revision);
    const { message, file } = this.#history.file(revision);
    const milliseconds = Math.round(performance.now() - started);
    this.#verified.push({ revision, message, file, milliseconds, unfilled });
    return went;
  }

  async #upDownUp(revision: string): Promise<boolean> {
    const before = await this.#catalog();
    const rows = await this.#rows(before);
    const onRows = await this.#firstUp(revision);
    if (onRows === null) return false;
    const applied = [...this.#applied];
    const after = await this.#catalog();
    const kept = onRows ? await this.#kept(revision, before, after) : null;
    const lost = kept && lostRows(kept.up, rows, await this.#rows(after), "after");
    if (lost !== null && lost.length > 0) this.#find("VERIFY105", revision, lost);
    const fell = await attempt(() => this.#down(revision));
    if (fell !== null) return this.#goOn("VERIFY103", revision, [fell], applied);
    const back = await this.#catalog();
    const left = await this.#differences(back, before);
    if (left.length > 0) return this.#goOn("VERIFY104", revision, left, applied);
    const missing = kept && lostRows(kept.down, rows, await this.#rows(back), "before");
    if (lost?.length === 0 && missing !== null && missing.length > 0)
      this.#find(
        "VERIFY105",
        revision,
        missing.map((line) => `${line} after the downgrade`),
      );
    const failed = await attempt(() => this.#up(revision));
    if (failed !== null) return this.#goOn("VERIFY106", revision, [failed], applied);
    const other = await this.#differences(await this.#catalog(), after);
    if (other.length > 0) this.#find("VERIFY107", revision, other);
    return true;
  }

  /** What has to come through the upgrade, and through both ways. */
  async #kept(
    revision: string,
    before: Schema,
    after: Schema,
  ): Promise<{ readonly up: readonly KeptTable[]; readonly down: readonly KeptTable[] }> {
    const { upgrade, downgrade } = await (await this.#context.history()).load(revision);
    const { dialectIds } = this.#context;
    const ends = { before, after, rules: (await this.#context.design()).rules };
    const up = operationsFor(upgrade, dialectIds);
    return {
      up: keptTables(up, [], ends),
      down: keptTables(up, operationsFor(downgrade, dialectIds), ends),
    };
  }

  /** Notes what was found, and goes on from a database that only went up. */
  async #goOn(
    code: VerifyCode,
    revision: string,
    details: readonly string[],
    applied: readonly string[],
  ): Promise<boolean> {
    this.#find(code, revision, details);
    await this.#fresh(applied);
    return true;
  }

  /** The first upgrade: whether it ran on the rows that are there, false where only on none; null where it fails. */
  async #firstUp(revision: string): Promise<boolean | null> {
    const applied = [...this.#applied];
    const failed = await attempt(() => this.#up(revision));
    if (failed === null) return true;
    await this.#fresh(applied);
    const empty = await attempt(() => this.#up(revision));
    this.#find(empty === null ? "VERIFY102" : "VERIFY101", revision, [empty ?? failed]);
    return empty === null ? false : null;
  }

  #rows(schema: Schema): Promise<TableRows> {
    const { dialect } = this.#context;
    return this.#context.withConnection("verify", (connection) => readTableRows(connection, dialect, schema));
  }

  async #fill(): Promise<readonly string[]> {
    const schema = await this.#catalog();
    const { dialect } = this.#context;
    return this.#context.withConnection("verify", (connection) =>
      fillWithSamples(connection, { dialect, schema, count: this.#options.rows ?? 3 }),
    );
  }

  async #catalog(): Promise<Schema> {
    const { version, log } = this.#context.store;
    const found = await this.#context.withConnection("verify", (connection) =>
      inspectDatabase(this.#context.dialect, connection),
    );
    const tables = found.tables.filter((table) => !sameTable(table, version) && !sameTable(table, log));
    return { ...found, tables };
  }

  async #differences(from: Schema, to: Schema): Promise<readonly string[]> {
    return differencesBetween(from, to, (await this.#context.design()).rules);
  }

  #find(code: VerifyCode, revision: string | null, details: readonly string[]): void {
    const file = revision === null ? null : this.#history.file(revision);
    const { name, severity, why } = verifyRules[code];
    this.#findings.push({
      code,
      rule: name,
      severity,
      revision,
      file: file?.file ?? null,
      why,
      details,
      silenced: file?.ignore?.[code] ?? null,
    });
  }
}

/** What stands in the way of the work, in words; null where nothing does. */
async function attempt(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (isAthanorError(error) && error.code !== "DATABASE.CONNECTION") return error.message;
    throw error;
  }
}
