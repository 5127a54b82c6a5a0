import type { DriverValue } from "../dialect/index.ts";
import type { Statements } from "./statements.ts";

/** Runs a statement for lists of values, as many with each run as fit; the counts come again, for kept statements. */
export async function inChunks(
  lists: readonly (readonly DriverValue[])[],
  statements: Statements,
  run: (count: number, params: DriverValue[]) => Promise<void>,
): Promise<void> {
  const most = statements.listsAtOnce(lists[0]?.length ?? 1);
  for (let start = 0; start < lists.length; start += most) {
    const chunk = lists.slice(start, start + most);
    const count = padded(chunk.length, most);
    // A list given twice matches no more rows than given once.
    while (chunk.length < count) chunk.push(chunk[0] as readonly DriverValue[]);
    await run(count, chunk.flat());
  }
}

function padded(count: number, most: number): number {
  let size = 1;
  while (size < count) size *= 2;
  return Math.min(size, most);
}
