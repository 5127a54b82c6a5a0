import assert from "node:assert/strict";
import { test } from "node:test";
import { t } from "../schema/index.ts";
import { checksum } from "./checksum.ts";
import type { MigrationOperations } from "./operations-api.ts";
import { record } from "./record.ts";

const header = { revision: "a1", downRevisions: ["z", "y"], dependsOn: [] };

function of(upgrade: (op: MigrationOperations) => unknown, head = header): string {
  return checksum(head, record({ file: "a.ts", direction: "upgrade" }, upgrade), []);
}

test("the form is frozen", () => {
  const sum = of((op) => {
    op.createTable("a", (table) => [
      table.column("id", t.integer(), { nullable: false, default: 0 }),
      table.primaryKey(["id"], { name: "pk_a" }),
    ]);
    op.alterColumn("a", "id", { default: null });
    op.execute("UPDATE a SET id = ?", { params: [3n, new Date(0), new Uint8Array([1]), null], changes: [] });
    op.run("fill", (db) => void db);
  });
  assert.equal(sum, "ab7386d1da75f06706127ae3511a9364cf47a7e1a600680c26dddee32adb616a");
});

test("layout of a step and order of parents do not count", () => {
  const sorted = { ...header, downRevisions: ["y", "z"] };
  assert.equal(
    of((op) => op.run("a", new Function("db", "return db") as never)),
    of((op) => op.run("a", new Function("db", "  return\n  db") as never), sorted),
  );
});

test("what a migration does counts", () => {
  const bodies: readonly ((op: MigrationOperations) => unknown)[] = [
    () => undefined,
    (op) => op.dropTable("a"),
    (op) => op.dropTable({ schema: "a", name: "a" }),
    (op) => op.alterColumn("a", "b", { nullable: false }),
    (op) => op.alterColumn("a", "b", { nullable: true }),
    (op) => op.alterColumn("a", "b", { default: null }),
    (op) => op.alterColumn("a", "b", { comment: null }),
    (op) => op.alterColumn("a", "b", { default: false }),
    (op) => op.alterColumn("a", "b", { default: 0 }),
    (op) => op.alterColumn("a", "b", { default: { value: null } }),
    (op) => op.addColumn("a", "b", t.text(), { default: { value: null } }),
    (op) => op.addColumn("a", "b", t.text(), { default: false }),
    (op) => op.addColumn("a", "b", t.text()),
    (op) => op.execute("a"),
    (op) => op.execute("a", { changes: [] }),
    (op) => op.execute("a", { params: [false] }),
    (op) => op.execute("a", { params: [0] }),
    (op) => op.execute("a", { params: [0n] }),
    (op) => op.run("a", () => undefined),
    (op) => op.run("a", () => Promise.resolve()),
    (op) => op.run("b", () => undefined),
    (op) => op.on("postgresql", (inner) => inner.dropTable("a")),
  ];
  const sums = bodies.map((body) => of(body));
  sums.push(of(() => undefined, { ...header, revision: "a2" }));
  sums.push(of(() => undefined, { ...header, downRevisions: ["z"] }));
  assert.equal(new Set(sums).size, sums.length);
});
