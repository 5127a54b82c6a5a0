import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { isAthanorError } from "../errors/index.ts";
import { Dispatcher, type HandlerFailure, signalNames } from "./index.ts";

interface Shop {
  readonly sold: { readonly what: string };
  readonly closed: { readonly at: number };
}

function shop(timeout = 1000): { dispatcher: Dispatcher<Shop>; failures: HandlerFailure[] } {
  const failures: HandlerFailure[] = [];
  const report = (failure: HandlerFailure): void => void failures.push(failure);
  return { dispatcher: new Dispatcher<Shop>({ names: ["sold", "closed"], timeout, report }), failures };
}

describe("the dispatcher", () => {
  it("calls handlers in the order in which they were connected, async ones awaited", async () => {
    const { dispatcher } = shop();
    const seen: string[] = [];
    const slow = async ({ what }: Shop["sold"]): Promise<string> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(`slow ${what}`);
      return "done";
    };
    const quick = ({ what }: Shop["sold"]): number => seen.push(`quick ${what}`);
    dispatcher.connect("sold", slow);
    dispatcher.connect("sold", quick);
    assert.deepEqual(await dispatcher.send("sold", { what: "bread" }), [
      [slow, "done"],
      [quick, 2],
    ]);
    assert.deepEqual(seen, ["slow bread", "quick bread"]);
  });

  it("connects a handler once, and disconnects it", async () => {
    const { dispatcher } = shop();
    let calls = 0;
    const count = (): number => ++calls;
    dispatcher.connect("sold", count);
    const disconnect = dispatcher.connect("sold", count);
    await dispatcher.send("sold", { what: "bread" });
    assert.equal(calls, 1);
    disconnect();
    assert.equal(dispatcher.disconnect("sold", count), false);
    assert.deepEqual(await dispatcher.send("sold", { what: "bread" }), []);
    assert.equal(calls, 1);
  });

  it("answers and reports what a handler throws, and goes on with the next", async () => {
    const { dispatcher, failures } = shop();
    const boom = new Error("boom");
    dispatcher.connect("sold", function thrower() {
      throw boom;
    });
    dispatcher.connect("sold", async () => Promise.reject(boom));
    dispatcher.connect("sold", () => {
      throw "a text";
    });
    dispatcher.connect("sold", () => "fine");
    const results = (await dispatcher.send("sold", { what: "bread" })).map(([, result]) => result);
    assert.deepEqual(results.slice(0, 2), [boom, boom]);
    assert.ok(isAthanorError(results[2], "SIGNAL.THREW"));
    assert.equal(results[3], "fine");
    assert.deepEqual(
      failures.map(({ handler, signal }) => [handler, signal]),
      [
        ["thrower", "sold"],
        ["anonymous", "sold"],
        ["anonymous", "sold"],
      ],
    );
  });

  it("survives a report that throws", async () => {
    const { dispatcher } = shop();
    dispatcher.report = () => {
      throw new Error("the log is full");
    };
    dispatcher.connect("sold", () => {
      throw new Error("boom");
    });
    assert.equal((await dispatcher.send("sold", { what: "bread" })).length, 1);
  });

  it("leaves a handler behind that never ends", async () => {
    const { dispatcher, failures } = shop(20);
    dispatcher.connect("sold", () => new Promise(() => {}));
    const [[, result] = []] = await dispatcher.send("sold", { what: "bread" });
    assert.ok(isAthanorError(result, "SIGNAL.TIMEOUT"));
    assert.equal(failures.length, 1);
  });

  it("keeps the process alive while a handler waits for nothing", () => {
    const program = `
      import { Dispatcher } from ${JSON.stringify(new URL("./dispatcher.ts", import.meta.url).href)};
      const dispatcher = new Dispatcher({ timeout: 100, report: () => {} });
      dispatcher.connect("x", () => new Promise(() => {}));
      await dispatcher.send("x", {});
      console.log("went on");`;
    const done = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
      encoding: "utf8",
    });
    assert.equal(done.stdout, "went on\n", done.stderr);
  });

  it("a handler may connect and disconnect while it is called", async () => {
    const { dispatcher } = shop();
    const seen: string[] = [];
    const once = (): void => {
      seen.push("once");
      dispatcher.disconnect("sold", once);
      dispatcher.connect("sold", () => seen.push("later"));
    };
    dispatcher.connect("sold", once);
    await dispatcher.send("sold", { what: "bread" });
    await dispatcher.send("sold", { what: "bread" });
    assert.deepEqual(seen, ["once", "later"]);
  });

  it("refuses names that nobody sends, with the nearest, and what is no function", () => {
    const { dispatcher } = shop();
    const wrong = (): unknown => dispatcher.connect("solt" as "sold", () => 1);
    assert.throws(wrong, { code: "SIGNAL.UNKNOWN_NAME", fields: { signal: "solt", nearest: "sold" } });
    const nothing = (): unknown => dispatcher.connect("sold", null as never);
    assert.throws(nothing, { code: "SIGNAL.NO_FUNCTION" });
  });

  it("has every name once", () => {
    assert.equal(new Set(signalNames).size, signalNames.length);
    assert.ok(signalNames.includes("migration_squash_command"));
  });
});
