import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { deleteFrom, type Engine, Session } from "athanor";
import type { Hono } from "hono";
import { Hero } from "../models/hero.ts";
import { Team } from "../models/team.ts";
import { createApp } from "../src/app.ts";
import { connect, migrate } from "../src/database.ts";
import type { Env } from "../src/request.ts";

let engine: Engine;
let app: Hono<Env>;

// A database in memory, or the empty one that TEST_DATABASE_URL names.
before(async () => {
  engine = connect(process.env["TEST_DATABASE_URL"] ?? "sqlite://");
  await migrate(engine);
  app = createApp(engine);
});
beforeEach(() =>
  Session.run(engine, async (session) => {
    await session.exec(deleteFrom(Hero));
    await session.exec(deleteFrom(Team));
    await session.commit();
  }),
);
after(() => engine.dispose());

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  readonly json: any;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await app.request(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  return {
    status: response.status,
    json: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
  };
}

const deadpond = { name: "Deadpond", secretName: "Dive Wilson", powers: ["healing"] };

test("migrations that are applied already are not applied again", async () => {
  assert.deepEqual(await migrate(engine), []);
});

test("a hero is made, read, changed and deleted", async () => {
  const made = await call("POST", "/heroes", deadpond);
  assert.equal(made.status, 201);
  assert.equal(made.json.version, 1);
  assert.ok(Date.parse(made.json.createdAt));

  const path = `/heroes/${made.json.id}`;
  assert.equal((await call("GET", path)).json.secretName, "Dive Wilson");
  const changed = await call("PATCH", path, { age: 30, powers: ["healing", "wit"], version: 1 });
  assert.deepEqual(
    [changed.json.age, changed.json.powers, changed.json.version],
    [30, ["healing", "wit"], 2],
  );
  assert.equal((await call("DELETE", path)).status, 204);
  assert.equal((await call("GET", path)).status, 404);
});

test("what does not fit is refused, with every issue", async () => {
  const { status, json } = await call("POST", "/heroes", { name: "", age: -1, shoe: 43 });
  assert.equal(status, 422);
  assert.deepEqual(json.issues.map((issue: { path: string }) => issue.path).sort(), [
    "",
    "age",
    "name",
    "secretName",
  ]);
  assert.equal((await call("GET", "/heroes?limit=1000")).status, 422);
});

test("a name is taken once, and the failed request leaves nothing behind", async () => {
  await call("POST", "/heroes", deadpond);
  const { status, json } = await call("POST", "/heroes", deadpond);
  assert.deepEqual([status, json], [409, { error: "taken", fields: ["name"] }]);
  assert.equal((await call("GET", "/heroes")).json.heroes.length, 1);
});

test("a change that was made from an old version is refused", async () => {
  const { json } = await call("POST", "/heroes", deadpond);
  const path = `/heroes/${json.id}`;
  assert.equal((await call("PATCH", path, { age: 31, version: 1 })).status, 200);
  assert.equal((await call("PATCH", path, { age: 32, version: 1 })).status, 409);
  assert.equal((await call("GET", path)).json.age, 31);
});

test("lists are filtered and come in pages, teams along with them", async () => {
  const team = await call("POST", "/teams", { name: "Preventers", city: "Sharp Tower" });
  for (let n = 1; n <= 3; n += 1) {
    await call("POST", "/heroes", { name: `Hero ${n}`, secretName: "?", age: n * 10, teamId: team.json.id });
  }
  await call("POST", "/heroes", deadpond);
  const first = await call("GET", `/heroes?team=${team.json.id}&minAge=20&limit=1`);
  assert.deepEqual([first.json.heroes[0].name, first.json.heroes[0].team.name], ["Hero 2", "Preventers"]);
  const second = await call("GET", `/heroes?team=${team.json.id}&minAge=20&limit=5&after=${first.json.next}`);
  assert.deepEqual([second.json.heroes.length, second.json.next], [1, null]);

  const summary = await call("GET", "/teams");
  assert.deepEqual(summary.json, [{ id: team.json.id, name: "Preventers", heroes: 3, averageAge: 20 }]);
  assert.equal((await call("GET", `/teams/${team.json.id}`)).json.heroes.length, 3);
});

test("heroes outlive their team, and a team has to be there", async () => {
  const team = await call("POST", "/teams", { name: "Brief", city: "Here" });
  const { json } = await call("POST", "/heroes", { ...deadpond, teamId: team.json.id });
  assert.equal((await call("DELETE", `/teams/${team.json.id}`)).status, 204);
  assert.equal((await call("GET", `/heroes/${json.id}`)).json.teamId, null);
  assert.equal((await call("POST", "/heroes", { ...deadpond, name: "x", teamId: 999 })).status, 422);
});

test("it is healthy", async () => {
  assert.deepEqual(await call("GET", "/health"), { status: 200, json: { ok: true } });
});
