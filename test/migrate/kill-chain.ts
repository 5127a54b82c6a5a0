import type { MigrationBody, Project } from "./project.ts";

/** A history with something of everything: statements that must not run twice most of all. */
const chain: readonly (readonly [string, MigrationBody])[] = [
  [
    "a1",
    {
      upgrade: `op.createTable("team", (table) => [
      table.column("id", t.integer(), { nullable: false }),
      table.column("name", t.varchar(40), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_team" }),
    ]);
    op.createTable("hero", (table) => [
      table.column("id", t.integer(), { nullable: false }),
      table.column("team_id", t.integer()),
      table.column("name", t.varchar(40)),
      table.column("score", t.integer()),
      table.primaryKey(["id"], { name: "pk_hero" }),
      table.foreignKey(["team_id"], "team", ["id"], { name: "fk_hero_team", onDelete: "cascade" }),
      table.index("ix_hero_name", ["name"]),
    ]);
    op.execute("INSERT INTO team VALUES (1, 'a'), (2, 'b')");
    op.execute("INSERT INTO hero VALUES (1, 1, 'x', 1), (2, 2, 'y', 2)");`,
    },
  ],
  [
    "b2",
    {
      upgrade: `op.addColumn("hero", "age", t.integer());
    op.run("count", async (db) => {
      await db.execute("UPDATE hero SET score = score + 1");
      const [row] = await db.query("SELECT max(id) AS top FROM hero");
      await db.execute("INSERT INTO hero (id, score) SELECT max(id) + 1, 10 FROM hero");
      await db.execute("UPDATE hero SET age = " + Number(row.top));
    }, { changes: [] });
    op.alterColumn("hero", "score", { type: t.bigint(), nullable: false });
    op.renameColumn("hero", "age", "years");
    op.execute("UPDATE hero SET score = score * 2", { changes: [] });`,
    },
  ],
  [
    "c3",
    {
      upgrade: `op.createIndex("ix_hero_score", "hero", ["score"], { options: { postgresql: { concurrently: true } } });
    op.execute("UPDATE hero SET score = score + 7", { changes: [] });
    op.addCheck("hero", "score > 0", { name: "ck_hero_score" });
    op.addUnique("team", ["name"], { name: "uq_team_name" });
    op.dropIndex("ix_hero_name", "hero");`,
    },
  ],
  [
    "d4",
    {
      upgrade: `op.execute("CREATE TABLE raw_one (id INTEGER PRIMARY KEY)");
    op.execute("INSERT INTO raw_one SELECT id FROM hero", { changes: [] });
    op.execute("ALTER TABLE raw_one ADD COLUMN y INTEGER");
    op.addColumn("raw_one", "z", t.varchar(10));
    op.execute("UPDATE raw_one SET y = id, z = 'z'", { changes: [] });
    op.alterColumn("raw_one", "y", { nullable: false });
    op.createTable("gone", (table) => [table.column("id", t.integer())]);
    op.execute("INSERT INTO raw_one (id, y) SELECT max(id) + 1, 0 FROM raw_one", { changes: [] });
    op.dropTable("gone");`,
    },
  ],
  [
    "e5",
    {
      header: "transaction: false,",
      upgrade: `op.addColumn("team", "motto", t.text());
    op.execute("UPDATE hero SET score = score + 100", { changes: [] });
    op.addCheck("team", "id < 1000", { name: "ck_team_id" });
    op.on("sqlite", (inner) => inner.execute("VACUUM"));
    op.on("postgresql", (inner) => inner.execute("VACUUM hero"));
    op.run("more", (db) => db.execute("INSERT INTO team (id, name) SELECT max(id) + 1, 'c' FROM team").then(() => {}), { changes: [] });
    op.createTable("note", (table) => [
      table.column("id", t.integer(), { nullable: false }),
      table.column("mood", t.enum(["low", "high"], { name: "mood" }), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_note" }),
    ]);
    op.execute("INSERT INTO note VALUES (1, 'low'), (2, 'high')");`,
    },
  ],
  [
    "f6",
    {
      upgrade: `op.alterColumn("note", "mood", { type: t.enum(["low", "mid", "high"], { name: "mood" }) });
    op.execute("UPDATE note SET mood = 'mid' WHERE id = 2", { changes: [] });
    op.renameTable("note", "remark");
    op.dropColumn("hero", "name");
    op.execute("UPDATE team SET motto = upper(name)", { changes: [] });
    op.alterColumn("team", "motto", { type: t.varchar(80) });`,
    },
  ],
];

/** Writes the files. */
export async function writeChain(project: Project): Promise<void> {
  let before: string | null = null;
  for (const [revision, body] of chain) {
    await project.migration(revision, before, body);
    before = revision;
  }
}

/** All that a run leaves behind, but for names and times that are another's each time. */
export async function outcome(project: Project): Promise<unknown> {
  const rows: unknown[] = [];
  for (const name of await project.tables()) {
    rows.push([name, await project.sql(`SELECT * FROM ${project.quote(name)} ORDER BY 1`)]);
  }
  return {
    catalog: await project.catalog(),
    rows,
    version: await project.sql("SELECT version_num FROM athanor_version"),
    log: await project.sql(
      `SELECT revision, direction, status, checksum, statement_index, statement_count, plan, ${project.quote("mark")}, error FROM athanor_log ORDER BY id`,
    ),
  };
}
