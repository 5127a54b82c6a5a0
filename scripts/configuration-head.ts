/** What `docs/configuration.md` says before its tables. */
export const configurationHead: string = `<!-- Written by \`npm run configuration\` from src/config/schema.ts and scripts/configuration-head.ts. Do not edit. -->

# Configuration

\`\`\`toml
#:schema ./node_modules/athanor/athanor.schema.json

[database]
DATABASE_URL = "postgresql://app@localhost/app"    # its password is in .env.local, as DB_PASS

[discovery]
MODEL_DISCOVERY_PATHS = ["src/**/models"]
\`\`\`

\`athanor config\` shows every key, its value and where that came from, secrets masked; \`athanor config KEY\` one value,
\`--changed\` what is not the default, \`--json\` everything for machines.

## Where values come from

What comes first in this list counts:

1. flags: \`--url\`, \`--config FILE\`
2. the environment: a variable of the key's own name
3. \`.env.<ENVIRONMENT>.local\`
4. \`.env.<ENVIRONMENT>\`, such as \`.env.production\`
5. \`.env.local\`
6. \`.env\`
7. the configuration file
8. the default

\`.env\` files stand beside the configuration file. An empty text counts for a key of type text; for any other it is as if
nothing were said. \`SM_DATABASE_URL\` is another name for \`DATABASE_URL\` in the environment.

**The file** is looked for in the working directory and the folders above it, as far as the first \`package.json\`. Its
name is \`athanor.toml\`, \`athanor.yaml\`, \`athanor.yml\`, \`athanor.json\` or \`athanor.config.ts\` (also \`.mts\`, \`.js\`,
\`.mjs\`); else \`config.*\` and then \`alembic.*\` of the first four endings are taken where they hold a section of ours.
Settings in one file and hooks in \`athanor.config.ts\` beside it go together; two files that give one key different
values are refused, since nobody could say which counts. \`--config FILE\` reads that file and no other. Paths count from
the folder of the file.

**The database** is \`DATABASE_URL\`, or is put together from the \`DB_\` keys.

- In one source \`DATABASE_URL\` goes before \`DB_ENGINE\`, \`DB_HOST\`, \`DB_PORT\` and \`DB_NAME\`; where they say otherwise, a
  warning says so.
- A \`DB_ENGINE\`, \`DB_HOST\` or \`DB_NAME\` from a higher source goes before a \`DATABASE_URL\` from a lower one.
- \`DB_USER\` and \`DB_PASS\` fill in what \`DATABASE_URL\` leaves out, so that a password can be kept out of the file. They
  never replace what it says, and \`--url\` is taken as it is.
- Relative paths of file databases count from the project's root; with \`--url\`, from the working directory.

An unknown key, a value of a wrong type, a number out of range, a file that cannot be read: each is a \`CONFIG.…\` error
([errors.md](errors.md)) that names file, line and key, and the nearest right spelling.

## In a program

\`\`\`ts
import { Config, initializeCore } from "athanor/config";

const config = await Config.load();                  // or { file: "custom.toml", env: false }
config.get("DB_PORT");                               // number | undefined
config.set("LOGGING_LEVEL", "DEBUG", { section: "logging" }); // checked; seen everywhere at once
config.databaseUrl;                                  // may hold a password: never print it
config.toDict();                                     // secrets masked

const { logger, errorHandler, dispatcher } = await initializeCore();
\`\`\`

What is wrong is a \`ConfigurationError\`, with file, line and key in its fields:

\`\`\`ts
import { Config, ConfigurationError } from "athanor/config";

try {
  await Config.load();
} catch (error) {
  if (error instanceof ConfigurationError) console.error(\`Configuration error: \${error.message}\`, error.remedy);
  else throw error;
}
\`\`\`

\`createEngine(config.databaseUrl, config.engineOptions)\` gives an engine as configured.

\`\`\`ts
// athanor.config.ts
import { defineConfig } from "athanor/config";

export default defineConfig({
  database: { DB_ENGINE: "sqlite", DB_NAME: "app.db" },
  includeObject: ({ kind, name }) => !(kind === "table" && name.startsWith("legacy_")),
});
\`\`\`

[hooks.md](hooks.md) has every hook.

Editors complete and check the other formats with \`athanor.schema.json\`: the first line above does it for TOML,
\`# yaml-language-server: $schema=./node_modules/athanor/athanor.schema.json\` for YAML, and the key \`"$schema"\` for JSON.

## The log

A command shows warnings and errors on standard error, and says itself what it did; \`LOGGING_LEVEL\`, \`DEBUG\` and
\`--verbose\` show more, \`--quiet\` only errors. \`LOGGING_FILE\` gets everything from \`LOGGING_LEVEL\` up. It is put aside as
\`<file>.1\` before it grows beyond \`LOGGING_MAX_BYTES\`. \`LOGGING_FORMAT\` is \`pretty\`, \`json\` (one object to a line), or
a format of \`%(asctime)s\`, \`%(name)s\`, \`%(levelname)s\`, \`%(levelno)s\`, \`%(message)s\`, \`%(process)d\` and
\`%(fields)s\`, with widths as in \`%(levelname)-8s\`. \`DATABASE_ECHO\` shows each statement with its time. Passwords are
masked wherever they stand.

\`athanor/log\` has the same for programs: \`createLogger\`, \`createFormatter\`, \`streamSink\`, \`fileSink\`.

## Keys

Each is a key of its section in a file, and a variable of the same name in the environment.
`;
