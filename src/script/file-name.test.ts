import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName, newRevisionId, slug } from "./file-name.ts";

test("slugs", () => {
  assert.equal(slug("Create hero, team & power!", 40), "create_hero_team_power");
  assert.equal(slug("Größe ändern", 40), "große_andern");
  assert.equal(slug("a".repeat(50), 40), "a".repeat(40));
  assert.equal(slug("one two three", 8), "one_two");
  assert.equal(slug("../../etc", 40), "etc");
  assert.equal(slug("!!!", 40), "");
});

test("names", () => {
  const parts = { revision: "4f1c", message: "create hero", createdAt: new Date("2026-01-02T03:04:05Z") };
  assert.equal(fileName(parts), "4f1c_create_hero.ts");
  assert.equal(fileName({ ...parts, message: "" }), "4f1c.ts");
  assert.equal(
    fileName(parts, { template: "{year}/{month}{day}_{hour}{minute}{second}_{epoch}_{revision}_{slug}" }),
    "2026/0102_030405_1767323045_4f1c_create_hero.ts",
  );
  assert.equal(
    fileName(parts, { template: "{year}{month}{day}_{hour}_{revision}", timeZone: "America/New_York" }),
    "20260101_22_4f1c.ts",
  );
});

test("ids", () => {
  assert.match(newRevisionId(), /^[0-9a-f]{12}$/);
});
