import { parseSync } from "oxc-parser";
import { isNode, type Node, walk } from "../test/architecture/source.ts";

/**
 * The declarations in `text` with their relative imports ending in `.js`. The compiler rewrites `./a.ts` in what runs
 * and leaves it in declarations, where it understands it; not every other tool does.
 */
export function pointToJavaScript(path: string, text: string): string {
  const ends: number[] = [];
  walk(parseSync(path, text).program as unknown as Node, (node) => {
    const source = node["source"];
    if (!isNode(source) || typeof source["value"] !== "string") return;
    if (/^\..*(?<!\.d)\.ts$/.test(source["value"])) ends.push(source.end);
  });
  const parts = [0, ...ends].map((from, n) =>
    text.slice(from, ends[n] === undefined ? undefined : ends[n] - 4),
  );
  return parts.join('.js"');
}
