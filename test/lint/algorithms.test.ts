/** What lint says of MariaDB, held against a server: it is asked for the algorithm and lock, and for a gentler one. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Connection, DesignDialect, Dialect } from "../../src/dialect/index.ts";
import { inspectDatabase } from "../../src/inspect/index.ts";
import { plan } from "../../src/plan/index.ts";
import { t } from "../../src/schema/index.ts";
import { type MigrationOperations, record } from "../../src/script/index.ts";
import { openWorkplace } from "../connections.ts";
import { dialects } from "../dialects.ts";

type Change = (op: MigrationOperations) => void;

const changes: readonly (readonly [name: string, Change])[] = [
  ["a column", (op) => op.addColumn("hero", "x", t.text())],
  ["a column with a value", (op) => op.addColumn("hero", "x", t.integer(), { nullable: false, default: 3 })],
  ["a column of uuids", (op) => op.addColumn("hero", "x", t.uuid(), { default: { sql: "uuid()" } })],
  [
    "a stored computed column",
    (op) => op.addColumn("hero", "x", t.integer(), { generated: { expression: "n + 1", stored: true } }),
  ],
  [
    "a virtual computed column",
    (op) => op.addColumn("hero", "x", t.integer(), { generated: { expression: "n + 1", stored: false } }),
  ],
  ["a column less", (op) => op.dropColumn("hero", "spare")],
  ["another name", (op) => op.renameColumn("hero", "spare", "other")],
  ["integer to bigint", (op) => op.alterColumn("hero", "spare", { type: t.bigint() })],
  ["varchar longer", (op) => op.alterColumn("hero", "v", { type: t.varchar(30) })],
  ["varchar much longer", (op) => op.alterColumn("hero", "v", { type: t.varchar(300) })],
  ["varchar shorter", (op) => op.alterColumn("hero", "v", { type: t.varchar(5) })],
  ["varchar to text", (op) => op.alterColumn("hero", "v", { type: t.text() })],
  ["numeric with more digits", (op) => op.alterColumn("hero", "d", { type: t.numeric(14, 2) })],
  ["not null", (op) => op.alterColumn("hero", "spare", { nullable: false })],
  ["null", (op) => op.alterColumn("hero", "must", { nullable: true })],
  ["a default", (op) => op.alterColumn("hero", "spare", { default: 3 })],
  ["an enum's value more", (op) => op.alterColumn("hero", "e", { type: t.enum(["a", "b", "c"]) })],
  ["an enum's value less", (op) => op.alterColumn("hero", "e", { type: t.enum(["a"]) })],
  ["an enum's value in front", (op) => op.alterColumn("hero", "e", { type: t.enum(["z", "a", "b"]) })],
  ["an index", (op) => op.createIndex("ix", "hero", ["spare"])],
  ["a unique constraint", (op) => op.addUnique("hero", ["spare"], { name: "uq" })],
  [
    "a full-text index",
    (op) => op.createIndex("ft", "hero", ["v"], { options: { mysql: { kind: "fulltext" } } }),
  ],
  ["a check", (op) => op.addCheck("hero", "spare > 0", { name: "ck" })],
  ["a check less", (op) => op.dropCheck("hero", "known")],
  ["a foreign key", (op) => op.addForeignKey("hero", ["spare"], "team", ["id"], { name: "fk" })],
  ["no primary key", (op) => op.dropPrimaryKey("hero")],
  ["a comment", (op) => op.setTableComment("hero", "it")],
];

const row = dialects.find((each) => each.name === "mariadb");

describe("what lint says of MariaDB", { skip: row === undefined }, () => {
  let dialect: Dialect;
  let design: DesignDialect;
  let connection: Connection;
  let close: () => Promise<void>;

  before(async () => {
    ({ dialect, design, connection, close } = await openWorkplace(row!));
    await connection.query("CREATE TABLE team (id int PRIMARY KEY)");
  });

  after(() => close());

  /** Whether the server does it so, on a table of its own. */
  async function takes(statements: readonly string[], how: string): Promise<boolean> {
    await makeTable();
    try {
      for (const sql of statements) await connection.query(`${sql}, ALGORITHM=${how}`);
      return true;
    } catch (error) {
      assert.match(String(error), /ALGORITHM=|LOCK=/);
      return false;
    }
  }

  async function makeTable(): Promise<void> {
    await connection.query("DROP TABLE IF EXISTS hero");
    await connection.query(
      "CREATE TABLE hero (id int PRIMARY KEY, n int, spare int, must int NOT NULL, v varchar(20), d decimal(10,2), e enum('a','b'), CONSTRAINT known CHECK (n < 1000))",
    );
  }

  for (const [name, change] of changes) {
    it(name, async () => {
      await makeTable();
      const state = await inspectDatabase(dialect, connection);
      const [operation, ...others] = record({ file: "a.ts", direction: "upgrade" }, change);
      assert.ok(operation !== undefined && others.length === 0);
      const { lock } = design.liveEffect!(operation, state);
      const statements = plan([operation], state, design).steps.flatMap((step) =>
        step.kind === "statement" && step.violation === undefined ? [step.sql] : [],
      );
      assert.ok(
        statements.every((sql) => sql.startsWith("ALTER TABLE")),
        statements.join("; "),
      );
      assert.ok(await takes(statements, lock), `it takes ${lock}`);
      const gentler = gentlerThan[lock];
      if (gentler !== undefined) assert.equal(await takes(statements, gentler), false, `not ${gentler}`);
    });
  }
});

/** What the server would have taken, were it as gentle as that. */
const gentlerThan: Readonly<Record<string, string>> = {
  "COPY, LOCK=SHARED": "INPLACE, LOCK=SHARED",
  "INPLACE, LOCK=SHARED": "INPLACE, LOCK=NONE",
  "INPLACE, LOCK=NONE": "INSTANT",
};
