import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { AthanorError } from "../errors/index.ts";
import type { Operation } from "../operation/index.ts";
import {
  displayPath,
  fileName,
  isoTime,
  type NewScript,
  newRevisionId,
  renderScript,
  revisionProblem,
} from "../script/index.ts";
import type { Context } from "./context.ts";
import type { History } from "./history.ts";

/** A new file as it is asked for. */
export interface ScriptRequest {
  readonly message: string;
  readonly downRevisions: readonly string[];
  readonly dependsOn: readonly string[];
  readonly branchLabels: readonly string[];
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
  readonly revId?: string | undefined;
  readonly versionPath?: string | undefined;
  /** The folder of the module it is of, absolute; null for the host's. */
  readonly folder: string | null;
  readonly toBeFilled: boolean;
  readonly dryRun: boolean;
}

/** A new file as it was written, or would be. */
export interface WrittenScript {
  readonly revision: string;
  /** Relative to the project's root. */
  readonly file: string;
  readonly source: string;
}

/** Renders a migration file and, unless it is a dry run, writes it. A file that is there is never written over. */
export async function writeScript(
  context: Context,
  history: History,
  request: ScriptRequest,
): Promise<WrittenScript> {
  const { options } = context;
  const revision = chooseId(history, request.revId);
  const now = context.now();
  const path = pathOfScript(context, chooseFolder(context, history, request), {
    revision,
    message: request.message,
  });
  const file = displayPath(options.root, path);
  const source = await renderAt(context, path, {
    revision,
    downRevisions: request.downRevisions,
    branchLabels: request.branchLabels,
    dependsOn: request.dependsOn,
    message: request.message,
    createdAt: isoTime(now, options.timeZone),
    upgrade: request.upgrade,
    downgrade: request.downgrade,
    toBeFilled: request.toBeFilled,
  });
  if (!request.dryRun) await write(path, file, source);
  return { revision, file, source };
}

/** Where a file of this name stands in a folder. */
export function pathOfScript(
  context: Context,
  folder: string,
  { revision, message }: { readonly revision: string; readonly message: string },
): string {
  const { fileTemplate: template, slugLength, timeZone } = context.options;
  const name = fileName(
    { revision, message, createdAt: context.now() },
    {
      ...(template === undefined ? {} : { template }),
      ...(slugLength === undefined ? {} : { slugLength }),
      ...(timeZone === undefined ? {} : { timeZone }),
    },
  );
  return join(folder, name);
}

/** A file's text, as the project has its files. */
export function renderAt(
  context: Context,
  path: string,
  { toBeFilled, ...script }: NewScript & { readonly toBeFilled: boolean },
): Promise<string> {
  const { root, template, hooks } = context.options;
  return renderScript(script, {
    root,
    path,
    template: template ?? null,
    toBeFilled,
    ...(hooks?.renderItem === undefined ? {} : { renderItem: hooks.renderItem }),
  });
}

function chooseId(history: History, wanted: string | undefined): string {
  const revision = wanted ?? newRevisionId();
  const problem = history.has(revision) ? "there is a file with this id" : revisionProblem(revision);
  if (problem !== null) throw new AthanorError("SCRIPT.REVISION_ID", { revision, problem });
  return revision;
}

/** The folder asked for; else that of the revision it follows; else the first. */
function chooseFolder(context: Context, history: History, request: ScriptRequest): string {
  const { root, versionLocations } = context.options;
  if (request.versionPath !== undefined) {
    const wanted = resolve(root, request.versionPath);
    if (versionLocations.some((folder) => resolve(folder) === wanted)) return wanted;
    throw new AthanorError("SCRIPT.LOCATION", {
      folder: request.versionPath,
      known: versionLocations.map((folder) => displayPath(root, folder)),
    });
  }
  if (request.folder !== null) return request.folder;
  const [down] = request.downRevisions;
  const path = down === undefined ? null : history.file(down).path;
  const parent = versionLocations.find((folder) => path !== null && !relative(folder, path).startsWith(".."));
  return parent ?? versionLocations[0] ?? join(root, "migrations", "versions");
}

async function write(path: string, file: string, source: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, source, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw new AthanorError("SCRIPT.FILE_EXISTS", { file }, { cause: error });
    }
    await rm(path, { force: true }).catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new AthanorError("MIGRATE.WRITE", { file, reason }, { cause: error });
  }
}
