import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import type { Operation } from "../operation/operation.ts";
import {
  type Column,
  type ColumnType,
  check,
  column,
  type DefaultValue,
  foreignKey,
  index,
  indexPart,
  primaryKey,
  t,
  table,
  unique,
} from "../schema/index.ts";
import { asWritten } from "./as-written.ts";
import { readScriptFiles } from "./directory.ts";
import { loadScript } from "./load.ts";
import { renderScript } from "./render-file.ts";

const root = await mkdtemp(join(tmpdir(), "athanor-round-trip-"));
const versions = join(root, "migrations/versions");

before(async () => {
  await mkdir(versions, { recursive: true });
  await mkdir(join(root, "node_modules/athanor"), { recursive: true });
  await mkdir(join(root, "types"), { recursive: true });
  const entry = pathToFileURL(join(import.meta.dirname, "../migrations.ts")).href;
  await writeFile(
    join(root, "node_modules/athanor/package.json"),
    '{ "name": "athanor", "type": "module", "exports": { "./migrations": "./migrations.js" } }',
  );
  await writeFile(
    join(root, "node_modules/athanor/migrations.js"),
    `export * from ${JSON.stringify(entry)};`,
  );
  await writeFile(
    join(root, "types/money.ts"),
    'export const money = { kind: "user", name: "money", from: "types/money.ts", base: { kind: "bigint" }, encode: (v: number) => v };',
  );
});

after(() => rm(root, { recursive: true }));

const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("hero", "team", "name", "order by", "it's", 'say "x"', "日本") },
  { weight: 1, arbitrary: fc.string({ minLength: 1, unit: "grapheme" }) },
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value);
const words = fc.uniqueArray(word, { minLength: 1, maxLength: 4 });
const ref = fc.record({ schema: maybe(word), name: word });
const jsonValue = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<never>;
const dialectOptions = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.dictionary(word, fc.dictionary(word, jsonValue), {
      noNullPrototype: true,
    }),
  },
);
const money: ColumnType = { kind: "user", name: "money", from: "types/money.ts", base: { kind: "bigint" } };
const scalar: fc.Arbitrary<ColumnType> = fc.oneof(
  fc.constantFrom(t.integer(), t.uuid(), t.text(), t.json(), t.date(), money),
  fc.record({
    kind: fc.constant("numeric" as const),
    precision: maybe(fc.nat(40)),
    scale: maybe(fc.nat(10)),
  }),
  fc.nat(300).map((n) => t.varchar(n)),
  fc.constant(t.varchar()),
  fc.tuple(fc.boolean(), maybe(fc.nat(6))).map(([timezone, precision]) => ({
    kind: "timestamp" as const,
    timezone,
    precision,
  })),
  fc.tuple(fc.boolean(), maybe(fc.nat(6))).map(([timezone, precision]) => ({
    kind: "time" as const,
    timezone,
    precision,
  })),
  fc.record({ kind: fc.constant("enum" as const), name: maybe(word), schema: maybe(word), values: words }),
  word.map((sql) => t.native("postgresql", sql)),
);
const type: fc.Arbitrary<ColumnType> = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 1, arbitrary: scalar.map((of) => t.array(of)) },
);
const defaultValue: fc.Arbitrary<DefaultValue> = fc.oneof(
  fc
    .oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null))
    .map((value) => ({ kind: "literal" as const, value })),
  word.map((sql) => ({ kind: "expression" as const, sql })),
);
const rest: fc.Arbitrary<Omit<Column, "name" | "type">> = fc.record({
  nullable: fc.boolean(),
  default: maybe(defaultValue),
  generated: maybe(fc.record({ expression: word, stored: fc.boolean() })),
  autoIncrement: fc.boolean(),
  identity: maybe(
    fc.record(
      {
        generation: fc.constantFrom("always" as const, "by default" as const),
        start: fc.nat(),
        cycle: fc.boolean(),
      },
      { requiredKeys: ["generation"] },
    ),
  ),
  collation: maybe(word),
  comment: maybe(fc.string()),
  options: dialectOptions,
});
const anyColumn = fc
  .tuple(word, type, fc.oneof(rest, fc.constant({})))
  .map(([name, columnType, others]) => column(name, columnType, others));
const named = { name: maybe(word), options: dialectOptions };
const deferrable = fc.constantFrom("immediate" as const, "deferred" as const, null);
const action = fc.constantFrom("no action" as const, "cascade" as const, "set null" as const);
const anyPrimaryKey = fc.tuple(words, fc.record(named)).map(([c, o]) => primaryKey(c, o));
const anyForeignKey = fc
  .tuple(
    words,
    ref,
    fc.record({
      ...named,
      deferrable,
      onDelete: action,
      onUpdate: action,
      match: fc.constantFrom("simple" as const, "full" as const),
    }),
  )
  .map(([c, r, o]) => foreignKey(c, { ...r, columns: c }, o));
const anyUnique = fc
  .tuple(words, fc.record({ ...named, deferrable, nullsNotDistinct: fc.boolean() }))
  .map(([c, o]) => unique(c, o));
const anyCheck = fc.tuple(word, fc.record(named)).map(([e, o]) => check(e, o));
const how = fc.record({
  order: fc.constantFrom("asc" as const, "desc" as const),
  nulls: fc.constantFrom("first" as const, "last" as const, null),
  collation: maybe(word),
  operatorClass: maybe(word),
  length: maybe(fc.nat(9)),
});
const part = fc.oneof(
  word.map((c) => indexPart(c)),
  fc.tuple(word, how).map(([c, h]) => indexPart(c, h)),
  fc.tuple(word, how).map(([expression, h]) => indexPart(null, { ...h, expression })),
);
const anyIndex = fc
  .tuple(
    word,
    fc.array(part, { minLength: 1, maxLength: 3 }),
    fc.record({
      unique: fc.boolean(),
      where: maybe(word),
      include: fc.oneof(fc.constant([]), words),
      method: maybe(word),
      nullsNotDistinct: fc.boolean(),
      comment: maybe(word),
      options: dialectOptions,
    }),
  )
  .map(([name, parts, o]) => index(name, parts, o));
const anyExclusion = fc
  .tuple(
    fc.record({ ...named, deferrable, method: word, where: maybe(word) }),
    fc.array(fc.record({ part, operator: word }), { minLength: 1, maxLength: 2 }),
  )
  .map(([o, elements]) => ({ ...o, elements }));
const anyTable = fc
  .tuple(
    ref,
    fc.array(anyColumn, { minLength: 1, maxLength: 4 }),
    fc.record({
      primaryKey: maybe(anyPrimaryKey),
      foreignKeys: fc.array(anyForeignKey, { maxLength: 2 }),
      uniques: fc.array(anyUnique, { maxLength: 2 }),
      checks: fc.array(anyCheck, { maxLength: 2 }),
      exclusions: fc.array(anyExclusion, { maxLength: 1 }),
      indexes: fc.array(anyIndex, { maxLength: 2 }),
      comment: maybe(word),
      options: dialectOptions,
    }),
  )
  .map(([name, columns, o]) => table(name, columns, o));
const change = fc
  .tuple(
    type,
    rest,
    fc.uniqueArray(fc.constantFrom("type", "nullable", "default", "comment", "identity"), { minLength: 1 }),
  )
  .map(([columnType, others, keys]) => {
    const all: Readonly<Record<string, unknown>> = { type: columnType, ...others };
    return Object.fromEntries(keys.map((key) => [key, all[key]]));
  });
const dropped = <K extends string, V>(key: K, value: fc.Arbitrary<V>) =>
  fc.oneof(
    word.map((name) => ({ name, [key]: null }) as { name: string | null } & { [P in K]: V | null }),
    value.map(
      (v) => ({ name: null, [key]: { ...v, name: null } }) as { name: null } & { [P in K]: V | null },
    ),
  );
const of = <K extends Operation["kind"]>(kind: K, fields: { [key: string]: fc.Arbitrary<unknown> }) =>
  fc.record({ kind: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<
    Extract<Operation, { kind: K }>
  >;
const joined = <K extends Operation["kind"]>(kind: K, tail: fc.Arbitrary<object>) =>
  fc.tuple(ref, tail).map(([r, rest]) => ({ kind, table: r, ...rest }) as unknown as Operation);

const change1: fc.Arbitrary<Operation> = fc.oneof(
  of("createTable", { table: anyTable }),
  of("dropTable", { name: ref, table: maybe(anyTable) }),
  of("renameTable", { from: ref, to: ref }),
  of("setTableComment", { table: ref, from: maybe(word), to: maybe(word) }),
  of("setTableOptions", {
    table: ref,
    dialect: word,
    from: fc.dictionary(word, jsonValue),
    to: fc.dictionary(word, jsonValue),
  }),
  of("addColumn", { table: ref, column: anyColumn }),
  of("dropColumn", { table: ref, name: word, column: maybe(anyColumn) }),
  of("renameColumn", { table: ref, from: word, to: word }),
  of("alterColumn", { table: ref, name: word, from: fc.constant({}), to: change, using: maybe(word) }),
  of("createIndex", { table: ref, index: anyIndex }),
  of("dropIndex", { table: ref, name: word, index: maybe(anyIndex) }),
  of("dropIndex", { table: ref, name: word, index: maybe(anyIndex), options: dialectOptions }),
  of("addPrimaryKey", { table: ref, primaryKey: anyPrimaryKey }),
  of("dropPrimaryKey", { table: ref, name: maybe(word), primaryKey: maybe(anyPrimaryKey) }),
  of("addForeignKey", { table: ref, foreignKey: anyForeignKey }),
  joined("dropForeignKey", dropped("foreignKey", anyForeignKey)),
  of("addUnique", { table: ref, unique: anyUnique }),
  joined("dropUnique", dropped("unique", anyUnique)),
  of("addCheck", { table: ref, check: anyCheck }),
  joined("dropCheck", dropped("check", anyCheck)),
  of("addExclusion", { table: ref, exclusion: anyExclusion }),
  joined("dropExclusion", dropped("exclusion", anyExclusion)),
  of("createNamespace", { name: word }),
  of("dropNamespace", { name: word }),
);
const parameter = fc.oneof(
  fc.constant(null),
  fc.string(),
  fc.bigInt(),
  fc.boolean(),
  fc.integer(),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array(),
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: change1 },
  {
    weight: 1,
    arbitrary: of("execute", {
      sql: word,
      params: fc.array(parameter, { maxLength: 3 }),
      changes: maybe(fc.array(change1, { maxLength: 2 })),
    }),
  },
  {
    weight: 1,
    arbitrary: of("onDialect", { dialect: word, operations: fc.array(change1, { maxLength: 2 }) }),
  },
);

/** Ordinary objects throughout, as recorded operations are. */
const operations = fc.array(operation, { maxLength: 4 }).map((list) => structuredClone(list));

test("render, import, record: the operations are what they were", async () => {
  let n = 0;
  await fc.assert(
    fc.asyncProperty(operations, operations, word, async (upgrade, downgrade, message) => {
      n += 1;
      const revision = `r${n}`;
      const folder = join(versions, revision);
      const path = join(folder, `${revision}.ts`);
      const header = {
        revision,
        downRevisions: n % 3 === 0 ? [] : n % 3 === 1 ? ["a"] : ["a", "b"],
        branchLabels: n % 2 === 0 ? [] : ["label"],
        dependsOn: [],
        message,
        createdAt: "2026-11-20T12:00:00Z",
      };
      await mkdir(folder, { recursive: true });
      await writeFile(path, await renderScript({ ...header, upgrade, downgrade }, { root, path }));
      const [file] = await readScriptFiles(root, [folder]);
      assert.ok(file);
      const script = await loadScript(file);
      const { upgrade: up, downgrade: down, checksum: _, path: __, file: ___, ...said } = script;
      assert.deepEqual(said, header);
      assert.deepEqual(up, upgrade.map(asWritten));
      assert.deepEqual(down, downgrade.map(asWritten));
    }),
    { numRuns: 300 },
  );
});
