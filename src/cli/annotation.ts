/** Whether a machine is listening that turns such lines into notes at files: GitHub Actions says so itself. */
export function isAnnotated(): boolean {
  return process.env["GITHUB_ACTIONS"] === "true";
}

/** A note as GitHub's runner reads it from the output: `::error file=…,line=…::text`. */
export function annotation(
  level: "error" | "warning",
  text: string,
  { file, line }: { readonly file?: string | null; readonly line?: number | null },
): string {
  const properties = [
    ...(file == null ? [] : [`file=${escaped(file).replaceAll(":", "%3A").replaceAll(",", "%2C")}`]),
    ...(line == null ? [] : [`line=${line}`]),
    "title=athanor",
  ];
  return `::${level} ${properties.join(",")}::${escaped(text)}`;
}

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
