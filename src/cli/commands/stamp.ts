import { AthanorError } from "../../errors/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { GlobalOptions, Output } from "../output.ts";
import { confirm } from "../prompt.ts";

interface StampOptions {
  readonly purge?: boolean;
  readonly confirm?: boolean;
  readonly tag?: string;
  readonly sql?: boolean;
}

/** Notes revisions as applied. */
export const stamp: Action<StampOptions> = async (args, options, output) => {
  if (options.sql === true) return script(args, options, output);
  if (options.purge === true && options.confirm !== true) {
    const agreed = await confirm("Empty the version table before stamping?");
    if (!agreed) throw new AthanorError("CLI.NOT_CONFIRMED", { command: "stamp --purge" });
  }
  await withProject(options, output, async ({ environment }) => {
    const document = await environment.stamp([...args], {
      ...(options.purge === undefined ? {} : { purge: options.purge }),
      ...(options.tag === undefined ? {} : { tag: options.tag }),
    });
    output.document(document);
    output.line(`stamped: ${document.from.join(", ") || "<base>"} -> ${document.to.join(", ") || "<base>"}`);
  });
  return undefined;
};

/** The same as a script; no database is asked. */
async function script(args: readonly string[], options: GlobalOptions, output: Output): Promise<undefined> {
  await withProject(
    options,
    output,
    async ({ environment }) => {
      const document = await environment.stampSql(args.join(","));
      output.document(document);
      output.result(document.sql.trimEnd());
    },
    { database: false },
  );
  return undefined;
}
