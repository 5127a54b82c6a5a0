import type { DdlWriter, PlanCheck } from "../design.ts";
import { quoteString } from "./quote.ts";

/** What scripts need: they are run by psql and its like, in sessions that nobody prepared. */
export const scripts: Pick<DdlWriter, "assertion" | "literal" | "scriptNote" | "scriptSettings"> = {
  assertion,
  literal: (value) =>
    typeof value === "string"
      ? quoteString(value)
      : `${quoteString(`\\x${Buffer.from(value).toString("hex")}`)}::bytea`,
  scriptNote:
    "Run this so that the first error ends it, as `psql -v ON_ERROR_STOP=1` does: some of it stands outside the transaction.",
  scriptSettings: [
    "SET client_encoding = 'UTF8'",
    "SET standard_conforming_strings = on",
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO'",
    "SET IntervalStyle = 'iso_8601'",
  ],
};

/** A block that raises what the check found. */
function assertion(check: PlanCheck): string {
  const body = [
    "DECLARE answer record;",
    "BEGIN",
    `  FOR answer IN SELECT n, example FROM (${check.sql}) AS checked (n, example) LOOP`,
    `    RAISE EXCEPTION '%: % (%)', ${quoteString(check.violation)}, answer.n, answer.example;`,
    "  END LOOP;",
    "END",
  ].join("\n");
  return `DO ${quoteString(body)}`;
}
