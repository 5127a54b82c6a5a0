import { migration, t } from "athanor/migrations";

export default migration({
  revision: "4f1c0a2b9d3e",
  downRevision: null,
  branchLabels: [],
  dependsOn: [],
  message: "create team",
  createdAt: "2026-11-20T12:00:00Z",
  upgrade(op) {
    op.createTable("team", (table) => [
      table.column("id", t.uuid(), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_team" }),
    ]);
  },
  downgrade(op) {
    op.dropTable("team");
  },
});
