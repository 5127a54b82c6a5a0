/** Operator classes and families of PostgreSQL: as people write them, under indexes, and as they change. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { createRegistry, field, index, toSchema, t as types } from "../../src/index.ts";
import { object, routine } from "../../src/objects.ts";
import type { Schema } from "../../src/schema/index.ts";
import { dialects } from "../dialects.ts";
import { Project } from "./project.ts";

const own = { dialect: "postgresql" };

/** Places in an order of their own; the function of a class and its operators are for a type that is made here. */
function schemaOf(falling: boolean): Schema {
  const { Model } = createRegistry("places");
  class Place extends Model(
    "place",
    {
      id: field(z.int(), { primaryKey: true }),
      far: field(z.int32()),
      what: field(z.unknown(), { type: types.json() }),
    },
    (c) => [
      index({ key: c.far, operatorClass: "away" }, { name: "by_far" }),
      index(c.what, { name: "by_what", method: "hash" }),
    ],
  ) {}
  const order = falling ? "btint4cmp(b, a)" : "btint4cmp(a, b)";
  return toSchema([
    Place,
    object(
      "operatorClass",
      "away",
      `for type int using btree as operator 1 ${falling ? ">" : "<"}, operator 2 ${falling ? ">=" : "<="}, operator 3 =,
        operator 4 ${falling ? "<=" : ">="}, operator 5 ${falling ? "<" : ">"}, function 1 away_cmp(int, int)`,
      { ...own, comment: falling ? "the other way round" : null },
    ),
    routine("away_cmp", `(a int, b int) returns int language sql immutable as 'select ${order}'`, own),
    object(
      "operatorClass",
      "alike",
      "default for type json using hash as operator 1 =, function 1 json_hash(json)",
      own,
    ),
    object("operator", "=", "(function = json_alike, leftarg = json, rightarg = json, commutator = =)", {
      ...own,
      signature: "json, json",
    }),
    routine(
      "json_alike",
      "(a json, b json) returns boolean language sql immutable as 'select a::text = b::text'",
      own,
    ),
    routine(
      "json_hash",
      `(a json${falling ? ", out n int" : ""}) ${falling ? "" : "returns int "}language sql immutable as 'select hashtext(a::text)'`,
      own,
    ),
    object(
      "operatorClass",
      { schema: "area", name: "near" },
      `for type point using gist as operator 1 <<, ${falling ? "operator 28 <@ (point, box)," : ""} operator 15 <-> (point, point) for order by float_ops,
        function 1 gist_point_consistent(internal, point, smallint, oid, internal), function 2 gist_box_union(internal, internal),
        function 5 gist_box_penalty(internal, internal, internal), function 6 gist_box_picksplit(internal, internal),
        function 7 gist_box_same(box, box, internal), function 3 gist_point_compress(internal), storage box,
        function 8 (point, point) gist_point_distance(internal, point, smallint, oid, internal)`,
      own,
    ),
  ] as never).schema;
}

for (const row of dialects.filter(({ name }) => name === "postgresql")) {
  test("operator classes as people write them are made before their indexes, change, and are taken back", async (t) => {
    const project = await Project.make((work) => t.after(work), row);
    const before = await project.catalog();
    const unchanged = async (environment: Parameters<Parameters<Project["with"]>[0]>[0]): Promise<void> => {
      for (const from of ["database", "history"] as const) {
        const again = await environment.makeMigrations({ from });
        assert.deepEqual([again.outcome, again.differences], ["no changes", []]);
      }
      assert.equal((await environment.check()).ok, true);
    };
    project.models = schemaOf(false);
    await project.with(async (environment) => {
      await environment.makeMigrations({ message: "rising" });
      await environment.upgrade();
      await unchanged(environment);
      const rising = await project.catalog();
      const families = rising.objects.filter(({ kind }) => kind === "operatorFamily");
      assert.deepEqual(
        families.map(({ schema, name, signature }) => [schema, name, signature]),
        [
          [null, "alike", "hash"],
          [null, "away", "btree"],
          ["area", "near", "gist"],
        ],
      );
      await project.sql("INSERT INTO place SELECT n, n % 7, '{}' FROM generate_series(1, 50) AS n");
      project.models = schemaOf(true);
      await environment.makeMigrations({ message: "falling" });
      await environment.upgrade();
      await unchanged(environment);
      await environment.downgrade("-1");
      assert.deepEqual(await project.catalog(), rising);
      await environment.downgrade("base");
      assert.deepEqual(await project.catalog(), before);
    });
  });
}
