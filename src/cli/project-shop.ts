import type { FileSet } from "./write-files.ts";

const usersModule = `import { defineModule } from "athanor/modules";

export default defineModule({ name: "users", version: "1.0.0" });
`;

const usersModels = `import { field } from "athanor";
import { createModuleBase } from "athanor/modules";
import { z } from "zod";

export const Users = createModuleBase("users");

export class User extends Users.Model("user", {
  id: field(z.int(), { primaryKey: true }),
  email: field(z.email().max(120), { unique: true }),
  name: field(z.string().max(80), { index: true }),
}) {}
`;

const ordersModule = `import { defineModule } from "athanor/modules";

export default defineModule({ name: "orders", version: "1.0.0", dependsOn: { users: "^1.0.0" } });
`;

const ordersModels = `import { field, many, one } from "athanor";
import { createModuleBase } from "athanor/modules";
import { z } from "zod";
import { User } from "../users/models.ts";

export const Orders = createModuleBase("orders", { dependsOn: ["users"] });

export class Order extends Orders.Model("order", {
  id: field(z.int(), { primaryKey: true }),
  userId: field(z.int(), { foreignKey: "users.user.id", index: true }), // another module's, by its logical name
  placedOn: field(z.iso.date()),
  user: () => one(User),
  lines: () => many(Line, { backPopulates: "order", cascadeDelete: true }),
}) {}

export class Line extends Orders.Model("line", {
  id: field(z.int(), { primaryKey: true }),
  orderId: field(z.int(), { foreignKey: "order.id", onDelete: "cascade", index: true }),
  article: field(z.string().max(60)),
  cents: field(z.int().min(0)),
  order: () => one(Order, { backPopulates: "lines" }),
}) {}
`;

const mainFile = `import { createEngine, Session, select } from "athanor";
import { Config } from "athanor/config";
import { Line, Order } from "./modules/orders/models.ts";
import { User } from "./modules/users/models.ts";

const config = await Config.load();
const engine = createEngine(config.databaseUrl, config.engineOptions);

await Session.run(engine, async (session) => {
  const user = new User({ email: \`ann\${Date.now()}@example.com\`, name: "Ann" });
  const lines = [new Line({ article: "Retort", cents: 1200 }), new Line({ article: "Crucible", cents: 300 })];
  session.add(new Order({ user, placedOn: "2026-01-31", lines }));
  await session.commit();

  for (const order of await session.exec(select(Order).with("user", "lines")).all()) {
    const cents = order.lines.reduce((sum, line) => sum + line.cents, 0);
    console.log(\`\${order.user?.name} owes \${(cents / 100).toFixed(2)}\`);
  }
});

await engine.dispose();
`;

const testFile = `import assert from "node:assert/strict";
import { test } from "node:test";
import { createAll, createEngine, Session, select, ValidationError } from "athanor";
import { Line, Order } from "../modules/orders/models.ts";
import { User } from "../modules/users/models.ts";

test("a line is checked when it is made", () => {
  assert.throws(() => new Line({ article: "Retort", cents: -1 }), ValidationError);
});

test("orders keep their lines and their user", async () => {
  const engine = createEngine(process.env.TEST_DATABASE_URL ?? "sqlite://");
  try {
    await createAll(engine, [User, Order, Line]);
    await Session.run(engine, async (session) => {
      const user = new User({ email: \`ann\${Date.now()}@example.com\`, name: "Ann" });
      const order = new Order({ user, placedOn: "2026-01-31", lines: [new Line({ article: "Retort", cents: 1200 })] });
      session.add(order);
      await session.flush();
      const found = await session.exec(select(Order).where(Order.c.id.eq(order.id)).with("user", "lines")).one();
      assert.equal(found.user?.name, "Ann");
      assert.deepEqual(found.lines.map(({ article }) => article), ["Retort"]);
      await session.rollback();
    });
  } finally {
    await engine.dispose();
  }
});
`;

/** A program of two modules, each with its own models, tables and migrations. */
export const shop: FileSet = {
  "modules/users/module.ts": usersModule,
  "modules/users/models.ts": usersModels,
  "modules/orders/module.ts": ordersModule,
  "modules/orders/models.ts": ordersModels,
  "main.ts": mainFile,
  "test/shop.test.ts": testFile,
};
