import type { DiffRules } from "../dialect/index.ts";
import { type Rename, renameCandidates } from "../diff/index.ts";
import { AthanorError } from "../errors/index.ts";
import { applyAll } from "../operation/index.ts";
import { findTable, type Schema, type TableRef } from "../schema/index.ts";
import type { MakeMigrationsOptions, RenameCandidate } from "./options.ts";

/** What a comparison has to know of renames. */
export interface RenameQuestion {
  readonly from: Schema;
  readonly to: Schema;
  readonly rules: DiffRules;
  /** What the models say themselves. */
  readonly said: readonly Rename[];
  readonly options: Pick<MakeMigrationsOptions, "renames" | "drops" | "answer">;
  /** How people know a table. */
  readonly label: (table: TableRef) => string;
}

/**
 * Every rename that the models, the flags or a person say. Tables are settled first, then the columns of tables
 * that stay, renamed ones included. Throws `MIGRATE.RENAMES` with what nobody settled, and
 * `MIGRATE.RENAME_FLAG` for a flag that fits nothing: it is a misspelling, and silence would lose data.
 */
export async function settleRenames(question: RenameQuestion): Promise<readonly Rename[]> {
  const { from, to, rules, said, options, label } = question;
  const tables = said.filter((rename) => rename.kind === "table");
  const flags = new Flags(options);
  const open = (schema: Schema, kind: Rename["kind"]): RenameCandidate[] =>
    renameCandidates(schema, to, rules)
      .filter(({ rename }) => rename.kind === kind)
      .map(({ rename, score }) => describeCandidate(rename, score, label));
  const settledTables = await settle(open(renamed(from, to, tables), "table"), flags, options, to);
  const allTables = [...tables, ...settledTables];
  const columns = said.filter((rename) => rename.kind === "column");
  const before = renamed(renamed(from, to, allTables), to, columns);
  const settledColumns = await settle(open(before, "column"), flags, options, to);
  flags.refuseUnused(from, label);
  return [...allTables, ...columns, ...settledColumns];
}

/** The schema after those of the renames that apply to it. */
export function renamed(from: Schema, to: Schema, renames: readonly Rename[]): Schema {
  return renames.reduce((schema, rename) => {
    const applies =
      rename.kind === "table"
        ? findTable(schema, rename.from) !== undefined && findTable(schema, rename.to) === undefined
        : hasColumn(schema, rename, "from") &&
          !hasColumn(schema, rename, "to") &&
          hasColumn(to, rename, "to");
    if (!applies) return schema;
    return applyAll(schema, [
      rename.kind === "table"
        ? { kind: "renameTable", from: rename.from, to: rename.to }
        : { kind: "renameColumn", table: rename.table, from: rename.from, to: rename.to },
    ]);
  }, from);
}

function hasColumn(
  schema: Schema,
  rename: Extract<Rename, { kind: "column" }>,
  side: "from" | "to",
): boolean {
  return findTable(schema, rename.table)?.columns.some((column) => column.name === rename[side]) ?? false;
}

function describeCandidate(rename: Rename, score: number, label: RenameQuestion["label"]): RenameCandidate {
  const table = rename.kind === "table";
  const from = table ? label(rename.from) : `${label(rename.table)}.${rename.from}`;
  const to = table ? label(rename.to) : `${label(rename.table)}.${rename.to}`;
  return { kind: rename.kind, rename, from, to, flag: `${from}:${table ? to : rename.to}`, score };
}

/** Settles candidates by the flags, else by asking, likeliest first. */
async function settle(
  candidates: readonly RenameCandidate[],
  flags: Flags,
  options: RenameQuestion["options"],
  to: Schema,
): Promise<readonly Rename[]> {
  const chosen = candidates.filter((candidate) => flags.renames(candidate));
  const dropped = new Set(candidates.filter((candidate) => flags.drops(candidate)));
  for (const candidate of candidates) {
    const settled =
      dropped.has(candidate) ||
      chosen.some((other) => other.from === candidate.from || other.to === candidate.to);
    if (settled) continue;
    const answer = (await options.answer?.(candidate)) ?? "abort";
    if (answer === "rename") chosen.push(candidate);
    else if (answer === "drop") dropped.add(candidate);
    else throw ambiguous(candidates, chosen, dropped);
  }
  return chosen.map((candidate) => candidate.rename).filter((rename) => isIn(to, rename));
}

function isIn(to: Schema, rename: Rename): boolean {
  return findTable(to, rename.kind === "table" ? rename.to : rename.table) !== undefined;
}

function ambiguous(
  candidates: readonly RenameCandidate[],
  chosen: readonly RenameCandidate[],
  dropped: ReadonlySet<RenameCandidate>,
): AthanorError {
  const open = candidates.filter(
    (candidate) =>
      !dropped.has(candidate) &&
      !chosen.some((other) => other.from === candidate.from || other.to === candidate.to),
  );
  return new AthanorError("MIGRATE.RENAMES", {
    pairs: open.map(({ from, to, flag }) => ({
      from,
      to,
      flags: [`--rename ${flag}`, `--drop ${from}`],
    })),
  });
}

/** The flags, and which of them have served. */
class Flags {
  readonly #renames: ReadonlySet<string>;
  readonly #drops: ReadonlySet<string>;
  readonly #used = new Set<string>();
  readonly #possible = new Set<string>();

  constructor(options: RenameQuestion["options"]) {
    this.#renames = new Set(options.renames ?? []);
    this.#drops = new Set(options.drops ?? []);
  }

  renames(candidate: RenameCandidate): boolean {
    this.#possible.add(`--rename ${candidate.flag}`);
    if (!this.#renames.has(candidate.flag)) return false;
    this.#used.add(candidate.flag);
    return true;
  }

  drops(candidate: RenameCandidate): boolean {
    if (!this.#drops.has(candidate.from)) return false;
    this.#used.add(candidate.from);
    return true;
  }

  /** A flag that says what is true anyway (`--drop` of something that goes for sure) is fine. */
  refuseUnused(from: Schema, label: RenameQuestion["label"]): void {
    for (const rename of this.#renames) {
      if (this.#used.has(rename)) continue;
      const hint = this.#possible.size === 0 ? "" : `; possible: ${[...this.#possible].join(", ")}`;
      const problem = `nothing goes and comes by these names${hint}`;
      throw new AthanorError("MIGRATE.RENAME_FLAG", { flag: `--rename ${rename}`, problem });
    }
    const known = new Set(
      from.tables.flatMap((table) => [
        label(table),
        ...table.columns.map((column) => `${label(table)}.${column.name}`),
      ]),
    );
    for (const drop of this.#drops) {
      if (known.has(drop)) continue;
      const problem = "the database has nothing of this name";
      throw new AthanorError("MIGRATE.RENAME_FLAG", { flag: `--drop ${drop}`, problem });
    }
  }
}
