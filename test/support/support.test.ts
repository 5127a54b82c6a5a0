/**
 * Proves what `docs/schema-support.md` says: everything a table can have is read back (inspect), found when it changes
 * (diff), written into a migration that does it (generate), and undone (reverse), on every database. With
 * `SUPPORT_WRITE=1` the document is written from what was proven.
 */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { diff } from "../../src/diff/index.ts";
import type { Environment } from "../../src/migrate/index.ts";
import { toSchema } from "../../src/model/index.ts";
import { describe } from "../../src/operation/index.ts";
import { pullModels } from "../../src/pull/index.ts";
import { defaultNaming, emptySchema, objectKey, type Schema } from "../../src/schema/index.ts";
import { canonicalOrder } from "../../src/schema/order.ts";
import { dialects, loadServerDialect, type TestDialect } from "../dialects.ts";
import { Project } from "../migrate/project.ts";
import { loadPulled } from "../pull/load.ts";
import { cases, type Parts, partsOf, type SupportCase } from "./cases.ts";
import { type Proof, supportDocument } from "./document.ts";

const path = join(import.meta.dirname, "../../docs/schema-support.md");
const proofs: Proof[] = [];

function schemaOf(parts: readonly Parts[]): Schema {
  return canonicalOrder({
    ...emptySchema,
    tables: parts.flatMap((part) => part.tables),
    objects: [
      ...new Map(parts.flatMap((part) => part.objects ?? []).map((each) => [objectKey(each), each])).values(),
    ],
    namespaces: [...new Set(parts.flatMap((part) => part.namespaces ?? []))],
  });
}

/** What of a schema belongs to a case. */
function only(schema: Schema, parts: Parts): Schema {
  return {
    ...emptySchema,
    tables: schema.tables.filter((table) => parts.tables.some((each) => each.name === table.name)),
    objects: schema.objects.filter((object) => parts.objects?.some((each) => each.name === object.name)),
    namespaces: schema.namespaces.filter((name) => parts.namespaces?.includes(name)),
  };
}

/** The cases of a database, those aside that the server of the tests is too old for: the page says which are proven. */
async function casesOf(row: TestDialect): Promise<readonly SupportCase[]> {
  const design = await (await loadServerDialect(row)).design();
  const holds = (parts: Parts): boolean => design.unsupported(schemaOf([parts])).length === 0;
  return cases.filter(
    (each) =>
      each.on.includes(row.name) &&
      holds(partsOf(each, "from", row.name)) &&
      holds(partsOf(each, "to", row.name)),
  );
}

for (const row of dialects) {
  test(`what is supported, on ${row.name}`, async (t) => {
    const mine = await casesOf(row);
    const project = await Project.make((work) => t.after(work), row);
    const connections = await project.dialect.open(project.url);
    const connection = await connections.acquire();
    const design = await (await loadServerDialect(row)).design();
    const sides = {
      from: mine.map((each) => partsOf(each, "from", row.name)),
      to: mine.map((each) => partsOf(each, "to", row.name)),
    };

    const canonical = {
      from: await design.canonical(schemaOf(sides.from), connection),
      to: await design.canonical(schemaOf(sides.to), connection),
    };

    /** Every case's part of the database is as it should be. */
    async function prove(cell: Proof["cell"], side: "from" | "to"): Promise<void> {
      const found = await project.catalog();
      const wrong: string[] = [];
      for (const [at, each] of mine.entries()) {
        const parts = sides[side][at] as Parts;
        const operations = diff(only(found, parts), only(canonical[side], parts), design.rules);
        wrong.push(...operations.map((operation) => `${each.name}: ${describe(operation)}`));
        if (operations.length === 0) {
          proofs.push({ name: each.name, group: each.group, dialect: row.name, cell });
        }
      }
      assert.deepEqual(wrong, [], `${cell} on ${row.name}`);
    }

    /** What `pull` writes of every case's part says what is there. */
    async function provePull(): Promise<void> {
      const found = await project.catalog();
      const out = await mkdtemp(join(import.meta.dirname, "pulled-"));
      t.after(() => rm(out, { recursive: true, force: true }));
      const files = await pullModels(found, {
        layout: "schema",
        naming: defaultNaming,
        rules: design.rules,
        canonical: (schema) => design.canonical(schema, connection),
      });
      const { schema } = toSchema(await loadPulled(files, out));
      const wanted = await design.canonical(schema, connection, found);
      const wrong: string[] = [];
      for (const [at, each] of mine.entries()) {
        const parts = sides.to[at] as Parts;
        const operations = diff(only(found, parts), only(wanted, parts), design.rules);
        wrong.push(...operations.map((operation) => `${each.name}: ${describe(operation)}`));
        if (operations.length === 0)
          proofs.push({ name: each.name, group: each.group, dialect: row.name, cell: "pull" });
      }
      assert.deepEqual(wrong, [], `pull on ${row.name}`);
    }

    const work = async (environment: Environment): Promise<void> => {
      project.models = schemaOf(sides.from);
      await environment.makeMigrations({ message: "before" });
      await environment.upgrade();
      await prove("inspect", "from");
      project.models = schemaOf(sides.to);
      const renames = mine.flatMap((each) => each.renames ?? []);
      project.renames = renames.map((rename) => {
        if (rename.table === undefined) {
          return {
            kind: "table",
            from: { schema: null, name: rename.from },
            to: { schema: null, name: rename.to },
          };
        }
        return {
          kind: "column",
          table: { schema: null, name: rename.table },
          from: rename.from,
          to: rename.to,
        };
      });
      const made = await environment.makeMigrations({ message: "after" });
      for (const [at, each] of mine.entries()) {
        const parts = { from: sides.from[at] as Parts, to: sides.to[at] as Parts };
        const ops = diff(only(canonical.from, parts.from), only(canonical.to, parts.to), design.rules);
        assert.ok(ops.length > 0, `${each.name}: no difference is seen`);
        proofs.push({ name: each.name, group: each.group, dialect: row.name, cell: "diff" });
      }
      assert.ok(made.differences.length >= mine.length);
      await environment.upgrade();
      await prove("generate", "to");
      const again = await environment.makeMigrations({});
      assert.deepEqual([again.outcome, again.differences], ["no changes", []]);
      await provePull();
      await environment.downgrade("-1");
      await prove("reverse", "from");
    };
    try {
      await project.with(work);
    } finally {
      await connection.release();
      await connections.close();
    }
  });
}

after(async () => {
  const everywhere = ["sqlite", "postgresql", "mariadb"].every((name) =>
    dialects.some((row) => row.name === name),
  );
  if (process.env["SUPPORT_WRITE"] === "1") await writeFile(path, supportDocument(cases, proofs));
  else if (everywhere)
    assert.equal(
      await readFile(path, "utf8"),
      supportDocument(cases, proofs),
      "run SUPPORT_WRITE=1 node --test test/support/support.test.ts",
    );
});
