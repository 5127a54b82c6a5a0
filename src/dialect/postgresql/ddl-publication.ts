import { publicationParts, type SchemaObject } from "../../schema/index.ts";
import { quoteName } from "./quote.ts";

/** Publications, changed where they stand as far as that goes. */

/** What a parameter is where nobody says it. */
const usual: Readonly<Record<string, string>> = {
  publish: "'insert, update, delete, truncate'",
  publish_via_partition_root: "false",
  publish_generated_columns: "none",
};

/** What makes a publication another; null where it has to be made anew. */
export function alterPublication(from: SchemaObject, to: SchemaObject): readonly string[] | null {
  const [old, now] = [publicationParts(from.definition), publicationParts(to.definition)];
  if (old === null || now === null) return null;
  if (old.everything !== now.everything || (old.things !== now.things && now.things === "")) return null;
  const alter = `ALTER PUBLICATION ${quoteName(to.name)} SET`;
  const names = [...new Set([...old.parameters.keys(), ...now.parameters.keys()])];
  const changed = names.filter((name) => old.parameters.get(name) !== now.parameters.get(name));
  const list = changed.map((name) => `${name} = ${now.parameters.get(name) ?? usual[name] ?? "DEFAULT"}`);
  return [
    ...(old.things === now.things ? [] : [`${alter} ${now.things}`]),
    ...(list.length === 0 ? [] : [`${alter} (${list.join(", ")})`]),
  ];
}
