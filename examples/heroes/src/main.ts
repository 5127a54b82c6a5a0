import { serve } from "@hono/node-server";
import { createApp } from "./app.ts";
import { connect, migrate } from "./database.ts";

const engine = connect(process.env["DATABASE_URL"] ?? "sqlite:///heroes.db");
for (const revision of await migrate(engine)) console.log(`applied ${revision}`);

const port = Number(process.env["PORT"] ?? 3000);
const server = serve({ fetch: createApp(engine).fetch, port }, (address) => {
  console.log(`listening on http://localhost:${address.port}`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => server.close(() => void engine.dispose()));
}
