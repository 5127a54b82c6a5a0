import assert from "node:assert/strict";
import { test } from "node:test";
import { maskUrl } from "./mask-url.ts";

test("a URL is shown without its secrets", () => {
  for (const [url, shown] of [
    ["sqlite:///a.db", "sqlite:///a.db"],
    ["postgresql://me:secret@host:5432/db", "postgresql://me:***@host:5432/db"],
    ["postgresql://me:p@ss:w@rd@host/db", "postgresql://me:***@host/db"],
    ["postgresql://me:a/b?c#d@host/db", "postgresql://me:***@host/db"],
    ["postgresql://me:a/b:@c@host/db?user=a@b", "postgresql://me:***@host/db?user=a@b"],
    ["postgresql:/me:secret@host/db", "postgresql:/me:***@host/db"],
    ["postgresql://host:5432/db?user=a@b", "postgresql://host:5432/db?user=a@b"],
    ["postgresql://:secret@host/db", "postgresql://:***@host/db"],
    [
      "postgresql://me@host/db?password=x&sslmode=require",
      "postgresql://me@host/db?password=***&sslmode=require",
    ],
    ["mysql://host/db?sslkey=/a/b&authToken=t", "mysql://host/db?sslkey=***&authToken=***"],
  ] as const) {
    assert.equal(maskUrl(url), shown);
  }
});
