import type { DriverValue, StatementEvent } from "../connection.ts";

type Row = readonly DriverValue[];

/**
 * The same rows; when they end, fail or are left, `tell` hears of the statement: how many came, and the time it took to
 * get them, without what was done with them in between.
 */
export function told(
  rows: AsyncIterator<Row>,
  sql: string,
  params: Row,
  tell: (event: StatementEvent) => void,
): AsyncIterator<Row> {
  let [milliseconds, count] = [0, 0];
  let state: "new" | "open" | "over" = "new";
  const end = (error: unknown): void => {
    if (state === "open") tell({ sql, params, milliseconds, rows: count, error });
    state = "over";
  };
  return {
    next: async () => {
      if (state === "new") state = "open";
      const started = performance.now();
      try {
        const step = await rows.next();
        milliseconds += performance.now() - started;
        if (step.done === true) end(null);
        else count += 1;
        return step;
      } catch (error) {
        milliseconds += performance.now() - started;
        end(error instanceof Error ? (error.cause ?? error) : error);
        throw error;
      }
    },
    return: async () => {
      end(null);
      return (await rows.return?.()) ?? { done: true, value: undefined };
    },
  };
}
