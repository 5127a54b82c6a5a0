#!/usr/bin/env node
import * as nodeModule from "node:module";

// What was compiled once is kept, so that a command starts sooner; older Nodes do without.
nodeModule.enableCompileCache?.();

// Whoever reads the answer may stop reading (`athanor history | head`): that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`Athanor needs Node 22.18 or newer; this is ${process.version}.\n`);
  process.exitCode = 2;
} else {
  const { runCli } = await import("./run.ts");
  process.exitCode = await runCli(process.argv.slice(2));
}
