import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { AthanorError } from "../errors/index.ts";
import type { ChildMessage, ChildRequest } from "./child.ts";

/** How the child is run. */
export interface RunChildOptions {
  readonly root: string;
  /** Seconds until it is ended. */
  readonly timeout: number;
  /** Hears of each file before it is imported. */
  readonly onImport?: ((file: string, index: number, total: number) => void) | undefined;
}

/** What the child found. */
export type Done = Extract<ChildMessage, { kind: "done" }>;

/**
 * Has files imported in a process of its own, which is ended whatever happens. Rejects with `DISCOVERY.IMPORT`,
 * `MODEL`, `TIMEOUT` or `EXITED`.
 */
export async function runChild(
  request: Omit<ChildRequest, "token">,
  options: RunChildOptions,
): Promise<Done> {
  const child = fork(fileURLToPath(childUrl()), [], {
    cwd: options.root,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning", ...deepStack],
  });
  try {
    return await answer(child, { ...request, token: randomUUID() }, options);
  } finally {
    child.kill("SIGKILL");
  }
}

/**
 * Node follows imports by recursion, some eight hundred deep: models that import each other both ways are one long way
 * through most tables of a large database. In kilobytes, less than a process has (8 MB, but on Windows).
 */
const deepStack: readonly string[] = process.platform === "win32" ? [] : ["--stack-size=6000"];

/** The child beside this file: TypeScript from the source, JavaScript once built. */
function childUrl(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js", import.meta.url);
}

function answer(child: ChildProcess, request: ChildRequest, options: RunChildOptions): Promise<Done> {
  const short = (file: string): string => relative(options.root, fileURLToPath(file)).split(sep).join("/");
  const { timeout: seconds } = options;
  let at: string | null = null;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new AthanorError("DISCOVERY.TIMEOUT", { seconds, file: at })),
      seconds * 1000,
    );
    child.on("message", (message: ChildMessage) => {
      if (message?.token !== request.token) return;
      if (message.kind === "importing") {
        at = short(message.file);
        options.onImport?.(at, message.index, request.files.length);
      } else settle(message, short, options.root, resolve, reject);
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new AthanorError("DISCOVERY.EXITED", { file: at, code })));
    child.on("disconnect", () => {
      // A file that closes the channel can no longer answer; one that ends the process says so right after.
      setTimeout(
        () => reject(new AthanorError("DISCOVERY.EXITED", { file: at, code: child.exitCode })),
        500,
      ).unref();
    });
    const stop = (): void => clearTimeout(timer);
    child.once("exit", stop);
    child.send(request, (error) => {
      if (error !== null) reject(error);
    });
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
    const place = placeOf(message, root) ?? { file: short(message.file), line: null };
    const problem = bounded(message.message);
    reject(new AthanorError("DISCOVERY.IMPORT", { ...place, problem, missing: missingPackage(problem) }));
  } else {
    const { code, message: problem, remedy } = message;
    const fields = remedy === "" ? broken(message, root) : { problem, todo: remedy };
    reject(new AthanorError("DISCOVERY.MODEL", { code, ...fields }));
  }
}

/** No refusal of ours: what a model gives for its fields, or beside them, broke when it was put to use. */
function broken(
  message: { readonly stack: string; readonly message: string },
  root: string,
): { readonly problem: string; readonly todo: string } {
  const place = placeOf(message, root);
  const where = place === null ? "A model" : `${place.file}${place.line === null ? "" : `:${place.line}`}`;
  return {
    problem: `${where} cannot be made a table: ${bounded(message.message)}`,
    todo: "Mend what the model gives for its fields, and for indexes and keys beside them; tsc tells most of it.",
  };
}

/** The first place in a stack that lies in the project; without one, where a module is said to be missing from. */
function placeOf(
  { stack, message }: { readonly stack: string; readonly message: string },
  root: string,
): { file: string; line: number | null } | null {
  for (const match of stack.matchAll(/(?:file:\/\/)?((?:\/|[A-Za-z]:)[^\s():]+):(\d+)/g)) {
    const [, path = "", line = ""] = match;
    if (!path.startsWith(root) || path.includes("node_modules")) continue;
    return { file: relative(root, path).split(sep).join("/"), line: Number(line) };
  }
  const from = /imported from (\S.*)$/m.exec(message)?.[1];
  if (from === undefined || !from.startsWith(root)) return null;
  return { file: relative(root, from).split(sep).join("/"), line: null };
}

function missingPackage(problem: string): string | null {
  return /Cannot find package '([^']+)'/.exec(problem)?.[1] ?? null;
}

const mostLines = 15;
const longest = 2000;

/** What a person can read. */
function bounded(text: string): string {
  const lines = text.slice(0, longest).split("\n");
  const shown = lines.slice(0, mostLines).join("\n");
  return shown.length < text.length ? `${shown}…` : shown;
}
