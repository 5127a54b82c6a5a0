/** What is done at random to a Session and to the plain world beside it. */
import fc from "fast-check";
import type { Kind } from "./plain.ts";

/** An index stands for one of those there are, counted round; text and numbers are values. */
export type Operation =
  | { readonly do: "new team"; readonly name: string }
  | {
      readonly do: "new hero";
      readonly name: string;
      readonly age: number | null;
      readonly team: number;
      readonly mentor: number;
      readonly powers: readonly number[];
    }
  | { readonly do: "new power"; readonly name: string }
  | {
      readonly do: "new pet";
      readonly name: string;
      readonly owner: number;
      readonly push: boolean;
      readonly hound: boolean;
    }
  | {
      readonly do: "rename";
      readonly kind: Kind;
      readonly at: number;
      readonly name: string;
    }
  | { readonly do: "age"; readonly at: number; readonly age: number | null }
  | { readonly do: "tag"; readonly at: number; readonly tag: string }
  | { readonly do: "set team"; readonly at: number; readonly team: number; readonly byKey: boolean }
  | { readonly do: "push hero"; readonly team: number; readonly at: number }
  | { readonly do: "take hero"; readonly team: number; readonly at: number }
  | { readonly do: "replace heroes"; readonly team: number; readonly heroes: readonly number[] }
  | { readonly do: "set mentor"; readonly at: number; readonly mentor: number }
  | { readonly do: "add power"; readonly at: number; readonly power: number; readonly fromPower: boolean }
  | { readonly do: "remove power"; readonly at: number; readonly power: number; readonly fromPower: boolean }
  | { readonly do: "replace powers"; readonly at: number; readonly powers: readonly number[] }
  | { readonly do: "move pet"; readonly at: number; readonly owner: number; readonly push: boolean }
  | { readonly do: "orphan pet"; readonly at: number }
  | { readonly do: "delete"; readonly kind: Kind; readonly at: number }
  | { readonly do: "look"; readonly relation: number; readonly at: number }
  | { readonly do: "query"; readonly age: number }
  | { readonly do: "update all"; readonly age: number }
  | { readonly do: "get"; readonly kind: Kind; readonly at: number }
  | {
      readonly do: "refresh" | "expire";
      readonly kind: Kind;
      readonly at: number;
    }
  | { readonly do: "merge"; readonly at: number; readonly name: string }
  | { readonly do: "stream" }
  | { readonly do: "new toy"; readonly name: string; readonly pet: number; readonly push: boolean }
  | { readonly do: "new trophy"; readonly name: string; readonly hero: number; readonly rank: number }
  | { readonly do: "move trophy"; readonly at: number; readonly hero: number }
  | { readonly do: "replace trophy"; readonly at: number; readonly name: string }
  | { readonly do: "hand codes on"; readonly first: number; readonly count: number; readonly toNew: boolean }
  | {
      readonly do: "delete beside";
      readonly kind: Kind;
      readonly at: number;
      readonly before: readonly Operation[];
      readonly after: readonly Operation[];
    }
  | { readonly do: "bulk delete"; readonly at: number }
  | { readonly do: "merge graph"; readonly at: number; readonly name: string }
  | { readonly do: "detach"; readonly kind: Kind; readonly at: number; readonly name: string }
  | { readonly do: "conflict"; readonly at: number; readonly age: number; readonly deletes: boolean }
  | { readonly do: "other writes"; readonly at: number; readonly age: number; readonly how: number }
  | { readonly do: "fail"; readonly name: string; readonly hero: number }
  | { readonly do: "get many"; readonly kind: Kind }
  | { readonly do: "flush" | "commit" | "rollback" | "begin" | "release" | "back" | "reopen" | "check" };

const name = fc.string({ minLength: 1, maxLength: 4, unit: "grapheme-ascii" });
const age = fc.option(fc.integer({ min: 0, max: 5 }), { nil: null });
const at = fc.nat({ max: 6 });
/** Negative: none. */
const maybe = fc.integer({ min: -2, max: 5 });
const list = fc.array(at, { maxLength: 3 });
const kind = fc.constantFrom<Kind>("teams", "heroes", "powers", "pets", "toys", "trophies");

const weighted = (
  weight: number,
  arbitrary: fc.Arbitrary<Operation>,
): { weight: number; arbitrary: fc.Arbitrary<Operation> } => ({
  weight,
  arbitrary,
});
const op = <T extends Operation["do"]>(what: T, fields: object = {}): fc.Arbitrary<Operation> =>
  fc.record({ do: fc.constant(what), ...fields } as never) as fc.Arbitrary<Operation>;

/** What changes objects and says nothing to the Session. */
const change: fc.Arbitrary<Operation> = fc.oneof(
  weighted(2, op("new team", { name })),
  weighted(4, op("new hero", { name, age, team: maybe, mentor: maybe, powers: list })),
  weighted(2, op("new power", { name })),
  weighted(3, op("new pet", { name, owner: at, push: fc.boolean(), hound: fc.boolean() })),
  weighted(2, op("rename", { kind, at, name })),
  weighted(1, op("age", { at, age })),
  weighted(1, op("tag", { at, tag: name })),
  weighted(3, op("set team", { at, team: maybe, byKey: fc.boolean() })),
  weighted(2, op("push hero", { team: at, at })),
  weighted(2, op("take hero", { team: at, at })),
  weighted(1, op("replace heroes", { team: at, heroes: list })),
  weighted(2, op("set mentor", { at, mentor: maybe })),
  weighted(3, op("add power", { at, power: at, fromPower: fc.boolean() })),
  weighted(2, op("remove power", { at, power: at, fromPower: fc.boolean() })),
  weighted(1, op("replace powers", { at, powers: list })),
  weighted(2, op("move pet", { at, owner: at, push: fc.boolean() })),
  weighted(2, op("new toy", { name, pet: at, push: fc.boolean() })),
  weighted(2, op("new trophy", { name, hero: at, rank: fc.nat({ max: 3 }) })),
  weighted(1, op("move trophy", { at, hero: at })),
);
const changes = fc.array(change, { maxLength: 4 });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  weighted(45, change),
  weighted(1, op("orphan pet", { at })),
  weighted(3, op("delete", { kind, at })),
  weighted(3, op("look", { relation: fc.nat({ max: 10 }), at })),
  weighted(1, op("query", { age: fc.integer({ min: 0, max: 5 }) })),
  weighted(1, op("update all", { age: fc.integer({ min: 0, max: 5 }) })),
  weighted(1, op("get", { kind, at })),
  weighted(1, op("refresh", { kind, at })),
  weighted(1, op("expire", { kind, at })),
  weighted(1, op("merge", { at, name })),
  weighted(1, op("stream")),
  weighted(2, op("flush")),
  weighted(2, op("commit")),
  weighted(2, op("rollback")),
  weighted(2, op("begin")),
  weighted(1, op("release")),
  weighted(1, op("back")),
  weighted(1, op("reopen")),
  weighted(2, op("check")),
  weighted(1, op("replace trophy", { at, name })),
  weighted(2, op("hand codes on", { first: at, count: fc.nat({ max: 4 }), toNew: fc.boolean() })),
  weighted(5, op("delete beside", { kind, at, before: changes, after: changes })),
  weighted(1, op("bulk delete", { at })),
  weighted(1, op("merge graph", { at, name })),
  weighted(1, op("detach", { kind, at, name })),
  weighted(1, op("conflict", { at, age: fc.nat({ max: 5 }), deletes: fc.boolean() })),
  weighted(1, op("other writes", { at, age: fc.nat({ max: 5 }), how: fc.nat({ max: 2 }) })),
  weighted(1, op("fail", { name, hero: at })),
  weighted(1, op("get many", { kind })),
);

/** A sequence of operations, `LAW_LENGTH` at most. */
export const operations: fc.Arbitrary<Operation[]> = fc.array(operation, {
  maxLength: Number(process.env["LAW_LENGTH"] ?? 60),
  size: "max",
});
