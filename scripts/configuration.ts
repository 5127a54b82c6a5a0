/**
 * Writes `docs/configuration.md` and `athanor.schema.json` from the one schema of the configuration:
 * `npm run configuration`. A test holds that they are up to date.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configJsonSchema, keysWithMeta } from "../src/config/index.ts";
import { configurationHead } from "./configuration-head.ts";

/** Where the page stands. */
export const configurationPage: string = join(import.meta.dirname, "../docs/configuration.md");
/** Where the schema for editors stands; it is published. */
export const configurationSchema: string = join(import.meta.dirname, "../athanor.schema.json");

/** The page as it ought to be. */
export function renderConfiguration(): string {
  const sections = Map.groupBy(keysWithMeta(), ({ section }) => section);
  const tables = [...sections].map(([section, keys]) => {
    const rows = keys.map(({ key, meta }) => {
      const type = meta.enum?.map((word) => `\`${word}\``).join(" ") ?? types[meta.type];
      return `| \`${key}\` | ${type} | ${shown(meta.default)} | ${meta.description.replaceAll("|", "\\|")} |`;
    });
    return `\n### [${section}]\n\n| key | type | default | meaning |\n|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return configurationHead + tables.join("");
}

/** The schema as it ought to be. */
export function renderConfigurationSchema(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
}

const types = { string: "text", integer: "whole number", boolean: "true or false", array: "list" } as const;

function shown(value: unknown): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map((item) => `\`${item}\``).join(" ");
  return value === "" ? "empty" : `\`${String(value)}\``;
}

if (import.meta.main) {
  writeFileSync(configurationPage, renderConfiguration());
  writeFileSync(configurationSchema, renderConfigurationSchema());
}
