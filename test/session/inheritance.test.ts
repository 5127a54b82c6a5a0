/** Models that share: groups of fields, abstract bases, one table for several models, several registries. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { z } from "zod";
import {
  AbstractModel,
  createAll,
  createRegistry,
  defaultRegistry,
  deleteFrom,
  field,
  many,
  metadataOf,
  one,
  SubModel,
  select,
  toSchema,
  update,
  ValidationError,
} from "../../src/index.ts";
import { dialects } from "../dialects.ts";
import { code, TestDatabase } from "./database.ts";

const { AbstractModel: Abstract } = createRegistry("session-inheritance");

/** A group of fields, spread into the models that have them. */
const audited = {
  createdBy: field(z.string().max(20), { default: "nobody" }),
  changes: field(z.int32(), { default: 0 }),
};

/** Fields with what can be done with them. */
abstract class Named extends Abstract({
  id: field(z.int32(), { primaryKey: true }),
  name: field(z.string().min(1).max(40)),
}) {
  readonly #secret: string = "kept";

  get label(): string {
    return `${this.name} (${this.#secret})`;
  }

  rename(name: string): this {
    this.name = name;
    return this;
  }
}

class Company extends Named.Model("company", {
  ...audited,
  staff: () => many(Employee, { backPopulates: "company", orderBy: "id" }),
  managers: () => many(Manager),
}) {}

class Employee extends Named.Model("employee", {
  ...audited,
  kind: field(z.string().max(20), { discriminator: "employee" }),
  companyId: () => field(z.int32().nullable(), { foreignKey: Company.c.id }),
  company: () => one(Company, { backPopulates: "staff" }),
}) {
  describe(): string {
    return `employee ${this.name}`;
  }
}

class Manager extends SubModel(Employee, "manager", {
  budget: field(z.int32().min(0)),
  reports: () => many(Engineer, { backPopulates: "boss" }),
}) {
  override describe(): string {
    return `manager ${this.name} with ${this.budget}`;
  }
}

class Director extends SubModel(Manager, "director", { car: field(z.string().max(20).nullable()) }) {}

class Engineer extends SubModel(Employee, "engineer", {
  language: field(z.string().max(20), { default: "TypeScript" }),
  bossId: () => field(z.int32().nullable(), { foreignKey: Employee.c.id }),
  boss: () => one(Manager, { backPopulates: "reports", foreignKey: "bossId" }),
}) {}

const models = [Company, Employee, Manager, Director, Engineer];

describe("models that share", () => {
  it("make one table of all its models, what only heirs have nullable", () => {
    const { schema, models: listed } = toSchema(models);
    assert.deepEqual(
      schema.tables.map(({ name }) => name),
      ["company", "employee"],
    );
    const employee = schema.tables.find(({ name }) => name === "employee");
    const nullable = employee?.columns.filter((column) => column.nullable).map((column) => column.name);
    assert.deepEqual(nullable?.sort(), ["boss_id", "budget", "car", "company_id", "language"]);
    assert.equal(employee?.foreignKeys.length, 2);
    assert.deepEqual(
      listed.map(({ name }) => name),
      ["Company", "Employee", "Manager", "Director", "Engineer"],
    );
    assert.deepEqual(toSchema([Company, Director]).schema, schema);
  });

  it("check what they require of their own objects, and say what they are", () => {
    const manager = new Manager({ name: "m", budget: 5 });
    assert.equal(manager.kind, "manager");
    assert.equal(manager.describe(), "manager m with 5");
    assert.equal(manager.label, "m (kept)");
    assert.ok(manager instanceof Employee && manager instanceof Named);
    assert.equal(manager.rename("n").name, "n");
    assert.throws(() => new Manager({ name: "m" } as never), ValidationError);
    assert.throws(() => new Employee({ name: "e", budget: 1 } as never), ValidationError);
    assert.throws(() => new (Named as never as new () => object)(), code("MODEL.ABSTRACT"));
    assert.deepEqual(Object.keys(Engineer.schema.shape), [
      "id",
      "name",
      "createdBy",
      "changes",
      "kind",
      "companyId",
      "language",
      "bossId",
    ]);
  });

  it("refuse what could not be told apart, and what comes too late", () => {
    const { Model: Own } = createRegistry("session-inheritance-bad");
    class Plain extends Own("plain", { id: field(z.int32(), { primaryKey: true }) }) {}
    class Heir extends SubModel(Plain, "heir", {}) {}
    assert.throws(() => metadataOf(Heir).discriminator, code("MODEL.NO_DISCRIMINATOR"));
    class Kind extends Own("kind", {
      id: field(z.int32(), { primaryKey: true }),
      kind: field(z.string(), { discriminator: "a" }),
    }) {}
    class Same extends SubModel(Kind, "a", {}) {}
    assert.throws(() => metadataOf(Same).discriminator, code("MODEL.SAME_DISCRIMINATOR"));
    class Used extends Own("used", {
      id: field(z.int32(), { primaryKey: true }),
      kind: field(z.string(), { discriminator: "a" }),
    }) {}
    toSchema([Used]);
    assert.throws(() => SubModel(Used, "late", {}), code("MODEL.LATE_HEIR"));
  });

  it("belong to registries, each a database of its own", () => {
    const [one, two] = [createRegistry("one"), createRegistry("two")];
    class A extends one.Model("same", { id: field(z.int32(), { primaryKey: true }) }) {}
    class B extends two.Model("same", { id: field(z.uuid(), { primaryKey: true }) }) {}
    assert.equal(toSchema(one.registry).schema.tables[0]?.columns[0]?.type.kind, "integer");
    assert.equal(toSchema(two.registry).schema.tables[0]?.columns[0]?.type.kind, "uuid");
    assert.throws(() => toSchema([A, B]), code("MODEL.DUPLICATE_TABLE"));
    assert.equal(defaultRegistry.definitions.length, 0);
    assert.equal(typeof AbstractModel, "function");
  });
});

for (const dialect of dialects) {
  describe(`models that share a table on ${dialect.name}`, () => {
    let db: TestDatabase;
    before(async () => {
      db = await TestDatabase.create(dialect, models);
    });
    beforeEach(async () => {
      await db.clear();
      await db.run(async (session) => {
        const boss = new Director({ name: "d", budget: 9, car: "red" });
        const company = new Company({
          name: "c",
          staff: [
            new Employee({ name: "e" }),
            new Manager({ name: "m", budget: 5 }),
            boss,
            new Engineer({ name: "g", boss }),
          ],
        });
        session.add(company);
        await session.commit();
      });
    });
    after(() => db.remove());

    it("are read as what they are", async () => {
      await db.run(async (session) => {
        const all = await session.exec(select(Employee).orderBy(Employee.c.name)).all();
        assert.deepEqual(
          all.map((each) => [each.constructor, each.describe()]),
          [
            [Director, "manager d with 9"],
            [Employee, "employee e"],
            [Engineer, "employee g"],
            [Manager, "manager m with 5"],
          ],
        );
        assert.deepEqual(Object.keys(all[1] as object).includes("budget"), false);
        const managers = await session.exec(select(Manager).orderBy(Manager.c.name)).all();
        assert.deepEqual(managers, [all[0], all[3]]);
        assert.deepEqual(await session.exec(select(Director.c.car)).all(), ["red"]);
        assert.deepEqual(
          await session.exec(select(Engineer.c.name).where(Engineer.c.language.ne("C"))).all(),
          ["g"],
        );
      });
    });

    it("are one object for one row, whichever model asks", async () => {
      await db.run(async (session) => {
        const director = await session.exec(select(Director)).one();
        assert.equal(await session.get(Employee, director.id), director);
        assert.equal(await session.get(Manager, director.id), director);
        assert.equal(await session.get(Engineer, director.id), null);
        director.budget = 1;
        director.car = null;
        await session.commit();
        for (const budget of [-1, null]) {
          await assert.rejects(async () => {
            director.budget = budget as number; // what others of the table do not have is null in it
            await session.commit();
          }, ValidationError);
          await session.rollback();
        }
      });
      const [read] = await db.run((session) => session.exec(select(Director)).all());
      assert.deepEqual([read?.budget, read?.car], [1, null]);
    });

    it("have relations of their own, and those they inherit", async () => {
      await db.run(async (session) => {
        const company = await session.exec(select(Company).with("staff", "managers")).one();
        assert.deepEqual(
          company.staff.map((each) => each.constructor),
          [Employee, Manager, Director, Engineer],
        );
        assert.deepEqual(company.managers.map((each) => each.name).sort(), ["d", "m"]);
        const engineer = await session.exec(select(Engineer).with("boss.reports", "company")).one();
        assert.equal(engineer.boss?.reports[0], engineer);
        assert.equal(engineer.company, company);
        assert.ok(engineer.boss instanceof Director);
      });
    });

    it("are changed and deleted alone by statements without objects, and joined alone", async () => {
      await db.run(async (session) => {
        const { changes } = await session.exec(update(Manager).set({ createdBy: "x" }));
        assert.equal(changes, 2);
        const pairs = await session.exec(select(Company.c.name, Director.c.name).join(Director)).all();
        assert.deepEqual(pairs, [["c", "d"]]);
        assert.equal((await session.exec(deleteFrom(Engineer))).changes, 1);
        await session.commit();
        assert.equal((await session.exec(select(Employee)).all()).length, 3);
      });
    });

    it("can be made in an empty database by any of its models", async () => {
      await createAll(db.engine, [Company, Director]);
    });
  });
}
