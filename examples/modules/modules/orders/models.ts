import { field, many, one } from "athanor";
import { createModuleBase } from "athanor/modules";
import { z } from "zod";
import { User } from "../users/models.ts";

export const Orders = createModuleBase("orders");

export class Order extends Orders.Model("order", {
  id: field(z.int(), { primaryKey: true }),
  userId: field(z.int(), { foreignKey: "users.user.id", index: true }),
  placedOn: field(z.iso.date()),
  user: () => one(User),
  lines: () => many(Line, { backPopulates: "order", cascadeDelete: true }),
}) {}

export class Line extends Orders.Model("line", {
  id: field(z.int(), { primaryKey: true }),
  // The module's own tables need no module's name before them.
  orderId: field(z.int(), { foreignKey: "order.id", onDelete: "cascade", index: true }),
  article: field(z.string().max(60)),
  cents: field(z.int().min(0)),
  order: () => one(Order, { backPopulates: "lines" }),
}) {}
