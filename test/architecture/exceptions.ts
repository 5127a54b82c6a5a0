/** What is excused from a rule, file by file. An exception that is no longer needed fails the test as well. */
export interface Exception {
  readonly rule: RuleName;
  /** The file, from the root of the repository. */
  readonly file: string;
  readonly reason: string;
}

/** The names of the rules, as problems show them. */
export type RuleName =
  | "layers"
  | "packages"
  | "planes"
  | "cycles"
  | "size"
  | "documented"
  | "database-names"
  | "bare-errors"
  | "process"
  | "any";

/** Kept short on purpose. */
export const exceptions: readonly Exception[] = [
  {
    rule: "database-names",
    file: "src/dialect/registry.ts",
    reason:
      "the one list that leads from the scheme of a URL to the folder of a database, loaded on first use",
  },
  {
    rule: "database-names",
    file: "src/model/objects/one-database.ts",
    reason: "policies, domains and their like are one database's, and say so by its name",
  },
  {
    rule: "database-names",
    file: "src/model/range.ts",
    reason: "its column types are one database's, and a type of one database is written with its name",
  },
];
