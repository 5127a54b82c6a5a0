import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { AthanorError } from "../errors/index.ts";
import type { ModelSchema, ToSchemaOptions } from "../model/index.ts";
import { definesModel, sourceFiles, type WalkOptions } from "./candidates.ts";
import type { ChildMessage, ChildRequest } from "./child.ts";

/** How models are looked for. */
export interface DiscoverOptions extends WalkOptions {
  /** How long importing may take, in seconds. Default 30. */
  readonly timeout?: number;
  readonly naming?: NonNullable<ToSchemaOptions["naming"]>;
}

/** The models of a project, as data. */
export interface Discovered {
  readonly schema: ModelSchema["schema"];
  readonly renames: ModelSchema["renames"];
  /** Each with its file, from the root, with `/`. */
  readonly models: readonly {
    readonly name: string;
    readonly table: ModelSchema["models"][number]["table"];
    readonly file: string;
  }[];
  readonly files: readonly string[];
}

const defaultTimeout = 30;

/**
 * Finds the models of a project and imports them in a process of its own, with a time limit. Fails closed: one
 * file that does not parse or import, and nothing is answered but the error, which names the file.
 */
export async function discover(options: DiscoverOptions): Promise<Discovered> {
  const { root } = options;
  const files = sourceFiles(options).filter((file) => definesModel(file, root));
  const short = (file: string): string => relative(root, file).split(sep).join("/");
  if (files.length === 0) {
    const paths = options.paths.length > 0 ? options.paths : ["models", "src", "app"];
    throw new AthanorError("DISCOVERY.NO_MODELS", { paths });
  }
  const done = await importAll(files, options);
  return {
    schema: done.schema as ModelSchema["schema"],
    renames: done.renames as ModelSchema["renames"],
    models: done.models.map(({ name, table, file }) => ({
      name,
      table: table as ModelSchema["models"][number]["table"],
      file: short(fileURLToPath(file)),
    })),
    files: files.map(short),
  };
}

/** The copy of Athanor that the project's models import. */
function ownAthanor(root: string): string {
  try {
    const require = createRequire(pathToFileURL(join(root, "package.json")));
    const manifest = require.resolve("athanor/package.json");
    return pathToFileURL(join(manifest, "..", "dist", "index.js")).href;
  } catch (cause) {
    throw new AthanorError("DISCOVERY.NO_PACKAGE", { root }, { cause });
  }
}

type Done = Extract<ChildMessage, { kind: "done" }>;

async function importAll(files: readonly string[], options: DiscoverOptions): Promise<Done> {
  const request: ChildRequest = {
    athanor: ownAthanor(options.root),
    files: files.map((file) => pathToFileURL(file).href),
    naming: options.naming ?? null,
  };
  const child = fork(fileURLToPath(childUrl()), [], {
    cwd: options.root,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  try {
    return await answer(child, request, options);
  } finally {
    child.kill("SIGKILL");
  }
}

/** The child beside this file: TypeScript from the source, JavaScript once built. */
function childUrl(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js", import.meta.url);
}

function answer(child: ChildProcess, request: ChildRequest, options: DiscoverOptions): Promise<Done> {
  const seconds = options.timeout ?? defaultTimeout;
  const short = (file: string): string => relative(options.root, fileURLToPath(file)).split(sep).join("/");
  let at: string | null = null;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new AthanorError("DISCOVERY.TIMEOUT", { seconds, file: at })),
      seconds * 1000,
    );
    child.on("message", (message: ChildMessage) => {
      if (message.kind === "importing") at = short(message.file);
      else settle(message, short, options.root, resolve, reject);
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new AthanorError("DISCOVERY.EXITED", { file: at, code })));
    child.once("exit", () => clearTimeout(timer));
    child.send(request);
  });
}

function settle(
  message: Exclude<ChildMessage, { kind: "importing" }>,
  short: (file: string) => string,
  root: string,
  resolve: (done: Done) => void,
  reject: (error: AthanorError) => void,
): void {
  if (message.kind === "done") resolve(message);
  else if (message.kind === "failed") {
    const place = placeOf(message.stack, root) ?? { file: short(message.file), line: null };
    reject(new AthanorError("DISCOVERY.IMPORT", { ...place, problem: message.message }));
  } else {
    const { code, message: problem, remedy } = message;
    reject(new AthanorError("DISCOVERY.MODEL", { code, problem, todo: remedy }));
  }
}

/** The first place in a stack that lies in the project. */
function placeOf(stack: string, root: string): { file: string; line: number | null } | null {
  for (const match of stack.matchAll(/(?:file:\/\/)?((?:\/|[A-Za-z]:)[^\s():]+):(\d+)/g)) {
    const [, path = "", line = ""] = match;
    if (!path.startsWith(root) || path.includes("node_modules")) continue;
    return { file: relative(root, path).split(sep).join("/"), line: Number(line) };
  }
  return null;
}
