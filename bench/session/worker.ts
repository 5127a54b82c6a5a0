/** One competitor's process: does what it is told, checks the sums, tells the time. */
import { type Competitor, expected, type Time, type Workload } from "./workload.ts";

const [file, database, url] = process.argv.slice(2) as [string, "sqlite" | "postgresql", string];
const module = (await import(`./competitors/${file}.ts`)) as {
  open(url: string, database: "sqlite" | "postgresql"): Promise<Competitor>;
};
const competitor = await module.open(url, database);

process.on("message", (request: { workload?: Workload; end?: true }) => {
  answer(request).then(
    (message) => process.send?.(message),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
  );
});

async function answer(request: { workload?: Workload; end?: true }): Promise<object> {
  if (request.workload !== undefined) return run(request.workload);
  await competitor.close();
  const peak = process.resourceUsage().maxRSS / 1024;
  return { peak };
}

/** The time that passed, and the processor's time, which other programs disturb less; null where there is no such work. */
async function run(workload: Workload): Promise<{ time: Time | null }> {
  const work =
    workload === "update" ? await competitor.loadForUpdate() : competitor[workload]?.bind(competitor);
  if (work === undefined) return { time: null };
  globalThis.gc?.();
  const before = process.cpuUsage();
  const started = performance.now();
  const sum = await work();
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  if (workload !== "update" && sum !== expected[workload]) {
    throw new Error(`${workload}: ${String(sum)} rather than ${expected[workload]}`);
  }
  return { time: { wall, cpu: (user + system) / 1000 } };
}
