import { owners } from "../model/objects/one-database.ts";
import { signatureOf } from "../model/objects/signature.ts";
import { indentless, nameOf } from "../model/objects/text.ts";
import {
  grantTarget,
  type PublishedPart,
  privilegesOf,
  publicationParts,
  type SchemaObject,
  type TableRef,
} from "../schema/index.ts";
import { closingParenthesis, tokenize } from "../schema/lexer.ts";
import { arrow, type Code, call, lines, list, object, text } from "../script/code.ts";
import { json } from "../script/render-values.ts";

/** What the code of an object needs of its file. */
export interface ObjectNeeds {
  /** A table as objects name it: an arrow to its model where it has one, else its name. */
  target(table: TableRef): Code;
  /** A column of a model, as objects name it. */
  column(table: TableRef, column: string): Code;
  /** Indexes of a materialized view. */
  indexesOf(view: TableRef): readonly SchemaObject[];
}

type Entries = readonly (readonly [string, Code | null | false])[];

/** An object as the call that makes it: in the words of its own function where they say it whole, else by its kind. */
export function renderObject(own: SchemaObject, needs: ObjectNeeds): { maker: string; code: Code } {
  const code = makers[own.kind]?.(own, needs) ?? null;
  const found =
    code !== null && typeof code === "object" && code.kind === "call" ? code : plainly(own, needs);
  return { maker: found.callee, code: found };
}

type Call = Extract<Code, { kind: "call" }>;

function plainly(own: SchemaObject, needs: ObjectNeeds): Call {
  return call(
    "object",
    text(own.kind),
    name(own),
    lines(own.definition),
    options([
      ["on", own.table && needs.target(own.table)],
      ["signature", own.signature !== null && text(own.signature)],
      ["comment", own.comment !== null && text(own.comment)],
      ["options", hasAny(own.options) && json(own.options)],
    ]),
  ) as Call;
}

function name({ schema, name: own, table }: SchemaObject): Code {
  return schema === null || table !== null ? text(own) : json({ schema, name: own });
}

function options(entries: Entries): Code | null {
  const said = entries.filter(
    (entry): entry is readonly [string, Code] => entry[1] !== null && entry[1] !== false,
  );
  return said.length === 0 ? null : object(said);
}

function hasAny(values: object): boolean {
  return Object.keys(values).length > 0;
}

/** What every function takes: a comment, and options that have no word of their own. */
function common(own: SchemaObject, words: readonly string[] = []): Entries {
  const rest = Object.fromEntries(Object.entries(own.options).filter(([option]) => !words.includes(option)));
  return [
    ...words.map((word): readonly [string, Code | false] => {
      const value = own.options[word];
      return [word, value !== undefined && json(value)];
    }),
    ["comment", own.comment !== null && text(own.comment)],
    ["settings", hasAny(rest) && json(rest)],
  ];
}

/** Whether a text is left as it is where it stands in a file. */
function stays(sql: string): boolean {
  return sql !== "" && indentless(sql) === sql;
}

type Maker = (own: SchemaObject, needs: ObjectNeeds) => Code | null;

const view: Maker = (own) => {
  const sql = own.definition.replace(/^AS\s+/i, "");
  const query = /^(?:\(|as\b|with\s*\()/i.test(sql) ? null : sql;
  const said = query !== null && `AS ${query}` === own.definition ? query : own.definition;
  if (!stays(said) || (said === own.definition && !/^(?:\(|as\b|with\s*\()/i.test(said))) return null;
  return call("view", name(own), lines(said), options(common(own, ["columns"])));
};

const materializedView: Maker = (own, needs) => {
  const said = own.definition.replace(/^AS /, "");
  if (!stays(said) || `AS ${said}` !== own.definition || /^(?:\(|as\b|with\s*\()/i.test(said)) return null;
  const start = `ON ${nameOf(own)} `;
  const indexes = needs.indexesOf(own);
  if (indexes.some((each) => !each.definition.startsWith(start))) return null;
  const entries = indexes.map((each): readonly [string, Code] => {
    const on = text(each.definition.slice(start.length));
    const unique = each.options["unique"] === true;
    return [
      each.name,
      unique || each.comment !== null
        ? object([
            ["on", on],
            ...(unique ? ([["unique", "true"]] as const) : []),
            ...(each.comment === null ? [] : ([["comment", text(each.comment)]] as const)),
          ])
        : on,
    ];
  });
  const plain = indexes.every((each) => Object.keys(each.options).every((option) => option === "unique"));
  if (!plain) return null;
  return call(
    "materializedView",
    name(own),
    lines(said),
    options([...common(own, ["columns"]), ["indexes", entries.length > 0 && object(entries)]]),
  );
};

const routine: Maker = (own) => {
  if (!stays(own.definition)) return null;
  const told = safely(() => signatureOf(own.definition));
  const signature = own.signature !== null && told !== own.signature && text(own.signature);
  return call(
    "routine",
    name(own),
    lines(own.definition),
    options([["kind", own.kind !== "function" && text(own.kind)], ["signature", signature], ...common(own)]),
  );
};

function safely(work: () => string): string | null {
  try {
    return work();
  } catch {
    return null;
  }
}

const trigger: Maker = (own, needs) => {
  if (own.table === null) return null;
  const quoted = [nameOf(own.table), `\`${own.table.name.replaceAll("`", "``")}\``];
  for (const table of quoted) {
    const at = own.definition.indexOf(` ON ${table} `);
    if (at < 0) continue;
    const when = own.definition.slice(0, at);
    const does = own.definition.slice(at + ` ON ${table} `.length);
    if (!stays(when) || !stays(does) || when.includes("\n")) return null;
    return call(
      "trigger",
      name(own),
      text(when),
      needs.target(own.table),
      lines(does),
      options(common(own, ["constraint", "enabled"])),
    );
  }
  return null;
};

const policy: Maker = (own, needs) => {
  if (own.table === null) return null;
  const start = `ON ${nameOf(own.table)}`;
  if (!own.definition.startsWith(start) || hasAny(own.options)) return null;
  const parts =
    /^( AS RESTRICTIVE)?(?: FOR (\w+))?(?: TO ([\w, ]+?))?(?: USING \(([\s\S]*?)\))?(?: WITH CHECK \(([\s\S]*)\))?$/.exec(
      own.definition.slice(start.length),
    );
  if (parts === null) return null;
  const [, restrictive, of, to, using, check] = parts;
  return call(
    "policy",
    name(own),
    needs.target(own.table),
    options([
      ["for", of !== undefined && text(of.toLowerCase())],
      ["to", to !== undefined && json(to.split(", "))],
      ["using", using !== undefined && lines(using)],
      ["check", check !== undefined && lines(check)],
      ["restrictive", restrictive !== undefined && "true"],
      ["comment", own.comment !== null && text(own.comment)],
    ]),
  );
};

const rule: Maker = (own, needs) => {
  if (own.table === null) return null;
  const middle = ` TO ${nameOf(own.table)} `;
  const at = own.definition.indexOf(middle);
  const does = own.definition.slice(at + middle.length);
  const event = own.definition.slice("AS ".length, at);
  if (at < 0 || !own.definition.startsWith("AS ") || !stays(does) || event.includes("\n")) return null;
  return call(
    "rule",
    name(own),
    needs.target(own.table),
    text(event),
    lines(does),
    options(common(own, ["enabled"])),
  );
};

const domain: Maker = (own) => {
  const said = own.definition.replace(/^AS /, "");
  if (!stays(said) || `AS ${said}` !== own.definition) return null;
  return call("domain", name(own), lines(said), options(common(own)));
};

const composite: Maker = (own) => {
  const inside = /^AS \(([\s\S]*)\)$/.exec(own.definition)?.[1];
  if (inside === undefined || hasAny(own.options) || inside === "") return null;
  const attributes = parted(inside).map((part) => {
    const first = tokenize(part)[0];
    return [first?.value ?? "", part.slice(first?.end ?? 0).trim()] as const;
  });
  const again = attributes.map(([key, type]) => `${nameOf({ schema: null, name: key })} ${type}`);
  if (`AS (${again.join(", ")})` !== own.definition || isNumbered(attributes)) return null;
  return call(
    "composite",
    name(own),
    object(attributes.map(([key, type]) => [key, text(type)])),
    options(common(own)),
  );
};

const range: Maker = (own) => {
  const inside = /^AS RANGE \(([\s\S]*)\)$/.exec(own.definition)?.[1];
  if (inside === undefined) return null;
  const parameters = parted(inside).map((part) => part.split(" = ", 2) as [string, string]);
  const again = parameters.map(([key, value]) => `${key} = ${value}`);
  if (`AS RANGE (${again.join(", ")})` !== own.definition) return null;
  if (!parameters.some(([key]) => key === "subtype")) return null;
  return call(
    "range",
    name(own),
    object(parameters.map(([key, value]) => [key, text(value)])),
    options(common(own)),
  );
};

/** Keys that are numbers come first in an object, whatever their place. */
function isNumbered(entries: readonly (readonly [string, string])[]): boolean {
  return (
    entries.some(([key]) => /^\d+$/.test(key)) || new Set(entries.map(([key]) => key)).size < entries.length
  );
}

/** The parts of a list between commas. */
function parted(sql: string): readonly string[] {
  const tokens = tokenize(sql);
  const cuts: number[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]!.text === "(") at = closingParenthesis(tokens, at);
    else if (tokens[at]!.text === ",") cuts.push(tokens[at]!.start);
  }
  return [...cuts, sql.length].map((end, at) => sql.slice(at === 0 ? 0 : cuts[at - 1]! + 1, end).trim());
}

const sequence: Maker = (own, needs) => {
  const parts =
    /^(?:AS (\w+))?(?: ?INCREMENT BY (-?\d+))?(?: ?MINVALUE (-?\d+))?(?: ?MAXVALUE (-?\d+))?(?: ?START WITH (-?\d+))?(?: ?CACHE (\d+))?( ?CYCLE| ?NO CYCLE)?$/.exec(
      own.definition,
    );
  if (parts === null) return null;
  const [, type, increment, min, max, start, cache, cycle] = parts;
  // A database that says everything says what is so anyway.
  const usual = cycle?.includes("NO") === true && increment === "1" ? usualNumbers(type) : [];
  const number = (value: string | undefined, least?: string): Code | false =>
    value !== undefined &&
    !(usual.includes(value) && (least === undefined || least === value)) &&
    (Number.isSafeInteger(Number(value)) ? value : text(value));
  return call(
    "sequence",
    name(own),
    options([
      ["dialect", own.dialect !== null && own.dialect !== owners.types && text(own.dialect)],
      ["type", type !== undefined && !usual.includes(type) && text(type)],
      ["start", number(start, min)],
      ["increment", number(increment)],
      ["min", number(min)],
      ["max", number(max)],
      ["cache", number(cache)],
      ["cycle", cycle?.includes("NO") === false && "true"],
      ["ownedBy", own.ownedBy && arrow("", needs.column(own.ownedBy.table, own.ownedBy.column))],
      ...common(own),
    ]),
  );
};

/** What a sequence that goes up by one has where nobody says another. */
function usualNumbers(type: string | undefined): readonly string[] {
  const most = { smallint: "32767", integer: "2147483647", bigint: "9223372036854775807" };
  return ["bigint", "1", most[type as keyof typeof most] ?? most.bigint];
}

const extension: Maker = (own) => {
  const schema = /^(?:SCHEMA (?:"((?:[^"]|"")+)"|(\w+)))?$/.exec(own.definition);
  if (schema === null || hasAny(own.options)) return null;
  const named = schema[1]?.replaceAll('""', '"') ?? schema[2];
  const said = options([
    ["schema", named !== undefined && text(named)],
    ["comment", own.comment !== null && text(own.comment)],
  ]);
  return call("extension", text(own.name), said);
};

const event: Maker = (own) =>
  stays(own.definition) ? call("event", name(own), lines(own.definition), options(common(own))) : null;

const virtualTable: Maker = (own) => {
  const said = own.definition.replace(/^USING /, "");
  if (!stays(said) || `USING ${said}` !== own.definition) return null;
  return call("virtualTable", name(own), lines(said), options(common(own)));
};

const comment: Maker = (own) => {
  const named = /^SCHEMA (?:"((?:[^"]|"")+)"|(\w+))$/.exec(own.name);
  const said = /^IS '((?:[^']|'')*)'$/.exec(own.definition)?.[1]?.replaceAll("''", "'");
  const schema = named?.[1]?.replaceAll('""', '"') ?? named?.[2];
  // To name the schema that is there anyway would make it.
  return schema === undefined || said === undefined || schema === "public"
    ? null
    : call("namespace", text(schema), object([["comment", text(said)]]));
};

const grant: Maker = (own, needs) => {
  const target = grantTarget(own);
  if (target === null) return null;
  const { word, schema, role, signature } = target;
  const where = schema === null ? text(target.name) : json({ schema, name: target.name });
  const kind = word === null ? null : (grantedKinds[word] ?? null);
  const all = privilegesOf(own.definition);
  const handedOn = all.filter(({ grantable }) => grantable);
  if ((word !== null && kind === null) || (handedOn.length > 0 && handedOn.length < all.length)) return null;
  const handsOn = handedOn.length > 0 && (["withGrantOption", "true"] as const);
  const privileges = json(
    all.map(({ name: each, columns }) =>
      columns === null ? each.toLowerCase() : { [each.toLowerCase()]: columns },
    ),
  );
  if (word === "DEFAULT") {
    return call(
      "defaultGrant",
      text(target.name.toLowerCase()),
      text(role),
      privileges,
      options([
        ["schema", schema !== null && text(schema)],
        ["by", target.by != null && text(target.by)],
        ...(handsOn ? [handsOn] : []),
      ]),
    );
  }
  const on =
    own.table === null
      ? object([
          ["kind", text(kind ?? "")],
          ...(word === "DATABASE" ? [] : ([["name", where]] as const)),
          ...(signature === null ? [] : ([["signature", text(signature)]] as const)),
        ])
      : needs.target(own.table);
  return call("grant", on, text(role), privileges, handsOn ? object([handsOn]) : null);
};

const publication: Maker = (own, needs) => {
  const parts = publicationParts(own.definition);
  if (parts === null || hasAny(own.options)) return null;
  const { tables, schemas, everything, parameters } = parts;
  const other = [...parameters.keys()].some((each) => !/^publish(?:_via_partition_root)?$/.test(each));
  if (other) return null;
  const kinds = parameters.get("publish")?.slice(1, -1).split(", ");
  return call(
    "publication",
    name(own),
    options([
      [
        "tables",
        everything ? text("all") : tables.length > 0 && list(tables.map((each) => published(each, needs))),
      ],
      ["schemas", schemas.length > 0 && json([...schemas])],
      ["publish", kinds !== undefined && json(kinds.filter((each) => each !== ""))],
      ["viaPartitionRoot", parameters.get("publish_via_partition_root") === "true" && "true"],
      ["comment", own.comment !== null && text(own.comment)],
    ]),
  );
};

/** `TABLE hero (id, name) WHERE (…)`, as its model and what is said of it. */
function published({ schema, name: table, columns, where, only }: PublishedPart, needs: ObjectNeeds): Code {
  const target = needs.target({ schema, name: table });
  if (columns === null && where === null && !only) return target;
  return object([
    ["table", target],
    ...(columns === null ? [] : ([["columns", json([...columns])]] as const)),
    ...(where === null ? [] : ([["where", lines(where)]] as const)),
    ...(only ? ([["only", "true"]] as const) : []),
  ]);
}

const collation: Maker = (own) => {
  const parts =
    /^\(provider = (icu|libc|builtin), locale = '((?:[^']|'')*)'(, deterministic = false)?(?:, rules = '((?:[^']|'')*)')?\)$/.exec(
      own.definition,
    );
  if (parts === null) return null;
  const [, provider = "", locale = "", differing, rules] = parts;
  return call(
    "collation",
    name(own),
    options([
      ["provider", provider !== "libc" && text(provider)],
      ["locale", text(locale.replaceAll("''", "'"))],
      ["deterministic", differing !== undefined && "false"],
      ["rules", rules !== undefined && text(rules.replaceAll("''", "'"))],
      ...common(own),
    ]),
  );
};

/** What a thing that is granted on may be called in a file. */
const grantedKinds: Readonly<Record<string, string>> = {
  FUNCTION: "function",
  PROCEDURE: "procedure",
  TYPE: "type",
  SCHEMA: "schema",
  "FOREIGN SERVER": "server",
  "FOREIGN DATA WRAPPER": "foreignDataWrapper",
  LANGUAGE: "language",
  DATABASE: "database",
  DEFAULT: "default",
};

const makers: Partial<Readonly<Record<SchemaObject["kind"], Maker>>> = {
  view,
  materializedView,
  function: routine,
  procedure: routine,
  aggregate: routine,
  trigger,
  policy,
  rule,
  domain,
  composite,
  range,
  sequence,
  extension,
  event,
  virtualTable,
  comment,
  collation,
  grant,
  publication,
};
