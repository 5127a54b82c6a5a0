import { AthanorError } from "../errors/index.ts";

/**
 * An identifier taken apart, by Alembic's grammar:
 *
 *     identifier = [label "@"] anchor [offset] | [label "@"] offset
 *     anchor     = "head" | "heads" | "base" | "current" | id | unique prefix of an id | label
 *     offset     = ("+" | "-") digits
 */
export interface Identifier {
  /** As it was written. */
  readonly text: string;
  /** The branch it is limited to; null for none. */
  readonly label: string | null;
  /** Where to begin; null for where the database stands. */
  readonly anchor: string | null;
  /** How many revisions up (positive) or down from the anchor; null where the anchor itself is meant. */
  readonly offset: number | null;
}

/** The two ends of a range, both included; null where one is left open. */
export interface RangeEnds {
  readonly lower: string | null;
  readonly upper: string | null;
}

const relative = /^(?:([^@]+)@)?([^@]*?)([+-]\d+)$/;
const absolute = /^(?:([^@]+)@)?([^@]+)$/;

/**
 * Takes an identifier apart. What `isName` knows is never read as an offset, so that a label such as
 * `release-2024` can be used. Throws `REVISION.NOT_FOUND` for what the grammar does not hold.
 */
export function parseIdentifier(written: string, isName: (text: string) => boolean): Identifier {
  const text = written.trim();
  const plain = absolute.exec(text);
  const walk = relative.exec(text);
  if (walk !== null && !isName(plain?.[2] ?? "")) {
    const [, label, anchor, offset] = walk;
    return { text, label: label ?? null, anchor: anchor || null, offset: Number(offset) };
  }
  if (plain === null) throw new AthanorError("REVISION.NOT_FOUND", { identifier: written });
  const [, label, anchor] = plain as unknown as readonly [string, string | undefined, string];
  return { text, label: label ?? null, anchor, offset: null };
}

/** Takes a range `from:to` apart. Throws `REVISION.RANGE` where there is not exactly one colon. */
export function parseRange(range: string): RangeEnds {
  const ends = range.split(":").map((end) => end.trim());
  if (ends.length !== 2) throw new AthanorError("REVISION.RANGE", { range });
  const [lower, upper] = ends;
  return { lower: lower || null, upper: upper || null };
}

/** Whether an identifier counts from where the database stands: `+1`, `label@-2`, not `ae10+1`. */
export function isFloating(identifier: Identifier): boolean {
  return identifier.anchor === null;
}
