import { join } from "node:path";
import type { LoadedConfig } from "../config/index.ts";
import type { Environment, EnvironmentOptions, MigrationEvent } from "../migrate/index.ts";
import type { GlobalOptions, Output } from "./output.ts";

/** A project's environment, its configuration, and what was found of its models once they were asked for. */
export interface Project {
  readonly config: LoadedConfig;
  readonly environment: Environment;
}

/** How much of a project a command needs. */
export interface ProjectNeeds {
  /** False works on files alone. Default true. */
  readonly database?: boolean;
  /**
   * The models are compared: they are found before anything else is touched, so that a model file that is broken
   * leaves no trace.
   */
  readonly models?: boolean;
}

/** Runs `work` with the project's environment, and closes it whatever happens. */
export async function withProject<T>(
  options: GlobalOptions,
  output: Output,
  work: (project: Project) => Promise<T>,
  needs: ProjectNeeds = {},
): Promise<T> {
  const { loadConfig } = await import("../config/index.ts");
  const config = await loadConfig({
    ...(options.config === undefined ? {} : { file: options.config }),
    ...(options.url === undefined ? {} : { url: options.url }),
  });
  const models = needs.models === true ? await modelsOf(config) : null;
  const environment = await open(config, output, needs, async () => models ?? modelsOf(config));
  try {
    return await work({ config, environment });
  } finally {
    await environment.close();
  }
}

type Models = NonNullable<EnvironmentOptions["models"]>;

async function open(
  config: LoadedConfig,
  output: Output,
  needs: ProjectNeeds,
  models: Models,
): Promise<Environment> {
  const [{ openEnvironment }, { dialectFor }] = await Promise.all([
    import("../migrate/index.ts"),
    import("../dialect/registry.ts"),
  ]);
  const { migration } = config.values;
  const folder = join(config.root, migration.MIGRATION_DIR);
  const environment: EnvironmentOptions = {
    root: config.root,
    dialect: await dialectFor(config.databaseUrl),
    url: needs.database === false ? null : config.databaseUrl,
    versionLocations: [join(folder, migration.MIGRATION_VERSIONS_PATH)],
    versionTable: migration.MIGRATION_VERSION_TABLE,
    logTable: migration.MIGRATION_LOG_TABLE,
    template: await templateOf(folder),
    fileTemplate: migration.MIGRATION_FILE_TEMPLATE,
    lockTimeout: migration.MIGRATION_LOCK_TIMEOUT * 1000,
    models,
    hooks: config.hooks,
    onEvent: (event) => tell(event, output),
  };
  return openEnvironment(environment);
}

async function templateOf(folder: string): Promise<string | null> {
  const { existsSync } = await import("node:fs");
  const path = join(folder, "template.ts");
  return existsSync(path) ? path : null;
}

/** The project's models; imported apart, and only when a command compares them. */
async function modelsOf(config: LoadedConfig): ReturnType<Models> {
  const { discover } = await import("../discover/index.ts");
  const { discovery } = config.values;
  return discover({
    root: config.root,
    paths: discovery.MODEL_DISCOVERY_PATHS,
    exclude: discovery.EXCLUDE_PATHS,
    timeout: discovery.DISCOVERY_TIMEOUT,
  });
}

/** Progress of a run, beside the answer. */
function tell(event: MigrationEvent, output: Output): void {
  if (event.kind === "lockWaiting") {
    output.note(`waiting for another migration to end (at most ${Math.round(event.limit / 1000)} s)…`);
  } else if (event.kind === "warning") {
    output.note(
      `${output.style("yellow", "warning", process.stderr)}: ${event.problem.message}\n  what to do: ${event.problem.remedy}`,
    );
  } else if (event.kind === "statementFinished" && output.options.verbose === true) {
    output.note(`${event.sql};  -- ${event.milliseconds.toFixed(1)} ms`);
  }
}
