/**
 * The reporter of `npm test`: one line per file, every failure in full at the end, and one summary line.
 * With `ATHANOR_TEST_REPORT=<file>` the counts are also written there as JSON, for `.ci/run` to add up, and what failed to
 * `<file>.failures`, for it to repeat.
 */
import { writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import type { TestEvent } from "node:test/reporters";
import { inspect, stripVTControlCharacters, styleText } from "node:util";

/** What one run, or one file of it, came to. A suite is not a test and counts only when its hooks fail. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

type DataOf<Type extends TestEvent["type"]> = Extract<TestEvent, { type: Type }>["data"];

interface FileResult extends Counts {
  output: string[];
}

interface Failure {
  readonly place: string;
  readonly title: string;
  readonly error: unknown;
}

const colour = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
const paint = (style: "green" | "red" | "yellow" | "dim" | "bold", text: string): string =>
  colour ? styleText(style, text, { validateStream: false }) : text;

/** The line everything ends with. */
export function summaryLine(counts: Counts, milliseconds: number): string {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  return `${counts.passed} passed, ${counts.failed} failed${skipped} in ${seconds(milliseconds)}`;
}

/** Turns the events of Node's test runner into text. */
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const started = performance.now();
  const run = new Run();
  for await (const event of source) yield* run.take(event);
  yield* run.finish(performance.now() - started);
}

class Run {
  readonly #files = new Map<string, FileResult>();
  readonly #failures: Failure[] = [];
  readonly #skips = new Map<string, number>();
  /** What files that still run came to so far. */
  readonly #ended = new Map<string, Counts>();
  /** The titles of the tests that enclose the present one, by file and depth. */
  readonly #titles = new Map<string, string[]>();

  *take(event: TestEvent): Generator<string> {
    switch (event.type) {
      case "test:start":
        this.#remember(event.data);
        break;
      case "test:pass":
        this.#passed(event.data);
        if (/seed=\d+/i.test(event.data.name)) yield named(event.data.file, event.data.name);
        break;
      case "test:fail":
        this.#failed(event.data);
        break;
      case "test:stdout":
      case "test:stderr":
        this.#file(event.data.file).output.push(event.data.message);
        break;
      case "test:diagnostic":
        if (event.data.file !== undefined && !isRunnerTotal(event.data.message)) {
          yield named(event.data.file, event.data.message);
        }
        break;
      case "test:coverage":
        yield* renderCoverage(event.data.summary.files);
        break;
      case "test:complete":
        yield* this.#completed(event.data);
        break;
      default:
        break;
    }
  }

  *finish(milliseconds: number): Generator<string> {
    for (const [name, file] of this.#files) {
      if (file.failed > 0 && file.output.length > 0)
        yield `${place(name)} printed\n${indent(file.output.join(""))}`;
    }
    for (const failure of this.#failures) yield renderFailure(failure);
    for (const [reason, count] of this.#skips) yield paint("yellow", `skipped ${count}: ${reason}\n`);
    const total = sum([...this.#files.values()]);
    const unavailable = (process.env["ATHANOR_TEST_UNAVAILABLE"] ?? "")
      .split("\n")
      .filter((line) => line !== "");
    for (const line of unavailable) yield paint("red", `\nNOT TESTED: ${line}\n`);
    if (process.env["CI"] === "true") total.failed += unavailable.length;
    writeReport(total, this.#failures);
    yield `\n${paint(total.failed > 0 ? "red" : "green", summaryLine(total, milliseconds))}\n`;
  }

  #file(name: string | undefined): FileResult {
    const key = resolve(name ?? "(unknown file)");
    const known = this.#files.get(key);
    if (known) return known;
    const fresh = { passed: 0, failed: 0, skipped: 0, output: [] };
    this.#files.set(key, fresh);
    return fresh;
  }

  #remember(data: DataOf<"test:start">): void {
    const titles = this.#titles.get(data.file ?? "") ?? [];
    titles.length = data.nesting;
    titles[data.nesting] = data.name;
    this.#titles.set(data.file ?? "", titles);
  }

  #passed(data: DataOf<"test:pass">): void {
    if (data.details.type === "suite") return;
    const file = this.#file(data.file);
    if (data.skip === undefined && data.todo === undefined) {
      file.passed += 1;
      return;
    }
    file.skipped += 1;
    const flag = data.skip ?? data.todo;
    const reason = typeof flag === "string" && flag !== "" ? flag : data.name;
    this.#skips.set(reason, (this.#skips.get(reason) ?? 0) + 1);
  }

  #failed(data: DataOf<"test:fail">): void {
    const error = data.details.error;
    const onlyInside = "failureType" in error && error.failureType === "subtestsFailed";
    const suite = data.details.type === "suite";
    if (data.todo !== undefined) this.#file(data.file).skipped += 1;
    else if (!(suite && onlyInside)) this.#file(data.file).failed += 1;
    if (onlyInside || data.todo !== undefined) return;
    const enclosing = (this.#titles.get(data.file ?? "") ?? []).slice(0, data.nesting);
    this.#failures.push({
      place: `${place(data.file)}${data.line === undefined ? "" : `:${data.line}:${data.column ?? 1}`}`,
      title: [...enclosing, data.name].join(" > "),
      error: error.cause ?? error,
    });
  }

  /** One line, as soon as a file has ended: its tests are reported later, since files are in their order. */
  *#completed(data: DataOf<"test:complete">): Generator<string> {
    const { file: name, details } = data;
    if (name === undefined) return;
    const counts = this.#ended.get(name) ?? { passed: 0, failed: 0, skipped: 0 };
    this.#ended.set(name, counts);
    if (resolve(data.name) === resolve(name)) {
      const isBad = counts.failed > 0 || !details.passed;
      yield `${isBad ? paint("red", "✖") : paint("green", "✔")} ${place(name)} ${paint("dim", ended(counts, details.duration_ms))}\n`;
    } else if (data.skip !== undefined || data.todo !== undefined) {
      counts.skipped += 1;
    } else if (details.type !== "suite") {
      counts[details.passed ? "passed" : "failed"] += 1;
    }
  }
}

function ended({ passed, failed, skipped }: Counts, milliseconds: number): string {
  // Where a file ends before those that were begun before it, what it holds is told of only afterwards.
  if (passed + failed + skipped === 0) return seconds(milliseconds);
  const bad = failed > 0 ? `, ${failed} failed` : "";
  return `${passed} passed${bad}${skipped > 0 ? `, ${skipped} skipped` : ""}, ${seconds(milliseconds)}`;
}

/** A line that is shown though nothing failed: a diagnostic, or a title that holds the seed of a generated test. */
function named(file: string | undefined, text: string): string {
  return paint("dim", `  ${place(file)}: ${text}\n`);
}

function writeReport(total: Counts, failures: readonly Failure[]): void {
  const target = process.env["ATHANOR_TEST_REPORT"];
  if (target === undefined || target === "") return;
  writeFileSync(target, JSON.stringify(total));
  writeFileSync(`${target}.failures`, failures.map(brief).join(""));
}

/**
 * A failure in a few lines, for the end of a long log: what was said at last comes first, since the report of a generated
 * test is as long as its case.
 */
function brief({ place, title, error }: Failure): string {
  return `✖ ${title}\n  ${place}\n${causes(error)
    .toReversed()
    .map((each) => indent(clipped(each)))
    .join("")}`;
}

/** What an error says, and each that it came from. */
function causes(error: unknown): readonly string[] {
  const said: string[] = [];
  for (let each = error; each !== undefined && each !== null && said.length < 5; ) {
    said.push(each instanceof Error ? `${each.name}: ${each.message}` : String(each));
    each = each instanceof Error ? each.cause : undefined;
  }
  return said;
}

function clipped(text: string): string {
  const lines = stripVTControlCharacters(text).split("\n");
  return lines
    .slice(0, 12)
    .map((line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line))
    .join("\n");
}

function sum(all: readonly Counts[]): Counts {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const one of all) {
    total.passed += one.passed;
    total.failed += one.failed;
    total.skipped += one.skipped;
  }
  return total;
}

function renderFailure(failure: Failure): string {
  const text = typeof failure.error === "string" ? failure.error : inspect(failure.error, { colors: colour });
  return `\n${paint("red", "✖")} ${paint("bold", failure.title)}\n  ${failure.place}\n${indent(text)}`;
}

interface CoveredFile {
  readonly path: string;
  readonly totalLineCount: number;
  readonly coveredLineCount: number;
  readonly totalBranchCount: number;
  readonly coveredBranchCount: number;
}

/** How much of each folder was run, and the files that most of the rest is in. */
function* renderCoverage(files: readonly CoveredFile[]): Generator<string> {
  const row = (name: string, list: readonly CoveredFile[]): string => {
    const share = (covered: keyof CoveredFile, total: keyof CoveredFile): string => {
      const [part, whole] = [covered, total].map((key) =>
        list.reduce((sum, file) => sum + Number(file[key]), 0),
      );
      return `${(((part as number) / Math.max(1, whole as number)) * 100).toFixed(1)} %`.padStart(8);
    };
    const lines = share("coveredLineCount", "totalLineCount");
    const branches = share("coveredBranchCount", "totalBranchCount");
    return `${name.padEnd(40)}${lines} of lines${branches} of branches\n`;
  };
  const missing = ({ totalLineCount, coveredLineCount }: CoveredFile): number =>
    totalLineCount - coveredLineCount;
  yield "\n";
  for (const [folder, list] of Map.groupBy(files, ({ path }) => dirname(place(path))))
    yield row(folder, list);
  yield row("all", files);
  const worst = files.toSorted((a, b) => missing(b) - missing(a)).slice(0, 5);
  for (const file of worst) if (missing(file) > 0) yield paint("dim", row(`  ${place(file.path)}`, [file]));
}

/** The runner closes every file with its own totals ("tests 3", "duration_ms 12"), which this reporter counts itself. */
function isRunnerTotal(message: string): boolean {
  return /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/.test(
    stripVTControlCharacters(message),
  );
}

function indent(text: string): string {
  return `${text.trimEnd().replaceAll(/^/gm, "    ")}\n`;
}

function place(file: string | undefined): string {
  return file === undefined ? "(unknown file)" : relative(process.cwd(), file);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
