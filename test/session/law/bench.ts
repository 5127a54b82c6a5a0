/** A Session and a plain world, to which the same is done. */
import assert from "node:assert/strict";
import { type Engine, Session, type SessionTransaction, select, update } from "../../../src/index.ts";
import { Hero, Hound, Pet, Power, Team, Toy, Trophy } from "./models.ts";
import { type Hands, keyOf, runWhole } from "./more.ts";
import type { Operation } from "./operations.ts";
import { copyWorld, emptyWorld, type Kind, removeFrom, those, type World } from "./plain.ts";

const classes = {
  teams: Team,
  heroes: Hero,
  powers: Power,
  pets: Pet,
  toys: Toy,
  trophies: Trophy,
} as const;
type Objects = { [K in Kind]: Map<number, InstanceType<(typeof classes)[K]>> };

/** A model to be asked for by key, whichever of them it is. */
const modelOf = (kind: Kind): typeof Hero => classes[kind] as never;

/** Runs operations on both, and compares. */
export class LawBench {
  readonly #engine: Engine;
  #session: Session;
  #world: World = emptyWorld();
  /** The world as it was when each open transaction began, the committed one first. */
  #before: World[] = [emptyWorld()];
  #transactions: SessionTransaction[] = [];
  readonly #objects: Objects = {
    teams: new Map(),
    heroes: new Map(),
    powers: new Map(),
    pets: new Map(),
    toys: new Map(),
    trophies: new Map(),
  };
  #next = 1;
  /** What nothing new may refer to, since it is about to go. */
  #hidden: { readonly kind: Kind; readonly number: number } | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#session = new Session(engine);
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  /** One of those there are; undefined of none. */
  #pick(kind: Kind, index: number): number | undefined {
    const numbers = [...this.#world[kind].keys()].filter(
      (number) => this.#hidden?.kind !== kind || this.#hidden.number !== number,
    );
    return index < 0 || numbers.length === 0 ? undefined : numbers[index % numbers.length];
  }

  #object<K extends Kind>(kind: K, number: number): InstanceType<(typeof classes)[K]> {
    const object = this.#objects[kind].get(number);
    assert.ok(object, `${kind} ${number} has an object`);
    return object as InstanceType<(typeof classes)[K]>;
  }

  #add<K extends Kind>(kind: K, value: unknown, object: InstanceType<(typeof classes)[K]>): void {
    const number = this.#next;
    this.#next += 1;
    (this.#world[kind] as Map<number, unknown>).set(number, value);
    (this.#objects[kind] as Map<number, unknown>).set(number, object);
    this.#session.add(object);
  }

  /** Does one thing to both. */
  async run(operation: Operation): Promise<void> {
    switch (operation.do) {
      case "new team":
        return this.#newTeam(operation.name);
      case "new power":
        return this.#add("powers", { name: operation.name }, new Power({ name: operation.name }));
      case "new hero":
        return this.#newHero(operation);
      case "new pet":
        return this.#newPet(operation);
      case "rename": {
        const number = this.#pick(operation.kind, operation.at);
        if (number === undefined) return;
        this.#world[operation.kind].get(number)!.name = operation.name;
        this.#object(operation.kind, number).name = operation.name;
        return;
      }
      default:
        return this.#runMore(operation);
    }
  }

  #newTeam(name: string, code = this.#next): void {
    this.#add("teams", { name, code }, new Team({ name, code }));
  }

  #newHero({ name, age, team, mentor, powers }: Extract<Operation, { do: "new hero" }>): void {
    const [t, m] = [this.#pick("teams", team), this.#pick("heroes", mentor)];
    const own = new Set(powers.flatMap((at) => this.#pick("powers", at) ?? []));
    const object = new Hero({
      name,
      age,
      tags: [],
      ...(t === undefined ? {} : { team: this.#object("teams", t) }),
      ...(m === undefined ? {} : { mentor: this.#object("heroes", m) }),
      powers: [...own].map((number) => this.#object("powers", number)),
    });
    this.#add("heroes", { name, age, tags: [], team: t ?? null, mentor: m ?? null, powers: own }, object);
  }

  async #newPet({ name, owner, push, hound }: Extract<Operation, { do: "new pet" }>): Promise<void> {
    const o = this.#pick("heroes", owner);
    if (o === undefined) return;
    const hero = this.#object("heroes", o);
    const own = push ? {} : { owner: hero };
    const pet = hound ? new Hound({ name, speed: 1, ...own }) : new Pet({ name, ...own });
    if (push) (await hero.pets).push(pet);
    this.#add("pets", { name, owner: o, hound }, pet);
  }

  async #runMore(operation: Operation): Promise<void> {
    switch (operation.do) {
      case "age": {
        const number = this.#pick("heroes", operation.at);
        if (number === undefined) return;
        this.#world.heroes.get(number)!.age = operation.age;
        this.#object("heroes", number).age = operation.age;
        return;
      }
      case "tag": {
        const number = this.#pick("heroes", operation.at);
        if (number === undefined) return;
        this.#world.heroes.get(number)!.tags.push(operation.tag);
        this.#object("heroes", number).tags.push(operation.tag);
        return;
      }
      case "set team":
        return this.#setTeam(operation);
      case "push hero":
      case "take hero":
        return this.#changeTeam(operation);
      case "replace heroes":
        return this.#replaceHeroes(operation);
      case "set mentor": {
        const number = this.#pick("heroes", operation.at);
        if (number === undefined) return;
        const mentor = this.#pick("heroes", operation.mentor) ?? null;
        this.#world.heroes.get(number)!.mentor = mentor;
        this.#object("heroes", number).mentor = mentor === null ? null : this.#object("heroes", mentor);
        return;
      }
      case "add power":
      case "remove power":
        return this.#changePowers(operation);
      case "replace powers":
        return this.#replacePowers(operation);
      case "move pet":
        return this.#movePet(operation);
      default:
        return this.#runSession(operation);
    }
  }

  async #setTeam({ at, team, byKey }: Extract<Operation, { do: "set team" }>): Promise<void> {
    const number = this.#pick("heroes", at);
    if (number === undefined) return;
    const t = this.#pick("teams", team) ?? null;
    const hero = this.#object("heroes", number);
    if (byKey) {
      await this.#session.flush(); // the team needs a key, and a relation that was assigned would go before it
      hero.teamId = t === null ? null : this.#object("teams", t).id;
      await this.#session.flush();
    } else hero.team = t === null ? null : this.#object("teams", t);
    this.#world.heroes.get(number)!.team = t;
  }

  async #changeTeam(operation: Extract<Operation, { do: "push hero" | "take hero" }>): Promise<void> {
    const [t, h] = [this.#pick("teams", operation.team), this.#pick("heroes", operation.at)];
    if (t === undefined || h === undefined) return;
    const [team, hero] = [this.#object("teams", t), this.#object("heroes", h)];
    const heroes = await team.heroes;
    const plain = this.#world.heroes.get(h)!;
    if (operation.do === "push hero") {
      if (!heroes.includes(hero)) heroes.push(hero);
      plain.team = t;
    } else if (plain.team === t) {
      assert.ok(heroes.includes(hero), "a hero is in the team's list");
      heroes.splice(heroes.indexOf(hero), 1);
      plain.team = null;
    }
  }

  #replaceHeroes({ team, heroes }: Extract<Operation, { do: "replace heroes" }>): void {
    const t = this.#pick("teams", team);
    if (t === undefined) return;
    const chosen = new Set(heroes.flatMap((at) => this.#pick("heroes", at) ?? []));
    this.#object("teams", t).heroes = [...chosen].map((number) => this.#object("heroes", number));
    for (const [number, hero] of this.#world.heroes) {
      if (chosen.has(number)) hero.team = t;
      else if (hero.team === t) hero.team = null;
    }
  }

  async #changePowers(operation: Extract<Operation, { do: "add power" | "remove power" }>): Promise<void> {
    const [h, p] = [this.#pick("heroes", operation.at), this.#pick("powers", operation.power)];
    if (h === undefined || p === undefined) return;
    const [hero, power] = [this.#object("heroes", h), this.#object("powers", p)];
    const list: object[] = operation.fromPower ? await power.heroes : await hero.powers;
    const member = operation.fromPower ? hero : power;
    const own = this.#world.heroes.get(h)!.powers;
    assert.equal(list.includes(member), own.has(p), "a link is in the list");
    if (operation.do === "add power") {
      if (!own.has(p)) list.push(member);
      own.add(p);
    } else {
      if (own.has(p)) list.splice(list.indexOf(member), 1);
      own.delete(p);
    }
  }

  #replacePowers({ at, powers }: Extract<Operation, { do: "replace powers" }>): void {
    const h = this.#pick("heroes", at);
    if (h === undefined) return;
    const chosen = new Set(powers.flatMap((each) => this.#pick("powers", each) ?? []));
    this.#object("heroes", h).powers = [...chosen].map((number) => this.#object("powers", number));
    this.#world.heroes.get(h)!.powers = chosen;
  }

  async #movePet({ at, owner, push }: Extract<Operation, { do: "move pet" }>): Promise<void> {
    const [p, o] = [this.#pick("pets", at), this.#pick("heroes", owner)];
    if (p === undefined || o === undefined) return;
    const [pet, hero] = [this.#object("pets", p), this.#object("heroes", o)];
    if (push) {
      const pets = await hero.pets;
      if (!pets.includes(pet)) pets.push(pet);
    } else pet.owner = hero;
    this.#world.pets.get(p)!.owner = o;
  }

  async #runSession(operation: Operation): Promise<void> {
    const session = this.#session;
    switch (operation.do) {
      case "orphan pet": {
        const p = this.#pick("pets", operation.at);
        if (p === undefined) return;
        await session.flush();
        const pets = await this.#object("heroes", this.#world.pets.get(p)!.owner).pets;
        pets.splice(pets.indexOf(this.#object("pets", p)), 1);
        await session.flush();
        removeFrom(this.#world, "pets", p);
        return;
      }
      case "delete": {
        const number = this.#pick(operation.kind, operation.at);
        if (number === undefined) return;
        await session.flush();
        session.delete(this.#object(operation.kind, number));
        await session.flush();
        removeFrom(this.#world, operation.kind, number);
        return;
      }
      case "look":
        return this.#look(operation);
      case "query": {
        const found = await session.exec(select(Hero).where(Hero.c.age.ge(operation.age))).all();
        const expected = those(this.#world.heroes, ({ age }) => age !== null && age >= operation.age);
        assert.deepEqual(this.#numbers("heroes", found), expected, "a query finds what there is");
        return;
      }
      case "update all": {
        await session.exec(update(Hero).set({ age: operation.age }).where(Hero.c.age.isNull()));
        for (const hero of this.#world.heroes.values()) hero.age ??= operation.age;
        for (const object of await session.exec(select(Hero)).all()) void object;
        return;
      }
      case "stream": {
        const seen: object[] = [];
        for await (const hero of session.exec(select(Hero))) seen.push(hero);
        assert.deepEqual(this.#numbers("heroes", seen), [...this.#world.heroes.keys()], "a stream gives all");
        return;
      }
      default:
        return this.#runTransaction(operation);
    }
  }

  /** The numbers of objects, each of which has to be the one that is known. */
  #numbers(kind: Kind, objects: readonly object[]): number[] {
    const known = new Map<object, number>(
      [...this.#objects[kind]].map(([number, object]) => [object, number]),
    );
    return objects
      .map((object) => {
        const number = known.get(object);
        assert.ok(number !== undefined, `an object of ${kind} is the one that is known`);
        return number;
      })
      .sort((a, b) => a - b);
  }

  async #look({ relation, at }: Extract<Operation, { do: "look" }>): Promise<void> {
    const heroes = Array.from({ length: 4 }, () => "heroes" as const);
    const kinds = ["teams", ...heroes, "powers", "pets", "pets", "toys", "heroes", "trophies"] as const;
    const number = this.#pick(kinds[relation % 11]!, at);
    if (number !== undefined) await this.#checkRelation(relation % 11, number);
  }

  /** Whether one of the relations holds what the plain world says. */
  async #checkRelation(relation: number, number: number): Promise<void> {
    const { heroes, pets } = this.#world;
    const one = async (
      kind: Kind,
      value: PromiseLike<object | null> | object | null,
    ): Promise<number | null> => {
      const object = await value;
      return object === null ? null : this.#numbers(kind, [object])[0]!;
    };
    const hero = (): Hero => this.#object("heroes", number);
    switch (relation) {
      case 0: {
        const list = await this.#object("teams", number).heroes;
        return assert.deepEqual(
          this.#numbers("heroes", list),
          those(heroes, ({ team }) => team === number),
          "team.heroes",
        );
      }
      case 1:
        return assert.equal(await one("teams", hero().team), heroes.get(number)!.team, "hero.team");
      case 2:
        return assert.equal(await one("heroes", hero().mentor), heroes.get(number)!.mentor, "hero.mentor");
      case 3: {
        const list = await hero().powers;
        return assert.deepEqual(
          this.#numbers("powers", list),
          [...heroes.get(number)!.powers].sort((a, b) => a - b),
          "hero.powers",
        );
      }
      case 4: {
        assert.deepEqual(
          this.#numbers("heroes", await hero().students),
          those(heroes, ({ mentor }) => mentor === number),
          "hero.students",
        );
        return assert.deepEqual(
          this.#numbers("pets", await hero().pets),
          those(pets, ({ owner }) => owner === number),
          "hero.pets",
        );
      }
      case 5: {
        const list = await this.#object("powers", number).heroes;
        return assert.deepEqual(
          this.#numbers("heroes", list),
          those(heroes, ({ powers }) => powers.has(number)),
          "power.heroes",
        );
      }
      case 7: {
        const list = await this.#object("pets", number).toys;
        return assert.deepEqual(
          this.#numbers("toys", list),
          those(this.#world.toys, ({ pet }) => pet === number),
          "pet.toys",
        );
      }
      case 8: {
        const pet = await one("pets", this.#object("toys", number).pet);
        return assert.equal(pet, this.#world.toys.get(number)!.pet, "toy.pet");
      }
      case 9: {
        const list = await hero().trophies;
        return assert.deepEqual(
          this.#numbers("trophies", list),
          those(this.#world.trophies, (trophy) => trophy.hero === number),
          "hero.trophies",
        );
      }
      case 10: {
        const owner = await one("heroes", this.#object("trophies", number).hero);
        return assert.equal(owner, this.#world.trophies.get(number)!.hero, "trophy.hero");
      }
      default:
        return assert.equal(
          await one("heroes", this.#object("pets", number).owner),
          pets.get(number)!.owner,
          "pet.owner",
        );
    }
  }

  async #runTransaction(operation: Operation): Promise<void> {
    const session = this.#session;
    switch (operation.do) {
      case "get":
      case "refresh":
      case "expire": {
        const number = this.#pick(operation.kind, operation.at);
        if (number === undefined) return;
        await session.flush();
        const object = this.#object(operation.kind, number);
        if (operation.do === "expire") session.expire(object);
        if (operation.do === "refresh") await session.refresh(object);
        const found = await session.get(modelOf(operation.kind), keyOf(object));
        assert.equal(found, object, "get gives the object that is known");
        return;
      }
      case "merge": {
        const number = this.#pick("heroes", operation.at);
        if (number === undefined) return;
        await session.flush();
        const object = this.#object("heroes", number);
        const given = new Hero({
          id: object.id,
          name: operation.name,
          age: object.age,
          tags: [...object.tags],
          version: object.version,
          teamId: object.teamId,
          mentorId: object.mentorId,
        });
        assert.equal(await session.merge(given), object, "merge gives the object that is known");
        this.#world.heroes.get(number)!.name = operation.name;
        return;
      }
      case "flush":
        return session.flush();
      case "commit":
        await session.commit();
        this.#transactions = [];
        this.#before = [copyWorld(this.#world)];
        return;
      case "rollback":
        await session.rollback();
        this.#transactions = [];
        this.#world = this.#before[0]!;
        this.#before = [copyWorld(this.#world)];
        return;
      case "begin":
        this.#transactions.push(await session.begin());
        if (this.#transactions.length > 1) this.#before.push(copyWorld(this.#world));
        return;
      case "release":
      case "back":
        return this.#end(operation.do === "release");
      case "reopen":
        await this.run({ do: "commit" });
        await session.close();
        this.#session = new Session(this.#engine);
        return this.#readAll();
      case "check":
        return this.check();
      default:
        return runWhole(this.#hands, operation);
    }
  }

  get #hands(): Hands {
    return {
      engine: this.#engine,
      session: this.#session,
      world: () => this.#world,
      run: (operation) => this.run(operation),
      pick: (kind, index) => this.#pick(kind, index),
      object: (kind, number) => this.#object(kind, number),
      objects: (kind) => [...this.#world[kind].keys()].map((number) => this.#object(kind, number)),
      add: (kind, value, object) => this.#add(kind, value, object as never),
      newTeam: (name, code) => this.#newTeam(name, code),
      freshCode: () => {
        this.#next += 1;
        return this.#next - 1;
      },
      hide: (hidden) => {
        this.#hidden = hidden;
      },
    };
  }

  async #end(keep: boolean): Promise<void> {
    if (this.#transactions.length < 2) return this.run({ do: keep ? "commit" : "rollback" });
    const transaction = this.#transactions.pop()!;
    const before = this.#before.pop()!;
    if (keep) await transaction.commit();
    else {
      await transaction.rollback();
      this.#world = before;
    }
  }

  /** A new Session has new objects for the same rows. */
  async #readAll(): Promise<void> {
    for (const kind of Object.keys(classes) as Kind[]) {
      for (const number of this.#world[kind].keys()) {
        const read = await this.#session.get(modelOf(kind), keyOf(this.#object(kind, number)));
        assert.ok(read, `${kind} ${number} is stored`);
        (this.#objects[kind] as Map<number, object>).set(number, read);
      }
    }
  }

  /** Compares everything: what objects hold, and what a reader of its own finds. */
  async check(): Promise<void> {
    for (const [number, team] of this.#world.teams) {
      assert.deepEqual(
        { name: this.#object("teams", number).name, code: this.#object("teams", number).code },
        team,
      );
      await this.#checkRelation(0, number);
    }
    for (const [number, hero] of this.#world.heroes) {
      const { name, age, tags } = this.#object("heroes", number);
      assert.deepEqual(
        { name, age, tags },
        { name: hero.name, age: hero.age, tags: hero.tags },
        `hero ${number}`,
      );
      for (const relation of [1, 2, 3, 4]) await this.#checkRelation(relation, number);
    }
    for (const number of this.#world.powers.keys()) await this.#checkRelation(5, number);
    for (const [number, { name, hound }] of this.#world.pets) {
      const pet = this.#object("pets", number);
      assert.deepEqual([pet.name, pet instanceof Hound], [name, hound], `pet ${number}`);
      for (const relation of [6, 7]) await this.#checkRelation(relation, number);
    }
    for (const [number, { name }] of this.#world.toys) {
      assert.equal(this.#object("toys", number).name, name, `toy ${number}`);
      await this.#checkRelation(8, number);
    }
    for (const [number, { name, rank }] of this.#world.trophies) {
      const trophy = this.#object("trophies", number);
      assert.deepEqual([trophy.name, trophy.rank], [name, rank], `trophy ${number}`);
      await this.#checkRelation(10, number);
    }
    for (const number of this.#world.heroes.keys()) await this.#checkRelation(9, number);
  }

  /** Commits, and compares with what another Session reads. */
  async finish(): Promise<void> {
    await this.run({ do: "reopen" });
    await this.check();
    for (const kind of Object.keys(classes) as Kind[]) {
      const all = await this.#session.exec(select(classes[kind] as typeof Hero)).all();
      assert.deepEqual(this.#numbers(kind, all), [...this.#world[kind].keys()], `all ${kind}`);
    }
  }
}
