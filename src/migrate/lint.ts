import { AthanorError, isAthanorError } from "../errors/index.ts";
import { fold, operationsFor } from "../fold/index.ts";
import { inspectDatabase } from "../inspect/index.ts";
import { conflicts, type Finding, idleSilences, type LintRevision, lint } from "../lint/index.ts";
import type { Schema } from "../schema/index.ts";
import type { Script } from "../script/index.ts";
import type { Context } from "./context.ts";
import type { History } from "./history.ts";
import type { ConflictsDocument, LintDocument, LintOptions } from "./lint-document.ts";

/** Migrations that are applied one after the other, and what stands before them. */
interface Stretch {
  readonly revisions: readonly string[];
  /** The database as it is, or the heads that the files are replayed up to. */
  readonly before: Schema | readonly string[];
  /** They are applied in one go. */
  readonly together: boolean;
}

interface Scope {
  readonly kind: LintDocument["scope"];
  readonly stretches: readonly Stretch[];
}

/** `lint`: what migrations would do to a system that is running, and heads to each other. Nothing is changed. */
export async function lintHistory(context: Context, options: LintOptions): Promise<LintDocument> {
  const history = await context.history();
  const { kind, stretches } = await scopeOf(context, history, options);
  const linted: LintRevision[] = [];
  const findings: Finding[] = [];
  for (const stretch of stretches) {
    const scripts = await history.loadAll(stretch.revisions);
    const revisions = scripts.map((script) => asLinted(script, context));
    linted.push(...revisions);
    findings.push(...(await lintStretch(context, history, stretch, revisions)));
  }
  findings.push(...idleSilences(linted, findings));
  const own = new Set(linted.map((each) => each.revision));
  const between = await conflictsBetween(context, history, history.heads);
  findings.push(
    ...between.filter(
      (each) => kind === "heads" || own.has(each.revision) || own.has(each.other?.revision ?? ""),
    ),
  );
  const failOn = options.failOn ?? "warning";
  return {
    dialect: context.dialect.id,
    scope: kind,
    revisions: linted.map((each) => each.revision),
    ok: !findings.some((each) => each.silenced === null && weight[each.severity] >= weight[failOn]),
    findings,
  };
}

/** What `merge` would join that is in each other's way. */
export async function listConflicts(
  context: Context,
  identifiers: readonly string[],
): Promise<ConflictsDocument> {
  const history = await context.history();
  const named = identifiers.length === 0 ? ["heads"] : identifiers;
  const heads = [...new Set(named.flatMap((identifier) => history.resolveAll(identifier)))];
  return { heads, findings: await conflictsBetween(context, history, heads) };
}

const weight = { notice: 0, warning: 1, error: 2, never: 3 } as const;

function asLinted(script: Script, context: Context): LintRevision {
  return {
    revision: script.revision,
    file: script.file,
    operations: operationsFor(script.upgrade, context.dialectIds),
    ignore: script.ignore ?? {},
  };
}

async function lintStretch(
  context: Context,
  history: History,
  stretch: Stretch,
  revisions: readonly LintRevision[],
): Promise<readonly Finding[]> {
  const { before, together } = stretch;
  const design = await context.design();
  const known = { design, ids: context.dialectIds, together };
  if (!isHeads(before)) return lint(revisions, { ...known, state: before, whole: true });
  const folded = fold(await history.loadAll(history.applied(before)), context.dialectIds);
  const state = await design.canonical(folded.schema, null);
  return lint(revisions, { ...known, state, whole: folded.unknown.length === 0 });
}

function isHeads(before: Stretch["before"]): before is readonly string[] {
  return Array.isArray(before);
}

/** What is linted: a range where one is given, else what is pending, else the last revision of each head. */
function scopeOf(context: Context, history: History, options: LintOptions): Promise<Scope> {
  const { range } = options;
  if (range !== undefined) return rangeScope(context, history, range);
  if (options.offline === true || !context.hasDatabase) return Promise.resolve(headsScope(history));
  return context.withConnection("lint", async (connection) => {
    const heads = (await context.store.heads(connection)).filter((head) => history.has(head));
    const before = await inspectDatabase(context.dialect, connection);
    return {
      kind: "pending",
      stretches: [{ revisions: history.pending(heads), before, together: true }],
    };
  });
}

function headsScope(history: History): Scope {
  return { kind: "heads", stretches: history.heads.map((head) => alone(head, history)) };
}

/** A revision on what it follows and depends on. */
function alone(revision: string, history: History): Stretch {
  const before = history.applied([revision]).filter((each) => each !== revision);
  return { revisions: [revision], before, together: false };
}

/** `a:b` is what `migrate` would apply between the two; one identifier is that revision by itself. */
async function rangeScope(context: Context, history: History, range: string): Promise<Scope> {
  const [start = "", end, ...more] = range.split(":");
  if (more.length > 0)
    throw new AthanorError("MIGRATE.OFFLINE_RANGE", { range, problem: "it has more than two ends" });
  if (end === undefined) {
    const revisions = await resolve(context, history, range);
    return { kind: "range", stretches: revisions.map((each) => alone(each, history)) };
  }
  const before = start === "" ? [] : await resolve(context, history, start);
  const steps = history.steps("upgrade", before, end === "" ? "heads" : end);
  const revisions = steps.map((step) => step.revision);
  return { kind: "range", stretches: [{ revisions, before, together: false }] };
}

/** The revisions of an identifier; the database is asked where it stands only for one that counts from there. */
async function resolve(context: Context, history: History, identifier: string): Promise<readonly string[]> {
  try {
    return history.resolveAll(identifier);
  } catch (error) {
    if (!isAthanorError(error, "REVISION.NOT_ABSOLUTE") || !context.hasDatabase) throw error;
    const heads = await context.withReader("lint", (connection) => context.store.heads(connection));
    return history.graph.resolve(identifier, { current: heads.filter((head) => history.has(head)) });
  }
}

/** Each pair of heads, from where they part. */
async function conflictsBetween(
  context: Context,
  history: History,
  heads: readonly string[],
): Promise<readonly Finding[]> {
  const found = new Map<string, Finding>();
  for (const [at, left] of heads.entries()) {
    for (const right of heads.slice(at + 1)) {
      for (const each of await pairConflicts(context, history, left, right)) {
        const key = JSON.stringify([each.code, each.subject, each.revision, each.other?.revision]);
        found.set(key, found.get(key) ?? each);
      }
    }
  }
  return [...found.values()];
}

async function pairConflicts(
  context: Context,
  history: History,
  left: string,
  right: string,
): Promise<readonly Finding[]> {
  const [ofLeft, ofRight] = [history.applied([left]), history.applied([right])];
  const shared = new Set(ofLeft.filter((each) => ofRight.includes(each)));
  const branch = async (head: string, all: readonly string[]) => ({
    head,
    revisions: (await history.loadAll(all.filter((each) => !shared.has(each)))).map((script) =>
      asLinted(script, context),
    ),
  });
  const base = fold(await history.loadAll([...shared]), context.dialectIds);
  return conflicts(
    await branch(left, ofLeft),
    await branch(right, ofRight),
    base.unknown.length === 0 ? base.schema : null,
  );
}
