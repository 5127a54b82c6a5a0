/** Every program that a page shows is right TypeScript; one that is a part of something says so: ` ```ts excerpt `. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { CliProject, repository } from "../cli/project.ts";

/** What programs of the pages may import of their own project. */
const around: Readonly<Record<string, string>> = {
  "models/hero.ts": `import { randomUUID } from "node:crypto";
import { field, Model, one } from "athanor";
import { z } from "zod";
import { Team } from "./team.ts";
export class Hero extends Model("hero", {
  id: field(z.uuid(), { primaryKey: true, defaultFactory: randomUUID }),
  name: field(z.string().max(80), { index: true }),
  secretName: field(z.string()),
  age: field(z.int().min(0).nullable(), { index: true }),
  teamId: () => field(z.uuid().nullable(), { foreignKey: Team.c.id, onDelete: "set null" }),
  team: () => one(Team, { backPopulates: "heroes" }),
}) {}
`,
  "models/team.ts": `import { randomUUID } from "node:crypto";
import { field, Model, many } from "athanor";
import { z } from "zod";
import { Hero } from "./hero.ts";
export class Team extends Model("team", {
  id: field(z.uuid(), { primaryKey: true, defaultFactory: randomUUID }),
  name: field(z.string().max(80), { unique: true }),
  heroes: () => many(Hero, { backPopulates: "team" }),
}) {}
`,
  "modules/users/models.ts": `import { field } from "athanor";
import { createModuleBase } from "athanor/modules";
import { z } from "zod";
export const Users = createModuleBase("users");
export class User extends Users.Model("user", { id: field(z.int(), { primaryKey: true }) }) {}
`,
};

const pages = ["README.md", ...globSync("docs/*.md", { cwd: repository })].map((page) =>
  page.replaceAll("\\", "/"),
);

describe("programs of the pages", () => {
  let project: CliProject;
  before(() => {
    project = new CliProject();
  });
  after(() => project.remove());

  it("are right TypeScript", () => {
    let count = 0;
    for (const page of pages) {
      const folder = page.replaceAll(/\W/g, "-");
      const text = readFileSync(join(repository, page), "utf8");
      for (const [name, stub] of Object.entries(around)) project.write(`${folder}/${name}`, stub);
      for (const [, body = ""] of text.matchAll(/^```ts\n(.*?)^```/gms)) {
        const named = /^\/\/ ([\w./-]+\.ts)/.exec(body)?.[1];
        count += 1;
        project.write(`${folder}/${named ?? `program-${count}.ts`}`, `${body}\nexport {};\n`);
      }
    }
    assert.ok(count > 10, "the pages show programs");
    const compilerOptions = {
      target: "ES2024",
      lib: ["ES2024", "ESNext.Disposable"],
      module: "NodeNext",
      strict: true,
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      skipLibCheck: true,
      types: ["node"],
      noEmit: true,
    };
    project.write("tsconfig.json", JSON.stringify({ compilerOptions, exclude: ["node_modules"] }));
    const done = project.node([join(repository, "node_modules/typescript/bin/tsc"), "-p", "."]);
    assert.equal(done.status, 0, done.stdout);
  });
});
