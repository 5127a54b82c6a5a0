/** The laws reach all of it: whatever these databases alone have, the generators make in few of the cases of CI. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Schema } from "../../src/schema/index.ts";
import { type Features, mysqlFeatures, sqliteFeatures } from "./features.ts";
import { arbitrarySchema } from "./generate.ts";
import { withObjects } from "./generate-objects.ts";
import { mariadbRecipes } from "./generate-objects-mysql.ts";

/** The seed of CI, and the first of its two thousand cases. */
const seed = 20261121;
const numRuns = 1000;

/** The schemas as text, one line for each table and object. */
function made(features: Features): string {
  const pairs = arbitrarySchema(features).chain((from) =>
    withObjects({ from, to: from, rows: {}, renames: [] }, features.recipes),
  );
  const lines = ({ tables, objects }: Schema): readonly string[] =>
    [...tables, ...objects].map((each) => JSON.stringify(each));
  return fc
    .sample(pairs, { numRuns, seed })
    .flatMap(({ from }) => lines(from))
    .join("\n");
}

const of = (kind: string, rest = ""): RegExp => new RegExp(`"kind":"${kind}".*${rest}`);

const wanted: Readonly<Record<string, { readonly features: Features; readonly forms: readonly RegExp[] }>> = {
  mariadb: {
    features: mysqlFeatures(false, (schema) => schema, mariadbRecipes),
    forms: [
      ...["view", "trigger", "procedure", "event", "sequence", "function"].map((kind) => of(kind)),
      of("view", '"security":"invoker"'),
      of("view", '"algorithm":"temptable"'),
      of("view", "CHECK OPTION"),
      of("trigger", '"precedes":'),
      of("procedure", '"definer":'),
      of("procedure", '"sqlMode":'),
      of("procedure", '"charset":"latin1"'),
      of("event", '"definer":'),
      of("event", '"timeZone":'),
      of("event", "DISABLE ON SLAVE"),
      of("function", '"aggregate":true'),
      ...["RANGE", "LIST", "HASH", "KEY", "LINEAR HASH", "RANGE COLUMNS", "SYSTEM_TIME"].map(
        (method) => new RegExp(`"partitionBy":"${method} `),
      ),
      /SUBPARTITION BY/,
      /"partitionBy":".*MAX_ROWS/,
      /"systemVersioned":true/,
      /"period":\["began","ended"\]/,
      /"unversioned":true/,
      /"periodFor":/,
      /"withoutOverlaps":true/,
      /nextval\(/,
      /"engine":"MEMORY"/,
      /"method":"btree"/,
      /"engine":"MyISAM"/,
      /"engine":"Aria"/,
      /"rowFormat":"COMPRESSED"/,
      /"compressed":true/,
      /"invisible":true/,
      /"onUpdate":/,
      /"kind":"fulltext"/,
      /"kind":"spatial"/,
      /"unused":true/,
      /"charset":"latin1"/,
      /"sql":"set\('x','it''s'\)"/,
      /zerofill/,
    ],
  },
  sqlite: {
    features: sqliteFeatures,
    forms: [
      ...["view", "trigger", "virtualTable"].map((kind) => of(kind)),
      of("trigger", "INSTEAD OF"),
      of("trigger", "UPDATE OF"),
      of("trigger", " WHEN "),
      of("virtualTable", "fts5\\("),
      of("virtualTable", "fts4\\("),
      of("virtualTable", "rtree\\("),
      of("virtualTable", "rtree_i32\\("),
      of("virtualTable", "content=''[,)]"),
      of("virtualTable", "what is not there"),
      of("virtualTable", "tokenize"),
      /"strict":true/,
      /"withoutRowid":true/,
      /"autoincrement":true/,
      /"deferrable":"deferred"/,
      /"collation":"NOCASE"/,
      /"where":"/,
    ],
  },
};

for (const [name, { features, forms }] of Object.entries(wanted)) {
  describe(`what is generated for ${name}`, () => {
    it(`has every form that it alone has within ${numRuns} cases`, () => {
      const text = made(features);
      const missing = forms.filter((form) => !form.test(text)).map(String);
      assert.deepEqual(missing, []);
    });
  });
}
