import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AthanorError } from "../errors/index.ts";
import type { GraphFile } from "./graph.ts";

/**
 * The code of files whose syntax Node cannot simply erase (decorators, enums, namespaces, parameter properties), by
 * path: esbuild does what the user's own build would. Rejects with `DISCOVERY.SYNTAX`.
 */
export async function transformFiles(files: readonly GraphFile[]): Promise<ReadonlyMap<string, string>> {
  const wanted = files.filter((file) => file.facts.transform);
  if (wanted.length === 0) return new Map();
  const { transform, stop } = await import("esbuild");
  try {
    const made = wanted.map(async (file) => {
      const options = {
        loader: file.path.endsWith("ts") ? "ts" : "js",
        format: "esm",
        target: `node${process.versions.node}`,
        sourcefile: file.path,
        sourcemap: "inline",
        sourcesContent: false,
        tsconfigRaw: { compilerOptions: { ...decoratorOptions(file.path), verbatimModuleSyntax: true } },
        logLevel: "silent",
      } as const;
      const { code } = await transform(file.text, options).catch((cause) =>
        Promise.reject(syntax(file, cause)),
      );
      return [file.path, code] as const;
    });
    return new Map(await Promise.all(made));
  } finally {
    await stop();
  }
}

function syntax(file: GraphFile, cause: unknown): AthanorError {
  const { errors } = cause as { errors?: readonly { text: string; location: { line: number } | null }[] };
  const [first] = errors ?? [];
  const problem = first?.text ?? (cause instanceof Error ? cause.message : String(cause));
  return new AthanorError(
    "DISCOVERY.SYNTAX",
    { file: file.name, line: first?.location?.line ?? 1, problem },
    { cause },
  );
}

/** What the nearest `tsconfig.json` says of decorators; those it extends are asked as well. */
function decoratorOptions(path: string): {
  experimentalDecorators?: boolean;
  useDefineForClassFields?: boolean;
} {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const options = compilerOptions(join(folder, "tsconfig.json"), 0);
    if (options !== null) {
      return {
        ...(options["experimentalDecorators"] === true ? { experimentalDecorators: true } : {}),
        ...(typeof options["useDefineForClassFields"] === "boolean"
          ? { useDefineForClassFields: options["useDefineForClassFields"] }
          : {}),
      };
    }
    if (folder === dirname(folder)) return {};
  }
}

const deepest = 8;

/** The compiler's options of one file; null where there is no such file. */
function compilerOptions(file: string, depth: number): Readonly<Record<string, unknown>> | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return null;
  }
  const config = parseJsonWithComments(text) as {
    extends?: string | string[];
    compilerOptions?: object;
  } | null;
  if (config === null) return {};
  const bases = depth < deepest ? [config.extends ?? []].flat() : [];
  const inherited = bases.map((base) => {
    const path = resolve(dirname(file), base);
    return compilerOptions(path, depth + 1) ?? compilerOptions(`${path}.json`, depth + 1) ?? {};
  });
  return Object.assign({}, ...inherited, config.compilerOptions);
}

/** JSON as `tsconfig.json` has it: with comments and commas at the end. */
function parseJsonWithComments(text: string): unknown {
  const plain = text
    .replace(
      /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
      (_, quoted: string | undefined) => quoted ?? "",
    )
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, quoted: string | undefined) => quoted ?? "");
  try {
    return JSON.parse(plain);
  } catch {
    return null;
  }
}
