import { AthanorError } from "../errors/index.ts";
import { RevisionGraph } from "../revision/index.ts";
// Not through the door: whoever asks where a database stands reads headers, and runs and writes no file.
import { readScriptFiles, type ScriptFile } from "../script/directory.ts";
import type { Script } from "../script/index.ts";
import type { Direction } from "./documents.ts";
import type { ModuleBranch } from "./module-branch.ts";
import type { ModuleState } from "./module-store.ts";
import type { Placement } from "./placement.ts";

/** One step along the history, with the database's heads before and after it. */
export interface HistoryStep {
  readonly revision: string;
  readonly direction: Direction;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Whose history is read. */
export interface HistorySource {
  readonly placement: Placement;
  readonly modules: readonly ModuleBranch[];
  /** Which modules are not active in the database; empty where none was asked. */
  readonly states: readonly ModuleState[];
}

/** What the database says of modules that are not there. */
function orphansOf(
  states: readonly ModuleState[],
  modules: readonly ModuleBranch[],
): ReadonlyMap<string, readonly string[]> {
  const known = new Set(modules.flatMap(({ name, renamedFrom }) => [name, renamedFrom]));
  const gone = states.filter(({ name, state }) => state !== "uninstalled" && !known.has(name));
  return new Map(gone.flatMap(({ revisions, needs }) => revisions.map((id) => [id, needs] as const)));
}

/** What has a module's label, now or before, or follows what has. */
function branchesOf(
  graph: RevisionGraph<ScriptFile>,
  modules: readonly ModuleBranch[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const branches = new Map<string, Set<string>>();
  if (modules.length === 0) return branches;
  for (const file of graph) {
    const named = modules.find(
      ({ name, renamedFrom }) =>
        file.branchLabels.includes(name) || (renamedFrom != null && file.branchLabels.includes(renamedFrom)),
    );
    const parent = file.downRevisions.map((id) => [...branches].find(([, ids]) => ids.has(id))?.[0]);
    const owner = named?.name ?? parent.find((each) => each !== undefined);
    if (owner === undefined) continue;
    const known = branches.get(owner) ?? new Set();
    branches.set(owner, known.add(file.revision));
  }
  return branches;
}

/** The migration files and the graph they make. */
export class History {
  readonly graph: RevisionGraph<ScriptFile>;
  /** Each after all it needs. */
  readonly files: readonly ScriptFile[];
  readonly #scripts = new Map<string, Promise<Script>>();
  readonly #placement: Placement;
  readonly #branches: ReadonlyMap<string, ReadonlySet<string>>;
  /** Revisions of modules that the project has no longer, with what each needs. */
  readonly #orphans: ReadonlyMap<string, readonly string[]>;

  private constructor(files: readonly ScriptFile[], { placement, modules, states }: HistorySource) {
    this.graph = RevisionGraph.from(files);
    this.files = [...this.graph];
    this.#placement = placement;
    this.#branches = branchesOf(this.graph, modules);
    this.#orphans = orphansOf(states, modules);
  }

  /** A history of these files, wherever they stand. */
  static of(files: readonly ScriptFile[], options: HistorySource): History {
    return new History(files, options);
  }

  /** Reads the headers of all files; what they name is where `placement` puts it. */
  static async read(root: string, locations: readonly string[], options: HistorySource): Promise<History> {
    const files = await readScriptFiles(root, locations);
    const whole = new History(files, options);
    const left = whole.#leftOut(options.states);
    if (left.size === 0) return whole;
    for (const { revision, dependsOn } of files) {
      const other = dependsOn.find((id) => left.has(id));
      const module = whole.ownerOf(revision);
      if (other === undefined || left.has(revision)) continue;
      const fields = { module: module ?? "the host", other: whole.ownerOf(other) ?? "" };
      throw new AthanorError("MODULE.INACTIVE_DEPENDENCY", fields);
    }
    return new History(
      files.filter(({ revision }) => !left.has(revision)),
      options,
    );
  }

  /** Of modules that are not active, what was not applied when they were laid aside. */
  #leftOut(states: HistorySource["states"]): ReadonlySet<string> {
    const left = new Set<string>();
    for (const { name, state, revisions } of states) {
      if (state === "installed") continue;
      for (const id of this.branch(name))
        if (state === "uninstalled" || !revisions.includes(id)) left.add(id);
    }
    return left;
  }

  /** Whether a revision is of a module that the database has and the project has no longer. */
  isOrphan(revision: string): boolean {
    return this.#orphans.has(revision);
  }

  /** Where a database stands, as far as there are files: an orphan stands for what it needs. */
  #standing(heads: readonly string[]): readonly string[] {
    if (this.#orphans.size === 0) return heads.filter((head) => this.has(head));
    const needed = heads.flatMap((id) => this.#orphans.get(id) ?? []);
    const known = new Set(this.graph.applied([...heads, ...needed].filter((id) => this.has(id))));
    const below = new Set(
      [...known].flatMap((id) => [...this.graph.parents(id), ...this.graph.dependencies(id)]),
    );
    return [...known].filter((id) => !below.has(id));
  }

  /** The revisions of a module's branch. */
  branch(module: string): ReadonlySet<string> {
    return this.#branches.get(module) ?? new Set();
  }

  /** The module whose branch a revision is of; null for the host's. */
  ownerOf(revision: string): string | null {
    for (const [name, revisions] of this.#branches) if (revisions.has(revision)) return name;
    return null;
  }

  /** The heads of a module's branch; of the host's history for null. */
  headsOf(owner: string | null): readonly string[] {
    return this.heads.filter((head) => this.ownerOf(head) === owner);
  }

  get heads(): readonly string[] {
    return this.graph.heads;
  }

  has(revision: string): boolean {
    return this.graph.has(revision);
  }

  /** The file of exactly this revision. Throws `REVISION.NOT_FOUND`. */
  file(revision: string): ScriptFile {
    return this.graph.get(revision);
  }

  /** A file with its operations, as they are done on this database; imported once per history. */
  async load(revision: string): Promise<Script> {
    const script = await this.loadWritten(revision);
    const { upgrade, downgrade } = script;
    const placed = (operations: Script["upgrade"]) => this.#placement.operations(operations);
    return { ...script, upgrade: placed(upgrade), downgrade: placed(downgrade) };
  }

  /** The file that a revision was squashed into; undefined where it was not. */
  replacedBy(revision: string): ScriptFile | undefined {
    return this.files.find((file) => file.replaces?.includes(revision));
  }

  /** A file with its operations in its own words, for every database. */
  loadWritten(revision: string): Promise<Script> {
    const known = this.#scripts.get(revision);
    if (known !== undefined) return known;
    const file = this.file(revision);
    const script = import("../script/load.ts").then(({ loadScript }) => loadScript(file));
    this.#scripts.set(revision, script);
    return script;
  }

  /** The named schemas that these revisions, in this order, make: in the words of the files. */
  async namespaces(revisions: readonly string[]): Promise<ReadonlySet<string>> {
    const made = new Set<string>();
    for (const revision of revisions) {
      for (const operation of (await this.loadWritten(revision)).upgrade) {
        if (operation.kind === "createNamespace") made.add(operation.name);
        if (operation.kind === "dropNamespace") made.delete(operation.name);
      }
    }
    return made;
  }

  /** Files with their operations, in the order given. */
  async loadAll(revisions: readonly string[]): Promise<readonly Script[]> {
    const scripts: Script[] = [];
    for (const revision of revisions) scripts.push(await this.load(revision));
    return scripts;
  }

  /** Every revision that a database at `heads` has applied, each after all it needs. Unknown heads are left out. */
  applied(heads: readonly string[]): readonly string[] {
    return this.graph.applied(this.#standing(heads));
  }

  /** The revisions that a database at `heads` has not applied, in the order in which they would be. */
  pending(heads: readonly string[]): readonly string[] {
    return this.graph.pending(this.#standing(heads));
  }

  /**
   * The steps from `current` to `target`. A bare `-1` below several heads is refused: which branch is meant is
   * for a person to say.
   */
  steps(direction: Direction, current: readonly string[], target: string): readonly HistoryStep[] {
    const orphans = current.filter((id) => this.#orphans.has(id));
    const standing = orphans.length === 0 ? current : this.#standing(current);
    const plan =
      direction === "upgrade" ? this.graph.upgrade(standing, target) : this.graph.downgrade(standing, target);
    if (plan.chosenFrom.length > 0) {
      throw new AthanorError("REVISION.AMBIGUOUS_WALK", { identifier: target, candidates: plan.chosenFrom });
    }
    let from = current;
    return plan.steps.map(({ revision, heads }) => {
      // What stands for an orphan's needs has no row of its own: the orphan's row says that it is applied.
      const rows = heads.filter((id) => current.includes(id) || !standing.includes(id));
      const to = orphans.length === 0 ? heads : [...rows, ...orphans];
      const step: HistoryStep = { revision, direction, from, to };
      from = to;
      return step;
    });
  }

  /**
   * Of the steps down to a target that names a branch (`label@base`), the revisions that are not of that branch: they
   * depend on it, or stand on what it stands on. None where the target names no branch.
   */
  beyondBranch(target: string, steps: readonly HistoryStep[]): readonly string[] {
    const at = target.lastIndexOf("@");
    if (at < 0) return [];
    const root = this.graph.resolveOne(target.slice(0, at).trim());
    const branch = new Set(root === null ? [] : this.graph.lineage(root));
    return steps.flatMap(({ revision }) => (branch.has(revision) ? [] : [revision]));
  }

  /** The revision that an identifier means. `current` are the database's heads, where there is one. */
  resolveOne(identifier: string, current: readonly string[] | null): string {
    const known = current?.filter((head) => this.has(head));
    const revision = this.graph.resolveOne(identifier, known === undefined ? {} : { current: known });
    if (revision === null) throw new AthanorError("REVISION.NOT_FOUND", { identifier });
    return revision;
  }

  /** Every revision that an identifier means: `heads` are several, `base` none. */
  resolveAll(identifier: string): readonly string[] {
    return this.graph.resolve(identifier);
  }
}
