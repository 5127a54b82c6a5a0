import { field, one } from "athanor";
import { createModuleBase } from "athanor/modules";
import { z } from "zod";
import { Order } from "../orders/models.ts";

export const Invoices = createModuleBase("invoices");

export class Invoice extends Invoices.Model("invoice", {
  id: field(z.int(), { primaryKey: true }),
  number: field(z.string().max(20), { unique: true }),
  orderId: field(z.int(), { foreignKey: "orders.order.id", index: true }),
  // Loosely coupled: no constraint ties the modules together, and users may go without invoices going first.
  approvedBy: field(z.int().nullable()),
  order: () => one(Order),
}) {}
