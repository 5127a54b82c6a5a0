import { readFile } from "node:fs/promises";
import { AthanorError } from "../errors/index.ts";
import type { Operation } from "../operation/operation.ts";
import { importModule } from "../util/import-module.ts";
import { checksum } from "./checksum.ts";
import type { ScriptFile } from "./directory.ts";
import { readHeader } from "./header.ts";
import { isMigration } from "./migration.ts";
import type { MigrationOperations } from "./operations-api.ts";
import { record } from "./record.ts";

/** A migration file with what it does, recorded. */
export interface Script extends ScriptFile {
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
  /** See `checksum`. */
  readonly checksum: string;
}

/**
 * Imports a migration file and records both directions; nothing runs on a database. Throws
 * `SCRIPT.IMPORT_FAILED`, `SCRIPT.DEFINITION`, or what `record` throws.
 */
export async function loadScript(file: ScriptFile): Promise<Script> {
  const definition = await importDefinition(file);
  const of = (direction: "upgrade" | "downgrade"): readonly Operation[] => {
    const body: unknown = definition[direction];
    if (typeof body !== "function") {
      throw new AthanorError("SCRIPT.DEFINITION", { file: file.file, reason: `${direction} is no function` });
    }
    return record({ file: file.file, direction }, (op: MigrationOperations) => body.call(definition, op));
  };
  const upgrade = of("upgrade");
  const downgrade = of("downgrade");
  return { ...file, upgrade, downgrade, checksum: checksum(file, upgrade, downgrade) };
}

async function importDefinition(file: ScriptFile): Promise<Readonly<Record<string, unknown>>> {
  let module: Record<string, unknown>;
  try {
    module = await importModule(file.path);
  } catch (error) {
    // A file that is no TypeScript says so with its line.
    readHeader(file.file, await readFile(file.path, "utf8"));
    const reason = error instanceof Error ? error.message : String(error);
    throw new AthanorError("SCRIPT.IMPORT_FAILED", { file: file.file, reason }, { cause: error });
  }
  const definition = module["default"];
  const refuse = (reason: string): never => {
    throw new AthanorError("SCRIPT.DEFINITION", { file: file.file, reason });
  };
  if (!isMigration(definition)) return refuse("its default export does not come from `migration`");
  if (definition.revision !== file.revision) {
    return refuse(`it says revision "${definition.revision}" when run and "${file.revision}" when read`);
  }
  return definition as unknown as Readonly<Record<string, unknown>>;
}
