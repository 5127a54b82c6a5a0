import { defineModule } from "athanor/modules";

export default defineModule({
  name: "invoices",
  version: "1.0.0",
  dependsOn: ["orders"],
});
