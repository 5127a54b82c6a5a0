import { templateSource } from "../script/index.ts";
import { packageVersion } from "../util/package-version.ts";
import { type ProjectDatabase, projectDatabases, type Template } from "./project-database.ts";
import { heroes } from "./project-heroes.ts";
import { shop } from "./project-shop.ts";
import type { FileSet } from "./write-files.ts";

/** The migrations folder, as `init` writes it. */
export function migrationFiles(folder: string): FileSet {
  return {
    [`${folder}/template.ts`]: templateSource,
    [`${folder}/versions/.gitkeep`]: "",
    [`${folder}/README.md`]: migrationsReadme,
  };
}

/** The configuration file; `database` are the lines of its section. */
export function configFile(
  migrations: string,
  database: string = projectDatabases.sqlite.settings(""),
  discovery = 'MODEL_DISCOVERY_PATHS = ["models"]',
): string {
  return `#:schema ./node_modules/athanor/athanor.schema.json
# Athanor's configuration: \`athanor config\` shows all of it. Environment variables of the same names, and .env
# files, go before it.

[database]
${database}
[migration]
MIGRATION_DIR = "${migrations}"

[discovery]
${discovery}
`;
}

/** Where the models of a template are. */
const lookedIn: Readonly<Partial<Record<Template, string>>> = { modules: 'MODULE_PATHS = ["modules"]' };

/** What a new project is made of. */
export interface ProjectOptions {
  readonly name: string;
  readonly template: Template;
  /** The version of Athanor, or the file, that it depends on. Default this one. */
  readonly athanor?: string | undefined;
}

/** A new project, whole. */
export function projectFiles({ name, template, athanor = `^${packageVersion}` }: ProjectOptions): FileSet {
  const database = projectDatabases[template];
  return {
    "package.json": packageFile(name, athanor, database),
    "tsconfig.json": tsconfigFile,
    "athanor.toml": configFile("migrations", database.settings(name), lookedIn[template]),
    ".gitignore":
      "node_modules/\n.athanor/\n*.db\n*.db-journal\n*.db-athanor-lock\n.env.local\n.env.*.local\nlogs/\n",
    ...(database.secrets === null ? {} : { ".env.example": database.secrets }),
    ...(database.compose === null ? {} : { "compose.yaml": database.compose(name) }),
    ...(template === "modules" ? shop : heroes),
    "manage.ts": manageFile,
    "README.md": readmeFile(name, template),
    ...migrationFiles("migrations"),
  };
}

function packageFile(name: string, athanor: string, database: ProjectDatabase): string {
  const content = {
    name: name.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-"),
    private: true,
    type: "module",
    engines: { node: ">=22.18" },
    scripts: {
      makemigrations: "node manage.ts makemigrations",
      migrate: "node manage.ts migrate",
      check: "node manage.ts check && tsc",
      start: "node main.ts",
      test: 'node --test "test/**/*.test.ts"',
    },
    dependencies: { athanor, ...database.driver, zod: "^4.1.0" },
    devDependencies: { "@types/node": "^24.0.0", typescript: "^7.0.0" },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

const tsconfigFile = `{
  "compilerOptions": {
    "target": "ES2024",
    "lib": ["ES2024", "ESNext.Disposable"],
    "module": "NodeNext",
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "verbatimModuleSyntax": true,
    "erasableSyntaxOnly": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["**/*.ts"]
}
`;

const manageFile = `import { runCli } from "athanor/cli";
import { dispatcher } from "athanor/signals";

// The same commands as \`athanor\`, in this process; handlers of one's own are connected before they run.
dispatcher.connect("revision_applied", ({ direction, revision, duration }) => {
  if (duration > 1000) console.error(\`\${direction} \${revision} took \${duration} ms\`);
});

process.exitCode = await runCli(process.argv.slice(2));
`;

const migrationsReadme = `# Migrations

\`versions/\` holds one file for each revision; \`template.ts\` is what new files are made from.

- \`athanor makemigrations "what changes"\` compares the models with the database and writes the next file. Read it.
- \`athanor migrate\` applies what is pending; \`athanor rollback\` undoes the last one.
- \`athanor history\` shows the graph, \`athanor check\` whether anything is left to do.
`;

/** What is typed first in a new project, in order. */
export function firstCommands(template: Template): readonly string[] {
  const server = projectDatabases[template].compose !== null;
  return [
    "npm install",
    "npm test",
    ...(server
      ? [
          "cp .env.example .env.local      # and choose a password",
          "docker compose --env-file .env.local up -d",
        ]
      : []),
    `npx athanor makemigrations "${template === "modules" ? "the first tables" : "create hero and team"}"`,
    "npx athanor migrate",
    "node main.ts",
  ];
}

const about: Readonly<Record<"modules" | "models", string>> = {
  models: "Models stand in `models/`, migrations in `migrations/versions/`, settings in `athanor.toml`.",
  modules: `Each folder of \`modules/\` is a module: \`module.ts\` names it and what it depends on, \`models.ts\` has its models,
\`migrations/\` its migrations. \`npx athanor module list\` shows them, \`makemigrations\` writes a file for each that
changed, \`npx athanor module uninstall orders\` takes one out again. Settings are in \`athanor.toml\`.`,
};

function readmeFile(name: string, template: Template): string {
  return `# ${name}

\`\`\`sh
${firstCommands(template).join("\n")}
\`\`\`

${about[template === "modules" ? "modules" : "models"]}

\`node manage.ts\` runs the same commands as \`athanor\`, with the signal handlers that stand in it. The tests run on a
database in memory, or on the one that \`TEST_DATABASE_URL\` names.
`;
}
