/** The types of models and queries on every supported TypeScript, and what they cost. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";

const root = join(import.meta.dirname, "../..");
const fixtures = join(import.meta.dirname, "fixtures/tsconfig.json");

const compilers = [
  { name: "TypeScript 7", program: join(root, "node_modules/typescript/bin/tsc") },
  { name: "TypeScript 5.9", program: join(root, "node_modules/typescript-5.9/bin/tsc") },
];

/** Types made of types for a model of 12 fields, one of many in a circle: what it may cost at most. */
const mostInstantiations = 1000;

function compile(program: string, ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: "utf8",
    cwd: root,
  });
  return { status, output: stdout + stderr };
}

for (const { name, program } of compilers) {
  describe(`types on ${name}`, () => {
    it("uses compile, and misuses do not", () => {
      const { status, output } = compile(program, "-p", fixtures);
      assert.equal(status, 0, output);
    });
  });
}

describe("models in one circle", () => {
  /** What the compiler counts for so many models, with Athanor's own source. */
  function instantiations(models: number): number {
    const folder = mkdtempSync(join(tmpdir(), "athanor-types-"));
    try {
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      for (let n = 0; n < models; n++)
        writeFileSync(join(folder, `m${n}.ts`), model(n, (n + 1) % models, (n + models - 1) % models));
      const options = {
        extends: join(root, "tsconfig.json"),
        compilerOptions: {
          noEmit: true,
          declaration: true,
          skipLibCheck: true,
          types: ["node"],
          typeRoots: [join(root, "node_modules/@types")],
          paths: { athanor: [join(root, "src/index.ts")] },
        },
        include: ["*.ts"],
        exclude: [],
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
      const program = compilers[1]!.program;
      const { status, output } = compile(
        program,
        "-p",
        join(folder, "tsconfig.json"),
        "--extendedDiagnostics",
      );
      assert.equal(status, 0, output);
      return Number(/Instantiations:\s+(\d+)/.exec(output)?.[1]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it(`cost at most ${mostInstantiations} instantiations each`, () => {
    const each = (instantiations(200) - instantiations(100)) / 100;
    assert.ok(each > 0 && each <= mostInstantiations, `${each} instantiations`);
  });
});

function model(n: number, next: number, last: number): string {
  return `import { field, Model, many, one } from "athanor";
import { z } from "zod";
import { M${next} } from "./m${next}.ts";
${last === next ? "" : `import { M${last} } from "./m${last}.ts";`}
export class M${n} extends Model("m${n}", {
  id: field(z.int(), { primaryKey: true }),
  a: field(z.string().max(80), { index: true }),
  b: field(z.string().nullable()),
  c: field(z.boolean(), { default: false }),
  d: field(z.date().nullable()),
  e: field(z.enum(["x", "y"])),
  f: field(z.array(z.string()).nullable()),
  nextId: () => field(z.int().nullable(), { foreignKey: M${next}.c.id }),
  next: () => one(M${next}, { backPopulates: "lasts", foreignKey: "nextId" }),
  lasts: () => many(M${last}, { backPopulates: "next", foreignKey: "nextId" }),
}) {}
const made = new M${n}({ a: "a", e: "x" });
export const text: string = made.a;
export async function walk(): Promise<string | null | undefined> {
  return (await (await made.next)?.next)?.b;
}
`;
}
