import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keysWithMeta } from "./describe.ts";
import { allKeys, plainValues, sectionNames, sectionOf } from "./known-keys.ts";
import type { Given } from "./place.ts";
import { configSchema } from "./schema.ts";
import { validate } from "./validate.ts";

const given = (key: string, value: unknown): Map<string, Given> =>
  new Map([[key, { value, origin: "test", file: null, line: null }]]);

/** What somebody may write, right or wrong. */
const written: readonly unknown[] = [
  ...[
    "",
    " ",
    "x",
    "0",
    "1",
    "7",
    "-1",
    "+3",
    "5432",
    "65536",
    "007",
    "9".repeat(20),
    "1.5",
    "true",
    "TRUE",
    "yes",
  ],
  ...[
    "false",
    "no",
    "a,b:c",
    "info",
    "INFO",
    "each",
    "Each",
    "prefix",
    "pretty",
    "json",
    "%(nothing)s",
    "UTC",
    "Mars/A",
  ],
  ...[
    true,
    false,
    0,
    1,
    -1,
    1.5,
    70_000,
    Number.NaN,
    2 ** 60,
    null,
    undefined,
    [],
    ["a"],
    [1],
    {},
    new Date(0),
  ],
];

describe("the keys that are known without the schema", () => {
  it("are those of the schema", () => {
    assert.deepEqual(sectionNames, Object.keys(configSchema));
    assert.deepEqual(
      allKeys().map((key) => [sectionOf(key), key]),
      keysWithMeta().map(({ section, key }) => [section, key]),
    );
  });

  it("have the values that the schema gives, or leave it to the schema", () => {
    assert.deepEqual(plainValues(new Map()), validate(new Map()));
    let plain = 0;
    for (const key of allKeys())
      for (const value of written) {
        const values = plainValues(given(key, value));
        if (values === null) continue;
        plain += 1;
        assert.deepEqual(values, validate(given(key, value)), `${key} = ${JSON.stringify(value)}`);
      }
    assert.ok(plain > allKeys().length * 3);
  });
});
