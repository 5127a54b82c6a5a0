/**
 * Loaded before a program by `node --import`: writes the modules the program loaded, as URLs (`node:` for Node's own),
 * to the file that `ATHANOR_TRACE` names.
 */
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const target = process.env["ATHANOR_TRACE"];
const loaded = new Set<string>();

registerHooks({
  load(url, context, next) {
    loaded.add(url);
    return next(url, context);
  },
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (found.url.startsWith("node:")) loaded.add(found.url);
    return found;
  },
});

process.once("exit", () => {
  if (target !== undefined) writeFileSync(target, JSON.stringify([...loaded]));
});
