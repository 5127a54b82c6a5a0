import type { Schema } from "../../schema/index.ts";
import type { DesignDialect } from "../design.ts";
import { canonicalSchema } from "./canonical.ts";
import { ddl } from "./ddl.ts";
import { inspector } from "./inspect.ts";
import { rules } from "./rules.ts";
import { unsupported } from "./unsupported.ts";

/** The half of SQLite that only design time loads. */
export const design: DesignDialect = {
  inspector,
  rules,
  ddl,
  canonical: async (schema: Schema): Promise<Schema> => canonicalSchema(schema),
  unsupported,
};
