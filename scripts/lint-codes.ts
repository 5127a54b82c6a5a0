/** Writes `docs/lint.md` from the rules of lint: `npm run lint-codes`. A test holds that it is up to date. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Rule, rules } from "../src/lint/index.ts";

/** Where the page stands. */
export const lintPage: string = join(import.meta.dirname, "../docs/lint.md");

const head = `<!-- Written by \`npm run lint-codes\` from src/lint/rules.ts and scripts/lint-codes.ts. Do not edit. -->

# Lint

\`athanor lint\` says what migrations would do to a system that is running: what they lose, what they lock and for how
long, what breaks in code that is still the old one, and where two heads are in each other's way. It changes nothing.

\`\`\`sh
athanor lint                  # what is pending in the database
athanor lint 4f1c:heads       # what \`migrate\` would apply between two revisions; no database is asked
athanor lint head             # that revision alone
athanor lint --offline        # the last revision of each head; no database is asked
athanor lint --json           # one document, every field of every finding
\`\`\`

It ends with 1 where an error or a warning is found that no file accepts; \`--exit-code error\`, \`notice\` or \`never\` set
another bar. A finding has a code, the operation in words and its statements, the lock and who waits for it, how long it
takes as the table grows (\`instant\`, \`scan\`, \`build\`, \`rewrite\`), why it matters, and the same done safely, as SQL.

A table that the migration itself makes is empty, and nobody uses it: nothing is said of it. With pending migrations,
which are applied in one go, that holds for the tables of all of them.

## Accepting a finding

In the header of the migration, with the reason, which is shown in the place of the finding:

\`\`\`ts excerpt
export default migration({
  revision: "4f1c0a2b9d3e",
  downRevision: "a1b2c3d4e5f6",
  message: "drop age",
  ignore: {
    LINT306: "the table has forty rows",          // every finding of that code in this file
    "LINT102 hero.age": "nothing has read it since spring", // this one alone
  },
  …
\`\`\`

\`ignore\` is no part of the checksum: it can be added to a migration that was applied. What is accepted and not found is
said as well. A conflict between heads is accepted in either file.

## What each database makes of an operation

- **PostgreSQL**: the locks of ALTER TABLE; a rewrite where a new type is not stored as the old one, or where a new
  column has another value in each row. The functions that give one value for all rows are a list: a function that is
  not on it counts as one that does not. With \`{ options: { postgresql: { concurrently: true } } }\`
  an index, a unique key, a foreign key and a check come without keeping others from the table: built beside them, or
  looked at after they hold for new rows, outside the transaction of the migration. That is how \`makemigrations\` writes
  them on tables that stand; \`--no-safe\` writes them plainly.
- **MySQL, MariaDB**: the gentlest algorithm that InnoDB has for the operation. What copies the table while writes wait
  is a warning; what makes it anew while they go on is a notice. What is said of MariaDB is tested on a server, what is
  said of MySQL rests on its manual.
- **SQLite**: whatever writes has the whole file to itself. A table that has to be made anew is a notice: there is no
  other way.

Raw statements are told by their words alone. Where they say \`changes\`, what these lose or rename is found; what the
statement locks is its own affair.

## Heads

What two heads did since they parted is compared: a thing that one drops or renames and the other touches, that both
make, or that both change, is an error; one that the one changes and the other uses, a warning. Where nothing of that
kind shows, both orders are tried in memory. \`athanor merge\` shows the same before it writes.

## Codes

A code never changes its meaning.
`;

const groups: readonly (readonly [prefix: string, title: string])[] = [
  ["LINT1", "What loses data"],
  ["LINT2", "What breaks code that is running"],
  ["LINT3", "What locks"],
  ["LINT4", "What cannot be foretold"],
  ["LINT5", "Heads"],
  ["LINT9", "What files accept"],
];

/** The page as it ought to be. */
export function renderLintPage(): string {
  return head + groups.map(([prefix, title]) => `\n### ${title}\n\n${table(prefix)}`).join("");
}

function table(prefix: string): string {
  const rows = Object.entries(rules)
    .filter(([code]) => code.startsWith(prefix))
    .map(([code, rule]) => row(code, rule));
  return `| code | severity | what is found | why it matters | instead |\n|---|---|---|---|---|\n${rows.join("")}`;
}

function row(code: string, { name, severity, what, why, instead }: Rule): string {
  return `| \`${code}\` ${name} | ${severity} | ${[what, why, instead].map((text) => text.replaceAll("|", "\\|")).join(" | ")} |\n`;
}

if (import.meta.main) writeFileSync(lintPage, renderLintPage());
