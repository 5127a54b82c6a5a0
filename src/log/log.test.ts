import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { AthanorError } from "../errors/index.ts";
import {
  createFormatter,
  createLogger,
  createMasker,
  ErrorHandler,
  fileSink,
  formatProblem,
  type Logger,
  type LogLevel,
  streamSink,
} from "./index.ts";

const now = (): Date => new Date(2026, 0, 15, 10, 30, 45);

function logTo(
  format: string,
  options: { level?: LogLevel; secrets?: readonly string[]; sink?: LogLevel } = {},
): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const stream = { write: (text: string): unknown => lines.push(text.trimEnd()) };
  const { sink, ...rest } = options;
  const logger = createLogger({ ...rest, sinks: [streamSink(stream, createFormatter(format), sink)], now });
  return { logger, lines };
}

describe("the log", () => {
  it("writes the format string of the seed as the seed shows it", () => {
    const { logger, lines } = logTo("%(asctime)s - %(name)s - %(levelname)s - %(message)s");
    logger.child("discovery").info("Found 3 potential model files");
    assert.deepEqual(lines, [
      "2026-01-15 10:30:45 - athanor.discovery - INFO - Found 3 potential model files",
    ]);
  });

  it("writes one object to a line as json, its own keys kept", () => {
    const { logger, lines } = logTo("json");
    logger.child("sql", { run: 7 }).warning("slow\nindeed", { level: "x", rows: 10n, at: now() });
    assert.equal(lines.length, 1);
    const { time, ...rest } = JSON.parse(lines[0]!) as Record<string, unknown>;
    assert.equal(time, now().toISOString());
    assert.deepEqual(rest, {
      level: "WARNING",
      name: "athanor.sql",
      message: "slow\nindeed",
      run: 7,
      level_: "x",
      rows: "10",
      at: now().toISOString(),
    });
  });

  it("writes for people, with widths and percent signs where asked for", () => {
    const pretty = logTo("pretty");
    pretty.logger.error("no", { a: 1, b: "two words" });
    assert.deepEqual(pretty.lines, ['10:30:45 ERROR    athanor  no  a=1 b="two words"']);
    const wide = logTo("[%(levelname)-8s|%(levelno)4s] %(message)s 100%%");
    wide.logger.info("x");
    assert.deepEqual(wide.lines, ["[INFO    |  20] x 100%"]);
  });

  it("says what is wrong with a format", () => {
    assert.equal(formatProblem("%(asctime)s %(message)s"), null);
    assert.equal(formatProblem("json"), null);
    assert.match(formatProblem("%(mesage)s") ?? "", /no %\(mesage\)s/);
    assert.match(formatProblem("%(message)s 5% of") ?? "", /"% of"/);
    assert.match(formatProblem("prety") ?? "", /neither/);
  });

  it("leaves out what is below its level or its sink's", () => {
    const { logger, lines } = logTo("%(message)s", { level: "WARNING" });
    logger.info("no");
    logger.warning("yes");
    logger.level = "DEBUG";
    logger.child("part").debug("now");
    assert.deepEqual(lines, ["yes", "now"]);
    const quiet = logTo("%(message)s", { level: "DEBUG", sink: "ERROR" });
    assert.equal(quiet.logger.isEnabled("WARNING"), false);
    quiet.logger.warning("no");
    quiet.logger.critical("yes");
    assert.deepEqual(quiet.lines, ["yes"]);
  });

  it("never shows a secret, wherever it stands", () => {
    const { logger, lines } = logTo("json", { secrets: ["p:/?#", "hunter2"] });
    logger.info("connecting to postgresql://me:s3cret@host/db?password=abc as hunter2", {
      url: new URL("mysql://me:other@host/db"),
      encoded: encodeURIComponent("p:/?#"),
      DB_PASS: "x",
      nested: [{ apiKey: "k", fine: 1 }],
      error: new Error("cannot open mysql://a:b@c", { cause: new Error("hunter2") }),
      sql: "ALTER USER me PASSWORD 'it''s'; CREATE USER x IDENTIFIED BY \"q\"",
    });
    const [line = ""] = lines;
    for (const secret of ["s3cret", "abc", "hunter2", "other", "p%3A", '"x"', '"k"', "a:b@", "it''s", '\\"q'])
      assert.ok(!line.includes(secret), `${secret} in ${line}`);
    assert.match(line, /"fine":1/);
    assert.match(line, /postgresql:\/\/me:\*\*\*@host\/db/);
  });

  it("does not hide half of a text because a password is short", () => {
    assert.equal(createMasker(["a", ""]).text("a plain table"), "a plain table");
  });

  it("does not end in a circle, nor at a field that throws", () => {
    const { logger, lines } = logTo("json");
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    logger.info("round", { circle });
    logger.info("thrown", {
      get bad(): string {
        throw new Error("no");
      },
    });
    logger.info("after");
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { message: string }).message),
      ["round", "after"],
    );
  });

  it("keeps a file small and its last parts", () => {
    const folder = mkdtempSync(join(tmpdir(), "athanor-log-"));
    try {
      const path = join(folder, "logs/app.log");
      const sink = fileSink({ path, format: createFormatter("%(message)s"), maxBytes: 30, backupCount: 2 });
      const logger = createLogger({ sinks: [sink] });
      for (let at = 0; at < 10; at++) logger.info(`line number ${at}`);
      assert.deepEqual(readdirSync(join(folder, "logs")).sort(), ["app.log", "app.log.1", "app.log.2"]);
      assert.equal(readFileSync(path, "utf8"), "line number 8\nline number 9\n");
      assert.equal(readFileSync(`${path}.2`, "utf8"), "line number 4\nline number 5\n");
      logger.info("x".repeat(100));
      assert.equal(readFileSync(path, "utf8").length, 101);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("refuses a file that cannot be written, and goes on when one becomes so", () => {
    const folder = mkdtempSync(join(tmpdir(), "athanor-log-"));
    try {
      writeFileSync(join(folder, "file"), "");
      const bad = join(folder, "file/app.log");
      assert.throws(() => fileSink({ path: bad, format: createFormatter("json") }), { code: "LOG.FILE" });
      const path = join(folder, "logs/app.log");
      const told: string[] = [];
      const onError = (error: AthanorError): number => told.push(error.code);
      const logger = createLogger({ sinks: [fileSink({ path, format: createFormatter("json"), onError })] });
      rmSync(join(folder, "logs"), { recursive: true });
      logger.info("one");
      logger.info("two");
      assert.deepEqual(told, ["LOG.FILE"]);
      assert.ok(!existsSync(path));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("turns errors into records and exit codes", async () => {
    const { logger, lines } = logTo("json");
    const handler = new ErrorHandler(logger);
    assert.equal(handler.handle(new AthanorError("CONFIG.FILE_MISSING", { file: "x.toml" })), 2);
    assert.equal(handler.handle(new TypeError("what")), 3);
    assert.equal(await handler.run(() => Promise.reject(new Error("no"))), null);
    assert.equal(await handler.run(() => 7), 7);
    const first = JSON.parse(lines[0]!) as Record<string, unknown>;
    assert.equal(first["code"], "CONFIG.FILE_MISSING");
    assert.equal(lines.length, 3);
  });
});
