import { objectsOn } from "../../schema/dependencies.ts";
import { normalizeExpression } from "../../schema/expression.ts";
import { objectKey, type Schema, type SchemaObject, sameTable, type Table } from "../../schema/index.ts";
import { closingParenthesis } from "../../schema/lexer.ts";
import { commentsOnChecks } from "./comments.ts";
import { asideFor, holdsColumns } from "./ddl-object-aside.ts";
import { creation, roleOf } from "./ddl-object-create.ts";
import { domainParts } from "./domain-parts.ts";
import { formOf, splitAtCommas, textOf, tokensOf } from "./object-words.ts";
import { quoteName, quoteTable } from "./quote.ts";
import { typeName } from "./type-name.ts";

/** Domains and composite types, changed where they stand as far as that goes. */

/**
 * What makes a domain another where it stands; null where its type is another. Values that stand have to pass new checks,
 * and of what was said of a check nothing is left once it is another.
 */
export function alterDomain(from: SchemaObject, to: SchemaObject, state: Schema): readonly string[] | null {
  const [old, now] = [domainParts(from), domainParts(to)];
  if (normalizeExpression(old.base) !== normalizeExpression(now.base)) return null;
  const alter = `ALTER DOMAIN ${quoteTable(to)}`;
  const gone = [...old.checks].filter(([name, check]) => now.checks.get(name) !== check);
  const come = [...now.checks].filter(([name, check]) => old.checks.get(name) !== check);
  const value = now.default === null ? "DROP DEFAULT" : `SET DEFAULT ${now.default}`;
  return [
    ...gone.map(([name]) => `${alter} DROP CONSTRAINT ${quoteName(name)}`),
    ...(old.default === now.default ? [] : [`${alter} ${value}`]),
    ...(old.notNull === now.notNull ? [] : [`${alter} ${now.notNull ? "SET" : "DROP"} NOT NULL`]),
    ...come.map(([name, check]) => `${alter} ADD CONSTRAINT ${quoteName(name)} ${check}`),
    ...commentsOnChecks(
      to,
      come.map(([name]) => name),
      state,
    ),
  ];
}

/**
 * No statement gives a domain another type: a new one takes its name, and every column that had the old one is
 * converted, by way of its text where the server does not convert it by itself. The server knows which those are.
 */
export function replaceDomain(from: SchemaObject, to: SchemaObject, state: Schema): readonly string[] {
  const old = { schema: from.schema, name: outOfTheWay(from) };
  const quoted = quoteTable(old).replaceAll("'", "''");
  const now = quoteTable(to).replaceAll("'", "''");
  const columnsOf = (table: Table): readonly string[] =>
    table.columns.filter(({ type }) => isOfDomain(typeName(type), from)).map(({ name }) => name);
  const inUse = state.tables.filter((table) => columnsOf(table).length > 0);
  const aside = asideFor(
    objectsOn(
      state,
      (object) => objectKey(object) === objectKey(from),
      (object) => inUse.some((table) => holdsColumns(object, table, columnsOf(table))),
    ),
  );
  return [
    ...aside.before,
    `ALTER DOMAIN ${quoteTable(from)} RENAME TO ${quoteName(old.name)}`,
    ...creation(to),
    ...roleOf(to, from),
    `DO $athanor$
DECLARE c record;
BEGIN
  FOR c IN SELECT a.attrelid::regclass AS relation, a.attname AS name FROM pg_attribute a
    JOIN pg_class r ON r.oid = a.attrelid AND r.relkind IN ('r', 'p')
    WHERE a.atttypid = '${quoted}'::regtype AND NOT a.attisdropped AND a.attinhcount = 0 LOOP
    BEGIN
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s', c.relation, c.name, '${now}');
    EXCEPTION WHEN datatype_mismatch THEN
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s USING %2$I::text::%3$s', c.relation, c.name, '${now}');
    END;
  END LOOP;
END $athanor$`,
    `DROP DOMAIN ${quoteTable(old)}`,
    ...aside.after,
  ];
}

/** What something is called while another takes its name. */
export function outOfTheWay({ name }: SchemaObject): string {
  return `${name.slice(0, 50)}__athanor`;
}

function isOfDomain(printed: string, domain: SchemaObject): boolean {
  const [name = "", schema = null] = printed.replaceAll('"', "").split(".").reverse();
  return sameTable({ schema, name }, domain);
}

/** What makes a composite type another; null where that cannot be done where it stands. */
export function alterComposite(from: SchemaObject, to: SchemaObject): readonly string[] | null {
  const [old, now] = [attributesOf(from.definition), attributesOf(to.definition)];
  const kept = [...old.keys()].filter((name) => now.has(name));
  const come = [...now.keys()].filter((name) => !old.has(name));
  // New attributes come last, and no statement moves one.
  if ([...kept, ...come].join("\0") !== [...now.keys()].join("\0")) return null;
  const actions = [
    ...[...old.keys()].filter((name) => !now.has(name)).map((name) => `DROP ATTRIBUTE ${quoteName(name)}`),
    ...kept
      .filter((name) => old.get(name)!.form !== now.get(name)!.form)
      .map((name) => `ALTER ATTRIBUTE ${quoteName(name)} TYPE ${now.get(name)!.text}`),
    ...come.map((name) => `ADD ATTRIBUTE ${quoteName(name)} ${now.get(name)!.text}`),
  ];
  return actions.length === 0 ? [] : [`ALTER TYPE ${quoteTable(to)} ${actions.join(", ")}`];
}

function attributesOf(sql: string): ReadonlyMap<string, { readonly text: string; readonly form: string }> {
  const tokens = tokensOf(sql);
  const open = tokens.findIndex((token) => token.text === "(");
  const inside = open < 0 ? [] : tokens.slice(open + 1, closingParenthesis(tokens, open));
  return new Map(
    splitAtCommas(inside).map(([name, ...type]) => [
      name?.value ?? "",
      { text: textOf(sql, type), form: formOf(type) },
    ]),
  );
}
