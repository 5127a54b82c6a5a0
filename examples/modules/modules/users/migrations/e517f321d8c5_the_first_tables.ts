import { migration, t } from "athanor/migrations";

export default migration({
  revision: "e517f321d8c5",
  downRevision: null,
  branchLabels: ["users"],
  dependsOn: [],
  message: "the first tables",
  createdAt: "2026-11-21T10:12:30Z",
  upgrade(op) {
    op.createNamespace("users");
    op.createTable({ schema: "users", name: "user" }, (table) => [
      table.column("id", t.bigint(), { nullable: false, autoIncrement: true }),
      table.column("email", t.varchar(120), { nullable: false }),
      table.column("name", t.varchar(80), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_users_user" }),
      table.unique(["email"], { name: "uq_users_user_email" }),
      table.index("ix_users_user_name", ["name"]),
    ]);
  },
  downgrade(op) {
    op.dropTable({ schema: "users", name: "user" });
    op.dropNamespace("users");
  },
});
