import type { LiveEffect, Plan } from "../dialect/index.ts";
import {
  apply,
  applyAll,
  canChangeSchema,
  describe,
  type Operation,
  operationsFor,
} from "../operation/index.ts";
import { plan } from "../plan/index.ts";
import { type Schema, type TableRef, tableKey } from "../schema/index.ts";
import type { Finding, LintContext, LintRevision } from "./finding.ts";
import { FreshTables } from "./fresh-tables.ts";
import { type Found, liveFindings, rawFindings, schemaFindings } from "./operation-findings.ts";
import { type LintCode, rules } from "./rules.ts";
import { reasonFor } from "./silence.ts";

/**
 * What these migrations, applied in this order to `context.state`, would do to a system that is running. Pure.
 * What a file accepts is found all the same, with its reason. Conflicts between heads are `conflicts`.
 */
export function lint(revisions: readonly LintRevision[], context: LintContext): readonly Finding[] {
  const walk = new Walk(context);
  return revisions.flatMap((revision) => walk.revision(revision));
}

class Walk {
  readonly #context: LintContext;
  #state: Schema;
  #whole: boolean;
  #fresh = new FreshTables();

  constructor(context: LintContext) {
    this.#context = context;
    this.#state = context.state;
    this.#whole = context.whole;
  }

  revision(revision: LintRevision): readonly Finding[] {
    if (!this.#context.together) this.#fresh = new FreshTables();
    const planned = this.#plan(revision.operations);
    const found: Finding[] = [];
    let state = this.#state;
    revision.operations.forEach((operation, at) => {
      const adapted = this.#adapted(operation, state);
      const effect = this.#effect(adapted, state);
      const statements = planned.plan === null ? [] : statementsOf(revision.operations, planned.plan, at);
      const place = { revision, operation: describe(operation), statements: ownText(operation, statements) };
      for (const each of this.#findings(adapted, effect, state)) found.push(finding(each, place, effect));
      this.#fresh.follow(adapted);
      state = this.#after(state, adapted);
      if (isSilent(adapted)) this.#whole = false;
    });
    if (planned.reason !== null) found.push(unplanned(revision, planned.reason, planned.certain));
    this.#state = planned.plan?.to ?? state;
    return withoutRepeats(found);
  }

  /** The statements of a migration, or why there are none. */
  #plan(operations: readonly Operation[]): {
    readonly plan: Plan | null;
    readonly reason: string | null;
    readonly certain: boolean;
  } {
    const certain = this.#whole && !operations.some(isSilent);
    try {
      return { plan: plan(operations, this.#state, this.#context.design), reason: null, certain };
    } catch (error) {
      return { plan: null, reason: error instanceof Error ? error.message : String(error), certain };
    }
  }

  #findings(operation: Operation, effect: LiveEffect | null, state: Schema): readonly Found[] {
    const live = liveFindings(operation, effect);
    if (isRaw(operation)) return [...live, ...rawFindings(operation), ...this.#said(operation, state)];
    // Nobody waits for a table that nobody knows.
    if (this.#fresh.has(operation)) return [];
    return [...schemaFindings(operation, state, this.#context.design), ...live];
  }

  /** What a raw statement says that it amounts to: what it locks meanwhile is its own affair. */
  #said(operation: Raw, before: Schema): readonly Found[] {
    let state = before;
    return operationsFor(operation.changes ?? [], this.#context.ids).flatMap((change) => {
      const found = isRaw(change)
        ? this.#said(change, state)
        : this.#fresh.has(change)
          ? []
          : schemaFindings(change, state, this.#context.design);
      state = this.#after(state, change);
      return found;
    });
  }

  #adapted(operation: Operation, state: Schema): Operation {
    return attempt(() => this.#context.design.adapted?.(operation, state)) ?? operation;
  }

  #effect(operation: Operation, state: Schema): LiveEffect | null {
    return attempt(() => this.#context.design.liveEffect?.(operation, state)) ?? null;
  }

  /** The schema after an operation; one that does not fit what is known of it leaves it as it was. */
  #after(state: Schema, operation: Operation): Schema {
    if (!isRaw(operation)) return attempt(() => apply(state, operation)) ?? state;
    const changes = operationsFor(operation.changes ?? [], this.#context.ids);
    return attempt(() => applyAll(state, changes, { dialects: this.#context.ids })) ?? state;
  }
}

type Raw = Extract<Operation, { kind: "execute" | "run" }>;

function isRaw(operation: Operation): operation is Raw {
  return operation.kind === "execute" || operation.kind === "run";
}

/** Whether the schema after a step is anybody's guess. */
function isSilent(operation: Operation): boolean {
  if (!isRaw(operation) || operation.changes !== null) return false;
  return operation.kind === "run" || canChangeSchema(operation.sql);
}

/** What an operation asks of the schema may be missing from what is known of it. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

interface Place {
  readonly revision: LintRevision;
  readonly operation: string | null;
  readonly statements: readonly string[];
}

function finding(
  found: Found,
  { revision, operation, statements }: Place,
  effect: LiveEffect | null,
): Finding {
  const rule = rules[found.code];
  return {
    code: found.code,
    rule: rule.name,
    severity: found.severity ?? rule.severity,
    revision: revision.revision,
    file: revision.file,
    subject: found.subject,
    operation,
    statements,
    why: found.why,
    lock: effect === null || effect.lock === "" ? null : { name: effect.lock, blocks: effect.blocks },
    duration: effect?.duration ?? null,
    safe: found.safe,
    silenced: reasonFor(revision.ignore, found.code, found.subject),
    other: null,
  };
}

/** A migration that cannot be planned fails, unless something before it kept silent about what it does. */
function unplanned(revision: LintRevision, why: string, certain: boolean): Finding {
  const code: LintCode = certain ? "LINT404" : "LINT403";
  const found: Found = { code, subject: revision.revision, why, safe: [] };
  return finding(found, { revision, operation: null, statements: [] }, null);
}

/** What the plan does for an operation; where it joined others of its table, what it does for all of them. */
function statementsOf(operations: readonly Operation[], planned: Plan, at: number): readonly string[] {
  const own = (place: number): readonly string[] =>
    planned.steps.flatMap((step) =>
      step.kind === "statement" && step.operation === place && step.violation === undefined ? [step.sql] : [],
    );
  const table = keyOf(operations[at]);
  const places = operations.flatMap((_, place) =>
    place === at || (table !== null && place < at && keyOf(operations[place]) === table) ? [place] : [],
  );
  return (
    places
      .toReversed()
      .map(own)
      .find((list) => list.length > 0) ?? []
  );
}

function ownText(operation: Operation, planned: readonly string[]): readonly string[] {
  return operation.kind === "execute" ? [operation.sql] : planned;
}

function keyOf(operation: Operation | undefined): string | null {
  if (operation === undefined || !("table" in operation) || operation.table === null) return null;
  return tableKey(operation.table as TableRef);
}

/** Several operations that make one table anew are one finding. */
function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter((each) => {
    const key = JSON.stringify([each.code, each.subject, each.code === "LINT301" ? "" : each.operation]);
    return !seen.has(key) && seen.add(key);
  });
}
