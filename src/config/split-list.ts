/**
 * The items of a list that was written as text: separated by commas, semicolons, or the path separator `:`. A colon
 * after a drive's letter and anything between braces separates nothing, so that `C:/app` and `src/{a,b}` stay whole.
 */
export function splitList(text: string): string[] {
  const items: string[] = [""];
  let depth = 0;
  for (const [at, letter] of [...text].entries()) {
    if (letter === "{") depth += 1;
    if (letter === "}") depth -= 1;
    const last = items.at(-1)!;
    const isDrive = letter === ":" && /^\s*[A-Za-z]$/.test(last) && /[\\/]/.test(text[at + 1] ?? "");
    if (depth <= 0 && ",;:".includes(letter) && !isDrive) items.push("");
    else items[items.length - 1] = last + letter;
  }
  return items.map((item) => item.trim()).filter((item) => item !== "");
}
