/**
 * Runs in a process of its own: imports model files one after the other and answers, over the channel to its
 * parent, the schema that their models make up. It imports the `athanor` that the models import, whichever copy
 * that is. What the files print goes nowhere; what they leave open ends with the process.
 */
import { registerHooks } from "node:module";

/** What the parent asks for. */
export interface ChildRequest {
  /** Stands in every answer, so that a model file cannot answer in our place by chance. */
  readonly token: string;
  /** The models' own `athanor`, as a URL. */
  readonly athanor: string;
  /** The files to import, as URLs. */
  readonly files: readonly string[];
  /** Where imports lead that Node alone would not find: by the URL of the file, then as it is written. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The code of files that had to be transformed, by URL. */
  readonly sources: Readonly<Record<string, string>>;
  readonly naming: unknown;
  /** Tables of models that are not imported this time. */
  readonly others: readonly unknown[];
}

/** One model, and the file that exports it. */
export interface FoundModel {
  readonly name: string;
  readonly table: unknown;
  readonly file: string;
}

/** What the child says, in this order: which file it is at, and how it ended. */
export type ChildAnswer =
  | { readonly kind: "importing"; readonly file: string; readonly index: number }
  | { readonly kind: "failed"; readonly file: string; readonly message: string; readonly stack: string }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly message: string;
      readonly stack: string;
      readonly remedy: string;
    }
  | {
      readonly kind: "done";
      readonly schema: unknown;
      readonly renames: unknown;
      readonly models: readonly FoundModel[];
      /** What objects beside tables add, each with its file. */
      readonly parts: readonly { readonly file: string; readonly parts: unknown }[];
    };

/** An answer as it goes over the channel. */
export type ChildMessage = ChildAnswer & { readonly token: string };

interface Athanor {
  readonly toSchema: (
    models: readonly unknown[],
    options?: unknown,
  ) => {
    schema: unknown;
    renames: unknown;
    models: { name: string; table: unknown }[];
    parts: unknown[];
  };
  readonly isDatabaseObject: (value: unknown) => boolean;
  readonly definitionOf: (value: unknown) => { readonly base: unknown } | undefined;
}

/** Characters of a message or a stack that are passed on. */
const longest = 8000;

const send = process.send?.bind(process);

function say(token: string, answer: ChildAnswer): void {
  send?.({ ...answer, token });
}

/** Imports that Node would not find lead where the parent found them; what was transformed is taken from there. */
function hook({ aliases, sources }: ChildRequest): void {
  if (Object.keys(aliases).length === 0 && Object.keys(sources).length === 0) return;
  process.setSourceMapsEnabled(true);
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = aliases[context.parentURL ?? ""]?.[specifier];
      return url === undefined ? next(specifier, context) : next(url, context);
    },
    load: (url, context, next) => {
      const source = sources[url];
      return source === undefined ? next(url, context) : { format: "module", source, shortCircuit: true };
    },
  });
}

async function run(request: ChildRequest, enter: (file: string) => void): Promise<ChildAnswer> {
  hook(request);
  const { toSchema, definitionOf, isDatabaseObject } = (await import(request.athanor)) as Athanor;
  const models = new Map<unknown, { model: unknown; file: string }>();
  const objects = new Map<unknown, string>();
  for (const [index, file] of request.files.entries()) {
    enter(file);
    say(request.token, { kind: "importing", file, index });
    let exported: Record<string, unknown>;
    try {
      exported = (await import(file)) as Record<string, unknown>;
    } catch (error) {
      return { kind: "failed", file, ...describe(error) };
    }
    for (const value of Object.values(exported)) {
      if (isDatabaseObject(value) && !objects.has(value)) objects.set(value, file);
      const base = definitionOf(value)?.base;
      const known = models.get(base);
      if (base === undefined || (known !== undefined && known.model !== base)) continue;
      if (known === undefined || value !== base) models.set(base, { model: value, file });
    }
  }
  const list = [...models.values()];
  const options = { ...(request.naming === null ? {} : { naming: request.naming }), others: request.others };
  try {
    const made = toSchema([...list.map(({ model }) => model), ...objects.keys()], options);
    const files = [...objects.values()];
    return {
      kind: "done",
      schema: made.schema,
      renames: made.renames,
      models: made.models.map((model, at) => ({ ...model, file: list[at]!.file })),
      parts: made.parts.map((parts, at) => ({ file: files[at]!, parts })),
    };
  } catch (error) {
    const { code, remedy } = error as { code?: string; remedy?: string };
    return { kind: "refused", code: code ?? "", ...describe(error), remedy: remedy ?? "" };
  }
}

/** Whatever was thrown, in bounds. */
function describe(error: unknown): { message: string; stack: string } {
  try {
    const isError = error instanceof Error;
    const message = isError ? error.message : `it threw ${String(error)}`;
    return {
      message: message.slice(0, longest),
      stack: isError ? (error.stack ?? "").slice(0, longest) : "",
    };
  } catch {
    return { message: "it threw what cannot be shown", stack: "" };
  }
}

// Nobody waits any longer for a process whose parent is gone.
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.once("message", async (message) => {
  const request = message as ChildRequest;
  let file = request.athanor;
  const fail = (error: unknown): void => say(request.token, { kind: "failed", file, ...describe(error) });
  // What a file starts and does not wait for may fail later.
  process.on("uncaughtException", fail);
  try {
    say(
      request.token,
      await run(request, (at) => {
        file = at;
      }),
    );
  } catch (error) {
    fail(error);
  }
});
