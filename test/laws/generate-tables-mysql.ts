/** Tables of kinds that MySQL and MariaDB alone have, and what goes with these. */
import { column, index, indexPart, type Json, primaryKey, t, unique } from "../../src/schema/index.ts";
import type { Made, Site } from "./generate-objects.ts";
import { ours, ownTable, quote, withRows } from "./made-mysql.ts";

const native = (sql: string) => t.native("mysql", sql);

function by(site: Site, forms: readonly (string | null)[]): Made {
  const form = forms[site.body % forms.length] ?? null;
  return withRows(ownTable(site, form === null ? {} : { partitionBy: form }));
}

/** In parts. */
export function parted(site: Site): Made {
  return by(site, [
    "RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)",
    "RANGE (id) (PARTITION p0 VALUES LESS THAN (5), PARTITION `p ü` VALUES LESS THAN MAXVALUE)",
    "LIST (id) (PARTITION a VALUES IN (1, 2), PARTITION b VALUES IN (3, 12))",
    "HASH (id) PARTITIONS 4",
    "KEY (id) PARTITIONS 2",
    null,
  ]);
}

/** In parts of parts, and with what is said of each. */
export function partedAgain(site: Site): Made {
  return by(site, [
    "RANGE (id) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN MAXVALUE)",
    "LIST (id) SUBPARTITION BY KEY (id) (PARTITION a VALUES IN (1) (SUBPARTITION s1, SUBPARTITION `s 2`), PARTITION b VALUES IN (12) (SUBPARTITION s3, SUBPARTITION s4))",
    "RANGE (id) (PARTITION a VALUES LESS THAN (10) COMMENT = 'it''s ENGINE = x' MAX_ROWS = 100, PARTITION b VALUES LESS THAN MAXVALUE MIN_ROWS = 2)",
    "LINEAR HASH (id) (PARTITION x COMMENT = 'x', PARTITION y)",
    "RANGE COLUMNS (id) (PARTITION a VALUES LESS THAN (4), PARTITION b VALUES LESS THAN (MAXVALUE))",
    "KEY ALGORITHM=1 (id) PARTITIONS 3",
    null,
  ]);
}

/** With triggers of one moment, which stand in an order. */
export function inOrder(site: Site): Made {
  const made = ownTable(site, {});
  const names = ["a", "b", "c"].map((name) => `${site.name} ${name}`);
  const [a, b, c] = names as [string, string, string];
  // Of each the next one, by whose name alone it would stand elsewhere.
  const orders: readonly (readonly (readonly [string, string | null])[])[] = [
    [
      [a, null],
      [b, null],
      [c, null],
    ],
    [
      [a, null],
      [b, a],
    ],
    [
      [a, null],
      [b, null],
      [c, a],
    ],
    [
      [a, null],
      [b, a],
      [c, a],
    ],
    [
      [b, null],
      [c, b],
    ],
  ];
  const order = orders[site.body % orders.length]!;
  const triggers = order.map(([name, precedes]) => {
    const body = `BEFORE INSERT ON ${quote(made.name)} FOR EACH ROW SET @law = ${site.body % 3}`;
    const options: Readonly<Record<string, Json>> = precedes === null ? {} : { precedes };
    const table = { schema: null, name: made.name };
    return { ...ours(site, "trigger", body, { table, options }), name };
  });
  return withRows(made, triggers);
}

/**
 * With its history, of which it says when each version began and ended. A server has no way to say so of a history that
 * is kept already.
 */
export function versionedFrom(site: Site): Made {
  const moment = (name: string, end: "START" | "END") =>
    column(name, native("timestamp(6)"), {
      nullable: false,
      generated: { expression: `ROW ${end}`, stored: true },
    });
  const period = { systemVersioned: true, period: ["began", "ended"] };
  const forms = [
    ownTable(site, {}),
    ownTable(site, period, [moment("began", "START"), moment("ended", "END")]),
  ];
  // Of another name than tables whose history does not say it.
  return withRows({ ...forms[site.body % forms.length]!, name: `${site.name} since` });
}

/** With its history, or some of its columns without. */
export function versioned(site: Site): Made {
  const forms = [
    ownTable(site, { systemVersioned: true }),
    ownTable(site, {}),
    ownTable(site, { systemVersioned: true }, [
      column("light", t.integer(), { options: { mysql: { unversioned: true } } }),
    ]),
    ownTable(site, {
      systemVersioned: true,
      partitionBy: "SYSTEM_TIME LIMIT 100 (PARTITION p0 HISTORY, PARTITION pn CURRENT)",
    }),
  ];
  return withRows(forms[site.body % forms.length]!);
}

/** Numbered by a sequence. */
export function counted(site: Site): Made {
  const numbers = ours(site, "sequence", site.body % 2 === 0 ? "START WITH 7" : "INCREMENT BY 5");
  const next = [`nextval(${quote(site.name)})`, `nextval(${quote(site.name)}) * 2`, "5"][site.body % 3]!;
  const own = column("number", t.integer(), { default: { kind: "expression", sql: next } });
  return withRows(ownTable(site, {}, [own]), [numbers], { number: 3 });
}

/** Kept by another engine, or in another way. */
export function inEngine(site: Site): Made {
  const on = (method: string | null) => [index(`${site.name} ix`, [indexPart("note")], { method })];
  const forms = [
    ownTable(site, { engine: "MEMORY" }, [], { indexes: on("btree") }),
    ownTable(site, { engine: "MEMORY" }, [], { indexes: on("hash") }),
    ownTable(site, { engine: "MyISAM", checksum: "1", delayKeyWrite: "1" }),
    ownTable(site, { engine: "Aria", rowFormat: "PAGE" }),
    ownTable(site, { engine: "Aria", pageChecksum: "0" }, [], { indexes: on(null) }),
    ownTable(site, {}, [
      column("long", t.text(), { options: { mysql: { compressed: true } } }),
      column("some", native("set('x','it''s')")),
    ]),
    ownTable(site, { rowFormat: "COMPRESSED", keyBlockSize: "8", avgRowLength: "20", maxRows: "1000" }),
  ];
  return withRows(forms[site.body % forms.length]!);
}

/** With rows that hold for a time. */
export function held(site: Site): Made {
  const day = (name: string, sql: string) =>
    column(name, t.date(), { nullable: false, default: { kind: "expression", sql } });
  const days = [day("since", "'2020-01-01'"), day("until", "'2021-01-01'")];
  const period = { periodFor: { "is held": ["since", "until"] } };
  const alone = { mysql: { withoutOverlaps: true } };
  const forms = [
    ownTable(site, period, days),
    ownTable(site, {}, days),
    ownTable(site, period, days, {
      primaryKey: { ...primaryKey(["id", "since", "until"]), options: alone },
    }),
    ownTable(site, period, days, {
      indexes: [
        index(
          `${site.name} ux`,
          ["note", "since", "until"].map((name) => indexPart(name)),
          {
            unique: true,
            options: alone,
          },
        ),
      ],
    }),
    ownTable(site, period, days, { uniques: [unique(["since", "id"], { name: `${site.name} uq` })] }),
  ];
  return withRows(forms[site.body % forms.length]!, [], { since: "2020-01-01", until: "2021-01-01" });
}
