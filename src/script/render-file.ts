import { dirname, relative, resolve, sep } from "node:path";
import { AthanorError } from "../errors/index.ts";
import type { Operation } from "../operation/operation.ts";
import { importModule } from "../util/import-module.ts";
import { type Code, layout, layoutStatements, list, object, text } from "./code.ts";
import { displayPath } from "./directory.ts";
import { readHeader, type ScriptHeader } from "./header.ts";
import { ownCode, type RenderedItem, type RenderItem, type RenderTools } from "./render-item.ts";
import { renderOperation } from "./render-operations.ts";
import { json, type Needs, names } from "./render-values.ts";
import { defaultTemplate, type MigrationFile, type MigrationTemplate } from "./template.ts";

/** A new migration: its header and what it does. */
export interface NewScript extends ScriptHeader {
  readonly createdAt: string;
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
}

/** Where a new file will stand, and what it is rendered from. */
export interface RenderOptions {
  /** The project's root, absolute: modules of users' types are named from here. */
  readonly root: string;
  /** The new file, absolute. */
  readonly path: string;
  /** The project's template, absolute; the built-in one without it. */
  readonly template?: string | null;
  /** The bodies are left empty for a person to fill: `op` is named all the same. */
  readonly toBeFilled?: boolean;
  /** Writes parts of the file in words of the project. */
  readonly renderItem?: RenderItem;
}

/**
 * A migration file as a person would have written it. Throws `SCRIPT.TEMPLATE` where the project's template
 * cannot be used, or gives a text that cannot be read back, and `SCRIPT.RENDER_ITEM` where its hook does.
 */
export async function renderScript(script: NewScript, options: RenderOptions): Promise<string> {
  const template = await loadTemplate(options);
  const parts = describeFile(script, options);
  if (options.renderItem !== undefined) checkParts(parts, options);
  const source = template(parts);
  if (template !== defaultTemplate) checkRendered(script, options, source);
  return source;
}

/** The parts of the file. */
function describeFile(script: NewScript, options: RenderOptions): MigrationFile {
  const imports = new ImportList(options);
  const upgrade = renderMethod("upgrade", script.upgrade, imports, options);
  const downgrade = renderMethod("downgrade", script.downgrade, imports, options);
  return {
    revision: script.revision,
    downRevisions: script.downRevisions,
    message: script.message,
    createdAt: script.createdAt,
    imports: imports.render(),
    header: renderHeader(script),
    upgrade,
    downgrade,
  };
}

function renderHeader(script: NewScript): string {
  const [down] = script.downRevisions;
  const downRevision: Code =
    script.downRevisions.length > 1 ? names(script.downRevisions) : down === undefined ? "null" : text(down);
  const lines: readonly (readonly [string, Code])[] = [
    ["revision", text(script.revision)],
    ["downRevision", downRevision],
    ["branchLabels", list(script.branchLabels.map(json))],
    ["dependsOn", list(script.dependsOn.map(json))],
    ["message", text(script.message)],
    ["createdAt", text(script.createdAt)],
    ...optional("replaces", script.replaces && list(script.replaces.map(json))),
    ...optional("transaction", script.transaction === false ? "false" : undefined),
    ...optional("ignore", script.ignore && reasons(script.ignore)),
  ];
  return lines.map(([key, value]) => layoutProperty(key, value)).join("\n");
}

function optional(key: string, value: Code | undefined): readonly (readonly [string, Code])[] {
  return value === undefined ? [] : [[key, value]];
}

function reasons(ignore: NonNullable<NewScript["ignore"]>): Code {
  return object(Object.entries(ignore).map(([finding, reason]) => [finding, text(reason)]));
}

function layoutProperty(key: string, value: Code): string {
  const head = `  ${key}: `;
  return `${head}${layout(value, 2, head.length, 1)},`;
}

function renderMethod(
  name: string,
  operations: readonly Operation[],
  needs: Needs,
  options: RenderOptions,
): string {
  const parameter = operations.length > 0 || options.toBeFilled === true ? "op" : "";
  const body = layoutStatements(
    operations.map((operation) => renderOperation(operation, needs)),
    4,
  );
  return body === "" ? `  ${name}(${parameter}) {},` : `  ${name}(${parameter}) {\n${body}  },`;
}

/** Names that rendered code uses for itself. */
const taken: readonly string[] = ["migration", "t", "op", "table", "default"];

/** Collects what a file needs to import, while it is rendered. */
class ImportList implements Needs, RenderTools {
  types = false;
  readonly #options: RenderOptions;
  readonly #modules = new Map<string, Map<string, string>>();
  readonly #locals = new Set<string>(taken);

  constructor(options: RenderOptions) {
    this.#options = options;
  }

  userType(name: string, from: string): string | null {
    return /^[A-Za-z_$][\w$]*$/.test(name) ? this.import(name, from) : null;
  }

  own(item: RenderedItem): string | null {
    const code = ownCode(this.#options.renderItem, item, this);
    if (code !== null && /\bt\s*\./.test(code)) this.types = true;
    return code;
  }

  import(name: string, from: string): string {
    const module = this.#specifier(from);
    const imported = this.#modules.get(module) ?? new Map<string, string>();
    this.#modules.set(module, imported);
    const known = imported.get(name);
    if (known !== undefined) return known;
    let local = name;
    for (let n = 2; this.#locals.has(local); n += 1) local = `${name}${n}`;
    this.#locals.add(local);
    imported.set(name, local);
    return local;
  }

  /** A module as the new file names it: relative where it is a file of the project, else as it is. */
  #specifier(from: string): string {
    if (!/^\.{0,2}\//.test(from) && !/\.[cm]?[jt]s$/.test(from)) return from;
    const path = relative(dirname(this.#options.path), resolve(this.#options.root, from));
    const posix = path.split(sep).join("/");
    return posix.startsWith(".") ? posix : `./${posix}`;
  }

  render(): string {
    const own = `import { migration${this.types ? ", t" : ""} } from "athanor/migrations";`;
    const others = [...this.#modules]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([module, imported]) => {
        const said = [...imported]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, local]) => (name === local ? name : `${name} as ${local}`));
        return `import { ${said.join(", ")} } from ${text(module)};`;
      });
    return [own, ...others].join("\n");
  }
}

async function loadTemplate(options: RenderOptions): Promise<MigrationTemplate> {
  if (options.template === null || options.template === undefined) return defaultTemplate;
  const file = displayPath(options.root, options.template);
  let template: unknown;
  try {
    template = (await importModule(options.template))["default"];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AthanorError("SCRIPT.TEMPLATE", { file, reason }, { cause: error });
  }
  if (typeof template === "function") return template as MigrationTemplate;
  throw new AthanorError("SCRIPT.TEMPLATE", { file, reason: "its default export is no function" });
}

/** What the project's hook gave has to be code. */
function checkParts(parts: MigrationFile, options: RenderOptions): void {
  try {
    readHeader(displayPath(options.root, options.path), defaultTemplate(parts));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AthanorError("SCRIPT.RENDER_ITEM", { item: "the file", reason }, { cause });
  }
}

/** A template that leaves out a part must not write a file that means something else. */
function checkRendered(script: NewScript, options: RenderOptions, source: unknown): void {
  const file = displayPath(options.root, options.template ?? "");
  if (typeof source !== "string") {
    throw new AthanorError("SCRIPT.TEMPLATE", { file, reason: "it does not give a text" });
  }
  let reason: string | null = null;
  try {
    const header = readHeader(displayPath(options.root, options.path), source);
    if (header.revision !== script.revision) reason = "the revision is not the new one";
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  if (reason !== null) throw new AthanorError("SCRIPT.TEMPLATE", { file, reason });
}
