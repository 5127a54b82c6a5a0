import type { SupportCase } from "./cases.ts";

/** One cell of the table that a test has proven. */
export interface Proof {
  readonly group: string;
  readonly name: string;
  readonly dialect: string;
  readonly cell: "inspect" | "pull" | "diff" | "generate" | "reverse";
}

const cells: readonly Proof["cell"][] = ["inspect", "pull", "diff", "generate", "reverse"];

const columns: readonly (readonly [string, string])[] = [
  ["sqlite", "SQLite"],
  ["postgresql", "PostgreSQL"],
  ["mariadb", "MySQL, MariaDB"],
];

/** The document of what is supported, from what was proven. */
export function supportDocument(cases: readonly SupportCase[], proofs: readonly Proof[]): string {
  const proven = new Set(
    proofs.map((proof) => [proof.group, proof.name, proof.dialect, proof.cell].join("\0")),
  );
  const cellsOf = (each: SupportCase, dialect: string): string => {
    const has = cases.some(
      ({ group, name, on }) => group === each.group && name === each.name && on.includes(dialect),
    );
    if (!has) return "–";
    const done = cells.filter((cell) => proven.has([each.group, each.name, dialect, cell].join("\0")));
    return done.length === cells.length ? cells.join(", ") : done.join(", ") || "no";
  };
  const groups = [...new Set(cases.map((each) => each.group))];
  const tables = groups.map((group) =>
    [
      `## ${group}`,
      "",
      `| | ${columns.map(([, title]) => title).join(" | ")} |`,
      `|---|${columns.map(() => "---|").join("")}`,
      ...cases
        .filter((each) => each.group === group)
        .filter((each, at, list) => list.findIndex(({ name }) => name === each.name) === at)
        .map(
          (each) => `| ${each.name} | ${columns.map(([dialect]) => cellsOf(each, dialect)).join(" | ")} |`,
        ),
      "",
    ].join("\n"),
  );
  return `${introduction}\n${tables.join("\n")}`;
}

const introduction = `# What of a schema is supported

Written by \`SUPPORT_WRITE=1 npm test -- test/support/support.test.ts\` from what that test proved on real databases: every
entry names what holds. **inspect**: read back from the database as it was made. **pull**: written as model files, which
say the very same. **diff**: a change is found, and nothing
else. **generate**: \`makemigrations\` writes a migration that makes the change, after which the next diff is empty.
**reverse**: its downgrade brings back what was. A dash: the database has no such thing.

Rows that stand are kept by all of it; \`test/laws\` holds that over generated schemas and rows, and \`docs/data-safety.md\`
says what cannot be.
`;
