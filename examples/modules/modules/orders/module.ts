import { defineModule } from "athanor/modules";

export default defineModule({
  name: "orders",
  version: "1.0.0",
  dependsOn: { users: "^1.0.0" },
});
