import { closure, Dependencies, standingKey, standingsOf } from "../schema/dependencies.ts";
import { type Schema, type SchemaObject, sameTable, type Table, type TableRef } from "../schema/index.ts";

/** What stands on what in one schema, however far below. */
export class Closure {
  readonly #above = new Map<string, SchemaObject[]>();
  readonly #schema: Schema;
  readonly #dependencies: Dependencies;
  #needed: ReadonlySet<string> | null = null;
  readonly #byKey = new Map<SchemaObject, string>();

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#dependencies = new Dependencies(schema);
    for (const object of schema.objects) {
      this.#byKey.set(object, standingKey({ kind: "object", object }));
      for (const each of this.#dependencies.ofObject(object)) {
        const key = standingKey(each);
        const list = this.#above.get(key);
        if (list === undefined) this.#above.set(key, [object]);
        else list.push(object);
      }
    }
  }

  /** Everything that stands on these tables and objects. */
  on(tables: readonly TableRef[], objects: readonly SchemaObject[] = []): ReadonlySet<SchemaObject> {
    const there = this.#schema.tables.filter((table) => tables.some((each) => sameTable(each, table)));
    const keys = there.map((table) => standingKey({ kind: "table", table }));
    return this.#collect([...keys, ...objects.map((object) => this.#byKey.get(object) ?? "")], []);
  }

  /** Whether a table stands on an object, directly or through others. */
  isNeeded(object: SchemaObject): boolean {
    this.#needed ??= this.#below(this.#schema.tables);
    return this.#needed.has(this.#byKey.get(object) ?? "");
  }

  /** Whether a table stands on one of these objects. */
  isOn(table: Table, objects: ReadonlySet<SchemaObject>): boolean {
    if (objects.size === 0) return false;
    const below = this.#below([table]);
    return [...objects].some((object) => below.has(this.#byKey.get(object) ?? ""));
  }

  #below(tables: readonly Table[]): ReadonlySet<string> {
    const standings = closure(standingsOf([], tables), (each) =>
      each.kind === "table"
        ? this.#dependencies.ofTable(each.table)
        : this.#dependencies.ofObject(each.object),
    );
    return new Set(standings.map(standingKey));
  }

  /** These objects, and everything that stands on them. */
  above(roots: readonly SchemaObject[]): ReadonlySet<SchemaObject> {
    return this.#collect(
      roots.map((object) => this.#byKey.get(object) ?? ""),
      roots,
    );
  }

  #collect(keys: readonly string[], roots: readonly SchemaObject[]): ReadonlySet<SchemaObject> {
    const found = new Set(roots);
    const open = [...keys];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      for (const object of this.#above.get(key) ?? []) {
        if (found.has(object)) continue;
        found.add(object);
        open.push(this.#byKey.get(object) ?? "");
      }
    }
    return found;
  }
}
