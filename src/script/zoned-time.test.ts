import assert from "node:assert/strict";
import { test } from "node:test";
import { isoTime } from "./zoned-time.ts";

test("a moment in a zone, summer time and midnight included", () => {
  const winter = new Date("2026-01-02T23:30:00.789Z");
  assert.equal(isoTime(winter), "2026-01-02T23:30:00Z");
  assert.equal(isoTime(winter, "Etc/UTC"), "2026-01-02T23:30:00Z");
  assert.equal(isoTime(winter, "Europe/Berlin"), "2026-01-03T00:30:00+01:00");
  assert.equal(isoTime(new Date("2026-07-02T12:00:00Z"), "Europe/Berlin"), "2026-07-02T14:00:00+02:00");
  assert.equal(isoTime(winter, "Asia/Kathmandu"), "2026-01-03T05:15:00+05:45");
  assert.equal(isoTime(winter, "America/St_Johns"), "2026-01-02T20:00:00-03:30");
});

test("every form is read back as the moment it was made of", () => {
  const moment = new Date("2026-10-25T00:30:00Z"); // the hour that clocks of Europe show twice
  for (const zone of ["UTC", "Europe/Berlin", "Pacific/Apia", "America/New_York"]) {
    assert.equal(new Date(isoTime(moment, zone)).getTime(), moment.getTime(), zone);
  }
});
