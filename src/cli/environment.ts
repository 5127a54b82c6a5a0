import type { LoadedConfig } from "../config/index.ts";
import { branchesOf, findProjectModules, withModuleModels } from "../config/project-modules.ts";
import type { FoundModule } from "../discover/find-modules.ts";
import type { Environment, EnvironmentOptions, MigrationEvent } from "../migrate/index.ts";
import { openLog } from "./open-log.ts";
import type { GlobalOptions, Output } from "./output.ts";
import { sendRevisionSignal, withEngineSignals } from "./signals.ts";

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
  /** Modules that cannot be found are no reason to stop: whoever asks looks for them anew. Default false. */
  readonly tolerant?: boolean;
}

/** Runs `work` with the project's environment, and closes it whatever happens. */
export async function withProject<T>(
  options: GlobalOptions,
  output: Output,
  work: (project: Project) => Promise<T>,
  needs: ProjectNeeds = {},
): Promise<T> {
  const { loadConfig } = await import("../config/load.ts");
  const config = await loadConfig({
    ...(options.config === undefined ? {} : { file: options.config }),
    ...(options.url === undefined ? {} : { url: options.url }),
  });
  await openLog(config, output);
  // Whoever waits for longer than a moment sees that something is done, whatever the command.
  const doing = `athanor ${output.call?.commandName.replaceAll("_", " ") ?? ""}`;
  return withEngineSignals(output, async () => {
    output.progress.update(doing);
    const modules = await findProjectModules(config).catch((error: unknown) => {
      if (needs.tolerant === true) return [];
      throw error;
    });
    const find = (): ReturnType<Models> => modelsOf(config, output, modules);
    const models = needs.models === true ? await find() : null;
    const environment = await open(config, output, needs, { models: async () => models ?? find(), modules });
    try {
      output.progress.update(doing);
      return await work({ config, environment });
    } finally {
      output.progress.end();
      await environment.close();
    }
  });
}

type Models = NonNullable<EnvironmentOptions["models"]>;

async function open(
  config: LoadedConfig,
  output: Output,
  needs: ProjectNeeds,
  found: { readonly models: Models; readonly modules: readonly FoundModule[] },
): Promise<Environment> {
  const [{ openEnvironment }, { projectOptions }] = await Promise.all([
    import("../migrate/environment.ts"),
    import("../config/project.ts"),
  ]);
  const options = await projectOptions(config);
  const onStatement = output.log?.onStatement ?? null;
  return openEnvironment({
    ...options,
    url: needs.database === false ? null : options.url,
    models: found.models,
    modules: branchesOf(found.modules),
    moduleNaming: config.values.discovery.MODULE_NAMING,
    onEvent: async (event) => {
      tell(event, output);
      await sendRevisionSignal(event, output);
    },
    connect: { ...options.connect, ...(onStatement === null ? {} : { onStatement }) },
  });
}

/** The project's models; imported apart, and only when a command compares them. */
export async function modelsOf(
  config: LoadedConfig,
  output: Output,
  modules: readonly FoundModule[],
): ReturnType<Models> {
  const { checkModules, ModelDiscoverer } = await import("../discover/index.ts");
  const logger = output.log?.logger;
  const { progress } = output;
  const onImport = (file: string, index: number, total: number): void =>
    progress.update(`importing models, ${index + 1} of ${total}: ${file}`);
  try {
    const discovered = await new ModelDiscoverer({
      config: withModuleModels(config, modules),
      ...(logger === undefined ? {} : { logger }),
      onImport,
    }).discover();
    checkModules(discovered, modules);
    return discovered;
  } finally {
    progress.end();
  }
}

/** Progress of a run, beside the answer and in the log. */
function tell(event: MigrationEvent, output: Output): void {
  const file = output.log?.file.child("migrate");
  showProgress(event, output);
  if (event.kind === "lockWaiting") {
    const holder = event.holder === null ? "" : `: ${event.holder}`;
    output.note(
      `waiting for another migration to end (at most ${Math.round(event.limit / 1000)} s)${holder}…`,
    );
  } else if (event.kind === "revisionResumed") {
    const { direction, revision, finished } = event;
    file?.info(`${direction} ${revision} goes on`, { finished });
    output.note(
      `${direction} of ${revision} was broken off: going on after ${finished} finished ${finished === 1 ? "statement" : "statements"}`,
    );
  } else if (event.kind === "retry") {
    tellRetry(event, output);
  } else if (event.kind === "warning") {
    file?.warning(event.problem.message, { code: event.problem.code, remedy: event.problem.remedy });
    output.note(
      `${output.style("yellow", "warning", process.stderr)}: ${event.problem.message}\n  what to do: ${event.problem.remedy}`,
    );
  } else if (event.kind === "statementFinished") {
    const echoed = output.log?.onStatement != null;
    if (output.options.verbose === true && !echoed)
      output.note(`${event.sql};  -- ${event.milliseconds.toFixed(1)} ms`);
  } else if (event.kind === "revisionStarted") {
    file?.info(`${event.direction} ${event.revision}: ${event.message}`);
  } else if (event.kind === "revisionFinished") {
    const { revision, direction, statements, milliseconds } = event;
    file?.info(`${direction} ${revision} is done`, { statements, milliseconds });
  }
}

/** That a lock was in the way, who holds it, and when it is tried again. */
function tellRetry(event: Extract<MigrationEvent, { kind: "retry" }>, output: Output): void {
  const { direction, revision, attempt, attempts, pause, blockers } = event;
  output.log?.file
    .child("migrate")
    .warning(`${direction} ${revision}: a lock was in the way`, { attempt, attempts, blockers });
  output.note(
    [
      `${direction} of ${revision}: a lock was in the way; try ${attempt + 1} of ${attempts} in ${(pause / 1000).toFixed(1)} s`,
      ...blockers.map((session) => `  in the way: ${session}`),
    ].join("\n"),
  );
}

/** What a run is at, for who waits. */
function showProgress(event: MigrationEvent, { progress }: Output): void {
  if (event.kind === "revisionStarted") {
    const { direction, revision, message, index, total } = event;
    progress.update(`${direction} ${index + 1} of ${total}: ${revision} ${message}`);
  } else if (event.kind === "revisionFailed") progress.end();
  else if (event.kind === "revisionFinished") progress.update(`${event.direction} ${event.revision} is done`);
}
