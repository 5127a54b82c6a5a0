import { type Dependency, type Json, type SchemaObject, schemaObject } from "../../schema/index.ts";
import type { Catalog, ServerRow } from "./catalog.ts";
import type { MadeRow, PartitionRow, TriggerRow } from "./catalog-objects.ts";
import { standardQuotes } from "./expression.ts";
import { quoteName, quoteString } from "./quote.ts";

/** Views, triggers, routines, events and sequences, as the server keeps them. */

/** Everything beside the tables. What names of other databases stand in texts is left; `homes` are those of this one. */
export function objectsOf(catalog: Catalog, homes: readonly string[]): readonly SchemaObject[] {
  return [
    ...viewsOf(catalog, homes),
    ...triggersOf(catalog),
    ...routinesOf(catalog),
    ...eventsOf(catalog),
    ...sequencesOf(catalog),
  ];
}

type Options = { readonly [option: string]: Json };

/** The options that say something. */
function said(values: { readonly [option: string]: Json | null | false }): Options {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== false));
}

/** How the server was set when it was made, and for whom, where that is not as it is for us. */
function settings(row: MadeRow & { readonly sqlMode?: string }, server: ServerRow): Options {
  return said({
    definer: row.definer === server.user ? null : row.definer,
    sqlMode: row.sqlMode === undefined || sameModes(row.sqlMode, server.sqlMode) ? null : row.sqlMode,
    charset: row.charset === server.charset ? null : row.charset,
    collation: row.collation === server.connectionCollation ? null : row.collation,
  });
}

function sameModes(a: string, b: string): boolean {
  const sorted = (modes: string): string => modes.split(",").filter(Boolean).sort().join(",");
  return sorted(a) === sorted(b);
}

function viewsOf({ objects, tables, server }: Catalog, homes: readonly string[]): readonly SchemaObject[] {
  const kinds = new Map<string, Dependency["kind"]>([
    ...tables.map((row): [string, Dependency["kind"]] => [
      row.name,
      row.type === "VIEW" ? "view" : row.type === "SEQUENCE" ? "sequence" : "table",
    ]),
    ...objects.routines
      .filter((row) => row.type === "FUNCTION")
      .map((row): [string, Dependency["kind"]] => [`${row.name}()`, "function"]),
  ]);
  return objects.views.map((row) => {
    const { text, names } = atHome(row.text, homes);
    const check = row.checkOption === "NONE" ? "" : ` WITH ${row.checkOption} CHECK OPTION`;
    const dependsOn = names.flatMap((name): Dependency[] =>
      [kinds.get(name), kinds.get(`${name}()`)]
        .filter((kind) => kind !== undefined)
        .map((kind) => ({ kind, schema: null, name, signature: null, columns: [] })),
    );
    return schemaObject("view", row.name, `AS ${standardQuotes(text)}${check}`, {
      dialect: "mysql",
      options: {
        ...said({
          security: row.security === "INVOKER" ? "invoker" : null,
          algorithm: /^(?:MERGE|TEMPTABLE)$/.test(row.algorithm ?? "") ? row.algorithm!.toLowerCase() : null,
        }),
        ...settings(row, server),
      },
      dependsOn,
      facts: { owner: row.definer },
    });
  });
}

const piece = /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"|`(?:[^`]|``)*`|[^'"`]+|['"`]/g;

/** A text without the names of the database itself before its things, and the names that stand there. */
export function atHome(
  sql: string,
  homes: readonly string[],
): { readonly text: string; readonly names: readonly string[] } {
  const quoted = new Set(homes.map(quoteName));
  const pieces = sql.match(piece) ?? [];
  const names = new Set<string>();
  const kept: string[] = [];
  for (let at = 0; at < pieces.length; at++) {
    const text = pieces[at]!;
    const isName = text.length > 1 && text.startsWith("`") && !(pieces[at - 1] ?? "").endsWith(".");
    const next = pieces[at + 2];
    const named = isName && pieces[at + 1]?.trim() === "." && next?.startsWith("`") === true;
    if (named && quoted.has(text)) {
      names.add(plain(next));
      kept.push(next);
      at += 2;
      continue;
    }
    if (isName && !isAlias(pieces, at)) names.add(plain(text));
    kept.push(text);
  }
  return { text: kept.join(""), names: [...names] };
}

/** Whether a name is one that the text itself gives or asks by: `AS name`, after a table or a query, before a column. */
function isAlias(pieces: readonly string[], at: number): boolean {
  const [first = "", before = ""] = [pieces[at - 2], pieces[at - 1]];
  const follows = before.trim() === "" && before !== "" && first.startsWith("`");
  return follows || /(?:\bas|\))\s+$/i.test(before) || pieces[at + 1]?.startsWith(".") === true;
}

function plain(quoted: string): string {
  return quoted.slice(1, -1).replaceAll("``", "`");
}

function triggersOf({ objects, server }: Catalog): readonly SchemaObject[] {
  const momentOf = ({ table, timing, event }: TriggerRow): string => JSON.stringify([table, timing, event]);
  const moments = Map.groupBy(objects.triggers, momentOf);
  return objects.triggers.map((row) => {
    // Made in the order of their names, each has to stand before the next of those that are there already.
    const together = (moments.get(momentOf(row)) ?? []).toSorted((a, b) => Number(a.place) - Number(b.place));
    const later = together.slice(together.indexOf(row) + 1).find((each) => each.name < row.name);
    const definition =
      `${row.timing} ${row.event} ON ${quoteName(row.table)} FOR EACH ROW ${row.text}`.trim();
    return schemaObject("trigger", row.name, definition, {
      dialect: "mysql",
      table: { schema: null, name: row.table },
      options: { ...said({ precedes: later?.name ?? null }), ...settings(row, server) },
      facts: { owner: row.definer },
    });
  });
}

function routinesOf({ objects, server }: Catalog): readonly SchemaObject[] {
  return objects.routines.flatMap((row) =>
    row.text === null
      ? []
      : [
          schemaObject(row.type === "FUNCTION" ? "function" : "procedure", row.name, row.text.trim(), {
            dialect: "mysql",
            comment: row.comment === "" ? null : row.comment,
            options: { ...said({ aggregate: row.aggregate }), ...settings(row, server) },
            facts: { owner: row.definer },
          }),
        ],
  );
}

function eventsOf({ objects, server }: Catalog): readonly SchemaObject[] {
  return objects.events.map((row) => {
    const schedule =
      row.at === null
        ? [
            `EVERY ${row.every} ${row.unit}`,
            ...(row.starts === null ? [] : [`STARTS ${quoteString(row.starts)}`]),
            ...(row.ends === null ? [] : [`ENDS ${quoteString(row.ends)}`]),
          ].join(" ")
        : `AT ${quoteString(row.at)}`;
    const parts = [
      `ON SCHEDULE ${schedule}`,
      ...(row.completion === "PRESERVE" ? ["ON COMPLETION PRESERVE"] : []),
      ...(row.status === "ENABLED" ? [] : [row.status === "DISABLED" ? "DISABLE" : "DISABLE ON SLAVE"]),
      `DO ${row.text}`,
    ];
    return schemaObject("event", row.name, parts.join(" ").trim(), {
      dialect: "mysql",
      comment: row.comment === "" ? null : row.comment,
      options: {
        ...said({ timeZone: row.timeZone === server.timeZone ? null : row.timeZone }),
        ...settings(row, server),
      },
      facts: { owner: row.definer },
    });
  });
}

function sequencesOf({ objects, tables }: Catalog): readonly SchemaObject[] {
  return objects.sequences.map((row) => {
    const down = row.increment.startsWith("-");
    const [least, most] = down ? ["-9223372036854775807", "-1"] : ["1", "9223372036854775806"];
    const parts = [
      row.increment === "1" ? "" : `INCREMENT BY ${row.increment}`,
      row.min === least ? "" : `MINVALUE ${row.min}`,
      row.max === most ? "" : `MAXVALUE ${row.max}`,
      row.start === (down ? row.max : row.min) ? "" : `START WITH ${row.start}`,
      row.cache === "1000" ? "" : row.cache === "0" ? "NOCACHE" : `CACHE ${row.cache}`,
      row.cycle === "0" ? "" : "CYCLE",
    ];
    const comment = tables.find((table) => table.name === row.name)?.comment ?? "";
    return schemaObject("sequence", row.name, parts.filter((part) => part !== "").join(" "), {
      dialect: "mysql",
      comment: comment === "" ? null : comment,
    });
  });
}

/** How a table is parted, as `PARTITION BY` says it. */
export function partitionText(rows: readonly PartitionRow[]): string {
  const first = rows[0]!;
  const head = `${first.method} (${first.expression ?? ""})`;
  const parts =
    first.partMethod === null ? "" : ` SUBPARTITION BY ${first.partMethod} (${first.partExpression})`;
  const each = [...Map.groupBy(rows, (row) => row.name).values()];
  const plainly = each.every((list, at) => list[0]!.name === `p${at}` && list[0]!.comment === "");
  if (first.bound === null && plainly && first.part === null) return `${head} PARTITIONS ${each.length}`;
  const usual = each.every((list) => list.every((row, at) => row.part === `${row.name}sp${at}`));
  const count = usual && first.part !== null ? ` SUBPARTITIONS ${each[0]!.length}` : "";
  const list = each.map((own) => {
    const inner =
      own[0]!.part === null || usual
        ? ""
        : ` (${own.map((row) => `SUBPARTITION ${quoteName(row.part!)}`).join(", ")})`;
    const comment = own[0]!.comment === "" ? "" : ` COMMENT = ${quoteString(own[0]!.comment)}`;
    return `PARTITION ${quoteName(own[0]!.name)}${boundText(own[0]!)}${comment}${inner}`;
  });
  return `${head}${parts}${count} (${list.join(", ")})`;
}

function boundText({ method, bound }: PartitionRow): string {
  if (bound === null) return "";
  // A list of several columns has the word for each of them.
  const rest = /^\(?MAXVALUE(?:,MAXVALUE)*\)?$/.test(bound);
  if (method.startsWith("LIST")) return rest ? " DEFAULT" : ` VALUES IN (${bound})`;
  return bound === "MAXVALUE" ? " VALUES LESS THAN MAXVALUE" : ` VALUES LESS THAN (${bound})`;
}
