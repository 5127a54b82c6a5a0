import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { compiledOnce } from "./compiled.ts";
import type { Project } from "./project.ts";

/** How a process ended that migrates. */
export interface Ended {
  readonly killed: boolean;
  readonly out: string;
}

/** Where a process kills itself: at its n-th statement that writes, or the first that holds a text; 0 lets it live. */
export interface Death {
  readonly at: number | string;
  readonly when: "before" | "sent" | "after";
}

/** Migrates in a process of its own. */
export async function migrateMortal(project: Project, { at, when }: Death): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "kill-child.ts"), project.root, project.url, String(at), when],
    { stdio: ["ignore", "pipe", "pipe"], env: compiledOnce },
  );
  let out = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const [code, signal] = await once(child, "close");
  assert.ok(code === 0 || signal === "SIGKILL", `${project.dialect.id} ${at} ${when}: ${errors}`);
  return { killed: signal === "SIGKILL", out };
}
