import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./source.ts";

/** How much of `src` is written twice. */
export interface Duplication {
  /** Share of duplicated lines, in per cent. */
  readonly percentage: number;
  /** The places, for people. */
  readonly clones: readonly string[];
}

interface Report {
  readonly statistics: { readonly total: { readonly percentage: number; readonly sources: number } };
  readonly duplicates: readonly Clone[];
}

interface Clone {
  readonly lines: number;
  readonly firstFile: Place;
  readonly secondFile: Place;
}

interface Place {
  readonly name: string;
  readonly start: number;
}

/** Measures with jscpd: clones of at least 70 tokens and 8 lines, tests aside. */
export function measureDuplication(folder: string): Duplication {
  const output = mkdtempSync(join(tmpdir(), "athanor-jscpd-"));
  try {
    const program = join(root, "node_modules/jscpd/run-jscpd.js");
    const limits = ["--min-tokens", "70", "--min-lines", "8", "--ignore", "**/*.test.ts"];
    const args = [program, folder, ...limits, "--reporters", "json,silent", "--output", output];
    const done = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`jscpd failed: ${done.stderr}${done.stdout}`);
    const report = JSON.parse(readFileSync(join(output, "jscpd-report.json"), "utf8")) as Report;
    if (report.statistics.total.sources === 0) throw new Error(`jscpd read nothing in ${folder}`);
    return { percentage: report.statistics.total.percentage, clones: report.duplicates.map(describeClone) };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

function describeClone({ lines, firstFile, secondFile }: Clone): string {
  return `${firstFile.name}:${firstFile.start} and ${secondFile.name}:${secondFile.start}, ${lines} lines`;
}
