/**
 * The tutorial, done from the first page to the last on each database: its files are written, its commands run, and
 * what they print is what the pages show. `TUTORIAL=write` puts what was printed on SQLite into the pages.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CliProject, repository } from "../cli/project.ts";
import { dialects, type TemporaryDatabase, temporaryDatabase } from "../dialects.ts";
import { comparable, type Step, stepsOf, withOutput, wordsOf } from "./document.ts";

const folder = join(repository, "docs/tutorial");
const rewrites = process.env["TUTORIAL"] === "write";

/** The pages in the order in which the first one lists them. */
const pages = [
  ...readFileSync(join(folder, "README.md"), "utf8").matchAll(/^\d+\. \[.+?\]\((.+?\.md)\)/gm),
].map(([, page]) => page as string);

const tsconfig = {
  compilerOptions: {
    target: "ES2024",
    module: "NodeNext",
    strict: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
  },
  exclude: ["node_modules"],
};

/** A reader's project on one database. */
class Reader {
  readonly project: CliProject = new CliProject();
  readonly #database: TemporaryDatabase | null;

  /** `database` is null where the URL the tutorial gives will do. */
  constructor(database: TemporaryDatabase | null) {
    this.#database = database;
    symlinkSync(
      join(repository, "node_modules/kysely"),
      this.project.path("node_modules/kysely"),
      "junction",
    );
  }

  /** Runs a command, and answers what it printed, errors in their place among the rest. */
  run(command: string): string {
    const [program, ...args] = wordsOf(command);
    if (program === "rm") {
      for (const path of args) rmSync(this.project.path(path), { recursive: true });
      return "";
    }
    const node = program === "npx" ? [join(repository, "dist/cli/bin.js"), ...args.slice(1)] : args;
    const log = this.project.path("../tutorial-output.log".replace("..", "node_modules"));
    const file = openSync(log, "w");
    const { ATHANOR_TEST_POSTGRES_URL: _, NODE_TEST_CONTEXT: __, ...inherited } = process.env;
    const { status } = spawnSync(process.execPath, node, {
      cwd: this.project.root,
      stdio: ["ignore", file, file],
      timeout: 60_000,
      env: {
        ...inherited,
        NO_COLOR: "1",
        NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
        ...(this.#database === null ? {} : { DATABASE_URL: this.#database.url }),
      },
    });
    closeSync(file);
    const printed = readFileSync(log, "utf8").replaceAll(this.project.root, ".").trimEnd();
    return status === 0 ? printed : `${printed}\n(exit ${status})`;
  }
}

for (const dialect of dialects) {
  describe(`the tutorial on ${dialect.name}`, () => {
    let reader: Reader;
    let database: TemporaryDatabase | null = null;
    before(async () => {
      if (dialect.server !== null) database = await temporaryDatabase(dialect);
      reader = new Reader(database);
    });
    after(async () => {
      reader.project.remove();
      await database?.remove();
    });

    /** Something else was printed, on this page or one before it, whose revisions stand here too. */
    let isStale = false;
    const isShown = (step: Step): boolean =>
      step.kind === "output" && (step.dialect === null || step.dialect === dialect.name);

    for (const name of pages) {
      it(name, () => {
        let page = readFileSync(join(folder, name), "utf8");
        let shift = 0;
        let printed = "";
        for (const step of stepsOf(page)) {
          if (step.kind === "file") reader.project.write(step.path, step.text);
          else if (step.kind === "commands") {
            printed = step.commands
              .map((command) => reader.run(command))
              .filter(Boolean)
              .join("\n");
            assert.doesNotMatch(
              printed,
              /^ {4}at .*\(/m,
              `${name}:${step.line}: a program failed:\n${printed}`,
            );
          } else if (rewrites && dialect.server === null) {
            const place = { from: step.from + shift, to: step.to + shift };
            page = withOutput(page, place, printed);
            shift += printed.split("\n").length - (step.to - step.from);
            isStale ||= comparable(printed) !== comparable(step.text);
          } else if (isShown(step)) {
            assert.equal(comparable(printed), comparable(step.text), `${name}:${step.from}`);
          }
        }
        if (isStale) writeFileSync(join(folder, name), page);
      });
    }

    it("type-checks", { skip: dialect.server !== null }, () => {
      reader.project.write("tsconfig.json", JSON.stringify(tsconfig));
      const compiler = join(repository, "node_modules/typescript/bin/tsc");
      const { status, stdout } = reader.project.node([compiler, "-p", "."]);
      assert.equal(status, 0, stdout);
    });
  });
}
