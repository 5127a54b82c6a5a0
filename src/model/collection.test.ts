import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { createRegistry, field, many, one } from "../index.ts";

const { Model } = createRegistry("collection");

class Team extends Model("team", {
  id: field(z.int32(), { primaryKey: true }),
  heroes: () => many(Hero, { backPopulates: "team" }),
}) {}

class Hero extends Model("hero", {
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string()),
  teamId: () => field(z.int32().nullable(), { foreignKey: Team.c.id }),
  team: () => one(Team, { backPopulates: "heroes" }),
}) {}

const named = (name: string): Hero => new Hero({ name });

test("a collection reads as the array it is", () => {
  const [a, b, c] = [named("a"), named("b"), named("c")];
  const { heroes } = new Team({ heroes: [c, a, b] });
  const plain = [c, a, b];
  assert.ok(Array.isArray(heroes));
  assert.deepEqual([...heroes], plain);
  assert.deepEqual([heroes.length, heroes[1], heroes.at(-1)], [3, a, b]);
  assert.deepEqual(Object.keys(heroes), ["0", "1", "2"]);
  assert.deepEqual(
    heroes.map(({ name }, at) => `${at}${name}`),
    ["0c", "1a", "2b"],
  );
  assert.deepEqual(heroes.filter((each) => each !== a).slice(1), [b]);
  assert.deepEqual(
    heroes.toSorted((x, y) => x.name.localeCompare(y.name)),
    [a, b, c],
  );
  assert.equal(
    heroes.find(({ name }) => name === "b"),
    b,
  );
  assert.deepEqual([heroes.includes(a), heroes.indexOf(b)], [true, 2]);
  assert.deepEqual([...heroes.entries()], [...plain.entries()]);
  assert.deepEqual([[a], heroes].flat(), [a, ...plain]);
  assert.deepEqual([a].concat(heroes), [a, ...plain]);
});

test("what changes a collection changes the other side", () => {
  const team = new Team({ heroes: [] });
  const { heroes } = team;
  assert.ok(Array.isArray(heroes));
  const [a, b, c] = [named("a"), named("b"), named("c")];
  const teams = (): unknown[] => [a, b, c].map((each) => each.team);
  heroes.push(a, b);
  assert.deepEqual(teams(), [team, team, null]);
  heroes[0] = c;
  assert.deepEqual(teams(), [null, team, team]);
  assert.equal(heroes.pop(), b);
  heroes.unshift(a);
  assert.deepEqual(teams(), [team, null, team]);
  heroes.splice(0, 1, b);
  assert.deepEqual(teams(), [null, team, team]);
  heroes.sort((x, y) => y.name.localeCompare(x.name));
  assert.deepEqual([...heroes], [c, b]);
  assert.deepEqual(teams(), [null, team, team]);
  heroes.length = 1;
  assert.deepEqual(teams(), [null, null, team]);
  for (const each of heroes) if (each === c) heroes.push(a);
  assert.deepEqual([...heroes], [c, a]);
  assert.throws(() => heroes.push("d" as never), { code: "MODEL.RELATION_VALUE" });
});
