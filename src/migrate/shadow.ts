import { type Comparison, compare } from "./compare.ts";
import type { Context } from "./context.ts";
import type { MakeMigrationsOptions, ThrowawayOptions } from "./options.ts";
import { runMigrations } from "./run.ts";
import { makeThrowaway, type Throwaway } from "./throwaway.ts";

/** A throwaway database with the whole history applied for real, raw steps and all. */
export async function makeShadow(home: Context, options: ThrowawayOptions): Promise<Throwaway> {
  const shadow = await makeThrowaway(home, options);
  try {
    await runMigrations(shadow.context, "upgrade", "heads", {});
    return shadow;
  } catch (error) {
    await shadow.remove();
    throw error;
  }
}

/** The models set against what the history makes of an empty database. */
export async function compareWithShadow(
  home: Context,
  options: ThrowawayOptions & Pick<MakeMigrationsOptions, "renames" | "drops" | "answer">,
): Promise<Comparison> {
  const { context, remove } = await makeShadow(home, options);
  try {
    const history = await context.history();
    return await context.withConnection("makemigrations", async (connection) => {
      const heads = await context.store.heads(connection);
      return compare(context, history, { connection, heads }, options);
    });
  } finally {
    await remove();
  }
}
