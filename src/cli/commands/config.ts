import { AthanorError } from "../../errors/index.ts";
import type { Action } from "../command.ts";

interface ConfigFlags {
  readonly changed?: boolean;
}

/** Shows the configuration as it counts. */
export const config: Action<ConfigFlags> = async ([key], options, output) => {
  const [{ allKeys, describeConfig, loadConfig }, { maskUrl }] = await Promise.all([
    import("../../config/index.ts"),
    import("../../util/mask-url.ts"),
  ]);
  const loaded = await loadConfig({
    ...(options.config === undefined ? {} : { file: options.config }),
    ...(options.url === undefined ? {} : { url: options.url }),
  });
  const { nearest } = await import("../../util/nearest.ts");
  const rows = describeConfig(loaded)
    .filter((row) => key === undefined || row.key === key)
    .filter((row) => options.changed !== true || row.origin !== "default");
  if (key !== undefined && rows.length === 0 && !allKeys().includes(key)) {
    const place = { source: "athanor config", file: null, line: null, section: null };
    throw new AthanorError("CONFIG.UNKNOWN_KEY", { ...place, key, nearest: nearest(key, allKeys()) });
  }
  const databaseUrl = maskUrl(loaded.databaseUrl);
  const { root, files, warnings } = loaded;
  output.document({ root, files, databaseUrl, warnings, values: rows });
  if (key !== undefined) {
    for (const row of rows) output.result(shown(row.value));
    return undefined;
  }
  const width = Math.max(...rows.map((row) => row.key.length), 0);
  const values = rows.map((row) => shown(row.value));
  const wide = Math.min(Math.max(...values.map((value) => value.length), 0), 60);
  let section = "";
  for (const [at, row] of rows.entries()) {
    if (row.section !== section)
      output.result(`${section === "" ? "" : "\n"}${output.style("bold", `[${row.section}]`)}`);
    section = row.section;
    const source = output.style(row.origin === "default" ? "dim" : "cyan", row.source);
    output.result(`${row.key.padEnd(width)}  ${values[at]!.padEnd(wide)}  ${source}`);
  }
  output.line("");
  output.line(`database  ${databaseUrl}`);
  output.line(`root      ${root}`);
  for (const warning of warnings)
    output.note(`${output.style("yellow", "warning", process.stderr)}: ${warning}`);
  return undefined;
};

function shown(value: unknown): string {
  if (value === null) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
