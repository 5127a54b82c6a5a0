/** What is done to a Session and to the plain world as a whole: several steps of which only the end is compared. */
import assert from "node:assert/strict";
import { deleteFrom, type Engine, Session, select, update } from "../../../src/index.ts";
import { code } from "../database.ts";
import { Hero, Pet, Power, Team, Toy, Trophy } from "./models.ts";
import type { Operation } from "./operations.ts";
import { type Kind, removeFrom, those, type World } from "./plain.ts";

const classes = { teams: Team, heroes: Hero, powers: Power, pets: Pet, toys: Toy, trophies: Trophy } as const;
type ObjectOf<K extends Kind> = InstanceType<(typeof classes)[K]>;

/** What such steps take from the bench. */
export interface Hands {
  readonly engine: Engine;
  readonly session: Session;
  /** The world as it is now: a rollback puts another one in its place. */
  world(): World;
  run(operation: Operation): Promise<void>;
  pick(kind: Kind, index: number): number | undefined;
  object<K extends Kind>(kind: K, number: number): ObjectOf<K>;
  objects<K extends Kind>(kind: K): ObjectOf<K>[];
  add(kind: Kind, value: unknown, object: object): void;
  newTeam(name: string, code: number): void;
  freshCode(): number;
  /** Keeps one of those there are from being picked. */
  hide(hidden: { readonly kind: Kind; readonly number: number } | null): void;
}

/** The primary key of an object, in parts where it has several. */
export function keyOf(object: object): unknown {
  return object instanceof Trophy ? [object.heroId, object.rank] : (object as Hero).id;
}

/** Does one of these things to both. */
export async function runWhole(hands: Hands, operation: Operation): Promise<void> {
  switch (operation.do) {
    case "new toy":
      return newToy(hands, operation);
    case "new trophy":
      return newTrophy(hands, operation);
    case "move trophy":
      return moveTrophy(hands, operation);
    case "replace trophy":
      return replaceTrophy(hands, operation);
    case "hand codes on":
      return handCodesOn(hands, operation);
    case "delete beside":
      return deleteBeside(hands, operation);
    case "bulk delete":
      return bulkDelete(hands, operation);
    case "merge graph":
      return mergeGraph(hands, operation);
    case "detach":
      return detach(hands, operation);
    case "conflict":
      return conflict(hands, operation);
    case "other writes":
      return otherWrites(hands, operation);
    case "fail":
      return fail(hands, operation);
    case "get many":
      return getMany(hands, operation.kind);
    default:
      throw new Error(`nobody knows how to ${operation.do}`);
  }
}

type Given<D extends Operation["do"]> = Extract<Operation, { do: D }>;

async function newToy({ pick, object, add }: Hands, { name, pet, push }: Given<"new toy">): Promise<void> {
  const p = pick("pets", pet);
  if (p === undefined) return;
  const owner = object("pets", p);
  const toy = push ? new Toy({ name }) : new Toy({ name, pet: owner });
  if (push) (await owner.toys).push(toy);
  add("toys", { name, pet: p }, toy);
}

function holdsRank({ trophies }: World, hero: number, rank: number): boolean {
  return those(trophies, (trophy) => trophy.hero === hero && trophy.rank === rank).length > 0;
}

function newTrophy({ pick, object, add, world }: Hands, { name, hero, rank }: Given<"new trophy">): void {
  const h = pick("heroes", hero);
  if (h === undefined || holdsRank(world(), h, rank)) return;
  add("trophies", { name, hero: h, rank }, new Trophy({ name, rank, hero: object("heroes", h) }));
}

/** Its key changes with its owner. */
async function moveTrophy(hands: Hands, { at, hero }: Given<"move trophy">): Promise<void> {
  const { pick, object, world } = hands;
  const [t, h] = [pick("trophies", at), pick("heroes", hero)];
  if (t === undefined || h === undefined) return;
  const plain = world().trophies.get(t)!;
  if (holdsRank(world(), h, plain.rank)) return;
  object("trophies", t).hero = object("heroes", h);
  plain.hero = h;
}

/** Another one under the same key, in the same flush. */
async function replaceTrophy(hands: Hands, { at, name }: Given<"replace trophy">): Promise<void> {
  const { pick, object, world, session, add } = hands;
  const t = pick("trophies", at);
  if (t === undefined) return;
  await session.flush();
  const { hero, rank } = world().trophies.get(t)!;
  session.delete(object("trophies", t));
  world().trophies.delete(t);
  add("trophies", { name, hero, rank }, new Trophy({ name, rank, heroId: object("heroes", hero).id }));
  await session.flush();
}

/** Each takes the code of the next, the last one a new code; a new team may take the one that is left. */
async function handCodesOn(hands: Hands, { first, count, toNew }: Given<"hand codes on">): Promise<void> {
  const { pick, object, world, session } = hands;
  const chosen = new Set(Array.from({ length: count + 1 }, (_, n) => pick("teams", first + n)));
  const teams = [...chosen].filter((team) => team !== undefined);
  const [head] = teams;
  if (head === undefined) return;
  await session.flush();
  const left = world().teams.get(head)!.code;
  for (const [at, team] of teams.entries()) {
    const next = teams[at + 1];
    const code = next === undefined ? hands.freshCode() : world().teams.get(next)!.code;
    world().teams.get(team)!.code = code;
    object("teams", team).code = code;
  }
  if (toNew) hands.newTeam("new", left);
  await session.flush();
}

/** Deletes in one flush with other changes, those before which move things away from what goes included. */
async function deleteBeside(
  hands: Hands,
  { kind, at, before, after }: Given<"delete beside">,
): Promise<void> {
  const { pick, object, session, world, run, hide } = hands;
  const number = pick(kind, at);
  if (number === undefined) return;
  await session.flush();
  hide({ kind, number });
  try {
    for (const each of before) await run(each);
  } finally {
    hide(null);
  }
  session.delete(object(kind, number));
  removeFrom(world(), kind, number);
  for (const each of after) await run(each);
  await session.flush();
}

/** Rows go behind the objects' back, which are let go. */
async function bulkDelete(hands: Hands, { at }: Given<"bulk delete">): Promise<void> {
  const { pick, object, session, world, run } = hands;
  const p = pick("pets", at);
  if (p === undefined) return;
  await run({ do: "commit" });
  const { id } = object("pets", p);
  await session.exec(deleteFrom(Toy).where(Toy.c.petId.eq(id)));
  await session.exec(deleteFrom(Pet).where(Pet.c.id.eq(id)));
  for (const toy of those(world().toys, ({ pet }) => pet === p)) session.expunge(object("toys", toy));
  session.expunge(object("pets", p));
  session.expireAll();
  removeFrom(world(), "pets", p);
  await run({ do: "commit" });
}

/** What another Session has read, with all around it, comes here. */
async function mergeGraph(
  { pick, object, session, world, run, engine }: Hands,
  given: Given<"merge graph">,
): Promise<void> {
  const h = pick("heroes", given.at);
  if (h === undefined) return;
  await run({ do: "commit" });
  const own = object("heroes", h);
  const copy = await Session.run(engine, async (other) => {
    const hero = await other.get(Hero, own.id, {
      with: ["team.heroes", "powers.heroes", "pets.toys", "trophies"],
    });
    assert.ok(hero);
    return hero;
  });
  copy.name = given.name;
  for (const pet of await copy.pets) pet.name = given.name;
  assert.equal(await session.merge(copy), own, "merge gives the object that is known");
  world().heroes.get(h)!.name = given.name;
  for (const pet of world().pets.values()) if (pet.owner === h) pet.name = given.name;
}

async function detach(
  { pick, object, session, world, run }: Hands,
  { kind, at, name }: Given<"detach">,
): Promise<void> {
  const number = pick(kind, at);
  if (number === undefined) return;
  await run({ do: "commit" });
  const own = object(kind, number);
  session.expunge(own);
  assert.equal(session.has(own), false);
  own.name = name;
  session.add(own);
  world()[kind].get(number)!.name = name;
}

/** A hero whose row somebody else has changed after a commit. */
async function changedElsewhere(
  { pick, object, run, engine }: Hands,
  at: number,
  age: number,
): Promise<{ readonly h: number; readonly own: Hero } | undefined> {
  const h = pick("heroes", at);
  if (h === undefined) return undefined;
  await run({ do: "commit" });
  const own = object("heroes", h);
  await changeElsewhere(engine, own.id, age);
  return { h, own };
}

/** Somebody else has changed the row, and this Session is told when it wants to. */
async function conflict(hands: Hands, { at, age, deletes }: Given<"conflict">): Promise<void> {
  const { session, world, run } = hands;
  const changed = await changedElsewhere(hands, at, age);
  if (changed === undefined) return;
  const { h, own } = changed;
  if (deletes) session.delete(own);
  else own.name = "never";
  await assert.rejects(session.flush(), code("SESSION.STALE"));
  assert.equal(session.state, "failed");
  await run({ do: "rollback" });
  assert.equal(own.name, world().heroes.get(h)!.name, "as it was before");
  await session.refresh(own);
  world().heroes.get(h)!.age = age;
  await run({ do: "commit" }); // nothing takes it back
}

/** Somebody else has changed the row, and this Session sees it when the row comes by in a new transaction. */
async function otherWrites(hands: Hands, { at, age, how }: Given<"other writes">): Promise<void> {
  const { session, world, run } = hands;
  const changed = await changedElsewhere(hands, at, age);
  if (changed === undefined) return;
  const { h, own } = changed;
  if (how === 0) await session.exec(select(Hero).withForUpdate()).all();
  else if (how === 1) await session.get(Hero, own.id, { withForUpdate: true });
  else await session.exec(update(Hero).set({ age }).where(Hero.c.id.eq(own.id)));
  if (how === 2) await session.refresh(own);
  assert.equal(own.age, age, "what somebody else wrote is seen");
  world().heroes.get(h)!.age = age;
  await run({ do: "commit" });
}

async function changeElsewhere(engine: Engine, id: number, age: number): Promise<void> {
  await Session.run(engine, async (other) => {
    const hero = await other.get(Hero, id);
    assert.ok(hero);
    hero.age = age;
    other.flagModified(hero, "age");
    await other.commit();
  });
}

/** A flush that fails among others that would not: nothing of them is left, in objects or rows. */
async function fail({ session, run, pick, object }: Hands, { name, hero }: Given<"fail">): Promise<void> {
  const h = pick("heroes", hero);
  const toys = ["a", "b"].map((each) => new Toy({ name: each, petId: -1 }));
  session.addAll([new Power({ name }), ...toys, new Power({ name })]);
  if (h !== undefined) object("heroes", h).name = "never";
  await assert.rejects(session.flush(), code("DATABASE.FOREIGN_KEY"));
  assert.equal(session.state, "failed");
  await run({ do: "back" });
  for (const toy of toys) assert.deepEqual([toy.id, session.has(toy)], [undefined, false]);
}

async function getMany({ session, objects }: Hands, kind: Kind): Promise<void> {
  await session.flush();
  const all = objects(kind);
  const found = await session.getMany(classes[kind] as typeof Hero, all.map(keyOf));
  assert.deepEqual(
    found.map((each, at) => each === (all[at] as object)),
    all.map(() => true),
    "many are those that are known",
  );
}
