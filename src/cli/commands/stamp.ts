import { AthanorError } from "../../errors/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import { confirm } from "../prompt.ts";

interface StampOptions {
  readonly purge?: boolean;
  readonly confirm?: boolean;
  readonly tag?: string;
}

/** Notes revisions as applied. */
export const stamp: Action<StampOptions> = async (args, options, output) => {
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
