import { apply, describe, type Operation } from "../operation/index.ts";
import { equal } from "../schema/equal.ts";
import type { Schema } from "../schema/index.ts";
import type { Finding, LintRevision } from "./finding.ts";
import { type LintCode, rules } from "./rules.ts";
import { reasonFor } from "./silence.ts";
import { type Effect, touches } from "./touches.ts";

/** What one head has and the other has not, oldest first. */
export interface Branch {
  readonly head: string;
  readonly revisions: readonly LintRevision[];
}

/**
 * Where two heads are in each other's way: both change one thing, one changes what the other uses, or it matters
 * which is applied first. `base` is the schema that both start from, in logical words; null where it is not known
 * whole. Pure. Findings stand at the second branch, with the first one as `other`.
 */
export function conflicts(left: Branch, right: Branch, base: Schema | null): readonly Finding[] {
  const found = overlaps(left, right);
  if (base === null || found.some((each) => each.code === "LINT501")) return found;
  const why = disagreement(left, right, base);
  const [first, second] = [left.revisions.at(-1), right.revisions.at(-1)];
  if (why === null || first === undefined || second === undefined) return found;
  const subject = `${left.head} and ${right.head}`;
  return [
    ...found,
    conflict(
      "LINT501",
      subject,
      why,
      { revision: first, operation: null },
      { revision: second, operation: null },
    ),
  ];
}

/** An operation of a branch. */
interface Place {
  readonly revision: LintRevision;
  readonly operation: Operation | null;
}

interface Touched extends Place {
  readonly effect: Effect;
}

function overlaps(left: Branch, right: Branch): readonly Finding[] {
  const touched = touchedBy(left);
  const seen = new Set<string>();
  const found: Finding[] = [];
  for (const [thing, theirs] of touchedBy(right)) {
    for (const one of touched.get(thing) ?? []) {
      for (const two of theirs) {
        const code = judge(one, two);
        if (code === null) continue;
        const key = JSON.stringify([code, one.revision.revision, two.revision.revision, thing]);
        if (seen.has(key)) continue;
        seen.add(key);
        found.push(conflict(code, thing, wordsFor(thing, one.effect, two.effect), one, two));
      }
    }
  }
  return found;
}

function touchedBy(branch: Branch): ReadonlyMap<string, readonly Touched[]> {
  const all = branch.revisions.flatMap((revision) =>
    revision.operations.flatMap((operation) =>
      touches(operation).map(({ thing, effect }) => ({ thing, effect, revision, operation })),
    ),
  );
  // What a branch made itself, nobody else can have touched before: what it does to it later is its own affair.
  const own = new Set(all.filter((each) => each.effect === "makes").map((each) => each.thing));
  const foreign = all.filter((each) => each.effect === "makes" || !own.has(each.thing));
  return Map.groupBy(foreign, (each) => each.thing);
}

function judge(one: Touched, two: Touched): LintCode | null {
  const effects = new Set([one.effect, two.effect]);
  if (effects.has("takes")) return "LINT501";
  if (one.effect === "makes" && two.effect === "makes") return "LINT501";
  if (effects.has("makes")) return null;
  if (one.effect === "changes" && two.effect === "changes")
    return equal(one.operation, two.operation) ? "LINT502" : "LINT501";
  return effects.has("changes") ? "LINT502" : null;
}

const words: Readonly<Record<Effect, string>> = {
  makes: "makes",
  takes: "drops or renames",
  changes: "changes",
  uses: "uses",
};

function wordsFor(thing: string, one: Effect, two: Effect): string {
  return one === two
    ? `both branches ${words[one].replace(/s\b/g, "")} ${thing}`
    : `one branch ${words[one]} ${thing}, which the other ${words[two]}`;
}

/** Why the order of two branches matters: one of them does not fit the other way round, or the outcome differs. */
function disagreement(left: Branch, right: Branch, base: Schema): string | null {
  try {
    const [first, second] = [after(after(base, left), right), after(after(base, right), left)];
    if (equal(unordered(first), unordered(second))) return null;
    return "what comes of them hangs on which one is applied first";
  } catch (error) {
    const alone = [left, right].every((branch) => fits(base, branch));
    if (!alone) return null;
    const reason = error instanceof Error ? error.message : String(error);
    return `each can be applied alone, and not after the other: ${reason}`;
  }
}

function after(schema: Schema, branch: Branch): Schema {
  const operations = branch.revisions.flatMap((revision) => revision.operations);
  return operations.reduce((state, operation) => apply(state, operation), schema);
}

function fits(base: Schema, branch: Branch): boolean {
  try {
    after(base, branch);
    return true;
  } catch {
    return false;
  }
}

/** New columns stand in the order in which they came, which is nobody's concern. */
function unordered(schema: Schema): Schema {
  const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
    a.name < b.name ? -1 : 1;
  return {
    ...schema,
    tables: schema.tables.map((table) => ({ ...table, columns: table.columns.toSorted(byName) })),
  };
}

function conflict(code: LintCode, subject: string, why: string, one: Place, two: Place): Finding {
  const { name, severity } = rules[code];
  const told = ({ operation, revision }: Place): string =>
    operation === null ? `all of ${revision.revision}` : describe(operation);
  return {
    code,
    rule: name,
    severity,
    revision: two.revision.revision,
    file: two.revision.file,
    subject,
    operation: told(two),
    statements: [],
    why,
    lock: null,
    duration: null,
    safe: [],
    silenced: reasonFor(two.revision.ignore, code, subject) ?? reasonFor(one.revision.ignore, code, subject),
    other: { revision: one.revision.revision, file: one.revision.file, operation: told(one) },
  };
}
