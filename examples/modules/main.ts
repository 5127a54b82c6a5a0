import { createEngine, Session, select } from "athanor";
import { Config } from "athanor/config";
import { Invoice } from "./modules/invoices/models.ts";
import { Line, Order } from "./modules/orders/models.ts";
import { User } from "./modules/users/models.ts";

const config = await Config.load();
const engine = createEngine(config.databaseUrl, config.engineOptions);

await Session.run(engine, async (session) => {
  const ann = new User({ email: `ann${Date.now()}@example.com`, name: "Ann" });
  const order = new Order({
    user: ann,
    placedOn: "2026-01-31",
    lines: [new Line({ article: "Retort", cents: 1200 }), new Line({ article: "Crucible", cents: 300 })],
  });
  session.add(new Invoice({ number: `R-${Date.now()}`, order }));
  await session.commit();
});

await Session.run(engine, async (session) => {
  const invoices = await session.exec(select(Invoice).with("order.user", "order.lines")).all();
  for (const { number, order } of invoices) {
    const cents = order?.lines.reduce((sum, line) => sum + line.cents, 0);
    console.log(`${number.slice(0, 2)} ${order?.user?.name}: ${cents}`);
  }
});

await engine.dispose();
