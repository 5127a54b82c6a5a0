/** What the Session is set against: plain data in memory, with references by number. */

export interface PlainTeam {
  name: string;
  code: number;
}

export interface PlainHero {
  name: string;
  age: number | null;
  tags: string[];
  team: number | null;
  mentor: number | null;
  powers: Set<number>;
}

export interface PlainPower {
  name: string;
}

export interface PlainPet {
  name: string;
  owner: number;
  hound: boolean;
}

export interface PlainToy {
  name: string;
  pet: number;
}

export interface PlainTrophy {
  name: string;
  hero: number;
  rank: number;
}

/** Everything there is, by numbers that are never given again. */
export interface World {
  teams: Map<number, PlainTeam>;
  heroes: Map<number, PlainHero>;
  powers: Map<number, PlainPower>;
  pets: Map<number, PlainPet>;
  toys: Map<number, PlainToy>;
  trophies: Map<number, PlainTrophy>;
}

export type Kind = keyof World;

export const emptyWorld = (): World => ({
  teams: new Map(),
  heroes: new Map(),
  powers: new Map(),
  pets: new Map(),
  toys: new Map(),
  trophies: new Map(),
});

export const copyWorld = (world: World): World => structuredClone(world);

/** Takes something out, and does what its going brings with it. */
export function removeFrom(world: World, kind: Kind, number: number): void {
  world[kind].delete(number);
  if (kind === "teams") {
    for (const hero of world.heroes.values()) if (hero.team === number) hero.team = null;
  }
  if (kind === "powers") for (const hero of world.heroes.values()) hero.powers.delete(number);
  if (kind === "pets") for (const [toy, { pet }] of world.toys) if (pet === number) world.toys.delete(toy);
  if (kind !== "heroes") return;
  for (const hero of world.heroes.values()) if (hero.mentor === number) hero.mentor = null;
  for (const [pet, { owner }] of world.pets) if (owner === number) removeFrom(world, "pets", pet);
  for (const [trophy, { hero }] of world.trophies) if (hero === number) world.trophies.delete(trophy);
}

/** The numbers of those for which something holds, in order. */
export function those<T>(map: ReadonlyMap<number, T>, holds: (value: T) => boolean): number[] {
  return [...map].flatMap(([number, value]) => (holds(value) ? [number] : [])).sort((a, b) => a - b);
}
