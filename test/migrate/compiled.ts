import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "athanor-compiled-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** The environment of many processes that run the same code: what the first has compiled, the others take over. */
export const compiledOnce: NodeJS.ProcessEnv = { NODE_COMPILE_CACHE: folder, ...process.env };
