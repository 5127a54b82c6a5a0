import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseUtcText, utcText } from "./utc-text.ts";

const isoText = (date: Date): string => date.toISOString().replace("T", " ").slice(0, -1);
const fourDigits = fc.date({
  min: new Date("0000-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});

describe("instants as text", () => {
  test("are what the language writes", () => {
    fc.assert(fc.property(fourDigits, (date) => assert.equal(utcText(date.getTime()), isoText(date))));
    assert.equal(utcText(0), "1970-01-01 00:00:00.000");
    assert.equal(utcText(-1), "1969-12-31 23:59:59.999");
    assert.equal(utcText(Date.parse("0000-01-01T00:00:00Z")), "0000-01-01 00:00:00.000");
  });

  test("have years of four digits, and no other", () => {
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -8.64e15]) {
      assert.equal(utcText(time), null);
    }
    assert.equal(utcText(Date.parse("9999-12-31T23:59:59.999Z") + 1), null);
    assert.equal(utcText(Date.parse("0000-01-01T00:00:00Z") - 1), null);
  });

  test("are read as the language reads them", () => {
    fc.assert(
      fc.property(fourDigits, fc.integer({ min: 0, max: 6 }), (date, places) => {
        const text = `${isoText(date)}456`;
        const cut = places === 0 ? text.slice(0, 19) : text.slice(0, 20 + places);
        assert.equal(parseUtcText(cut), Date.parse(`${cut.replace(" ", "T")}Z`));
        assert.equal(parseUtcText(`${cut}+00`, cut.length), Date.parse(`${cut.replace(" ", "T")}Z`));
      }),
    );
  });

  test("of any other form are not read", () => {
    const others = [
      "",
      "2026-01-02",
      "2026-01-02T03:04:05",
      "2026-01-02 03:04:05.",
      "2026-01-02 03:04:05.1234567",
      "2026-01-02 03:04:05.12x",
      "2026-01-02 03:04:05.1234x",
      "2026-01-02 03:04:05,678",
      "2026-01-02 03:04:05+00",
      "2026-13-02 03:04:05",
      "2026-00-02 03:04:05",
      "2026-01-32 03:04:05",
      "2026-01-00 03:04:05",
      "2026-01-02 24:00:00",
      "2026-01-02 23:60:00",
      "2026-01-02 23:59:60",
      "x026-01-02 03:04:05",
      "2026-01-02 03:04:0x",
      "2026/01/02 03:04:05",
    ];
    for (const text of others) assert.ok(Number.isNaN(parseUtcText(text)), text);
  });
});
