import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

/** What was first imported from each file, and how often an import of it failed. */
const imported = new Map<string, { readonly content: string; failures: number }>();

/**
 * Imports the module in `file`, an absolute path; anew when its text has changed or the last import failed, so
 * that a long process sees edits. What the module imports itself stays as first loaded. Rejects with what the
 * module threw.
 */
export async function importModule(file: string): Promise<Record<string, unknown>> {
  const content = createHash("sha256")
    .update(await readFile(file))
    .digest("hex")
    .slice(0, 16);
  const first = imported.get(file) ?? { content, failures: 0 };
  imported.set(file, first);
  const url = pathToFileURL(file);
  if (first.content !== content) url.searchParams.set("content", content);
  if (first.failures > 0) url.searchParams.set("attempt", String(first.failures));
  try {
    return (await import(url.href)) as Record<string, unknown>;
  } catch (error) {
    first.failures += 1;
    throw error;
  }
}
