/** What the database's own program says of two schemas, each loaded anew, and how they differ. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { TestContext } from "node:test";
import type { TestDialect } from "../dialects.ts";
import type { Project } from "./project.ts";

/** What the database's own program writes of a schema; null where it has none. */
async function dump(project: Project, row: TestDialect): Promise<string | null> {
  if (row.name === "sqlite") {
    const found = await project.sql(
      "SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE '%athanor\\_%' ESCAPE '\\' ORDER BY 1, 2",
    );
    return found.map((each) => each.join(" ")).join("\n");
  }
  const program = programs[row.name];
  if (program === undefined) return null;
  const [command, ...options] = await program(project);
  const done = spawnSync(command, options, { encoding: "utf8", maxBuffer: 2 ** 28 });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout
    .replaceAll(/^\\(un)?restrict .*$/gm, "")
    .replaceAll(/ AUTO_INCREMENT=\d+/g, "")
    .replaceAll(`nextval(\`${new URL(project.url).pathname.slice(1)}\`.`, "nextval(")
    .replaceAll(/^SELECT SETVAL.*$/gm, "");
}

const programs: Readonly<
  Record<
    string,
    (project: Project) => readonly [string, ...string[]] | Promise<readonly [string, ...string[]]>
  >
> = {
  postgresql: ({ url }) => [
    "pg_dump",
    "--schema-only",
    "--no-owner",
    "--no-privileges",
    "--exclude-table=athanor_*",
    url,
  ],
  mariadb: async (project) => {
    const { hostname, port, username, password, pathname } = new URL(project.url);
    const name = pathname.slice(1);
    const own = await project.sql("SHOW TABLES LIKE 'athanor\\_%'");
    return [
      "mariadb-dump",
      "--no-defaults",
      "--protocol=tcp",
      `--host=${hostname}`,
      `--port=${port || "3306"}`,
      `--user=${decodeURIComponent(username)}`,
      `--password=${decodeURIComponent(password)}`,
      "--no-data",
      "--routines",
      "--triggers",
      "--events",
      "--skip-comments",
      ...own.map(([table]) => `--ignore-table=${name}.${table}`),
      name,
    ];
  },
};

/** The same once it was read back, so that two ways of saying it are one. */
async function normalDump(project: Project, row: TestDialect, t: TestContext): Promise<string | null> {
  const written = await dump(project, row);
  if (written === null || row.server === null) return written;
  const again = await project.another((work) => t.after(work));
  const loaded = again.runScript(written);
  assert.equal(loaded.status, 0, loaded.errors);
  return dump(again, row);
}

/** A text without what says nothing. */
function plain(text: string): string {
  return (
    text
      // What a foreign key does anyway, and how wide a number is shown that is not filled with zeros.
      .replaceAll(/ ON (?:DELETE|UPDATE) (?:NO ACTION|RESTRICT)/g, "")
      .replaceAll(/\b((?:big|small|medium|tiny)?int)\(\d+\)(?! (?:unsigned )?zerofill)/g, "$1")
      // A trigger and its table as somebody wrote them.
      .replaceAll(/ TRIGGER (\w+) (BEFORE|AFTER) /g, " TRIGGER `$1` $2 ")
      .replaceAll(/ ON (\w+) FOR EACH ROW/gi, " ON `$1` FOR EACH ROW")
      // The keys of a table come in any order.
      .replaceAll(/(?:^ {2}(?:UNIQUE |FULLTEXT |SPATIAL )?KEY .*\n)+/gm, (keys) =>
        keys.replaceAll(/,?\n/g, "\n").split("\n").sort().join("\n"),
      )
  );
}

/** Lines that only one of two texts has. */
function differences(a: string, b: string): readonly string[] {
  const [left, right] = [a.split("\n"), b.split("\n")];
  if (a === b) return [];
  const only = (lines: readonly string[], others: readonly string[], sign: string): readonly string[] =>
    lines.filter((line) => !others.includes(line)).map((line) => `${sign} ${line}`);
  const lines = [...only(left, right, "+"), ...only(right, left, "-")];
  return lines.length > 0 ? lines : ["the same lines in another order"];
}

/** The lines in which the dumps of two databases differ; none where the database has no program for it. */
export async function dumpDifferences(
  a: Project,
  b: Project,
  row: TestDialect,
  t: TestContext,
): Promise<readonly string[]> {
  const [own, theirs] = [await normalDump(a, row, t), await normalDump(b, row, t)];
  return differences(plain(own ?? ""), plain(theirs ?? ""));
}
