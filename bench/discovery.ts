/**
 * Discovery over 5 000 files, 500 of them models: cold, warm, and after one shared file was touched.
 * `node bench/discovery.ts [files] [models]`, after `npm run build`.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discover } from "athanor/discovery";

const [files = 5000, models = 500] = process.argv.slice(2).map(Number);
const repository = join(import.meta.dirname, "..");
const root = mkdtempSync(join(tmpdir(), "athanor-bench-"));
const perFolder = 50;
const folderOf = (at: number): string => join(root, "src", `part${Math.floor(at / perFolder)}`);

try {
  mkdirSync(join(root, "node_modules"));
  for (const [name, target] of [
    ["athanor", repository],
    ["zod", join(repository, "node_modules/zod")],
  ] as const)
    symlinkSync(target, join(root, "node_modules", name), "junction");
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
  for (let at = 0; at < files; at++) {
    mkdirSync(folderOf(at), { recursive: true });
    writeFileSync(join(folderOf(at), `file${at}.ts`), at < models ? modelText(at) : plainText(at));
    writeFileSync(join(folderOf(at), "shared.ts"), 'export const ranks = ["low", "high"] as const;\n');
  }
  await measure("cold");
  await measure("warm");
  writeFileSync(join(folderOf(0), "shared.ts"), 'export const ranks = ["low", "high", "top"] as const;\n');
  await measure(`one shared file of ${perFolder} models touched`);
  await measure("warm");
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function measure(what: string): Promise<void> {
  const started = performance.now();
  const { schema, imported } = await discover({ root, paths: ["src"], exclude: [], cache: ".athanor" });
  const time = Math.round(performance.now() - started);
  console.log(`${what}: ${time} ms, ${schema.tables.length} tables, ${imported.length} files imported`);
}

function modelText(at: number): string {
  const target = at - (at % perFolder);
  const foreign =
    at === target ? "" : `\n  firstId: () => field(z.int().nullable(), { foreignKey: Model${target}.c.id }),`;
  const head = at === target ? "" : `import { Model${target} } from "./file${target}.ts";\n`;
  return `import { field, index, Model } from "athanor";
import { z } from "zod";
import { ranks } from "./shared.ts";
${head}
export class Model${at} extends Model("model_${at}", {
  id: field(z.int(), { primaryKey: true }),
  name: field(z.string().max(80), { index: true }),
  rank: field(z.enum(ranks)),
  note: field(z.string().nullable()),
  made: field(z.date()),${foreign}
}, (c) => [index(c.name, c.rank)]) {}
`;
}

function plainText(at: number): string {
  const lines = Array.from(
    { length: 40 },
    (_, n) => `export function work${n}(x: number): number {\n  return x + ${n};\n}`,
  );
  return `import { join } from "node:path";\n\n${lines.join("\n\n")}\n\nexport const path = join("a", "${at}");\n`;
}
