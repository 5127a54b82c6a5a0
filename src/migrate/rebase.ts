import { readFile, writeFile } from "node:fs/promises";
import { AthanorError } from "../errors/index.ts";
import { fold } from "../fold/index.ts";
import { rewriteDownRevision, type ScriptFile } from "../script/index.ts";
import type { Context } from "./context.ts";
import type { RebaseDocument } from "./documents.ts";
import { History } from "./history.ts";
import type { RebaseOptions } from "./options.ts";

/** What moves, and where to. */
interface Move {
  /** Each after all it needs; the first is the one whose file changes. */
  readonly moved: readonly string[];
  readonly bottom: string;
  readonly from: readonly string[];
  readonly onto: string;
}

/**
 * `rebase`: the branch of one's own head, which nobody else has applied, follows another head. One file changes: that of
 * its first revision. Throws `MIGRATE.REBASE`, `MIGRATE.REBASE_APPLIED` where the database has it applied, and
 * `MIGRATE.HISTORY_BROKEN` where it does not fit there.
 */
export async function rebase(context: Context, options: RebaseOptions): Promise<RebaseDocument> {
  const history = await context.history();
  const move = findMove(history, options);
  await refuseApplied(context, history, move);
  const { path, file } = history.file(move.bottom);
  const source = rewriteDownRevision(file, await readFile(path, "utf8"), [move.onto]);
  await refuseMisfit(context, history, move);
  if (options.dryRun !== true) await writeFile(path, source);
  return {
    outcome: options.dryRun === true ? "dry run" : "written",
    revision: move.bottom,
    file,
    source,
    from: move.from,
    onto: move.onto,
    moved: move.moved,
  };
}

function findMove({ graph }: History, options: RebaseOptions): Move {
  const refuse = (problem: string): never => {
    throw new AthanorError("MIGRATE.REBASE", { revision: options.revision, problem });
  };
  const head = graph.resolveOne(options.revision) ?? refuse("it is base");
  const [onto, ...more] =
    options.onto === undefined
      ? graph.heads.filter((other) => other !== head && !graph.descendants(head).includes(other))
      : [graph.resolveOne(options.onto) ?? refuse("--onto is base")];
  if (onto === undefined) return refuse("there is no other head that it could follow");
  if (more.length > 0) refuse(`there are several other heads: ${[onto, ...more].join(", ")}`);
  const there = new Set([onto, ...graph.ancestors(onto)]);
  if (there.has(head)) refuse(`${onto} stands above it already`);
  const mine = new Set(
    [head, ...graph.ancestors(head, { dependencies: false })].filter((id) => !there.has(id)),
  );
  const moved = graph.order.filter((id) => mine.has(id));
  const merge = moved.find((id) => graph.parents(id).length > 1);
  if (merge !== undefined) refuse(`${merge} is a merge: what is joined already stays where it is`);
  const bottoms = moved.filter((id) => graph.parents(id).every((parent) => !mine.has(parent)));
  const [bottom] = bottoms;
  if (bottom === undefined || bottoms.length > 1) return refuse("its branch begins at several revisions");
  const from = graph.parents(bottom);
  if (from.length === 0) refuse("its branch has a base of its own, and nothing in common with the other");
  if (from.includes(onto)) refuse(`it follows ${onto} already`);
  return { moved, bottom, from, onto };
}

async function refuseApplied(
  context: Context,
  history: History,
  { moved, bottom, from }: Move,
): Promise<void> {
  const heads = await context.withDatabaseIfAny("rebase", (connection) =>
    connection === null ? Promise.resolve([]) : context.store.heads(connection),
  );
  const applied = new Set(history.applied(heads));
  const revisions = moved.filter((id) => applied.has(id));
  if (revisions.length === 0) return;
  const undo = `${bottom}@${from[0] ?? "base"}`;
  throw new AthanorError("MIGRATE.REBASE_APPLIED", { revisions, undo });
}

/** The history in its new order has to be one that can be replayed. */
async function refuseMisfit(context: Context, history: History, move: Move): Promise<void> {
  const files = history.files.map(
    (file): ScriptFile => (file.revision === move.bottom ? { ...file, downRevisions: [move.onto] } : file),
  );
  const { modules = [] } = context.options;
  const anew = History.of(files, { placement: context.placement, modules, states: [] });
  const last = move.moved.at(-1) ?? move.bottom;
  fold(await anew.loadAll([...anew.graph.ancestors(last), last]), context.dialectIds);
}
