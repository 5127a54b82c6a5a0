/** What SQLite has beside tables, over generated ones: views, triggers on tables and views, virtual tables. */
import { type ObjectKind, type SchemaObject, schemaObject } from "../../src/schema/index.ts";
import type { Made, Recipe, Site } from "./generate-objects.ts";
import { queryOf } from "./generate-views.ts";

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

type Rest = Partial<Pick<SchemaObject, "table">>;

const light = (kind: ObjectKind, name: string, definition: string, rest: Rest = {}): SchemaObject =>
  schemaObject(kind, name, definition, { dialect: "sqlite", ...rest });

function view(site: Site): Made {
  const { sql, columns } = queryOf(site, quote);
  const note = site.comment === null ? "" : ` /* ${site.comment} */`;
  const object = light("view", site.name, `AS${note} ${sql}`);
  return { objects: [object], relation: { object, columns } };
}

/** What a trigger does that leaves every row as the law expects it: nothing deletes rows but a mistake. */
function works(site: Site): readonly string[] {
  const [column] = site.columns;
  const [table, other] = [quote(site.table.name), quote(site.other.name)];
  const own = quote(column!.name);
  const first = quote(site.other.columns.find((each) => each.generated === null)!.name);
  const writable = column!.generated === null ? `UPDATE ${table} SET ${own} = ${own} WHERE 0` : "SELECT 1";
  return [
    writable,
    `DELETE FROM ${other} WHERE 0; SELECT 'it''s; END'`,
    `SELECT ${own} FROM ${table} WHERE 0 -- a note\n`,
    `INSERT INTO ${other} (${first}) SELECT ${first} FROM ${other} WHERE 0`,
    `SELECT coalesce(o.rowid, 1) FROM ${table} AS t, (SELECT 1 AS rowid) AS o WHERE t.${own} IS NULL`,
  ];
}

function trigger(site: Site): Made {
  const { table, body, columns } = site;
  const own = quote(columns[0]!.name);
  const when = [
    "AFTER INSERT",
    "BEFORE INSERT",
    `AFTER UPDATE OF ${own}`,
    "BEFORE UPDATE",
    "AFTER DELETE",
    "BEFORE DELETE",
  ][body % 6]!;
  const row = when.endsWith("DELETE") ? "OLD" : "NEW";
  const condition = body % 4 === 0 ? ` WHEN ${row}.${own} IS NOT NULL` : "";
  const all = works(site);
  // Rows are never deleted: a trigger that fires as a table is made anew is found out.
  const work = when.endsWith("DELETE") ? `DELETE FROM ${quote(site.other.name)}` : all[body % all.length]!;
  const definition = `${when} ON ${quote(table.name)} FOR EACH ROW${condition} BEGIN ${work};\nSELECT ${row}.${own}; END`;
  return {
    objects: [light("trigger", site.name, definition, { table: { schema: null, name: table.name } })],
  };
}

function viewWithTrigger(site: Site): Made {
  const made = view(site);
  const { object, columns } = made.relation!;
  const [first] = columns;
  const work = works(site)[site.body % 2]!;
  const definition = `INSTEAD OF ${["INSERT", "UPDATE", "DELETE"][site.body % 3]!} ON ${quote(object.name)} BEGIN ${work}; SELECT ${site.body % 3 === 2 ? "OLD" : "NEW"}.${quote(first!)}; END`;
  const hung = light("trigger", `${site.name} trigger`, definition, {
    table: { schema: null, name: object.name },
  });
  return { ...made, objects: [...made.objects, hung] };
}

function words(site: Site): Made {
  const columns = site.columns.map((each) => quote(`${each.name} text`)).join(", ");
  const options = ["", ", tokenize = 'porter'", ", prefix = '2 3'"][site.body % 3]!;
  return { objects: [light("virtualTable", site.name, `USING fts5(${columns}${options})`)] };
}

/** No column of an index of words may be called as that is. */
const indexName = ({ name }: Site): string => `${name} index`;

/** An index of words over the rows of a table. */
function wordsOfTable(site: Site): Made {
  const { table, columns } = site;
  // An index of words has a hidden column of its own name.
  const isOwn = columns.some(({ name }) => name.toLowerCase() === site.name.toLowerCase());
  if (isOwn || table.options["sqlite"]?.["withoutRowid"] === true) return view(site);
  const names = columns.map((each) => quote(each.name)).join(", ");
  const source = `content='${table.name.replaceAll("'", "''")}'`;
  return { objects: [light("virtualTable", indexName(site), `USING fts5(${names}, ${source})`)] };
}

function places(site: Site): Made {
  const definition = ["rtree(id, x0, x1)", "rtree(id, x0, x1, y0, y1)", "rtree_i32(id, x0, x1, +note TEXT)"];
  return {
    objects: [light("virtualTable", site.name, `USING ${definition[site.body % definition.length]!}`)],
  };
}

/** Indexes of words that keep no rows, over nothing, or over what nobody could fill them from. */
function wordsAlone(site: Site): Made {
  const names = site.columns.map((each) => quote(each.name)).join(", ");
  const forms = [
    `fts5(${names}, content='')`,
    `fts5(${names}, content='', columnsize=0)`,
    `fts5(${names}, "what is not there", content='${site.table.name.replaceAll("'", "''")}')`,
    `fts5(${names}, content='no such table')`,
    `fts4(${names}, tokenize=porter)`,
    `fts4("some words", content='')`,
  ];
  return { objects: [light("virtualTable", indexName(site), `USING ${forms[site.body % forms.length]!}`)] };
}

/** A trigger that fills an index of words, and a view over that. */
function wordsKept(site: Site): Made {
  const { table, columns, body } = site;
  const own = quote(columns[0]!.name);
  const index = { ...site, name: `${site.name} words` };
  const fills = `AFTER INSERT ON ${quote(table.name)} BEGIN INSERT INTO ${quote(index.name)} (said) VALUES (NEW.${own}); END`;
  const using = ["fts5(said)", "fts5(said, who)", "fts5(said, prefix = '2')"][body % 3]!;
  return {
    objects: [
      light("virtualTable", index.name, `USING ${using}`),
      light("trigger", site.name, fills, { table: { schema: null, name: table.name } }),
      light("view", `${site.name} view`, `AS SELECT said FROM ${quote(index.name)}`),
    ],
  };
}

/** The ways of making objects on SQLite. */
export const sqliteRecipes: readonly Recipe[] = [
  view,
  view,
  trigger,
  viewWithTrigger,
  view,
  trigger,
  words,
  places,
  wordsOfTable,
  wordsAlone,
  wordsKept,
];
