import { migration, t } from "athanor/migrations";

export default migration({
  revision: "8e2d95903e96",
  downRevision: null,
  branchLabels: ["orders"],
  dependsOn: ["e517f321d8c5"],
  message: "the first tables",
  createdAt: "2026-11-21T10:12:30Z",
  upgrade(op) {
    op.createNamespace("orders");
    op.createTable({ schema: "orders", name: "order" }, (table) => [
      table.column("id", t.bigint(), { nullable: false, autoIncrement: true }),
      table.column("user_id", t.bigint(), { nullable: false }),
      table.column("placed_on", t.date(), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_orders_order" }),
      table.foreignKey(["user_id"], { schema: "users", name: "user" }, ["id"], {
        name: "fk_orders_order_user_id_users_user",
      }),
      table.index("ix_orders_order_user_id", ["user_id"]),
    ]);
    op.createTable({ schema: "orders", name: "line" }, (table) => [
      table.column("id", t.bigint(), { nullable: false, autoIncrement: true }),
      table.column("order_id", t.bigint(), { nullable: false }),
      table.column("article", t.varchar(60), { nullable: false }),
      table.column("cents", t.bigint(), { nullable: false }),
      table.primaryKey(["id"], { name: "pk_orders_line" }),
      table.foreignKey(["order_id"], { schema: "orders", name: "order" }, ["id"], {
        name: "fk_orders_line_order_id_orders_order",
        onDelete: "cascade",
      }),
      table.index("ix_orders_line_order_id", ["order_id"]),
    ]);
  },
  downgrade(op) {
    op.dropTable({ schema: "orders", name: "line" });
    op.dropTable({ schema: "orders", name: "order" });
    op.dropNamespace("orders");
  },
});
