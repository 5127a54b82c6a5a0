import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { findProjectModules } from "../../config/project-modules.ts";
import type { ImportGraph } from "../../discover/graph.ts";
import type { DoctorDocument, DoctorInput, DoctorModels, Finding, Trouble } from "../../doctor/index.ts";
import { AthanorError, isAthanorError } from "../../errors/index.ts";
import type { Environment } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { modelsOf, withProject } from "../environment.ts";
import type { GlobalOptions, Output } from "../output.ts";

interface DoctorFlags extends GlobalOptions {
  readonly offline?: boolean;
  readonly only?: readonly string[];
  readonly ignore?: readonly string[];
  readonly strict?: boolean;
  readonly list?: boolean;
}

/** Runs every check; exit 1 where an error is found, with `--strict` where a warning is. */
export const doctor: Action<DoctorFlags> = async (_args, flags, output) => {
  const { checks, examine } = await import("../../doctor/index.ts");
  if (flags.list === true) {
    output.document({
      checks: checks.map(({ code, rule, severity, about }) => ({ code, rule, severity, about })),
    });
    for (const { code, severity, about } of checks) output.result(`${code} ${severity.padEnd(7)} ${about}`);
    return undefined;
  }
  const only = (flags.only ?? []).flatMap((codes) => codes.toUpperCase().split(","));
  const unknown = only.find((code) => !checks.some((check) => check.code === code));
  if (unknown !== undefined)
    throw new AthanorError("DOCTOR.UNKNOWN_CHECK", { code: unknown, known: checks.map(({ code }) => code) });
  const ignore = readIgnored(flags.ignore ?? []);
  const document = await examine(await gather(flags, output), { only, ignore });
  print(document, output);
  const warned = document.findings.some(
    ({ severity, ignored }) => severity === "warning" && ignored === null,
  );
  return document.ok && !(flags.strict === true && warned) ? 0 : 1;
};

/** `SM101=small tables`: nothing is ignored without a reason. */
function readIgnored(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((each) => {
      const at = each.indexOf("=");
      const reason = at < 0 ? "" : each.slice(at + 1).trim();
      if (reason === "") throw new AthanorError("DOCTOR.NO_REASON", { ignored: each });
      return [each.slice(0, at), reason];
    }),
  );
}

/** Looks at everything that can be had; what cannot is trouble, and what needs it is left out. */
async function gather(flags: DoctorFlags, output: Output): Promise<DoctorInput> {
  const troubles: Trouble[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      if (!isAthanorError(error)) throw error;
      const { code, message, remedy } = error;
      if (!troubles.some((known) => known.message === message)) troubles.push({ code, message, remedy });
      return null;
    }
  };
  return withProject(
    flags,
    output,
    async ({ config, environment }) => {
      const modules = await attempt(() => findProjectModules(config));
      const models = await attempt(() => modelsOf(config, output, modules ?? []));
      return {
        modules,
        models: models as DoctorModels | null,
        history: await attempt(() => historyOf(environment, models !== null)),
        database:
          flags.offline === true || models === null ? null : await attempt(() => databaseOf(environment)),
        imports: importsOf(await graphOf(config.root)),
        troubles,
      };
    },
    { database: flags.offline !== true, tolerant: true },
  );
}

async function graphOf(root: string): Promise<ImportGraph> {
  const { ImportGraph } = await import("../../discover/graph.ts");
  return new ImportGraph(realpathSync(root), new Map());
}

/** By syntax tree and as Node and the compiler resolve them: path aliases and packages of the workspace count. */
function importsOf(graph: ImportGraph): DoctorInput["imports"] {
  return (name) => {
    const { targets } = graph.file(resolve(graph.root, name));
    return [...targets].flatMap(([specifier, target]) =>
      target.kind === "file" ? [{ specifier, target: graph.name(target.path) }] : [],
    );
  };
}

async function historyOf(environment: Environment, hasModels: boolean): Promise<DoctorInput["history"]> {
  const { revisions } = await environment.history();
  const labels = new Map<string, readonly string[]>();
  for (const revision of revisions.toReversed()) {
    const inherited = revision.downRevisions.flatMap((down) => labels.get(down) ?? []);
    labels.set(revision.revision, [...revision.branchLabels, ...inherited]);
  }
  const heads = revisions.filter(({ isHead }) => isHead);
  const differences = hasModels
    ? (await environment.diff({ from: "history", to: "models" })).differences
    : [];
  return {
    differences,
    heads: heads.map(({ revision, file }) => ({ revision, file, labels: labels.get(revision) ?? [] })),
  };
}

async function databaseOf(environment: Environment): Promise<DoctorInput["database"]> {
  const check = await environment.check();
  return { check, modules: await environment.modules(), ...(await environment.diagnose()) };
}

const colors = { error: "red", warning: "yellow", notice: "cyan" } as const;

function print(document: DoctorDocument, output: Output): void {
  output.document(document);
  for (const finding of document.findings) printFinding(finding, output);
  const open = document.findings.filter(({ ignored }) => ignored === null);
  const counts = (["error", "warning", "notice"] as const).map((severity) => {
    const count = open.filter((finding) => finding.severity === severity).length;
    return `${count} ${severity}${count === 1 ? "" : "s"}`;
  });
  const accepted = document.findings.length - open.length;
  const rest = accepted === 0 ? "" : `, ${accepted} ignored`;
  const left = document.skipped.length === 0 ? "" : `; ${document.skipped.length} could not be looked for`;
  output.line(`${document.ran.length} checks: ${counts.join(", ")}${rest}${left}`);
}

function printFinding(finding: Finding, output: Output): void {
  const { code, rule, severity, message, remedy, file, ignored } = finding;
  if (ignored !== null) {
    if (output.options.verbose === true)
      output.line(output.style("dim", `ignored ${code}: ${message} (${ignored})`));
    return;
  }
  output.result(`${output.style(colors[severity], severity)} ${code} ${rule}: ${message}`);
  if (file !== null) output.line(`  in: ${file}`);
  output.line(`  what to do: ${remedy}`);
  if (severity !== "notice") output.annotate(severity, `${message}\n${code} ${rule}`, { file });
}
