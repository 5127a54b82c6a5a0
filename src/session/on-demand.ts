import type { Connection, Dialect } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { isLeftOut, loadColumn } from "./deferred.ts";
import type { Entry } from "./entry.ts";
import { linkedEntries } from "./groups.ts";
import type { Guard } from "./guard.ts";
import type { Loader } from "./loader.ts";
import { LoadCounter, type ManyLoads } from "./many-loads.ts";
import type { MappedColumn } from "./mapped-column.ts";
import { type MappedRelation, relationsOf } from "./mapped-relation.ts";
import type { Mapper } from "./mapper.ts";
import { relationValue, sameContent } from "./relation-value.ts";
import type { Unit } from "./unit.ts";

/** What loading on demand asks of its Session. */
export interface OnDemandHost {
  readonly unit: Unit;
  readonly guard: Guard;
  readonly loader: Loader;
  open(): Promise<Dialect>;
  reading(): Promise<Connection>;
  watched<T>(body: () => Promise<T>): Promise<T>;
  /** Writes what a query could see. */
  autoflush(): Promise<void>;
}

/** Loads relations and columns when they are awaited or asked for, for many objects at once. */
export class OnDemand {
  readonly #host: OnDemandHost;
  readonly #loads: LoadCounter;

  constructor(host: OnDemandHost, warn: (loads: ManyLoads) => void) {
    this.#host = host;
    this.#loads = new LoadCounter(warn);
  }

  /** Those that came together with an entry, and belong here still; at least the entry itself. */
  #together(entry: Entry, lacks: (each: Entry) => boolean): readonly Entry[] {
    const list = (entry.cohort?.entries ?? []).filter(
      (each) =>
        each.owner === entry.owner &&
        each.state === "persistent" &&
        each.mapper === entry.mapper &&
        lacks(each),
    );
    return list.includes(entry) ? list : [entry];
  }

  /** Loads a relation that is awaited, for every object that came together with this one. */
  relation(entry: Entry, name: string): Promise<object | object[] | null> {
    const { guard, loader } = this.#host;
    const load = async (): Promise<object | object[] | null> => {
      await this.#host.open();
      await this.#host.autoflush();
      const held = relationValue(entry.instance, name);
      if (held !== undefined) return held;
      const relation = relationNamed(entry.mapper, name);
      const entries = this.#together(entry, (each) => relationValue(each.instance, name) === undefined);
      const asked = loader.queries;
      await loader.load(entries, relation);
      const alone = entries.length === 1 && loader.queries > asked;
      if (alone) this.#loads.count(entry.mapper.meta.name, name);
      return relationValue(entry.instance, name) ?? null;
    };
    return guard.inTurn("loading a relation", () => this.#host.watched(load));
  }

  /** Loads a column that is awaited, for every object that came together with this one. */
  column(entry: Entry, property: string): Promise<unknown> {
    const load = async (): Promise<unknown> => {
      await this.#host.open();
      const column = entry.mapper.column(property);
      await this.#columns(
        this.#together(entry, (each) => isLeftOut(each, column)),
        column,
      );
      // A row that is gone has nothing to give.
      return isLeftOut(entry, column) ? null : entry.values[property];
    };
    return this.#host.guard.inTurn("loading a column", () => this.#host.watched(load));
  }

  /** Loads a column of those objects that do not have it. */
  async #columns(entries: readonly Entry[], column: MappedColumn): Promise<void> {
    const lacking = entries.filter((each) => each.state === "persistent" && isLeftOut(each, column));
    if (lacking.length === 0) return;
    await loadColumn(await this.#host.reading(), this.#host.unit, lacking, column);
  }

  /** Loads relations along paths, level by level: one query for each relation, however many objects have it. */
  async paths(entries: readonly Entry[], mapper: Mapper, paths: readonly string[]): Promise<void> {
    const byHead = Map.groupBy(paths, (path) => path.split(".", 1)[0] as string);
    for (const [head, list] of byHead) {
      const column = mapper.byProperty.get(head);
      if (column !== undefined) {
        await this.#columns(entries, column);
        continue;
      }
      const relation = relationNamed(mapper, head);
      const deeper = list.flatMap((path) => (path === head ? [] : [path.slice(head.length + 1)]));
      const unchanged = entries.filter((entry) =>
        sameContent(relationValue(entry.instance, head), entry.relations?.get(head)),
      );
      if (unchanged.length === 0) {
        await this.paths([], relation.target, deeper); // names are looked at all the same
        continue;
      }
      const found = await this.#host.loader.load(unchanged, relation);
      if (deeper.length > 0)
        await this.paths(linkedEntries([...new Set(found.members.flat())]), relation.target, deeper);
    }
  }
}

/** A relation of a mapper by its name. Throws `SESSION.UNKNOWN_RELATION`. */
export function relationNamed(mapper: Mapper, name: string): MappedRelation {
  const relations = relationsOf(mapper);
  const relation = relations.get(name);
  if (relation !== undefined) return relation;
  const known = [...relations.keys()];
  throw new AthanorError("SESSION.UNKNOWN_RELATION", { model: mapper.meta.name, relation: name, known });
}
