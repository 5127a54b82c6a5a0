/** Writes `docs/doctor.md` from the checks of the doctor: `npm run doctor-checks`. A test holds that it is up to date. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checks } from "../src/doctor/index.ts";

/** Where the page stands. */
export const doctorPage: string = join(import.meta.dirname, "../docs/doctor.md");

const head = `<!-- Written by \`npm run doctor-checks\` from src/doctor and scripts/doctor-checks.ts. Do not edit. -->

# Doctor

\`athanor doctor\` looks for what a careful administrator looks for, in modules, models, the history and the database, and
changes nothing.

\`\`\`sh
athanor doctor                                # everything
athanor doctor --offline                      # what files tell; no database is asked
athanor doctor --only SM101,SM103 --json      # these alone, as one document
athanor doctor --ignore "SM101:hero.team_id=a handful of rows"
athanor doctor --list                         # the checks
\`\`\`

It ends with 1 where an error is found that nobody lives with; with \`--strict\` a warning is enough. What is ignored has a
reason, by code or by code and subject, and stays in the document. What hides the rest (a model file that does not import,
a database that cannot be reached) is a finding itself, and what could not be looked for is counted.

## Checks

A code never changes its meaning.

| code | severity | what is found | needs |
|---|---|---|---|
`;

const tail = `
## Numbers that other systems give

SM001 to SM026 keep the numbers under which readers of per-module systems know them. Of those that are not above:

| code | there | here |
|---|---|---|
| SM002, SM005, SM006 | given to nothing | given to nothing |
| SM003, SM004, SM017, SM018, SM019, SM022, SM023 | pages, routes, menus and styles of a web framework | Athanor has none |
| SM012 | settings of a module that a web framework does not register | a module has none |
| SM013 to SM016 | translations | Athanor has none |
| SM020, SM021 | providers of logins | Athanor has none |
| SM025 | tenants are switched on and nothing says whose a request is | it cannot go unnoticed: a Session without a tenant refuses the query (\`SESSION.NO_TENANT\`) |
| SM026 | expression indexes that cannot be verified on SQLite | they are: read from the catalog and compared on every database that has them (SM103) |
`;

/** The page as it ought to be. */
export function renderDoctorPage(): string {
  const rows = checks.map(({ code, rule, severity, about, needs }) => {
    const needed = needs.length === 0 ? "" : needs.join(", ");
    return `| \`${code}\` ${rule} | ${severity} | ${about.replaceAll("|", "\\|")} | ${needed} |\n`;
  });
  return head + rows.join("") + tail;
}

if (import.meta.main) writeFileSync(doctorPage, renderDoctorPage());
