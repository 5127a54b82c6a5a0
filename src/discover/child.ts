/**
 * Runs in a process of its own: imports model files one after the other and answers, over the channel to its
 * parent, the schema that their models make up. It imports the `athanor` that the models import, whichever copy
 * that is. What the files print goes nowhere; what they leave open ends with the process.
 */

/** What the parent asks for. */
export interface ChildRequest {
  /** The models' own `athanor`, as a URL. */
  readonly athanor: string;
  /** Absolute paths, as URLs. */
  readonly files: readonly string[];
  readonly naming: unknown;
}

/** What the child says, in this order: which file it is at, and how it ended. */
export type ChildMessage =
  | { readonly kind: "importing"; readonly file: string }
  | { readonly kind: "failed"; readonly file: string; readonly message: string; readonly stack: string }
  | { readonly kind: "refused"; readonly code: string; readonly message: string; readonly remedy: string }
  | {
      readonly kind: "done";
      readonly schema: unknown;
      readonly renames: unknown;
      readonly models: readonly { readonly name: string; readonly table: unknown; readonly file: string }[];
    };

interface Athanor {
  readonly toSchema: (
    models: readonly unknown[],
    options?: unknown,
  ) => {
    schema: unknown;
    renames: unknown;
    models: { name: string; table: unknown }[];
  };
  readonly definitionOf: (value: unknown) => { readonly base: unknown } | undefined;
}

function say(message: ChildMessage): void {
  process.send?.(message);
}

async function run({ athanor, files, naming }: ChildRequest): Promise<void> {
  const { toSchema, definitionOf } = (await import(athanor)) as Athanor;
  const models = new Map<unknown, { model: unknown; file: string }>();
  for (const file of files) {
    say({ kind: "importing", file });
    let exported: Record<string, unknown>;
    try {
      exported = (await import(file)) as Record<string, unknown>;
    } catch (error) {
      const [message, stack] =
        error instanceof Error ? [error.message, error.stack ?? ""] : [String(error), ""];
      say({ kind: "failed", file, message, stack });
      return;
    }
    for (const value of Object.values(exported)) {
      const definition = definitionOf(value);
      if (definition === undefined || definition.base === value || models.has(definition.base)) continue;
      models.set(definition.base, { model: value, file });
    }
  }
  const list = [...models.values()];
  try {
    const made = toSchema(
      list.map(({ model }) => model),
      naming === null ? {} : { naming },
    );
    say({
      kind: "done",
      schema: made.schema,
      renames: made.renames,
      models: made.models.map((model, at) => ({ ...model, file: list[at]!.file })),
    });
  } catch (error) {
    const { code, message, remedy } = error as { code?: string; message?: string; remedy?: string };
    say({ kind: "refused", code: code ?? "", message: message ?? String(error), remedy: remedy ?? "" });
  }
}

process.once("message", (request) => {
  run(request as ChildRequest).finally(() => process.disconnect?.());
});
