import { AthanorError } from "../errors/index.ts";
import type { Context } from "./context.ts";
import type { History } from "./history.ts";
import type { ModuleBranch } from "./module-branch.ts";
import type { MakeMigrationsOptions } from "./options.ts";
import type { Share } from "./split.ts";

/** Where in the history a new file stands. */
export interface PlaceInHistory {
  readonly downRevisions: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  /** The folder it goes to, absolute; null leaves it to what it follows. */
  readonly folder: string | null;
}

/** The heads of the host and of each module, while new files are written on top of them. */
export class NewBranches {
  readonly #history: History;
  readonly #options: MakeMigrationsOptions;
  readonly #modules: ReadonlyMap<string, ModuleBranch>;
  /** The revisions written so far, by owner, and in the order of their shares. */
  readonly #written = new Map<string | null, string>();
  readonly #inOrder: string[] = [];

  constructor(context: Context, history: History, options: MakeMigrationsOptions) {
    this.#history = history;
    this.#options = options;
    this.#modules = new Map((context.options.modules ?? []).map((module) => [module.name, module]));
    const { module } = options;
    if (module !== undefined && !this.#modules.has(module))
      throw new AthanorError("MODULE.NOT_FOUND", { name: module, known: [...this.#modules.keys()] });
  }

  /** Throws `MIGRATE.SEVERAL_HEADS` where a branch has several and nobody says which one is followed. */
  demandHeads(): void {
    if (this.#options.head !== undefined) return;
    for (const owner of [null, ...this.#modules.keys()]) this.#headsOf(owner);
  }

  /** What was said of one file cannot be meant for several. */
  refuseSeveral(owners: readonly (string | null)[]): void {
    const { head, branchLabel, versionPath, revId } = this.#options;
    if ([head, branchLabel, versionPath, revId].every((said) => said === undefined)) return;
    const changed = [...new Set(owners)].map((owner) => owner ?? "the host");
    throw new AthanorError("MODULE.SEVERAL_CHANGED", { changed });
  }

  /** Where the file of a share stands. */
  placeOf(share: Share): PlaceInHistory {
    const { owner } = share;
    const module = owner === null ? undefined : this.#modules.get(owner);
    const said = this.#options.dependsOn?.flatMap((identifier) => this.#history.resolveAll(identifier)) ?? [];
    const downRevisions = this.#parentsOf(owner);
    const label = this.#options.branchLabel ?? (module === undefined ? null : this.#labelOf(module));
    const needed = [...this.#needed(share, module, downRevisions)];
    return {
      downRevisions,
      dependsOn: [...new Set([...said, ...needed])].filter((id) => !downRevisions.includes(id)),
      branchLabels: label === null ? [] : [label],
      folder: this.#options.versionPath === undefined ? (module?.folder ?? null) : null,
    };
  }

  /** Notes the revision that was written for a share. */
  add({ owner }: Share, revision: string): void {
    this.#written.set(owner, revision);
    this.#inOrder.push(revision);
  }

  /** The heads of what the share refers to; a module's first file comes after all that it depends on. */
  *#needed(
    { refersTo, owner, after }: Share,
    module: ModuleBranch | undefined,
    parents: readonly string[],
  ): Iterable<string> {
    const declared = module !== undefined && parents.length === 0 ? module.dependsOn : [];
    for (const other of new Set([...refersTo, ...declared])) {
      if (other === owner) continue;
      const head = this.#written.get(other) ?? this.#headsOf(other)[0];
      if (head !== undefined) yield head;
    }
    for (const index of after) {
      const before = this.#inOrder[index];
      if (before !== undefined) yield before;
    }
  }

  /** The label of a module where its branch begins, and where it begins to be called so. */
  #labelOf({ name }: ModuleBranch): string | null {
    if (this.#written.has(name)) return null;
    const branch = [...this.#history.branch(name)];
    return branch.some((id) => this.#history.file(id).branchLabels.includes(name)) ? null : name;
  }

  #parentsOf(owner: string | null): readonly string[] {
    const { head, splice } = this.#options;
    const written = this.#written.get(owner);
    if (written !== undefined) return [written];
    if (head === undefined) return this.#headsOf(owner);
    const parents = this.#history.resolveAll(head);
    for (const revision of parents) {
      if (splice !== true && !this.#history.heads.includes(revision)) {
        const children = this.#history.graph.children(revision);
        throw new AthanorError("REVISION.NOT_A_HEAD", { revision, children });
      }
    }
    return parents;
  }

  #headsOf(owner: string | null): readonly string[] {
    const heads = this.#history.headsOf(owner);
    if (heads.length > 1) throw new AthanorError("MIGRATE.SEVERAL_HEADS", { heads });
    return heads;
  }
}
