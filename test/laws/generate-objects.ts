/**
 * Views, triggers and their like for a pair of generated schemas. What is drawn is a plan; it is written out for each
 * schema of the pair anew, over the columns that are there, so that every definition is valid and changes with what it
 * stands on.
 */
import fc from "fast-check";
import type { Rename } from "../../src/diff/index.ts";
import {
  type Column,
  findObject,
  type Schema,
  type SchemaObject,
  type Table,
} from "../../src/schema/index.ts";
import { canonicalOrder } from "../../src/schema/order.ts";
import { nameAfter } from "./generate-renames.ts";
import type { GeneratedRows } from "./generate-rows.ts";

/** Two schemas, the second of which follows the first, and the rows of the first. */
export interface SchemaPair {
  readonly from: Schema;
  readonly to: Schema;
  readonly rows: GeneratedRows;
  /** What has another name in the second one. */
  readonly renames: readonly Rename[];
}

/** Where an object is made, and of what. */
export interface Site {
  readonly name: string;
  readonly schema: Schema;
  readonly table: Table;
  /** Columns of the table that it is about: one at least. */
  readonly columns: readonly Column[];
  /** A table of the schema, perhaps the same. */
  readonly other: Table;
  /** A view that was made before; null for none. */
  readonly below: Relation | null;
  /** Which of several ways to write it. */
  readonly body: number;
  readonly comment: string | null;
}

/** A view, with the columns that it surely gives. */
export interface Relation {
  readonly object: SchemaObject;
  readonly columns: readonly string[];
}

/** What a recipe makes. */
export interface Made {
  readonly objects: readonly SchemaObject[];
  /** The view that others can be made of. */
  readonly relation?: Relation;
  /** The table of the site as it has to be for them. */
  readonly table?: Table;
  /** Tables of their own. */
  readonly tables?: readonly Table[];
  /** The rows of these, by their names. */
  readonly rows?: GeneratedRows;
}

/** Makes objects of one kind. */
export type Recipe = (site: Site) => Made;

interface Plan {
  readonly recipe: number;
  readonly table: number;
  readonly other: number;
  readonly columns: readonly number[];
  readonly below: number;
  readonly body: number;
  readonly comment: number;
}

const fates = [
  "keep",
  "keep",
  "keep",
  "add",
  "drop",
  "body",
  "body",
  "comment",
  "columns",
  "recipe",
  "table",
  "below",
] as const;

interface Change {
  readonly fate: (typeof fates)[number];
  readonly step: number;
}

/** A plan with the tables that it means, by name. */
interface Placed extends Plan {
  readonly name: string;
  readonly tableName: string;
  readonly otherName: string;
}

const names = [
  "v all",
  "Zeta",
  "über",
  "order",
  'say "x"',
  "back`tick",
  "it's all",
  "a",
  "Mid",
  "läst of all",
];
const comments = [null, "it's an object", 'a \\ "comment"\nof two lines', "ünïcode ✓"];

const arbitraryPlan: fc.Arbitrary<Plan> = fc.record({
  recipe: fc.nat(999),
  table: fc.nat(7),
  other: fc.nat(7),
  columns: fc.array(fc.nat(11), { minLength: 1, maxLength: 3 }),
  below: fc.nat(9),
  body: fc.nat(999),
  comment: fc.nat(comments.length - 1),
});

const arbitraryChange: fc.Arbitrary<Change> = fc.record({
  fate: fc.constantFrom(...fates),
  step: fc.integer({ min: 1, max: 7 }),
});

/** How many of the cases have objects: one in so many; and of how many recipes at most. */
export interface ObjectShare {
  readonly oneIn: number;
  readonly most: number;
}

/** The pair with objects in some of the cases; `recipes` are those of the database. */
export function withObjects(
  pair: SchemaPair,
  recipes: readonly Recipe[],
  { oneIn, most }: ObjectShare = { oneIn: 3, most: 5 },
): fc.Arbitrary<SchemaPair> {
  const { from, to, rows, renames } = pair;
  return fc
    .record({
      any: fc.nat(oneIn - 1),
      plans: fc.array(fc.tuple(arbitraryPlan, arbitraryChange), { minLength: 1, maxLength: most }),
      names: fc.shuffledSubarray(names, { minLength: names.length }),
    })
    .map((drawn) => {
      if (drawn.any !== 0 || recipes.length === 0 || from.tables.length === 0) return pair;
      const placed = drawn.plans.map(([plan, change], at) => ({
        change,
        plan: place(plan, drawn.names[at]!, from),
      }));
      const before = placed.filter(({ change }) => change.fate !== "add").map(({ plan }) => plan);
      const after = placed
        .filter(({ change }) => change.fate !== "drop")
        .map(({ plan, change }) => changed(renamed(plan, renames), change, to));
      const start = written(from, before, recipes);
      return {
        from: canonicalOrder(start.schema),
        to: canonicalOrder(written(to, after, recipes).schema),
        rows: { ...rows, ...start.rows },
        renames,
      };
    });
}

function tableAt({ tables }: Schema, at: number): string {
  return tables[at % Math.max(tables.length, 1)]?.name ?? "";
}

function place(plan: Plan, name: string, schema: Schema): Placed {
  const [tableName, otherName] = [tableAt(schema, plan.table), tableAt(schema, plan.other)];
  return { ...plan, name, tableName, otherName };
}

function renamed(plan: Placed, renames: readonly Rename[]): Placed {
  const [tableName, otherName] = [nameAfter(plan.tableName, renames), nameAfter(plan.otherName, renames)];
  return { ...plan, tableName, otherName };
}

function changed(plan: Placed, { fate, step }: Change, to: Schema): Placed {
  switch (fate) {
    case "body":
      return { ...plan, body: plan.body + step };
    case "comment":
      return { ...plan, comment: plan.comment + step };
    case "columns":
      return { ...plan, columns: plan.columns.map((each) => each + step) };
    case "recipe":
      return { ...plan, recipe: plan.recipe + step };
    case "table":
      return { ...plan, tableName: tableAt(to, plan.table + step) };
    case "below":
      return { ...plan, below: plan.below + step };
    default:
      return plan;
  }
}

/** The schema with what the plans make of it, and the rows of that. A plan whose table is gone makes nothing. */
function written(
  schema: Schema,
  plans: readonly Placed[],
  recipes: readonly Recipe[],
): { readonly schema: Schema; readonly rows: GeneratedRows } {
  const relations: Relation[] = [];
  const added: Table[] = [];
  let [now, rows] = [schema, {} as GeneratedRows];
  for (const plan of plans) {
    const site = siteOf(plan, now, relations);
    if (site === null) continue;
    const made = recipes[plan.recipe % recipes.length]!(site);
    if (made.relation !== undefined) relations.push(made.relation);
    added.push(...(made.tables ?? []));
    rows = { ...rows, ...made.rows };
    now = {
      ...now,
      tables: now.tables.map((table) => (table === site.table ? (made.table ?? table) : table)),
      objects: [...now.objects, ...made.objects.filter((each) => findObject(now, each) === undefined)],
    };
  }
  return { schema: { ...now, tables: [...now.tables, ...added] }, rows };
}

function siteOf(plan: Placed, schema: Schema, relations: readonly Relation[]): Site | null {
  const table = schema.tables.find((each) => each.name === plan.tableName);
  if (table === undefined) return null;
  // By name, so that a column that comes or goes leaves the choice of most others as it is.
  const sorted = table.columns.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const columns = [...new Set(plan.columns.map((at) => sorted[at % sorted.length]!))];
  return {
    name: plan.name,
    schema,
    table,
    columns,
    other: schema.tables.find((each) => each.name === plan.otherName) ?? table,
    below: plan.below > 5 ? null : (relations[plan.below % Math.max(relations.length, 1)] ?? null),
    body: plan.body,
    comment: comments[plan.comment % comments.length] ?? null,
  };
}
