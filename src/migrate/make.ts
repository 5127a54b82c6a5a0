import { AthanorError } from "../errors/index.ts";
import { describe, type Operation } from "../operation/index.ts";
import type { Schema } from "../schema/index.ts";
import { type Comparison, compare, describeDifferences } from "./compare.ts";
import type { Context } from "./context.ts";
import type { Direction, MakeMigrationsDocument, WrittenFileDocument } from "./documents.ts";
import type { History } from "./history.ts";
import { Owners } from "./module-branch.ts";
import { NewBranches } from "./new-branches.ts";
import type { MakeMigrationsOptions } from "./options.ts";
import { refuseUnknown } from "./problems.ts";
import { prove } from "./prove.ts";
import { compareWithShadow } from "./shadow.ts";
import { type Share, split } from "./split.ts";
import { writeScript } from "./write-script.ts";

/**
 * `makemigrations`: compares and writes the migration that closes the difference, one file for each module that
 * changed; with `empty`, a blank one.
 */
export async function makeMigrations(
  context: Context,
  options: MakeMigrationsOptions,
): Promise<MakeMigrationsDocument> {
  const history = await context.history();
  const branches = new NewBranches(context, history, options);
  if (options.empty !== true) branches.demandHeads();
  const shares = await sharesOf(context, history, options);
  if (shares.length > 1) branches.refuseSeveral(shares.map(({ owner }) => owner));
  const files: WrittenFileDocument[] = [];
  for (const share of shares) {
    const message = options.message ?? summary(share.upgrade);
    const place = branches.placeOf(share);
    const written = await writeScript(context, history, {
      message,
      ...place,
      ...(await hooked(context, share)),
      revId: options.revId,
      versionPath: options.versionPath,
      toBeFilled: options.empty === true,
      dryRun: options.dryRun ?? false,
    });
    branches.add(share, written.revision);
    files.push({ module: share.owner, message, ...written });
  }
  return documentOf(shares, files, options.dryRun ?? false);
}

function documentOf(
  shares: readonly Share[],
  files: readonly WrittenFileDocument[],
  dryRun: boolean,
): MakeMigrationsDocument {
  const [first] = files;
  return {
    outcome: first === undefined ? "no changes" : dryRun ? "dry run" : "written",
    revision: first?.revision ?? null,
    message: first?.message ?? null,
    file: first?.file ?? null,
    source: first?.source ?? null,
    differences: describeDifferences(shares.flatMap(({ upgrade }) => upgrade)),
    files,
  };
}

/** What is to be written, by owner. */
async function sharesOf(
  context: Context,
  history: History,
  options: MakeMigrationsOptions,
): Promise<readonly Share[]> {
  const none = { upgrade: [], downgrade: [], after: [], refersTo: new Set<string | null>() };
  if (options.empty === true) return [{ owner: options.module ?? null, ...none }];
  const comparison = await compareModels(context, history, options);
  if (comparison.operations.length === 0) return [];
  const { placement } = context;
  const operations = withNamespaces(placement.written(comparison.operations), comparison.namespaces);
  const owners = new Owners(context.options.modules ?? []);
  const shares = split(
    operations,
    withMade(placement.written(comparison.from), comparison.namespaces),
    owners,
  );
  if (context.options.hooks?.processOperations === undefined) await proveAll(context, comparison, shares);
  const own = options.module === undefined ? shares : shares.filter(({ owner }) => owner === options.module);
  return options.safe === false ? own : gently(context, own, placement.written(comparison.from));
}

/** The same in the form that lets others go on meanwhile, for tables that stand, where the database has one. */
async function gently(context: Context, shares: readonly Share[], from: Schema): Promise<readonly Share[]> {
  const { gentle } = await context.design();
  if (gentle === undefined) return shares;
  const put = (operations: readonly Operation[]): readonly Operation[] =>
    operations.flatMap((operation) => gentle(operation, from) ?? [operation]);
  return shares.map((share) => ({ ...share, upgrade: put(share.upgrade), downgrade: put(share.downgrade) }));
}

/** What stands, with the schemas that only other databases have. */
function withMade(schema: Schema, namespaces: readonly Operation[]): Schema {
  const made = namespaces.flatMap((each) => (each.kind === "dropNamespace" ? [each.name] : []));
  return { ...schema, namespaces: [...schema.namespaces, ...made] };
}

/** Schemas that this database has no need of are made and dropped with what is in them. */
function withNamespaces(
  operations: readonly Operation[],
  namespaces: readonly Operation[],
): readonly Operation[] {
  const touched = (kind: Operation["kind"]): ReadonlySet<string | null> =>
    new Set(
      operations.flatMap((operation) => {
        if (operation.kind === "renameTable")
          return [kind === "createNamespace" ? operation.to.schema : operation.from.schema];
        if (operation.kind === "createTable" && kind === "createNamespace") return [operation.table.schema];
        return operation.kind === "dropTable" && kind === "dropNamespace" ? [operation.name.schema] : [];
      }),
    );
  const of = (kind: "createNamespace" | "dropNamespace"): readonly Operation[] =>
    namespaces.filter((each) => each.kind === kind && touched(kind).has(each.name));
  return [...of("createNamespace"), ...operations, ...of("dropNamespace")];
}

/** The shares one after the other do what the comparison wants, and back again. */
function proveAll(context: Context, { physical }: Comparison, shares: readonly Share[]): Promise<void> {
  const { placement } = context;
  const irreversible = shares.some(({ upgrade, downgrade }) => upgrade.length > 0 && downgrade.length === 0);
  return prove(context, physical, {
    upgrade: placement.operations(shares.flatMap(({ upgrade }) => upgrade)),
    downgrade: irreversible
      ? []
      : placement.operations(shares.toReversed().flatMap(({ downgrade }) => downgrade)),
  });
}

/** The operations of a file as the project's hook has them. */
async function hooked(
  context: Context,
  { upgrade, downgrade }: Share,
): Promise<Readonly<Record<Direction, readonly Operation[]>>> {
  const process = context.options.hooks?.processOperations;
  if (process === undefined || upgrade.length === 0) return { upgrade, downgrade };
  return { upgrade: await process(upgrade, "upgrade"), downgrade: await process(downgrade, "downgrade") };
}

/** What a migration is called that nobody gave a name: its first operation, and how many more there are. */
function summary(operations: readonly Operation[]): string {
  const [first, ...more] = operations;
  if (first === undefined) return "";
  const said = describe(first).replace(/ \(.*\)$/, "");
  return more.length === 0 ? said : `${said} and ${more.length} more`;
}

function compareModels(
  context: Context,
  history: History,
  options: MakeMigrationsOptions,
): Promise<Comparison> {
  if (options.from === "shadow") return compareWithShadow(context, options);
  if (options.from === "history") return compare(context, history, { connection: null }, options);
  return context.withConnection("makemigrations", async (connection) => {
    const heads = await context.store.heads(connection);
    refuseUnknown(history, heads, context.store.version);
    const pending = history.pending(heads);
    if (pending.length > 0) throw new AthanorError("MIGRATE.NOT_AT_HEAD", { current: heads, pending });
    return compare(context, history, { connection, heads }, options);
  });
}
