/** What a project says about how models are compared and how files are written. */
import assert from "node:assert/strict";
import { isAthanorError } from "../../src/errors/index.ts";
import type { ComparedColumn, MigrationHooks } from "../../src/migrate/index.ts";
import { type Column, column, primaryKey, type Schema, schema, t, table } from "../../src/schema/index.ts";
import { onEvery, type Project } from "./project.ts";

const id = column("id", t.integer(), { nullable: false });

function things(...columns: readonly Column[]): Schema {
  return schema([table("thing", [id, ...columns], { primaryKey: primaryKey(["id"], { name: "pk_thing" }) })]);
}

const small = column("name", t.varchar(20), { nullable: false, default: { kind: "literal", value: "a" } });
const large = column("name", t.varchar(90), { nullable: true, default: { kind: "literal", value: "b" } });

/** A project whose database has `small`, and whose models have `large`. */
async function begin(project: Project): Promise<void> {
  project.models = things(small);
  await project.with((environment) => environment.makeMigrations({ message: "one" }));
  await project.with((environment) => environment.upgrade());
  project.models = things(large);
}

/** The new file's text; empty where nothing differs. */
async function changes(project: Project, options: Parameters<Project["open"]>[0]): Promise<string> {
  const made = await project.with((environment) => environment.makeMigrations({ dryRun: true }), options);
  const checked = await project.with((environment) => environment.check(), options);
  assert.equal(checked.ok, made.outcome === "no changes", "check and makemigrations agree");
  const compared = await project.with((environment) => environment.diff(), options);
  assert.equal(compared.same, checked.ok, "diff and check agree");
  return made.source ?? "";
}

onEvery("types and defaults are compared unless the project says otherwise", async (project) => {
  await begin(project);
  const all = await changes(project, {});
  assert.match(all, /type: t\.varchar\(90\)/);
  assert.match(all, /default: "b"/);
  const noTypes = await changes(project, { compareType: false });
  assert.doesNotMatch(noTypes, /varchar/);
  assert.match(noTypes, /alterColumn\("thing", "name", \{ nullable: true, default: "b" \}\)|default: "b"/);
  const neither = await changes(project, { compareType: false, compareServerDefault: false });
  assert.match(neither, /op\.alterColumn\("thing", "name", \{ nullable: true \}\);/);
  project.models = things({ ...large, nullable: false });
  assert.equal(await changes(project, { compareType: false, compareServerDefault: false }), "");
});

onEvery("a new column has its type and default, whatever is compared", async (project) => {
  await begin(project);
  project.models = things(small, column("age", t.integer(), { default: { kind: "literal", value: 3 } }));
  const made = await changes(project, { compareType: false, compareServerDefault: false });
  assert.match(made, /op\.addColumn\("thing", "age", t\.integer\(\), \{ default: 3 \}\);/);
});

onEvery("a hook says whether a type is another; it is told the column and both sides", async (project) => {
  await begin(project);
  const seen: ComparedColumn<unknown>[] = [];
  const hooks = (same: boolean): MigrationHooks => ({
    compareType: (compared) => {
      seen.push(compared);
      return compared.name === "name" ? !same : undefined;
    },
    compareServerDefault: ({ name }) => name !== "name",
  });
  assert.match(await changes(project, { hooks: hooks(true) }), /"name", \{ nullable: true \}\);/);
  const named = seen.find(({ name }) => name === "name");
  assert.deepEqual(named?.table, { schema: null, name: "thing" });
  assert.equal(named?.differs, true);
  assert.notDeepEqual(named?.inDatabase, named?.inModels);
  assert.equal(seen.find(({ name }) => name === "id")?.differs, false);
});

onEvery("a hook sees a difference that the database does not", async (project) => {
  await begin(project);
  project.models = things({ ...small, nullable: true });
  const hooks: MigrationHooks = {
    compareType: ({ name, differs }) => differs || name === "id",
    compareServerDefault: ({ name }) => name === "name",
  };
  const made = await changes(project, { hooks });
  assert.match(made, /op\.alterColumn\("thing", "id", \{ type: t\.integer\(\) \}\);/);
  assert.match(made, /op\.alterColumn\("thing", "name", \{ nullable: true, default: "a" \}\);/);
});

onEvery("under a new name a column is compared with what it was", async (project) => {
  await begin(project);
  project.models = things({ ...small, name: "title", type: t.varchar(90) });
  project.renames = [{ kind: "column", table: { schema: null, name: "thing" }, from: "name", to: "title" }];
  const made = await changes(project, { compareType: false });
  assert.match(made, /op\.renameColumn\("thing", "name", "title"\);/);
  assert.doesNotMatch(made, /alterColumn/);
});

onEvery(
  "operations, types and defaults are written in the project's words, and mean the same",
  async (project) => {
    await project.write(
      "money.ts",
      'export const name = (length: number) => ({ kind: "varchar", length });\n',
    );
    project.models = things(
      small,
      column("made", t.boolean(), { default: { kind: "literal", value: true } }),
    );
    const hooks: MigrationHooks = {
      renderItem: ({ kind, value }, tools) => {
        if (kind === "type" && value.kind === "varchar")
          return `${tools.import("name", "money.ts")}(${value.length})`;
        if (kind === "default" && value.kind === "literal" && value.value === true) return "1 + 1 === 2";
        if (kind === "operation" && value.kind === "dropTable") return 'op.dropTable("thing");';
        return undefined;
      },
    };
    const made = await project.with((environment) => environment.makeMigrations({ message: "one" }), {
      hooks,
    });
    assert.match(made.source ?? "", /^import \{ name \} from "\.\.\/\.\.\/money\.ts";$/m);
    assert.match(made.source ?? "", /table\.column\("name", name\(20\), /);
    assert.match(made.source ?? "", /default: 1 \+ 1 === 2/);
    assert.match(made.source ?? "", /^ {4}op\.dropTable\("thing"\);$/m);
    await project.with((environment) => environment.upgrade());
    assert.equal((await project.with((environment) => environment.check())).ok, true);
  },
);

onEvery("what a hook renders has to be code", async (project) => {
  project.models = things(small);
  const make = (code: unknown): Promise<unknown> =>
    project.with((environment) => environment.makeMigrations({}), {
      hooks: { renderItem: ({ kind }) => (kind === "type" ? (code as string) : undefined) },
    });
  await assert.rejects(make("t.text("), (error) => isAthanorError(error, "SCRIPT.RENDER_ITEM"));
  await assert.rejects(make(7), (error) => isAthanorError(error, "SCRIPT.RENDER_ITEM"));
  assert.deepEqual(await project.files(), []);
});
