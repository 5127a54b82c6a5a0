import { AthanorError } from "../errors/index.ts";
import { RevisionGraph } from "../revision/index.ts";
import { loadScript, readScriptFiles, type Script, type ScriptFile } from "../script/index.ts";
import type { Direction } from "./documents.ts";

/** One step along the history, with the database's heads before and after it. */
export interface HistoryStep {
  readonly revision: string;
  readonly direction: Direction;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** The migration files and the graph they make. */
export class History {
  readonly graph: RevisionGraph<ScriptFile>;
  /** Each after all it needs. */
  readonly files: readonly ScriptFile[];
  readonly #scripts = new Map<string, Promise<Script>>();

  private constructor(files: readonly ScriptFile[]) {
    this.graph = RevisionGraph.from(files);
    this.files = [...this.graph];
  }

  /** Reads the headers of all files. */
  static async read(root: string, locations: readonly string[]): Promise<History> {
    return new History(await readScriptFiles(root, locations));
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

  /** A file with its operations; imported once per history. */
  load(revision: string): Promise<Script> {
    const known = this.#scripts.get(revision);
    if (known !== undefined) return known;
    const script = loadScript(this.file(revision));
    this.#scripts.set(revision, script);
    return script;
  }

  /** Files with their operations, in the order given. */
  async loadAll(revisions: readonly string[]): Promise<readonly Script[]> {
    const scripts: Script[] = [];
    for (const revision of revisions) scripts.push(await this.load(revision));
    return scripts;
  }

  /** Every revision that a database at `heads` has applied, each after all it needs. Unknown heads are left out. */
  applied(heads: readonly string[]): readonly string[] {
    return this.graph.applied(heads.filter((head) => this.has(head)));
  }

  /** The revisions that a database at `heads` has not applied, in the order in which they would be. */
  pending(heads: readonly string[]): readonly string[] {
    return this.graph.pending(heads.filter((head) => this.has(head)));
  }

  /**
   * The steps from `current` to `target`. A bare `-1` below several heads is refused: which branch is meant is
   * for a person to say.
   */
  steps(direction: Direction, current: readonly string[], target: string): readonly HistoryStep[] {
    const plan =
      direction === "upgrade" ? this.graph.upgrade(current, target) : this.graph.downgrade(current, target);
    if (plan.chosenFrom.length > 0) {
      throw new AthanorError("REVISION.AMBIGUOUS_WALK", { identifier: target, candidates: plan.chosenFrom });
    }
    let from = current;
    return plan.steps.map(({ revision, heads }) => {
      const step: HistoryStep = { revision, direction, from, to: heads };
      from = heads;
      return step;
    });
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
