import { posix } from "node:path";
import type { FoundModule } from "../discover/find-modules.ts";
import { tableLabel } from "../schema/index.ts";
import type { Check, NewFinding } from "./finding.ts";
import type { DoctorInput } from "./input.ts";

/** Checks of modules and of what their files say. */
export const moduleChecks: readonly Check<DoctorInput>[] = [
  {
    code: "SM001",
    rule: "broken definition",
    severity: "error",
    needs: [],
    about:
      "a module's definition or a model file that cannot be read, modules that miss or contradict one another",
    find: ({ troubles }) =>
      troubles
        .filter(({ code }) => code !== "MODULE.DUPLICATE" && code !== "MODULE.COLLISION")
        .map(({ code, message, remedy }) => ({ subject: code, message, remedy })),
  },
  {
    code: "SM007",
    rule: "empty module",
    severity: "notice",
    needs: ["modules"],
    about: "a module without models and without hooks",
    find: ({ modules }) =>
      (modules ?? [])
        .filter(({ models, hooks }) => models.length === 0 && Object.keys(hooks).length === 0)
        .map(({ name, file }) => ({
          subject: name,
          module: name,
          file,
          message: `Module "${name}" has neither models nor hooks.`,
          remedy: "Add its models.ts, or take the module away.",
        })),
  },
  {
    code: "SM008",
    rule: "name conflict",
    severity: "error",
    needs: [],
    about: "two modules of one name, tables of two modules that are one where a database has no schemas",
    find: ({ troubles }) =>
      troubles
        .filter(({ code }) => code === "MODULE.DUPLICATE" || code === "MODULE.COLLISION")
        .map(({ code, message, remedy }) => ({ subject: code, message, remedy })),
  },
  {
    code: "SM009",
    rule: "undeclared import",
    severity: "error",
    needs: ["modules", "models"],
    about:
      "a file of a module's models that imports another module which its own does not depend on; imports of types aside",
    find: undeclaredImports,
  },
  {
    code: "SM011",
    rule: "not in the history",
    severity: "warning",
    needs: ["models", "history"],
    about: "a table of the models that no migration creates",
    find: ({ models, history }) => {
      const created = (history?.differences ?? []).filter(({ kind }) => kind === "createTable");
      return created.map(({ table }) => ({
        subject: table ?? "",
        file: models?.models.find((model) => tableLabel(model.table) === table)?.file ?? null,
        message: `Table ${table} is in the models, and no migration creates it.`,
        remedy: "athanor makemigrations writes the migration.",
      }));
    },
  },
  {
    code: "SM105",
    rule: "several heads",
    severity: "error",
    needs: ["history"],
    about: "a branch with more than one head",
    find: ({ history, modules }) => {
      const names = new Set((modules ?? []).map(({ name }) => name));
      const owner = (labels: readonly string[]): string => labels.find((label) => names.has(label)) ?? "";
      const groups = Map.groupBy(history?.heads ?? [], ({ labels }) => owner(labels));
      return [...groups].flatMap(([module, heads]) => {
        if (heads.length < 2) return [];
        const list = heads.map(({ revision }) => revision).join(", ");
        return [
          {
            subject: module === "" ? "history" : module,
            module: module === "" ? null : module,
            file: heads[0]?.file ?? null,
            message: `The ${module === "" ? "history" : `branch of ${module}`} has ${heads.length} heads: ${list}.`,
            remedy: `athanor merge ${heads.map(({ revision }) => revision).join(" ")} joins them.`,
          },
        ];
      });
    },
  },
];

/** What files of a module import, as far as they lead within it: each first step out of it, into another. */
function undeclaredImports({ modules, models, imports }: DoctorInput): readonly NewFinding[] {
  const list = modules ?? [];
  const ownerOf = (file: string): FoundModule | undefined =>
    list.find((module) => file.startsWith(`${posix.dirname(module.file)}/`));
  const files = new Set((models?.models ?? []).map(({ file }) => file));
  const findings: NewFinding[] = [];
  for (const file of files) {
    const home = ownerOf(file);
    if (home === undefined) continue;
    for (const { specifier, target } of imports(file)) {
      const other = ownerOf(target);
      if (other === home) files.add(target);
      if (other === undefined || other === home || other.name in home.dependsOn) continue;
      const message = `${file} imports ${specifier}, of module "${other.name}", which "${home.name}" does not depend on.`;
      const remedy = `Add "${other.name}" to the dependsOn of "${home.name}".`;
      findings.push({ subject: `${home.name} -> ${other.name}`, module: home.name, file, message, remedy });
    }
  }
  return findings;
}
