interface Name {
  readonly name: string;
}

interface Two {
  readonly module: string;
  readonly other: string;
}

const list = (names: readonly string[]): string => names.join(", ");

/** Errors of modules: their names, what they need of one another, what they own. */
export const moduleErrors = {
  "MODULE.NAME": {
    exit: 2 as const,
    message: (f: Name & { readonly problem: string }): string =>
      `"${f.name}" cannot be a module's name: ${f.problem}.`,
    remedy: (_: Name & { readonly problem: string }): string =>
      "Use a lower-case letter and after it lower-case letters, digits and underscores: it becomes a schema's name, or the prefix of tables.",
  },
  "MODULE.TABLE_NAME": {
    exit: 2 as const,
    message: (f: { readonly module: string; readonly table: string }): string =>
      `Table "${f.table}" repeats the name of its module "${f.module}".`,
    remedy: (f: { readonly module: string; readonly table: string }): string =>
      `Write ${JSON.stringify(f.table.slice(f.module.length + 1))}: the schema, or the prefix, is added by itself.`,
  },
  "MODULE.OPTIONS": {
    exit: 2 as const,
    message: (f: { readonly module: string; readonly option: string }): string =>
      `createModuleBase("${f.module}") was called before, with another ${f.option}.`,
    remedy: (_: { readonly module: string; readonly option: string }): string =>
      "Call it with options once, in one file of the module, and import the base from there.",
  },
  "MODULE.PROVIDER": {
    exit: 2 as const,
    message: (f: { readonly provider: string; readonly known: readonly string[] }): string =>
      `"${f.provider}" is no provider; known are ${list(f.known)}.`,
    remedy: (_: { readonly provider: string; readonly known: readonly string[] }): string =>
      "Leave `provider` out: names are resolved when the database is known.",
  },
  "MODULE.UNDECLARED": {
    exit: 2 as const,
    message: (f: Two & { readonly model: string; readonly property: string }): string =>
      `${f.model}.${f.property} refers to module "${f.other}", which module "${f.module}" does not depend on.`,
    remedy: (f: Two & { readonly model: string; readonly property: string }): string =>
      `Add "${f.other}" to the dependsOn of "${f.module}", or keep the relation without a constraint: { constraint: false }.`,
  },
  "MODULE.COLLISION": {
    exit: 2 as const,
    message: (f: { readonly name: string; readonly tables: readonly string[] }): string =>
      `${f.tables.join(" and ")} are one where a database has no schemas: "${f.name}".`,
    remedy: (_: { readonly name: string; readonly tables: readonly string[] }): string =>
      "Rename one of them, so that the modules can be used on every database.",
  },
  "MODULE.NOT_FOUND": {
    exit: 2 as const,
    message: (f: Name & { readonly known: readonly string[] }): string =>
      `There is no module "${f.name}"; found were ${f.known.length === 0 ? "none" : list(f.known)}.`,
    remedy: (_: Name & { readonly known: readonly string[] }): string =>
      "`athanor module list` shows the modules. They stand in the folders of MODULE_PATHS, or are packages that say so in package.json.",
  },
  "MODULE.MISSING": {
    exit: 2 as const,
    message: (f: Two): string => `Module "${f.module}" depends on "${f.other}", which is not there.`,
    remedy: (f: Two): string =>
      `Install or add the module "${f.other}", or take it out of the dependsOn of "${f.module}".`,
  },
  "MODULE.VERSION": {
    exit: 2 as const,
    message: (f: Two & { readonly range: string; readonly version: string }): string =>
      `Module "${f.module}" depends on "${f.other}" ${f.range}, and its version is ${f.version}.`,
    remedy: (f: Two & { readonly range: string; readonly version: string }): string =>
      `Install a version of "${f.other}" that fits, or widen the range.`,
  },
  "MODULE.CYCLE": {
    exit: 2 as const,
    message: (f: { readonly modules: readonly string[] }): string =>
      `Modules depend on one another in a circle: ${f.modules.join(" → ")}.`,
    remedy: (_: { readonly modules: readonly string[] }): string =>
      "Take one dependency out: move what both need into a module of its own, or keep the relation without a constraint.",
  },
  "MODULE.DUPLICATE": {
    exit: 2 as const,
    message: (f: Name & { readonly files: readonly string[] }): string =>
      `Two modules are called "${f.name}": ${f.files.join(" and ")}.`,
    remedy: (_: Name & { readonly files: readonly string[] }): string => "Rename or remove one of them.",
  },
  "MODULE.DEFINITION": {
    exit: 2 as const,
    message: (f: { readonly file: string; readonly problem: string }): string =>
      `${f.file} defines no module: ${f.problem}.`,
    remedy: (_: { readonly file: string; readonly problem: string }): string =>
      'Write `export default defineModule({ name: "orders", version: "1.0.0", dependsOn: { users: "^1.0.0" } })`.',
  },
  "MODULE.MISNAMED": {
    exit: 2 as const,
    message: (f: { readonly file: string; readonly name: string; readonly base: string }): string =>
      `${f.file} calls its module "${f.name}", and its models are made by createModuleBase("${f.base}").`,
    remedy: (_: { readonly file: string; readonly name: string; readonly base: string }): string =>
      "Give both the same name: the tables, the branch of the history and the dependencies go by it.",
  },
  "MODULE.DISAGREES": {
    exit: 2 as const,
    message: (f: { readonly module: string; readonly meta: string; readonly base: string }): string =>
      `Module "${f.module}" says two things of what it depends on: ${f.meta || "nothing"} in its definition, ${f.base || "nothing"} in createModuleBase.`,
    remedy: (_: { readonly module: string; readonly meta: string; readonly base: string }): string =>
      "Say it once, in the definition, and leave dependsOn out of createModuleBase; or make both the same.",
  },
  "MODULE.IMPORT": {
    exit: 2 as const,
    message: (f: { readonly module: string; readonly file: string; readonly reason: string }): string =>
      `The models of module "${f.module}" cannot be imported (${f.file}): ${f.reason}`,
    remedy: (_: { readonly module: string; readonly file: string; readonly reason: string }): string =>
      "Mend the file. Nothing is known of any module until all of them can be imported.",
  },
  "MODULE.PACKAGE_TYPESCRIPT": {
    exit: 2 as const,
    message: (f: { readonly package: string; readonly file: string }): string =>
      `The package ${f.package} names ${f.file} as its module, and Node strips no types under node_modules.`,
    remedy: (_: { readonly package: string; readonly file: string }): string =>
      "The package has to ship JavaScript: build it, and name the .js file under athanor.module in its package.json.",
  },
  "MODULE.REFERENCED": {
    exit: 2 as const,
    message: (f: {
      readonly module: string;
      readonly dependents: readonly string[];
      readonly references: readonly string[];
    }): string =>
      `Module "${f.module}" cannot go: ${list(f.dependents)} ${f.dependents.length === 1 ? "needs" : "need"} it${f.references.length === 0 ? "" : ` (${f.references.join("; ")})`}.`,
    remedy: (f: {
      readonly module: string;
      readonly dependents: readonly string[];
      readonly references: readonly string[];
    }): string =>
      `Uninstall ${f.dependents.toReversed().join(", then ")} first, or all of them at once: athanor module uninstall ${f.module} --cascade.`,
  },
  "MODULE.NOT_INSTALLED": {
    exit: 2 as const,
    message: (f: Name): string => `Module "${f.name}" is not installed in this database.`,
    remedy: (f: Name): string => `athanor module add ${f.name} installs it.`,
  },
  "MODULE.INACTIVE_DEPENDENCY": {
    exit: 2 as const,
    message: (f: Two): string => `Module "${f.module}" needs "${f.other}", which is disabled here.`,
    remedy: (f: Two): string => `athanor module add ${f.other} takes it up again.`,
  },
  "MODULE.CONFIRM": {
    exit: 2 as const,
    message: (f: {
      readonly modules: readonly string[];
      readonly tables: number;
      readonly rows: string;
    }): string =>
      `Uninstalling ${list(f.modules)} drops ${f.tables} ${f.tables === 1 ? "table" : "tables"} (${f.rows}), and nobody can be asked.`,
    remedy: (_: {
      readonly modules: readonly string[];
      readonly tables: number;
      readonly rows: string;
    }): string =>
      "Look at the plan (--plan), and give --confirm; --dump FOLDER writes the rows to files first.",
  },
  "MODULE.DUMP": {
    exit: 2 as const,
    message: (f: { readonly file: string; readonly reason: string }): string =>
      `The rows cannot be written to ${f.file}: ${f.reason}.`,
    remedy: (_: { readonly file: string; readonly reason: string }): string =>
      "Nothing was dropped. Name another folder, or move what is in the way.",
  },
  "MODULE.HOOK": {
    exit: 3 as const,
    message: (f: { readonly module: string; readonly hook: string; readonly reason: string }): string =>
      `The hook ${f.hook} of module "${f.module}" failed: ${f.reason}`,
    remedy: (_: { readonly module: string; readonly hook: string; readonly reason: string }): string =>
      "Its own changes were rolled back. What was migrated before it stands; mend the hook and run the command again.",
  },
  "MODULE.SEVERAL_CHANGED": {
    exit: 2 as const,
    message: (f: { readonly changed: readonly string[] }): string =>
      `Changes of several owners (${list(f.changed)}) cannot go into one file.`,
    remedy: (_: { readonly changed: readonly string[] }): string =>
      "Leave --head, --rev-id and --version-path out: each module that changed gets a file of its own.",
  },
};
