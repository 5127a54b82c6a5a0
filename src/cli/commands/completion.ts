import type { Action } from "../command.ts";
import { completionScript } from "../completion.ts";
import { program } from "../program.ts";
import type { Shell } from "../shells.ts";

/** Prints a script that completes commands in a shell. */
export const completion: Action<object> = async ([shell = "bash"], _options, output) => {
  const script = completionScript(program({ status: 0, options: {} }), shell as Shell);
  output.document({ shell, script });
  output.result(script.trimEnd());
  return undefined;
};
