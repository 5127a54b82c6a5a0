import assert from "node:assert/strict";
import { test } from "node:test";
import { typeLabel } from "../operation/index.ts";
import { type ColumnType, t } from "../schema/index.ts";
import { narrows } from "./narrowing.ts";

const wider: readonly (readonly [ColumnType, ColumnType])[] = [
  [t.smallint(), t.integer()],
  [t.integer(), t.bigint()],
  [t.integer(), t.double()],
  [t.integer(), t.numeric(10)],
  [t.integer(), t.varchar(11)],
  [t.numeric(9, 0), t.integer()],
  [t.numeric(10, 2), t.numeric(12, 2)],
  [t.numeric(10, 2), t.numeric()],
  [t.real(), t.double()],
  [t.varchar(20), t.varchar(30)],
  [t.varchar(20), t.text()],
  [t.uuid(), t.char(36)],
  [t.date(), t.timestamp()],
  [t.timestamp(3), t.timestamp(6)],
  [t.boolean(), t.integer()],
  [t.json(), t.jsonb()],
  [t.array(t.varchar(3)), t.array(t.text())],
  [t.native("postgresql", "cidr"), t.text()],
];

const narrower: readonly (readonly [ColumnType, ColumnType])[] = [
  [t.bigint(), t.integer()],
  [t.bigint(), t.double()],
  [t.integer(), t.real()],
  [t.integer(), t.numeric(9)],
  [t.integer(), t.varchar(10)],
  [t.integer(), t.boolean()],
  [t.numeric(10, 0), t.integer()],
  [t.numeric(10, 2), t.bigint()],
  [t.numeric(10, 2), t.numeric(10, 3)],
  [t.numeric(10, 2), t.numeric(10, 1)],
  [t.numeric(), t.numeric(30, 10)],
  [t.double(), t.real()],
  [t.double(), t.integer()],
  [t.varchar(30), t.varchar(20)],
  [t.text(), t.varchar(9999)],
  [t.varchar(), t.varchar(20)],
  [t.text(), t.integer()],
  [t.uuid(), t.char(32)],
  [t.timestamp(), t.date()],
  [t.timestamp(), t.time()],
  [t.timestamp(6), t.timestamp(3)],
  [t.bytes(), t.bytes(16)],
  [t.array(t.text()), t.array(t.varchar(3))],
];

test("types that hold every value", () => {
  for (const [from, to] of wider)
    assert.equal(narrows(from, to), null, `${typeLabel(from)} to ${typeLabel(to)}`);
});

test("types that do not", () => {
  for (const [from, to] of narrower)
    assert.notEqual(narrows(from, to), null, `${typeLabel(from)} to ${typeLabel(to)}`);
});
