import type { Ailment } from "../dialect/index.ts";
import type { ProblemDocument } from "../migrate/index.ts";
import { tableLabel } from "../schema/index.ts";
import type { Check, NewFinding, Severity } from "./finding.ts";
import type { DoctorInput } from "./input.ts";

/** Share of a counter's numbers from which on it is told, and from which on it is an error. */
const soon = 0.5;
const verySoon = 0.9;

/** Checks that ask the database. */
export const databaseChecks: readonly Check<DoctorInput>[] = [
  {
    code: "SM010",
    rule: "behind",
    severity: "error",
    needs: ["database"],
    about: "migrations that are not applied",
    find: ({ database }) =>
      (database?.check.pending ?? []).map(({ revision, message, file, branchLabels }) => ({
        subject: revision,
        module: branchLabels[0] ?? null,
        file,
        message: `Revision ${revision} (${message}) is not applied.`,
        remedy: "athanor migrate applies what is pending.",
      })),
  },
  {
    code: "SM102",
    rule: "nobody's table",
    severity: "notice",
    needs: ["database"],
    about: "a table that neither models nor migrations know",
    find: ({ database }) =>
      (database?.strangers ?? []).map((label) => ({
        subject: label,
        message: `Table ${label} is in the database, and neither models nor migrations know it.`,
        remedy: "Athanor never touches it: write a model for it, or drop it by hand.",
      })),
  },
  {
    code: "SM103",
    rule: "drift",
    severity: "error",
    needs: ["database", "models"],
    about: "models that are not what the database has",
    find: ({ database }) =>
      (database?.check.differences ?? []).map(({ table, description }) => ({
        subject: table ?? "",
        message: `The models differ from the database: ${description}.`,
        remedy: "athanor makemigrations writes the migration; athanor diff tells more.",
      })),
  },
  problems("SM104", "edited migration", "a migration that was changed after it was applied", "EDITED"),
  problems(
    "SM106",
    "unknown revision",
    "an applied revision without a file",
    "UNKNOWN_REVISION",
    "MISSING_FILE",
  ),
  problems("SM107", "unfinished migration", "a migration that began and did not end", "UNFINISHED"),
  {
    code: "SM108",
    rule: "counter near its end",
    severity: "warning",
    needs: ["database"],
    about: "what numbers rows has used more than half of its numbers",
    find: ({ database }) =>
      (database?.ailments ?? []).flatMap((ailment) =>
        ailment.kind === "counter" ? counterFinding(ailment) : [],
      ),
  },
  {
    code: "SM109",
    rule: "invalid index",
    severity: "error",
    needs: ["database"],
    about: "an index that was not made to its end",
    find: ({ database }) =>
      (database?.ailments ?? []).flatMap((ailment) =>
        ailment.kind !== "invalidIndex"
          ? []
          : [
              {
                subject: `${tableLabel(ailment.table)}.${ailment.index}`,
                message: `Index ${ailment.index} of ${tableLabel(ailment.table)} is invalid: no query uses it, and every write pays for it.`,
                remedy: `DROP INDEX CONCURRENTLY ${ailment.index}, and make it again.`,
              },
            ],
      ),
  },
  {
    code: "SM113",
    rule: "orphaned module",
    severity: "warning",
    needs: ["database"],
    about: "a module that the database has and the project has not",
    find: ({ database }) =>
      (database?.modules.modules ?? [])
        .filter(({ state }) => state === "orphaned")
        .map(({ name, tables }) => ({
          subject: name,
          module: name,
          message: `Module "${name}" is installed (${tables.join(", ") || "no tables"}), and the project has it no longer.`,
          remedy: `Bring the module back, or athanor module uninstall ${name} drops its tables.`,
        })),
  },
  {
    code: "SM114",
    rule: "broken key",
    severity: "error",
    needs: ["database"],
    about: "rows whose foreign key leads nowhere",
    find: ({ database }) =>
      (database?.ailments ?? []).flatMap((ailment) =>
        ailment.kind !== "brokenKey"
          ? []
          : [
              {
                subject: tableLabel(ailment.table),
                message: `${ailment.rows} ${ailment.rows === 1 ? "row" : "rows"} of ${tableLabel(ailment.table)} refer to rows of ${ailment.references} that are not there.`,
                remedy:
                  "Delete or mend these rows; whatever wrote them did not ask for foreign keys to be checked.",
              },
            ],
      ),
  },
];

function problems(
  code: string,
  rule: string,
  about: string,
  ...codes: readonly ProblemDocument["code"][]
): Check<DoctorInput> {
  return {
    code,
    rule,
    severity: "error",
    needs: ["database"],
    about,
    find: ({ database }) =>
      (database?.check.problems ?? [])
        .filter((problem) => codes.includes(problem.code))
        .map(({ revisions, files, message, remedy }) => ({
          subject: revisions.join(", "),
          file: files[0] ?? null,
          message,
          remedy,
        })),
  };
}

function counterFinding({
  table,
  column,
  used,
}: Extract<Ailment, { kind: "counter" }>): readonly NewFinding[] {
  if (used < soon) return [];
  const severity: Severity = used < verySoon ? "warning" : "error";
  const label = `${tableLabel(table)}.${column}`;
  return [
    {
      subject: label,
      severity,
      message: `${label} has used ${Math.floor(used * 100)} % of its numbers.`,
      remedy: "Make the column a bigint before no row can be added any longer.",
    },
  ];
}
