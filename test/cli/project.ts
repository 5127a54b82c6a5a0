/** A project on disk for tests of the command line: this Athanor and Zod are installed in it. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { folderOfDatabases } from "../temporary.ts";

/** The repository's root, and the program that was built there. */
export const repository: string = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(repository, "dist/cli/bin.js");

/** A folder that is gone when the test is. */
export class CliProject {
  readonly root: string = realpathSync(mkdtempSync(join(folderOfDatabases(), "athanor-cli-")));

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.write("package.json", '{ "name": "app", "type": "module" }\n');
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    mkdirSync(join(this.root, "node_modules/@types"), { recursive: true });
    symlinkSync(repository, join(this.root, "node_modules/athanor"), "junction");
    for (const name of ["zod", "@types/node", "undici-types"]) {
      symlinkSync(join(repository, "node_modules", name), join(this.root, "node_modules", name), "junction");
    }
  }

  /** The path of a file of the project. */
  path(name: string): string {
    return join(this.root, name);
  }

  /** Writes one file, its folders included. */
  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** Reads one file. */
  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  /** Runs Node with these arguments in the project, or in a folder of it. */
  node(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    folder = ".",
  ): SpawnSyncReturns<string> {
    const {
      ATHANOR_TEST_POSTGRES_URL: _,
      DATABASE_URL: __,
      NODE_TEST_CONTEXT: ___,
      ...inherited
    } = process.env;
    const options = { cwd: this.path(folder), encoding: "utf8", timeout: 120_000 } as const;
    return spawnSync(process.execPath, [...args], {
      ...options,
      env: { ...inherited, NO_COLOR: "1", ...env },
    });
  }

  /** Runs one command. */
  athanor(args: readonly string[], env: Readonly<Record<string, string>> = {}): SpawnSyncReturns<string> {
    return this.node([bin, ...args], env);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}

/** A model, as small as can be. */
export const heroModel = `import { field, Model } from "athanor";
import { z } from "zod";
export class Hero extends Model("hero", {
  id: field(z.int(), { primaryKey: true }),
  name: field(z.string().max(80)),
}) {}
`;
