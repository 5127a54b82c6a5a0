/** A packed Athanor installed into an empty project, as a user would have it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** The root of the repository. */
export const root: string = join(import.meta.dirname, "../..");

/** One file in the tarball, as npm reports it. */
export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

/** The packed tarball. */
export interface Tarball {
  readonly path: string;
  readonly bytes: number;
  readonly unpackedBytes: number;
  readonly files: readonly PackedFile[];
}

/** What a program came to. */
export interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly stdout: string;
}

/** The Node that runs us comes first, so that scripts which ask for `node` get this one. */
const searchPath = [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);

interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly PackedFile[];
}

/** The `package.json` of the repository, as far as the tests read it. */
export interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Reads `package.json` of the repository. */
export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
}

/** A folder for one run, with the empty project in it. */
export class Workbench {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "athanor-package-")));
  readonly project: string = join(this.folder, "project");

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** `npm pack`, the build included. */
  pack(): Tarball {
    const packed = this.run("npm", ["pack", "--json", "--pack-destination", this.folder], root);
    if (packed.status !== 0) throw new Error(`npm pack failed: ${packed.output}`);
    // What a lifecycle script prints comes before the report.
    const text = packed.stdout.slice(packed.stdout.search(/^[[{]/m));
    const parsed = JSON.parse(text) as readonly PackReport[] | Readonly<Record<string, PackReport>>;
    const [report] = Object.values(parsed);
    if (report === undefined) throw new Error(`npm pack reports nothing: ${packed.output}`);
    const { filename, size, unpackedSize, files } = report;
    return { path: join(this.folder, filename), bytes: size, unpackedBytes: unpackedSize, files };
  }

  /** An empty project with the tarball and what a user has beside it. */
  install(tarball: Tarball, packages: readonly string[]): void {
    mkdirSync(this.project);
    this.write("package.json", JSON.stringify({ name: "consumer", private: true, type: "module" }));
    const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
    const installed = this.run("npm", ["install", ...flags, tarball.path, ...packages]);
    if (installed.status !== 0) throw new Error(`npm install failed: ${installed.output}`);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.project, name), text);
  }

  /** Runs a program in the project, without the settings npm handed down to us. */
  run(program: string, args: readonly string[], folder: string = this.project): Outcome {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^npm_|^NODE_TEST_CONTEXT$|^INIT_CWD$/i.test(name),
    );
    const done = spawnSync(program, args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...Object.fromEntries(inherited), PATH: searchPath, NO_COLOR: "1" },
      maxBuffer: 64 * 1024 * 1024,
      shell: process.platform === "win32",
    });
    if (done.error) throw done.error;
    return { status: done.status, stdout: done.stdout, output: `${done.stdout}${done.stderr}`.trim() };
  }

  /** Runs a script of the repository's `node_modules` with the present Node. */
  tool(script: string, args: readonly string[], folder?: string): Outcome {
    return this.run(process.execPath, [join(root, "node_modules", script), ...args], folder);
  }
}
