import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { annotation } from "./annotation.ts";
import { endProgress, Progress } from "./progress.ts";

function terminal(isTTY = true): {
  stream: { isTTY: boolean; columns: number; write(text: string): void };
  written: string[];
} {
  const written: string[] = [];
  return { stream: { isTTY, columns: 30, write: (text) => void written.push(text) }, written };
}

describe("progress", () => {
  it("shows nothing for work of less than a second, nor where nobody looks", () => {
    let now = 0;
    const { stream, written } = terminal();
    const progress = new Progress(stream, true, () => now);
    progress.update("one");
    now = 900;
    progress.update("two");
    progress.end();
    const pipe = terminal(false);
    const blind = new Progress(pipe.stream, true, () => now);
    blind.update("one");
    now = 5000;
    blind.update("two");
    const quiet = new Progress(stream, false, () => now);
    quiet.update("one");
    assert.deepEqual([...written, ...pipe.written], []);
  });

  it("draws one line after a second, at a pace, cut to the terminal, and takes it away", () => {
    let now = 0;
    const { stream, written } = terminal();
    const progress = new Progress(stream, true, () => now);
    progress.update("one");
    now = 1500;
    progress.update("importing models, 120 of 500: models/hero.ts");
    now = 1550;
    progress.update("too soon");
    now = 1700;
    progress.update("three");
    progress.clear();
    progress.end();
    assert.deepEqual(written, [
      "\r\u001b[2Kimporting models, 120 of 500:",
      "\r\u001b[2Kthree  1 s",
      "\r\u001b[2K",
    ]);
  });

  it("lets its seconds go on while nothing new is said, and stops for a question", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let now = 0;
    const pass = (milliseconds: number): void => {
      now += milliseconds;
      t.mock.timers.tick(milliseconds);
    };
    const { stream, written } = terminal();
    const progress = new Progress(stream, true, () => now);
    progress.update("check");
    pass(1000);
    pass(1000);
    endProgress();
    pass(5000);
    assert.deepEqual(written, ["\r\u001b[2Kcheck  1 s", "\r\u001b[2Kcheck  2 s", "\r\u001b[2K"]);
  });
});

describe("annotations", () => {
  it("are in the words of the runner, escaped", () => {
    const text = annotation("error", "50 %\nof it", { file: "a,b.ts", line: 3 });
    assert.equal(text, "::error file=a%2Cb.ts,line=3,title=athanor::50 %25%0Aof it");
    assert.equal(annotation("warning", "x", { file: null }), "::warning title=athanor::x");
  });
});
