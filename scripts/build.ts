/**
 * Builds `dist` from `src`. The new build is made aside and moved into place whole, so that whoever runs the old
 * one meanwhile never sees half of it. `--if-needed` does nothing when `dist` is newer than every source.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { pointToJavaScript } from "./declarations.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

if (process.argv.includes("--if-needed") && isCurrent()) process.exit(0);

const aside = mkdtempSync(join(root, "node_modules", ".athanor-build-"));
try {
  const built = join(aside, "dist");
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const compiled = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", built], {
    cwd: root,
    stdio: "inherit",
  });
  if (compiled.status !== 0) process.exitCode = compiled.status ?? 1;
  else install(built);
} finally {
  rmSync(aside, { recursive: true, force: true });
}

/** Comments are for the declarations, where editors show them: the code is a sixth smaller without. */
function withoutComments(built: string): void {
  buildSync({
    entryPoints: globSync(join(built, "**/*.js")),
    outdir: built,
    outbase: built,
    allowOverwrite: true,
    bundle: false,
    format: "esm",
    target: "esnext",
    platform: "node",
    legalComments: "none",
    logLevel: "warning",
  });
}

function install(built: string): void {
  withoutComments(built);
  for (const path of globSync(join(built, "**/*.d.ts"))) {
    writeFileSync(path, pointToJavaScript(path, readFileSync(path, "utf8")));
  }
  const bin = join(built, "cli", "bin.js");
  if (existsSync(bin)) chmodSync(bin, 0o755);
  if (existsSync(dist)) renameSync(dist, join(aside, "previous"));
  renameSync(built, dist);
}

/** Whether `dist` was built after the last change to anything it is built from. */
function isCurrent(): boolean {
  const entry = join(dist, "index.js");
  if (!existsSync(entry)) return false;
  const builtAt = statSync(entry).mtimeMs;
  const inputs = ["src", "package.json", "tsconfig.json", "tsconfig.build.json", "scripts/build.ts"].map(
    (name) => join(root, name),
  );
  for (const item of readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })) {
    inputs.push(join(item.parentPath, item.name));
  }
  return inputs.every((path) => statSync(path).mtimeMs <= builtAt);
}
