import { templateSource } from "../script/index.ts";
import { packageVersion } from "../util/package-version.ts";
import type { FileSet } from "./write-files.ts";

/** The migrations folder, as `init` writes it. */
export function migrationFiles(folder: string): FileSet {
  return {
    [`${folder}/template.ts`]: templateSource,
    [`${folder}/versions/.gitkeep`]: "",
    [`${folder}/README.md`]: migrationsReadme,
  };
}

/** The configuration file. */
export function configFile(migrations: string): string {
  return `# Athanor's configuration. Environment variables of the same names, and .env files, go before it.

[database]
DB_ENGINE = "sqlite"
DB_NAME = "database.db"     # from this folder; or DATABASE_URL = "sqlite:///database.db"

[migration]
MIGRATION_DIR = "${migrations}"

[discovery]
MODEL_DISCOVERY_PATHS = ["models"]
`;
}

/** A new project, whole. `athanor` is the version, or the file, that it depends on. */
export function projectFiles(name: string, athanor: string = `^${packageVersion}`): FileSet {
  return {
    "package.json": packageFile(name, athanor),
    "tsconfig.json": tsconfigFile,
    "athanor.toml": configFile("migrations"),
    ".gitignore": "node_modules/\n*.db\n*.db-journal\n.env.local\n",
    "models/hero.ts": heroFile,
    "models/team.ts": teamFile,
    "main.ts": mainFile,
    "manage.ts": manageFile,
    "README.md": readmeFile(name),
    ...migrationFiles("migrations"),
  };
}

function packageFile(name: string, athanor: string): string {
  const content = {
    name: name.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-"),
    private: true,
    type: "module",
    engines: { node: ">=22.18" },
    scripts: {
      makemigrations: "athanor makemigrations",
      migrate: "athanor migrate",
      check: "athanor check && tsc",
      start: "node main.ts",
    },
    dependencies: { athanor, zod: "^4.1.0" },
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

const heroFile = `import { randomUUID } from "node:crypto";
import { field, Model, one } from "athanor";
import { z } from "zod";
import { Team } from "./team.ts"; // team.ts imports this file too: what names another model is an arrow, so it works

export class Hero extends Model("hero", {
  id: field(z.uuid(), { primaryKey: true, defaultFactory: randomUUID }),
  name: field(z.string().max(80), { index: true }),
  secretName: field(z.string()),
  age: field(z.int().min(0).nullable(), { index: true }),
  teamId: () => field(z.uuid().nullable(), { foreignKey: Team.c.id, onDelete: "set null" }),
  team: () => one(Team, { backPopulates: "heroes" }),
}) {}
`;

const teamFile = `import { randomUUID } from "node:crypto";
import { field, Model, many } from "athanor";
import { z } from "zod";
import { Hero } from "./hero.ts";

export class Team extends Model("team", {
  id: field(z.uuid(), { primaryKey: true, defaultFactory: randomUUID }),
  name: field(z.string().max(80), { unique: true }),
  headquarters: field(z.string()),
  heroes: () => many(Hero, { backPopulates: "team" }),
}) {}
`;

const mainFile = `import { createEngine, Session, select } from "athanor";
import { Hero } from "./models/hero.ts";
import { Team } from "./models/team.ts";

const engine = createEngine("sqlite:///database.db");

await Session.run(engine, async (session) => {
  const name = \`Preventers \${Date.now()}\`;
  const team = new Team({ name, headquarters: "Sharp Tower" });
  session.add(new Hero({ name: "Rusty-Man", secretName: "Tommy Sharp", age: 48, team }));
  session.add(new Hero({ name: "Spider-Boy", secretName: "Pedro Parqueador", age: 16, team }));
  await session.commit();

  const heroes = await session
    .exec(select(Hero).where(Hero.c.age.gt(30)).with("team").orderBy(Hero.c.name))
    .all();
  for (const hero of heroes) console.log(\`\${hero.name}, \${hero.age}, of \${hero.team?.name}\`);
});

await engine.dispose();
`;

const manageFile = `import { runCli } from "athanor/cli";

// The same commands as \`athanor\`, in this process: connect handlers of your own before this line.
process.exitCode = await runCli(process.argv.slice(2));
`;

const migrationsReadme = `# Migrations

\`versions/\` holds one file for each revision; \`template.ts\` is what new files are made from.

- \`athanor makemigrations "what changes"\` compares the models with the database and writes the next file. Read it.
- \`athanor migrate\` applies what is pending; \`athanor rollback\` undoes the last one.
- \`athanor history\` shows the graph, \`athanor check\` whether anything is left to do.
`;

function readmeFile(name: string): string {
  return `# ${name}

\`\`\`sh
npm install
npx athanor makemigrations "create hero and team"
npx athanor migrate
node main.ts
\`\`\`

Models stand in \`models/\`, migrations in \`migrations/versions/\`, settings in \`athanor.toml\`.
`;
}
