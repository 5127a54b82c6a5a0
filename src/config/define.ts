import type { MigrationHooks } from "../migrate/hooks.ts";
import type { ConfigValues, SectionName } from "./schema.ts";

/** What `athanor.config.ts` exports by default: the sections, and the hooks of migrations beside them. */
export type AthanorConfig = {
  readonly [S in SectionName]?: { readonly [K in keyof ConfigValues[S]]?: ConfigValues[S][K] };
} & MigrationHooks;

/** Answers its argument, checked and completed by an editor: `export default defineConfig({ … })`. */
export function defineConfig(config: AthanorConfig): AthanorConfig {
  return config;
}
