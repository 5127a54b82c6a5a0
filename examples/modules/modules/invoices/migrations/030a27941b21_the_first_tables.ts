import { migration, t } from "athanor/migrations";

export default migration({
  revision: "030a27941b21",
  downRevision: null,
  branchLabels: ["invoices"],
  dependsOn: ["8e2d95903e96"],
  message: "the first tables",
  createdAt: "2026-11-21T10:12:30Z",
  upgrade(op) {
    op.createNamespace("invoices");
    op.createTable({ schema: "invoices", name: "invoice" }, (table) => [
      table.column("id", t.bigint(), { nullable: false, autoIncrement: true }),
      table.column("number", t.varchar(20), { nullable: false }),
      table.column("order_id", t.bigint(), { nullable: false }),
      table.column("approved_by", t.bigint()),
      table.primaryKey(["id"], { name: "pk_invoices_invoice" }),
      table.foreignKey(["order_id"], { schema: "orders", name: "order" }, ["id"], {
        name: "fk_invoices_invoice_order_id_orders_order",
      }),
      table.unique(["number"], { name: "uq_invoices_invoice_number" }),
      table.index("ix_invoices_invoice_order_id", ["order_id"]),
    ]);
  },
  downgrade(op) {
    op.dropTable({ schema: "invoices", name: "invoice" });
    op.dropNamespace("invoices");
  },
});
