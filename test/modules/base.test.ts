import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { z } from "zod";
import { defaultRegistry, field, Model, many, one, select, sql, toSchema } from "../../src/index.ts";
import { createModuleBase, DatabaseProvider, forgetModules, type ModuleBase } from "../../src/modules.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "../session/database.ts";

beforeEach(() => forgetModules());

function shop(users: ModuleBase = createModuleBase("users"), orders?: ModuleBase) {
  const Users = users;
  const Orders = orders ?? createModuleBase("orders", { dependsOn: ["users"] });
  class User extends Users.Model("user", {
    id: field(z.int(), { primaryKey: true }),
    name: field(z.string().max(40), { index: true }),
    orders: () => many(Order, { backPopulates: "user" }),
  }) {}
  class Order extends Orders.Model("order", {
    id: field(z.int(), { primaryKey: true }),
    name: field(z.string().max(40), { index: true, unique: true }),
    userId: field(z.int(), { foreignKey: "users.user.id", onDelete: "cascade" }),
    previousId: field(z.int().nullable(), { foreignKey: "order.id" }),
    user: () => one(User, { backPopulates: "orders" }),
  }) {}
  return { User, Order };
}

test("a base is made once for each name", () => {
  const first = createModuleBase("orders", { dependsOn: ["users"] });
  assert.equal(createModuleBase("orders"), first);
  assert.equal(createModuleBase("orders", { dependsOn: ["users"] }), first);
  assert.throws(() => createModuleBase("orders", { dependsOn: ["stock"] }), code("MODULE.OPTIONS"));
});

test("its models are in a registry of its own", () => {
  const { User, Order } = shop();
  assert.deepEqual([User.tableName, Order.tableName], ["user", "order"]);
  assert.deepEqual(createModuleBase("users").models, [User]);
  assert.deepEqual(createModuleBase("orders").models, [Order]);
  assert.ok(!defaultRegistry.definitions.some(({ model }) => model === Order));
});

for (const name of ["", "Orders", "my-orders", "1st", "pg_orders", "public", "o".repeat(41), "é"]) {
  test(`a module cannot be called ${JSON.stringify(name)}`, () => {
    assert.throws(() => createModuleBase(name), code("MODULE.NAME"));
    assert.throws(() => createModuleBase("x", { dependsOn: [name] }), code("MODULE.NAME"));
  });
}

test("a module does not depend on itself", () => {
  assert.throws(() => createModuleBase("a", { dependsOn: ["a"] }), code("MODULE.CYCLE"));
});

test("a table does not repeat its module's name", () => {
  const Orders = createModuleBase("orders");
  const fields = { id: field(z.int(), { primaryKey: true }) };
  assert.throws(() => Orders.Model("orders_order", fields), code("MODULE.TABLE_NAME"));
  assert.throws(() => Orders.Model({ schema: "other", name: "order" }, fields), code("MODULE.TABLE_NAME"));
});

test("names are logical until a provider is named", () => {
  const Orders = createModuleBase("orders");
  assert.deepEqual(Orders.place("order"), { schema: "orders", name: "order" });
  assert.deepEqual(Orders.place("order", "postgresql://localhost/shop"), { schema: "orders", name: "order" });
  for (const provider of [DatabaseProvider.SQLITE, DatabaseProvider.MYSQL, "mariadb://localhost/shop"])
    assert.deepEqual(Orders.place("order", provider), { schema: null, name: "orders_order" });
  assert.throws(() => Orders.place("order", "oracle"), code("MODULE.PROVIDER"));
});

test("a provider overrides where names are", () => {
  const Orders = createModuleBase("orders", { provider: DatabaseProvider.SQLITE });
  assert.deepEqual(Orders.place("order", "postgresql"), { schema: null, name: "orders_order" });
  assert.deepEqual(createModuleBase("stock", { naming: "prefix" }).place("x"), {
    schema: null,
    name: "stock_x",
  });
});

test("a foreign key into a module that is not in dependsOn is an error", () => {
  createModuleBase("orders", { dependsOn: [] });
  const { User, Order } = shop(undefined, createModuleBase("orders"));
  assert.throws(() => toSchema([User, Order]), code("MODULE.UNDECLARED"));
});

test("a relation without a constraint needs no dependency", () => {
  const Users = createModuleBase("users");
  const Orders = createModuleBase("orders", { dependsOn: [] });
  class User extends Users.Model("user", { id: field(z.int(), { primaryKey: true }) }) {}
  class Order extends Orders.Model("order", {
    id: field(z.int(), { primaryKey: true }),
    userId: field(z.int(), { foreignKey: "users.user.id", constraint: false }),
    user: () => one(User),
  }) {}
  const [order] = toSchema([User, Order]).schema.tables;
  assert.deepEqual([order?.name, order?.foreignKeys], ["order", []]);
});

test("tables that would be one without schemas collide", () => {
  const id = { id: field(z.int(), { primaryKey: true }) };
  class Item extends createModuleBase("orders_line").Model("item", id) {}
  class Line extends createModuleBase("orders").Model("line_item", id) {}
  class Host extends Model("orders_line_item", id) {}
  assert.throws(() => toSchema([Item, Line]), code("MODULE.COLLISION"));
  assert.throws(() => toSchema([Item, Host]), code("MODULE.COLLISION"));
});

test("constraints bear the module's name, so that two modules may have one name of a table", () => {
  const fields = { id: field(z.int(), { primaryKey: true }), name: field(z.string(), { index: true }) };
  class A extends createModuleBase("orders").Model("product", fields) {}
  class B extends createModuleBase("billing").Model("product", fields) {}
  const { tables } = toSchema([A, B]).schema;
  assert.deepEqual(
    tables.map((table) => [table.schema, table.primaryKey?.name, table.indexes[0]?.name]),
    [
      ["billing", "pk_billing_product", "ix_billing_product_name"],
      ["orders", "pk_orders_product", "ix_orders_product_name"],
    ],
  );
});

test("a module that was renamed says so of its tables", () => {
  const Sales = createModuleBase("sales", { renamedFrom: "orders" });
  class Order extends Sales.Model("order", { id: field(z.int(), { primaryKey: true }) }) {}
  assert.deepEqual(toSchema([Order]).renames, [
    { kind: "table", from: { schema: "orders", name: "order" }, to: { schema: "sales", name: "order" } },
  ]);
});

test("one definition serves every database of one process", async () => {
  for (const naming of ["schema", "prefix"] as const) {
    forgetModules();
    const { User, Order } = shop(
      createModuleBase("users", { naming }),
      createModuleBase("orders", { dependsOn: ["users"] }),
    );
    const databases = await Promise.all(dialects.map((row) => TestDatabase.create(row, [User, Order])));
    after(() => Promise.all(databases.map((database) => database.remove())));
    await Promise.all(databases.map((database) => useShop(database, { User, Order })));
  }
});

async function useShop(database: TestDatabase, { User, Order }: ReturnType<typeof shop>): Promise<void> {
  await database.run(async (session) => {
    const ann = new User({ name: "Ann" });
    const first = new Order({ name: "first", user: ann });
    session.add(first);
    await session.flush();
    session.add(new Order({ name: "second", user: ann, previousId: first.id }));
    await session.commit();
  });
  await database.run(async (session) => {
    const loaded = await session.exec(select(User).with("orders")).one();
    assert.deepEqual(loaded.orders.map(({ name }) => name).sort(), ["first", "second"]);
    const joined = await session
      .exec(select(Order).join(User).where(User.c.name.eq("Ann"), sql`${Order.c.previousId} IS NULL`))
      .all();
    assert.deepEqual(
      joined.map(({ name }) => name),
      ["first"],
    );
    joined[0]!.name = "changed";
    await session.commit();
    const [last] = await session.exec(select(Order).where(Order.c.name.eq("second"))).all();
    session.delete(last!);
    await session.commit();
    assert.equal((await session.exec(select(Order)).all()).length, 1);
  });
}
