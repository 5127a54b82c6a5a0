import type { Environment, InspectDatabaseOptions } from "../../migrate/index.ts";
import type { Action } from "../command.ts";
import { withProject } from "../environment.ts";
import type { Output } from "../output.ts";
import { schemaLines } from "../schema-lines.ts";

interface InspectFlags {
  readonly schema?: readonly string[];
  readonly table?: readonly string[];
}

/** What the database has. */
export const inspect: Action<InspectFlags> = (_args, options, output) =>
  withProject(options, output, async ({ environment }) => {
    const { schema: schemas, table: tables } = options;
    await print(environment, { ...(schemas && { schemas }), ...(tables && { tables }) }, output);
    return undefined;
  });

async function print(
  environment: Environment,
  options: InspectDatabaseOptions,
  output: Output,
): Promise<void> {
  const document = await environment.inspect(options);
  output.document(document);
  if (output.options.json === true) return;
  const { rules } = await environment.dialect.design();
  const lines = schemaLines(document.schema, {
    describeType: rules.describeType,
    heading: (text) => output.style("bold", text),
    brief: options.tables === undefined ? document.versionTables : [],
  });
  output.line(
    `${document.server}${document.defaultSchema === null ? "" : `, schema ${document.defaultSchema}`}\n`,
  );
  output.result((lines.length === 0 ? ["Nothing is there."] : lines).join("\n").trimEnd());
}
