/** The projects that `startproject` can make. */
export const templates = ["sqlite", "postgres", "mysql", "modules"] as const;

/** One of those. */
export type Template = (typeof templates)[number];

/** What of a new project depends on its database. */
export interface ProjectDatabase {
  /** The driver, as `package.json` names it; none where Node brings its own. */
  readonly driver: Readonly<Record<string, string>>;
  /** The lines of `[database]` in the configuration. */
  readonly settings: (name: string) => string;
  /** `.env.example`, which is copied to `.env.local`; null where there is no secret. */
  readonly secrets: string | null;
  /** `compose.yaml`, a server for development; null where none is needed. */
  readonly compose: ((name: string) => string) | null;
}

const password = "change-me";

const secrets = `# Copy to .env.local, which is not committed.\nDB_PASS=${password}\n`;

/** A name that every database takes without quotes. */
function databaseName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replace(/^(?=\d)/, "_");
}

function server(engine: string, port: number, user: string): (name: string) => string {
  return (name) => `DB_ENGINE = "${engine}"
DB_HOST = "localhost"
DB_PORT = ${port}
DB_USER = "${user}"
DB_NAME = "${databaseName(name)}"    # DB_PASS stands in .env.local; or DATABASE_URL = "${engine}://…", whole
`;
}

/** A database in a file: nothing has to be installed, and nothing is secret. */
const inFile: ProjectDatabase = {
  driver: {},
  settings: () => `DB_ENGINE = "sqlite"
DB_NAME = "database.db"     # from this folder; or DATABASE_URL = "sqlite:///database.db"
`,
  secrets: null,
  compose: null,
};

/** The database of each template. */
export const projectDatabases: Readonly<Record<Template, ProjectDatabase>> = {
  sqlite: inFile,
  modules: inFile,
  postgres: {
    driver: { pg: "^8.16.0" },
    settings: server("postgresql", 5432, "postgres"),
    secrets,
    compose: (name) => `services:
  database:
    image: postgres:17
    environment:
      POSTGRES_DB: ${databaseName(name)}
      POSTGRES_PASSWORD: \${DB_PASS:-${password}}
    ports: ["5432:5432"]
    volumes: ["database:/var/lib/postgresql/data"]
volumes:
  database:
`,
  },
  mysql: {
    driver: { mysql2: "^3.15.0" },
    settings: server("mysql", 3306, "root"),
    secrets,
    compose: (name) => `services:
  database:
    image: mysql:8.4
    environment:
      MYSQL_DATABASE: ${databaseName(name)}
      MYSQL_ROOT_PASSWORD: \${DB_PASS:-${password}}
    ports: ["3306:3306"]
    volumes: ["database:/var/lib/mysql"]
volumes:
  database:
`,
  },
};
