/** Where no code may be made at run time, rows are read and written by plain loops. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const entry = pathToFileURL(join(import.meta.dirname, "../../src/index.ts")).href;

const program = `
import { createAll, createEngine, field, Model, select, Session } from ${JSON.stringify(entry)};
import { z } from ${JSON.stringify(import.meta.resolve("zod"))};

class Hero extends Model("hero", {
  id: field(z.int(), { primaryKey: true, autoIncrement: true }),
  name: field(z.string().max(20)),
  tags: field(z.array(z.string()), { defaultFactory: () => [] }),
}) {}

let refused = false;
try { new Function("return 1"); } catch { refused = true; }
await using engine = createEngine("sqlite://");
await createAll(engine, [Hero]);
await using session = new Session(engine);
session.addAll([new Hero({ name: "a" }), new Hero({ name: "b", tags: ["x"] })]);
await session.commit();
const found = await session.exec(select(Hero).orderBy(Hero.c.id)).all();
found[0].name = "c";
await session.commit();
const again = await session.exec(select(Hero).orderBy(Hero.c.id)).all();
let invalid = null;
try { new Hero({ name: 1 }); } catch (error) { invalid = error.code; }
console.log(JSON.stringify({ refused, rows: again.map(({ id, name, tags }) => [id, name, tags]), invalid }));
`;

test("a program that may not make code works all the same", () => {
  const flags = ["--disallow-code-generation-from-strings", "--disable-warning=ExperimentalWarning"];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, "--input-type=module", "--eval", program],
    { encoding: "utf8" },
  );
  assert.equal(stderr, "");
  assert.deepEqual(JSON.parse(stdout), {
    refused: true,
    rows: [
      [1, "c", []],
      [2, "b", ["x"]],
    ],
    invalid: "MODEL.INVALID",
  });
});
