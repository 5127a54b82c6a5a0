/** The laws reach all of it: whatever the table of what is supported has beside tables, the generators make too. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { grantTarget, type ObjectKind, type SchemaObject } from "../../src/schema/index.ts";
import { lawDialects } from "../dialects.ts";
import { cases } from "../support/cases.ts";
import { type Features, featuresOf } from "./features.ts";
import { arbitrarySchema } from "./generate.ts";
import { withObjects } from "./generate-objects.ts";

/** The seed of CI, and how many of its cases it takes at most. */
const seed = 20261121;
const numRuns = 2000;

/**
 * Rights on what is yet to be made are given to whatever other recipes make, so that they are tried where nothing else
 * is made: `test/migrate/grants-server.test.ts`.
 */
const apart: ReadonlySet<string> = new Set(["grant on DEFAULT"]);

/** What a thing is, and of grants and comments what they are on. */
function kindOf(object: SchemaObject): string {
  if (object.kind === "grant") return `grant on ${grantTarget(object)?.word ?? "TABLE"}`;
  return object.kind;
}

/** What the table of what is supported says of a database. */
function supported(name: string): ReadonlySet<string> {
  const own = name === "pglite" ? "postgresql" : name;
  const objects = cases
    .filter(({ on }) => on.includes(own))
    .flatMap((each) => [each.from(own), each.to(own)].flatMap(({ objects = [] }) => objects));
  return new Set(objects.map(kindOf));
}

for (const row of lawDialects) {
  describe(`what is generated, on ${row.name}`, () => {
    let features: Features;

    before(async () => {
      features = await featuresOf(row);
    });

    it("has every kind of thing that is supported beside tables", () => {
      const schemas = arbitrarySchema(features).chain((from) =>
        withObjects({ from, to: from, rows: {}, renames: [] }, features.recipes, features.share),
      );
      const made = new Set(
        fc.sample(schemas, { numRuns, seed }).flatMap(({ from }) => from.objects.map(kindOf)),
      );
      const lacking: ReadonlySet<ObjectKind> = new Set(features.lacks ?? []);
      const missing = [...supported(row.name)].filter(
        (kind) => !made.has(kind) && !apart.has(kind) && !lacking.has(kind as ObjectKind),
      );
      assert.deepEqual(missing, []);
    });
  });
}
