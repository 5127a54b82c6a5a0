import { defineModule } from "athanor/modules";

export default defineModule({
  name: "users",
  version: "1.0.0",
  hooks: {
    install: async (db) => {
      await db.execute(`INSERT INTO ${db.table("user")} (email, name) VALUES ('admin@example.com', 'Admin')`);
    },
  },
});
