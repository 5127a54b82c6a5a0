import { AthanorError } from "../errors/index.ts";
import { namingKinds } from "../migrate/hooks.ts";
import { nearest } from "../util/nearest.ts";
import { type ConfigFile, isRecord } from "./files.ts";
import { lineOfSection } from "./place.ts";

/** A hook as a file gives it. Throws `CONFIG.BAD_VALUE` where it is of the wrong kind. */
export function readHook(name: string, value: unknown, file: ConfigFile): unknown {
  const bad = (problem: string, shown: unknown): AthanorError =>
    new AthanorError("CONFIG.BAD_VALUE", {
      source: file.name,
      file: file.path,
      line: lineOfSection(file.text, name),
      key: name,
      value: JSON.stringify(shown) ?? String(shown),
      problem,
    });
  if (name !== "namingConvention") {
    if (typeof value !== "function") throw bad("a hook is a function", value);
    return value;
  }
  if (!isRecord(value)) throw bad("it holds templates of names", value);
  for (const [kind, template] of Object.entries(value)) {
    if (!namingKinds.includes(kind)) {
      const near = nearest(kind, namingKinds);
      const hint = near === null ? "" : `; did you mean ${near}?`;
      throw bad(`there is no "${kind}": names are made for ${namingKinds.join(", ")}${hint}`, kind);
    }
    if (typeof template !== "string" || template === "")
      throw bad(`"${kind}" is a template of names`, template);
  }
  return value;
}
