import { migration, t } from "athanor/migrations";

export default migration({
  revision: "f5a8763fda0b",
  downRevision: null,
  branchLabels: [],
  dependsOn: [],
  message: "create team and hero",
  createdAt: "2026-11-21T10:07:51Z",
  upgrade(op) {
    op.createTable("team", (table) => [
      table.column("id", t.integer(), { nullable: false, autoIncrement: true }),
      table.column("name", t.varchar(80), { nullable: false }),
      table.column("city", t.varchar(80), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_team" }),
      table.unique(["name"], { name: "uq_team_name" }),
    ]);
    op.createTable("hero", (table) => [
      table.column("id", t.integer(), { nullable: false, autoIncrement: true }),
      table.column("name", t.varchar(80), { nullable: false }),
      table.column("secret_name", t.varchar(80), { nullable: false }),
      table.column("age", t.integer()),
      table.column("powers", t.json(), { nullable: false }),
      table.column("created_at", t.timestamptz(3), {
        nullable: false,
        default: { sql: "CURRENT_TIMESTAMP" },
      }),
      table.column("version", t.integer(), { nullable: false }),
      table.column("team_id", t.integer()),
      table.primaryKey(["id"], { name: "pk_hero" }),
      table.foreignKey(["team_id"], "team", ["id"], {
        name: "fk_hero_team_id_team",
        onDelete: "set null",
      }),
      table.unique(["name"], { name: "uq_hero_name" }),
      table.index("ix_hero_age", ["age"]),
      table.index("ix_hero_team_id", ["team_id"]),
    ]);
  },
  downgrade(op) {
    op.dropTable("hero");
    op.dropTable("team");
  },
});
