/** Tables of PostgreSQL that are made for the objects beside them, or that take their columns from others. */
import {
  type Column,
  check,
  column,
  type Json,
  primaryKey,
  type SchemaObject,
  type Table,
  t,
  table,
} from "../../src/schema/index.ts";
import type { Made, Site } from "./generate-objects.ts";
import type { GeneratedRow } from "./generate-rows.ts";

const own = (options: Readonly<Record<string, Json>>): Pick<Table, "options"> => ({
  options: { postgresql: options },
});

/** The table of a site, with some of its options. */
export function withOptions({ table }: Site, options: Readonly<Record<string, Json>>): Table {
  if (Object.keys(options).length === 0) return table;
  return {
    ...table,
    options: { ...table.options, postgresql: { ...table.options["postgresql"], ...options } },
  };
}

/** The table of a site with a column more, of a type that stands beside it. */
export function withColumnOf(site: Site, type: SchemaObject): Table {
  const name = type.name.replaceAll('"', '""');
  const added = column(`of ${type.name}`, t.native("postgresql", `"${name}"`));
  return { ...site.table, columns: [...site.table.columns, added] };
}

/** The table of a site with a check that calls a function. */
export function withCheck(site: Site, on: Column, calls: SchemaObject): Table {
  const name = calls.name.replaceAll('"', '""');
  const added = check(`"${name}"("${on.name}")`, { name: `ck ${site.name}` });
  return { ...site.table, checks: [...site.table.checks, added] };
}

interface Way {
  readonly by: string;
  /** Those of the first are there always: they hold the rows. */
  readonly bounds: readonly (readonly string[])[];
}

const ways: readonly Way[] = [
  {
    by: "RANGE (n)",
    bounds: [
      ["FOR VALUES FROM (0) TO (10)"],
      ["FOR VALUES FROM (10) TO (20)"],
      ["FOR VALUES FROM (20) TO (30)", "DEFAULT"],
    ],
  },
  {
    by: "LIST (kind)",
    bounds: [["FOR VALUES IN ('a', 'it''s')"], ["FOR VALUES IN ('c')"], ["DEFAULT"]],
  },
  {
    by: "HASH (n)",
    bounds: [["FOR VALUES WITH (modulus 2, remainder 0)", "FOR VALUES WITH (modulus 2, remainder 1)"]],
  },
];

/** A table in parts, with rows. */
export function parted(site: Site): Made {
  const which = site.body % ways.length;
  const { by, bounds } = ways[which]!;
  const more = Math.floor(site.body / ways.length) % 3;
  const name = `${site.name} parted ${which}`;
  const columns = [
    column("n", t.integer(), { nullable: false }),
    column("kind", t.text(), { nullable: false }),
    column(more === 1 ? "note" : "other note", t.varchar(20)),
  ];
  const whole = table(name, columns, {
    primaryKey: primaryKey(["n", "kind"], { name: `pk ${name}` }),
    comment: site.comment,
    ...own({ partitionBy: by }),
  });
  const parts = bounds
    .slice(0, more + 1)
    .flatMap((list, at) =>
      list.map((bound, n) =>
        table(`${name} ${at}${n}`, [], own({ partitionOf: { schema: null, name, bound } })),
      ),
    );
  const rows: readonly GeneratedRow[] = [
    { n: 1, kind: "a" },
    { n: 2, kind: "it's" },
  ];
  return { objects: [], tables: [whole, ...parts], rows: { [name]: rows } };
}

/** A table that takes its columns from one of its own. */
export function heir(site: Site): Made {
  const name = `${site.name} parent`;
  const more = site.body % 3;
  const columns = [
    column("n", t.integer(), { nullable: false }),
    ...(more === 0 ? [] : [column("note", more === 1 ? t.varchar(20) : t.text())]),
  ];
  const parent = table(name, columns, {
    primaryKey: primaryKey(["n"], { name: `pk ${name}` }),
    comment: site.comment,
  });
  const own_ = column("more", site.body % 2 === 0 ? t.integer() : t.bigint());
  const heirs = table(`${site.name} heir`, [own_], own({ inherits: [{ schema: null, name }] }));
  return { objects: [], tables: [parent, heirs], rows: { [name]: [{ n: 1 }, { n: 2 }] } };
}
