import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { z } from "zod";
import { isAthanorError } from "../errors/index.ts";
import { t } from "../schema/index.ts";
import { sql } from "../sql/index.ts";
import {
  check,
  comment,
  conv,
  createRegistry,
  exclude,
  field,
  foreignKey,
  index,
  many,
  metadataOf,
  one,
  primaryKey,
  toSchema,
  unique,
  ValidationError,
} from "./index.ts";
import { snakeCase } from "./names.ts";

const code =
  (expected: string) =>
  (error: unknown): boolean =>
    isAthanorError(error) && error.code === expected;

const { Model, registry } = createRegistry("model");

class Team extends Model("team", {
  id: field(z.uuid(), { primaryKey: true, defaultFactory: () => "00000000-0000-4000-8000-000000000001" }),
  name: field(z.string().max(80), { unique: true }),
  heroes: () => many(Hero, { backPopulates: "team" }),
}) {}

class Hero extends Model(
  "hero",
  {
    id: field(z.int(), { primaryKey: true }),
    name: field(z.string().max(80), { index: true }),
    secretName: field(z.string().default("unknown")),
    age: field(z.int32().min(0).nullable(), { comment: "in years" }),
    tags: field(z.array(z.string()).nullable()),
    teamId: () => field(z.uuid().nullable(), { foreignKey: Team.c.id, onDelete: "set null" }),
    team: () => one(Team, { backPopulates: "heroes" }),
  },
  (c) => [
    index(c.name, c.age.desc(), { where: c.age.isNotNull() }),
    index(sql`lower(${c.name})`, { name: "ix_hero_lower" }),
    unique(c.name, c.teamId),
    check("adult", c.age.ge(18)),
    comment("people who help"),
  ],
) {
  #visits = 0;
  visit(): number {
    this.#visits += 1;
    return this.#visits;
  }
  get shout(): string {
    return this.name.toUpperCase();
  }
}

describe("a model", () => {
  it("validates when it is made, with every issue and its path", () => {
    const make = (): Hero => new Hero({ name: 3, age: -1, nickname: "x" } as never);
    assert.throws(make, (error: unknown) => {
      assert.ok(error instanceof ValidationError);
      assert.equal(error.code, "MODEL.INVALID");
      assert.deepEqual(error.issues.map((issue) => issue.path.join(".")).sort(), ["", "age", "name"]);
      return true;
    });
    assert.throws(() => new Hero(undefined as never), ValidationError);
    assert.throws(() => new Hero({ name: "a", team: new Hero({ name: "b" }) } as never), ValidationError);
  });

  it("fills defaults, and null where nothing was given", () => {
    const hero = new Hero({ name: "a" });
    assert.deepEqual(
      { ...hero },
      { id: undefined, name: "a", secretName: "unknown", age: null, tags: null, teamId: null },
    );
    assert.equal(new Team({ name: "t" }).id, "00000000-0000-4000-8000-000000000001");
  });

  it("has the methods, accessors and private members of its class", () => {
    const hero = new Hero({ name: "a" });
    assert.equal(hero.shout, "A");
    assert.deepEqual([hero.visit(), hero.visit()], [1, 2]);
  });

  it("keeps both sides of a relation equal", () => {
    const team = new Team({ name: "t" });
    const hero = new Hero({ name: "a", team });
    assert.deepEqual(team.heroes, [hero]);
    (team.heroes as Hero[]).splice(0, 1);
    assert.equal(hero.team, null);
    const other = new Hero({ name: "b" });
    (team.heroes as Hero[]).push(other);
    assert.equal(other.team, team);
    const next = new Team({ name: "n" });
    other.team = next;
    assert.deepEqual([(team.heroes as Hero[]).length, (next.heroes as Hero[]).length], [0, 1]);
    assert.throws(() => (team.heroes as unknown[]).push(team), code("MODEL.RELATION_VALUE"));
  });

  it("shows its columns to JSON, spreading and inspection, and never a relation", () => {
    const hero = new Hero({ name: "a", team: new Team({ name: "t" }) });
    assert.equal(JSON.stringify(hero).includes('team"'), false);
    assert.deepEqual(Object.keys(hero), ["id", "name", "secretName", "age", "tags", "teamId"]);
    assert.doesNotThrow(() => inspect(hero, { showHidden: true, getters: true }));
  });

  it("is a Standard Schema, and has plain Zod objects", () => {
    const valid = Hero["~standard"].validate({ name: "a" }) as { value: Hero };
    assert.ok(valid.value instanceof Hero);
    const invalid = Hero["~standard"].validate({}) as { issues: readonly unknown[] };
    assert.equal(invalid.issues.length, 1);
    assert.equal(Hero.insertSchema.safeParse({ name: "a" }).success, true);
    // A change sets nothing back that it leaves out, whatever default the schema has.
    assert.deepEqual(Hero.updateSchema.parse({}), {});
    assert.deepEqual(Hero.insertSchema.parse({ name: "a" }), { name: "a", secretName: "unknown" });
    assert.equal(Hero.schema.safeParse({ name: "a" }).success, false);
  });
});

describe("the schema of models", () => {
  const { schema } = toSchema([Hero, Team]);
  const hero = schema.tables.find((table) => table.name === "hero")!;

  it("names everything by the convention", () => {
    assert.equal(hero.primaryKey?.name, "pk_hero");
    assert.deepEqual(
      hero.foreignKeys.map((key) => key.name),
      ["fk_hero_team_id_team"],
    );
    assert.deepEqual(
      hero.uniques.map((each) => each.name),
      ["uq_hero_name_team_id"],
    );
    assert.deepEqual(
      hero.checks.map((each) => [each.name, each.expression]),
      [["ck_hero_adult", "age >= 18"]],
    );
    assert.deepEqual(
      hero.indexes.map((each) => each.name),
      ["ix_hero_lower", "ix_hero_name", "ix_hero_name_age"],
    );
    const named = toSchema([Team], {
      naming: { ix: "i", uq: "u_%(column_0_name)s", ck: "c", fk: "f", pk: "p_%(table_name)s" },
    });
    assert.equal(named.schema.tables[0]?.primaryKey?.name, "p_team");
  });

  it("infers column types, nullability and numbering", () => {
    const columns = Object.fromEntries(hero.columns.map((column) => [column.name, column]));
    assert.deepEqual(columns["id"]?.type, t.bigint());
    assert.equal(columns["id"]?.autoIncrement, true);
    assert.deepEqual(columns["name"]?.type, t.varchar(80));
    assert.deepEqual(columns["age"]?.type, t.integer());
    assert.equal(columns["age"]?.nullable, true);
    assert.equal(columns["age"]?.comment, "in years");
    assert.deepEqual(columns["tags"]?.type, t.json());
    assert.deepEqual(columns["team_id"]?.type, t.uuid());
    assert.equal(hero.comment, "people who help");
  });

  it("writes conditions and expressions as SQL text", () => {
    const partial = hero.indexes.find((each) => each.name === "ix_hero_name_age");
    assert.equal(partial?.where, "age IS NOT NULL");
    assert.equal(partial?.parts[1]?.order, "desc");
    assert.equal(
      hero.indexes.find((each) => each.name === "ix_hero_lower")?.parts[0]?.expression,
      "lower(name)",
    );
  });

  it("has given names as they stand, and what only one database knows", () => {
    const { Model } = createRegistry("given");
    const hidden = { mysql: { invisible: true } };
    const trusted = { postgresql: { notValid: true } };
    class Town extends Model(
      "town",
      {
        id: field(z.int32(), { primaryKey: true, autoIncrement: false }),
        code: field(z.string().max(9), { options: hidden }),
        motherId: field(z.int32().nullable()),
      },
      (c) => [
        primaryKey([c.id], "town_pkey", trusted),
        check(conv("town_code_check"), "code <> ''"),
        foreignKey([c.motherId], () => [c.id], { name: "town_mother_fkey", match: "full", options: trusted }),
        exclude([{ key: c.code, operator: "=" }], { name: "town_excl", options: trusted }),
      ],
    ) {}
    const [town] = toSchema([Town]).schema.tables;
    assert.deepEqual(town?.primaryKey, { name: "town_pkey", columns: ["id"], options: trusted });
    assert.deepEqual(town.columns[1]?.options, hidden);
    assert.equal(town.checks[0]?.name, "town_code_check");
    assert.deepEqual(
      [town.foreignKeys[0]?.name, town.foreignKeys[0]?.options],
      ["town_mother_fkey", trusted],
    );
    assert.deepEqual(town.exclusions[0]?.options, trusted);
  });

  it("is JSON, and the same whatever the order of the models", () => {
    assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
    assert.deepEqual(toSchema([Team, Hero]).schema, schema);
    assert.deepEqual(toSchema(registry).schema.tables.length, registry.definitions.length);
  });
});

describe("models that cannot be", () => {
  const define = createRegistry("wrong").Model;

  it("are named with what is wrong", () => {
    class Keyless extends define("keyless", { name: field(z.string()) }) {}
    assert.throws(() => metadataOf(Keyless), code("MODEL.NO_PRIMARY_KEY"));
    class Twin extends define("hero", { id: field(z.int(), { primaryKey: true }) }) {}
    assert.throws(() => toSchema([Hero, Team, Twin]), code("MODEL.DUPLICATE_TABLE"));
    class Lost extends define("lost", {
      id: field(z.int(), { primaryKey: true }),
      x: field(z.int(), { foreignKey: "no.id" }),
    }) {}
    assert.throws(() => toSchema([Lost]), code("MODEL.FOREIGN_KEY_TARGET"));
    class Stuck extends define("stuck", {
      id: field(z.int(), { primaryKey: true }),
      x: field(z.uuid(), { foreignKey: "team.id", onDelete: "set null" }),
    }) {}
    assert.throws(() => toSchema([Stuck, Team]), code("MODEL.SET_NULL"));
    class OneWay extends define("one_way", {
      id: field(
        z.string().transform((text) => text.length),
        { primaryKey: true },
      ),
    }) {}
    assert.throws(() => metadataOf(OneWay), code("MODEL.ONE_WAY_TRANSFORM"));
    class Eager extends define("eager", {
      id: field(z.int(), { primaryKey: true }),
      x: undefined as never,
    }) {}
    assert.throws(() => metadataOf(Eager), code("MODEL.NOT_A_FIELD"));
    class Same extends define("same", {
      id: field(z.int(), { primaryKey: true }),
      iD: field(z.int(), { column: "id" }),
    }) {}
    assert.throws(() => metadataOf(Same), code("MODEL.DUPLICATE_COLUMN"));
    class Nothing extends define("nothing", {
      id: field(z.int(), { primaryKey: true }),
      other: () => one(Team),
    }) {}
    assert.throws(() => metadataOf(Nothing).relations, code("MODEL.RELATION_KEY"));
    class Friend extends define("friend", {
      id: field(z.int(), { primaryKey: true }),
      friends: () => many(Friend, { through: "friendship" }),
    }) {}
    assert.throws(() => metadataOf(Friend).relations, code("MODEL.RELATION_KEY"));
    assert.throws(() => metadataOf(class {}), code("MODEL.NOT_A_MODEL"));
  });

  it("a name that is not defined yet is explained", () => {
    class Early extends define("early", {
      id: field(z.int(), { primaryKey: true }),
      x: () => field(z.int(), { foreignKey: later.c.id }),
    }) {}
    assert.throws(() => metadataOf(Early), code("MODEL.EAGER_REFERENCE"));
    const later = Team;
  });
});

describe("what a field stores", () => {
  const define = createRegistry("stored").Model;

  it("is a codec's encoded side", () => {
    const day = z.codec(z.iso.date(), z.date(), {
      decode: (text) => new Date(`${text}T00:00:00Z`),
      encode: (date) => date.toISOString().slice(0, 10),
    });
    class Event extends define("event", { id: field(z.int(), { primaryKey: true }), on: field(day) }) {}
    const on = metadataOf(Event).fieldsByProperty.get("on")!;
    assert.deepEqual(on.type, t.date());
    assert.equal(on.toStored(new Date("2026-01-02T00:00:00Z")), "2026-01-02");
    assert.deepEqual(on.fromStored("2026-01-02"), new Date("2026-01-02T00:00:00Z"));
  });

  it("has a column type for each schema of Zod that has one", () => {
    const cases: readonly (readonly [z.ZodType, unknown])[] = [
      [z.string(), t.text()],
      [z.string().length(3), t.varchar(3)],
      [z.email().max(50), t.varchar(50)],
      [z.guid(), t.uuid()],
      [z.int64(), t.bigint()],
      [z.bigint(), t.bigint()],
      [z.number(), t.double()],
      [z.number().int(), t.bigint()],
      [z.float32(), t.real()],
      [z.boolean(), t.boolean()],
      [z.date(), t.timestamptz(3)],
      [z.iso.time(), t.time()],
      [z.iso.duration(), t.interval()],
      [z.enum(["a", "b"]), t.enum(["a", "b"])],
      [z.literal(["a", "b"]), t.enum(["a", "b"])],
      [z.union([z.literal("a"), z.literal("b")]), t.enum(["a", "b"])],
      [z.object({ a: z.string() }), t.json()],
      [z.record(z.string(), z.number()), t.json()],
      [z.json(), t.json()],
      [z.instanceof(Uint8Array), t.bytes()],
      [z.string().optional(), t.text()],
      [z.string().brand<"b">(), t.text()],
      [z.string().readonly(), t.text()],
    ];
    for (const [at, [schema, expected]] of cases.entries()) {
      class Case extends define(`case_${at}`, {
        id: field(z.int(), { primaryKey: true }),
        x: field(schema as z.ZodString),
      }) {}
      assert.deepEqual(metadataOf(Case).fieldsByProperty.get("x")?.type, expected, `case ${at}`);
    }
  });
});

describe("names and composite keys", () => {
  it("are snake_case in the database", () => {
    assert.deepEqual(["secretName", "userID", "HTTPHost", "a1B"].map(snakeCase), [
      "secret_name",
      "user_id",
      "http_host",
      "a1_b",
    ]);
  });

  it("a foreign key of several columns is found by its relation", () => {
    const define = createRegistry("composite").Model;
    class Room extends define("room", {
      house: field(z.int(), { primaryKey: true }),
      number: field(z.int(), { primaryKey: true }),
    }) {}
    class Bed extends define(
      "bed",
      {
        id: field(z.int(), { primaryKey: true }),
        house: field(z.int()),
        number: field(z.int()),
        room: () => one(Room),
      },
      (c) => [foreignKey([c.house, c.number], () => [Room.c.house, Room.c.number])],
    ) {}
    assert.deepEqual(metadataOf(Bed).relations.get("room")?.pairs, [
      { local: "house", remote: "house" },
      { local: "number", remote: "number" },
    ]);
    assert.equal(toSchema([Room, Bed]).schema.tables[0]?.foreignKeys[0]?.name, "fk_bed_house_number_room");
  });
});
