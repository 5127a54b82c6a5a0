import { namespaces, notOfExtension, type Scope } from "./catalog-queries.ts";
import { ownerOf, type Section, select } from "./object-query.ts";

/**
 * Who may use what, wherever that is not as the server has it for a thing of which nobody said anything: its owner may do
 * all, everybody may call functions and use types. A row for each thing and role, in which nothing is said of what an
 * extension brought.
 */

interface Granting {
  readonly catalog: string;
  /** Conditions of which one holds where anybody said anything of such a thing. */
  readonly there: readonly string[];
  /** Only where a whole database is read. */
  readonly whole?: true;
  /** The things, under the alias `o`, with their schema as `n`. */
  readonly from: (scope: Scope) => string;
  readonly name: string;
  readonly namespace?: string;
  readonly owner: string;
  readonly acl: string;
  /** What GRANT calls it; `NULL` is a table, view or sequence. */
  readonly word: string;
  /** The letter of its kind for `acldefault`. */
  readonly letter: string;
  readonly signature?: string;
}

/** A list of somebody's, not the server's own. */
const listedIn = (catalog: string, acl: string): string =>
  `EXISTS (SELECT FROM ${catalog} WHERE ${acl} IS NOT NULL AND oid >= 16384)`;

/** What would be made again would be granted as is said of what is yet to be made. */
const anyDefaults = "EXISTS (SELECT FROM pg_default_acl)";

const things: readonly Granting[] = [
  {
    catalog: "pg_class",
    there: [
      listedIn("pg_class", "relacl"),
      "EXISTS (SELECT FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid >= 16384)",
      anyDefaults,
    ],
    from: (scope) =>
      `pg_class o JOIN (${namespaces(scope)}) n ON n.oid = o.relnamespace AND o.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`,
    name: "o.relname",
    namespace: "n.nspname",
    owner: "o.relowner",
    acl: "o.relacl",
    word: "NULL",
    letter: "CASE o.relkind WHEN 'S' THEN 's' ELSE 'r' END",
  },
  {
    catalog: "pg_proc",
    there: [listedIn("pg_proc", "proacl"), anyDefaults],
    from: (scope) => `pg_proc o JOIN (${namespaces(scope)}) n ON n.oid = o.pronamespace`,
    name: "o.proname",
    namespace: "n.nspname",
    owner: "o.proowner",
    acl: "o.proacl",
    word: "CASE o.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END",
    letter: "'f'",
    signature: "oidvectortypes(o.proargtypes)",
  },
  {
    catalog: "pg_type",
    there: [listedIn("pg_type", "typacl"), anyDefaults],
    // Types of a table's rows and of arrays come and go with what they are of, and arrays have no privileges of their own.
    from: (
      scope,
    ) => `pg_type o JOIN (${namespaces(scope)}) n ON n.oid = o.typnamespace AND o.typtype IN ('b', 'c', 'd', 'e', 'r')
      AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = o.typelem AND e.typarray = o.oid)
      AND NOT EXISTS (SELECT FROM pg_class r WHERE r.oid = o.typrelid AND r.relkind <> 'c')`,
    name: "o.typname",
    namespace: "n.nspname",
    owner: "o.typowner",
    acl: "o.typacl",
    word: "'TYPE'",
    letter: "'T'",
  },
  {
    catalog: "pg_namespace",
    // The schema that every database begins with is the server's own, and people grant on it all the same.
    there: [
      listedIn("pg_namespace", "nspacl"),
      `EXISTS (SELECT FROM pg_namespace s JOIN pg_init_privs i ON i.classoid = 'pg_namespace'::regclass AND i.objoid = s.oid AND i.objsubid = 0
        WHERE s.nspname = 'public' AND s.nspacl IS DISTINCT FROM i.initprivs)`,
    ],
    whole: true,
    from: (scope) => `(SELECT s.* FROM pg_namespace s JOIN (${namespaces(scope)}) u ON u.oid = s.oid) o`,
    name: "o.nspname",
    owner: "o.nspowner",
    acl: "o.nspacl",
    word: "'SCHEMA'",
    letter: "'n'",
  },
  {
    catalog: "pg_foreign_server",
    there: [listedIn("pg_foreign_server", "srvacl")],
    whole: true,
    from: () => "pg_foreign_server o",
    name: "o.srvname",
    owner: "o.srvowner",
    acl: "o.srvacl",
    word: "'FOREIGN SERVER'",
    letter: "'S'",
  },
  {
    catalog: "pg_foreign_data_wrapper",
    there: [listedIn("pg_foreign_data_wrapper", "fdwacl")],
    whole: true,
    from: () => "pg_foreign_data_wrapper o",
    name: "o.fdwname",
    owner: "o.fdwowner",
    acl: "o.fdwacl",
    word: "'FOREIGN DATA WRAPPER'",
    letter: "'F'",
  },
];

/** What is granted on columns, as `o.oid` has it. */
const onColumns = `
      UNION ALL SELECT true, x.grantee, x.privilege_type || ' (' || quote_ident(a.attname) || ')', x.is_grantable
      FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) AS x
      WHERE a.attrelid = o.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped`;

/**
 * Roles that would be granted something if the thing were dropped and made again, by default privileges: that this one
 * grants them nothing has to be known then.
 */
const byDefault = (owner: string, letter: string, remade: string): string => `
      UNION ALL SELECT NULL, x.grantee, '', false FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) AS x
      WHERE ${remade} AND d.defaclobjtype = ${letter}::"char" AND d.defaclnamespace IN (0, n.oid)
        AND x.grantee <> ${owner} AND pg_get_userbyid(d.defaclrole) IN (current_user, pg_get_userbyid(${owner}))`;

/** The role of a list. */
const granteeName = "CASE g.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END";

/** What is listed for one role, as it is or as it would be. */
const listed = (now: boolean, owner: string): string =>
  `COALESCE(string_agg(DISTINCT e.said || CASE WHEN e.grantable AND e.grantee <> ${owner} THEN ' WITH GRANT OPTION' ELSE '' END, ', ') FILTER (WHERE e.now = ${now}), '')`;

function grantsOf(thing: Granting, scope: Scope): string {
  const { catalog, from, name, namespace, owner, acl, word, letter, signature } = thing;
  const relation = catalog === "pg_class";
  const plain = `acldefault(${letter}::"char", ${owner})`;
  const usual = `COALESCE((SELECT i.initprivs FROM pg_init_privs i WHERE i.classoid = '${catalog}'::regclass AND i.objoid = o.oid AND i.objsubid = 0), ${plain})`;
  const remade = namespace !== undefined && (relation ? "o.relkind IN ('v', 'm', 'f')" : "true");
  const some = [
    `${acl} IS NOT NULL`,
    ...(relation
      ? ["EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = o.oid AND a.attacl IS NOT NULL)"]
      : []),
    ...(remade === false ? [] : [`(${remade} AND EXISTS (SELECT FROM pg_default_acl))`]),
  ];
  return select({
    class: "grant",
    oid: "o.oid",
    kind: "'grant'",
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(signature === undefined ? {} : { signature }),
    definition: "g.now",
    comment: "NULL::text",
    options: `json_build_object('word', ${word}, 'role', ${granteeName})`,
    from: `FROM ${from(scope)}
  CROSS JOIN LATERAL (
    SELECT e.grantee, ${listed(true, owner)} AS now, ${listed(false, owner)} AS usual, bool_or(e.now IS NULL) AS later FROM (
      SELECT true AS now, x.grantee, x.privilege_type AS said, x.is_grantable AS grantable FROM aclexplode(COALESCE(${acl}, ${plain})) AS x
      UNION ALL SELECT false, x.grantee, x.privilege_type, x.is_grantable FROM aclexplode(${usual}) AS x${relation ? onColumns : ""}${remade === false ? "" : byDefault(owner, letter, remade)}
      ) AS e GROUP BY e.grantee) AS g
  WHERE (${some.join(" OR ")}) AND (g.now <> g.usual OR (g.later AND g.now = '')) AND ${notOfExtension(catalog, "o.oid")}`,
  });
}

/** What is granted by hand on things of which the server has its own, whoever brought them. */
function grantsOfServer(
  thing: Pick<Granting, "name" | "owner" | "acl" | "word" | "letter"> & { readonly from: string },
): string {
  const { from, name, owner, acl, word, letter } = thing;
  return grantsIn({
    oid: "o.oid",
    name,
    role: `json_build_object('word', ${word}, 'role', ${granteeName})`,
    from,
    owner,
    acl,
    usual: `acldefault(${letter}::"char", ${owner})`,
    where: `${acl} IS NOT NULL`,
  });
}

interface Grants {
  readonly oid: string;
  readonly name: string;
  /** What tells the target, as JSON. */
  readonly role: string;
  readonly from: string;
  readonly owner: string;
  readonly acl: string;
  readonly usual: string;
  readonly where: string;
}

/** Rows of what a list says and the usual one does not, or the other way round. */
function grantsIn({ oid, name, role, from, owner, acl, usual, where }: Grants): string {
  return select({
    class: "grant",
    oid,
    kind: "'grant'",
    name,
    definition: "g.now",
    comment: "NULL::text",
    options: role,
    from: `FROM ${from}
  CROSS JOIN LATERAL (
    SELECT e.grantee, ${listed(true, owner)} AS now, ${listed(false, owner)} AS usual FROM (
      SELECT true AS now, x.grantee, x.privilege_type AS said, x.is_grantable AS grantable FROM aclexplode(${acl}) AS x
      UNION ALL SELECT false, x.grantee, x.privilege_type, x.is_grantable FROM aclexplode(${usual}) AS x
      ) AS e GROUP BY e.grantee) AS g
  WHERE ${where} AND g.now <> g.usual`,
  });
}

const languages: string = grantsOfServer({
  from: "pg_language o",
  name: "o.lanname",
  owner: "o.lanowner",
  acl: "o.lanacl",
  word: "'LANGUAGE'",
  letter: "'l'",
});

const database: string = grantsOfServer({
  from: "(SELECT * FROM pg_database WHERE datname = current_database()) o",
  name: "''",
  owner: "o.datdba",
  acl: "o.datacl",
  word: "'DATABASE'",
  letter: "'d'",
});

/** What things have that are yet to be made. That of a schema comes to what is said of all. */
const defaults: string = grantsIn({
  oid: "o.oid",
  name: "CASE o.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END",
  role: `json_build_object('word', 'DEFAULT', 'role', ${granteeName}, 'schema', n.nspname, 'by', ${ownerOf("o.defaclrole")})`,
  from: "pg_default_acl o LEFT JOIN pg_namespace n ON n.oid = o.defaclnamespace",
  owner: "o.defaclrole",
  acl: "o.defaclacl",
  usual: `CASE WHEN o.defaclnamespace = 0 THEN acldefault(CASE o.defaclobjtype WHEN 'S' THEN 's' ELSE o.defaclobjtype END::"char", o.defaclrole) END`,
  where: "o.defaclobjtype IN ('r', 'S', 'f', 'T', 'n')",
});

/** Everything that somebody may use, or may not, out of the usual. */
export const grantSections: readonly Section[] = [
  ...things.map(
    (thing): Section => ({
      kinds: ["grant"],
      there: thing.there,
      read: (scope) =>
        scope === "user" || (scope === "current" && thing.whole !== true) ? [grantsOf(thing, scope)] : [],
    }),
  ),
  ...[
    {
      there: "EXISTS (SELECT FROM pg_language WHERE lanacl <> acldefault('l', lanowner))",
      query: languages,
    },
    {
      there:
        "EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND datacl <> acldefault('d', datdba))",
      query: database,
    },
    { there: anyDefaults, query: defaults },
  ].map(
    ({ there, query }): Section => ({
      kinds: ["grant"],
      there: [there],
      read: (scope) => (scope === "user" ? [query] : []),
    }),
  ),
];
