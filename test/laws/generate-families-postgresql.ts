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

interface Nested {
  readonly by: string;
  /** Where rows are in every way, and the parts of that. */
  readonly bounds: readonly (readonly string[])[];
}

/** Parts of a part: of the bounds, each list is one that both rows have their place in. */
const nested: readonly Nested[] = [
  {
    by: "LIST (kind)",
    bounds: [
      ["FOR VALUES IN ('a')", "FOR VALUES IN ('it''s')"],
      ["FOR VALUES IN ('a', 'b')", "FOR VALUES IN ('it''s', 'c')", "DEFAULT"],
      ["FOR VALUES IN ('a')", "FOR VALUES IN ('it''s', 'd')", "FOR VALUES IN ('e')"],
    ],
  },
  {
    by: "HASH (n)",
    bounds: [["FOR VALUES WITH (modulus 2, remainder 0)", "FOR VALUES WITH (modulus 2, remainder 1)"]],
  },
  {
    by: "RANGE (n)",
    bounds: [
      ["FOR VALUES FROM (0) TO (2)", "FOR VALUES FROM (2) TO (4)"],
      ["FOR VALUES FROM (1) TO (2)", "FOR VALUES FROM (2) TO (3)", "DEFAULT"],
    ],
  },
];

const outer = [
  "FOR VALUES FROM (0) TO (10)",
  "FOR VALUES FROM (-5) TO (8)",
  "FOR VALUES FROM (MINVALUE) TO (10)",
];

/** A table in parts, the first of which is in parts too, with rows in those. Their bounds change. */
export function subparted(site: Site): Made {
  const which = site.body % nested.length;
  const { by, bounds } = nested[which]!;
  const step = Math.floor(site.body / nested.length);
  const name = `${site.name} nested ${which}`;
  const columns = [
    column("n", t.integer(), { nullable: false }),
    column("kind", t.text(), { nullable: false }),
    ...(step % 2 === 0 ? [] : [column("note", t.varchar(20))]),
  ];
  const whole = table(name, columns, {
    primaryKey: primaryKey(["n", "kind"], { name: `pk ${name}` }),
    comment: site.comment,
    ...own({ partitionBy: "RANGE (n)" }),
  });
  const part = (
    of: string,
    suffix: string,
    bound: string,
    rest: Readonly<Record<string, Json>> = {},
  ): Table => table(`${of} ${suffix}`, [], own({ ...rest, partitionOf: { schema: null, name: of, bound } }));
  const first = part(name, "0", outer[step % outer.length]!, { partitionBy: by });
  const below = bounds[step % bounds.length]!.map((bound, at) => part(first.name, String(at), bound));
  const last = step % 4 === 3 ? [part(name, "1", "FOR VALUES FROM (10) TO (20)")] : [];
  const rows: readonly GeneratedRow[] = [
    { n: 1, kind: "a" },
    { n: 2, kind: "it's" },
  ];
  return { objects: [], tables: [whole, first, ...below, ...last], rows: { [name]: rows } };
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
