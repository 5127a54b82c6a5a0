import { namespaces, notOfExtension, type Scope } from "./catalog-queries.ts";
import { operatorName, ownerOf, routineName, select } from "./object-query.ts";

/** Operators, and what indexes need to work with them. */

/** Operators. */
export const operators = (scope: Scope): string =>
  select({
    class: "pg_operator",
    oid: "o.oid",
    kind: "'operator'",
    namespace: "n.nspname",
    name: "o.oprname",
    signature:
      "CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END || ', ' || format_type(o.oprright, NULL)",
    definition: `'(' || concat_ws(', ', 'FUNCTION = ' || ${routineName("o.oprcode")},
      CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || format_type(o.oprleft, NULL) END, 'RIGHTARG = ' || format_type(o.oprright, NULL),
      CASE WHEN o.oprcom <> 0 THEN 'COMMUTATOR = ' || ${operatorName("o.oprcom")} END,
      CASE WHEN o.oprnegate <> 0 THEN 'NEGATOR = ' || ${operatorName("o.oprnegate")} END,
      CASE WHEN o.oprrest <> 0 THEN 'RESTRICT = ' || ${routineName("o.oprrest")} END, CASE WHEN o.oprjoin <> 0 THEN 'JOIN = ' || ${routineName("o.oprjoin")} END,
      CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END) || ')'`,
    owner: ownerOf("o.oprowner"),
    from: `FROM pg_operator o JOIN (${namespaces(scope)}) n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0 AND ${notOfExtension("pg_operator", "o.oid")}`,
  });

/** How a family is named: with its schema, where it is not found without. */
const familyName = (oid: string): string => `(
    SELECT CASE WHEN pg_opfamily_is_visible(y.oid) THEN '' ELSE quote_ident(yn.nspname) || '.' END || quote_ident(y.opfname)
    FROM pg_opfamily y JOIN pg_namespace yn ON yn.oid = y.opfnamespace WHERE y.oid = ${oid})`;

/**
 * Operators and functions of a class or family. What a class may be without the server keeps with its family, from 14 on,
 * and which that is is the method's business: it is read with the class that is for its first type, as it may be said.
 */
const members = (of: "class" | "family", version: number): string => {
  const own = (catalog: string, left: string): string => {
    const on = (owner: string, oid: string): string =>
      `EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = m.oid AND d.refclassid = '${owner}'::regclass AND d.refobjid = ${oid})`;
    const first = (family: string): string =>
      `(SELECT min(y.oid::int8) FROM pg_opclass y WHERE y.opcfamily = ${family} AND y.opcintype = m.${left})`;
    if (of === "class") {
      const kept =
        version >= 140000
          ? ` OR (${on("pg_opfamily", "c.opcfamily")} AND ${first("c.opcfamily")} = c.oid::int8)`
          : "";
      return `FROM ${catalog} m WHERE ${on("pg_opclass", "c.oid")}${kept}`;
    }
    return `FROM ${catalog} m WHERE ${on("pg_opfamily", "f.oid")}${version >= 140000 ? ` AND ${first("f.oid")} IS NULL` : ""}`;
  };
  return `(
      SELECT 0 AS part, m.amopstrategy AS number, 'OPERATOR ' || m.amopstrategy || ' ' || m.amopopr::regoperator::text
        || CASE WHEN m.amopsortfamily <> 0 THEN ' FOR ORDER BY ' || ${familyName("m.amopsortfamily")} ELSE '' END AS said ${own("pg_amop", "amoplefttype")}
      UNION ALL
      SELECT 1, m.amprocnum, 'FUNCTION ' || m.amprocnum || ' (' || format_type(m.amproclefttype, NULL) || ', '
        || format_type(m.amprocrighttype, NULL) || ') ' || m.amproc::regprocedure::text ${own("pg_amproc", "amproclefttype")}) m`;
};

/** Families, with what no class of theirs says. */
export const operatorFamilies = (scope: Scope, version: number): string =>
  select({
    class: "pg_opfamily",
    oid: "f.oid",
    kind: "'operatorFamily'",
    namespace: "n.nspname",
    name: "f.opfname",
    signature: "am.amname",
    definition: "'USING ' || quote_ident(am.amname)",
    options: `(SELECT json_build_object('members', json_agg(m.said ORDER BY m.part, m.number, m.said)) FROM ${members("family", version)} HAVING count(*) > 0)`,
    owner: ownerOf("f.opfowner"),
    from: `FROM pg_opfamily f JOIN pg_am am ON am.oid = f.opfmethod JOIN (${namespaces(scope)}) n ON n.oid = f.opfnamespace
  WHERE ${notOfExtension("pg_opfamily", "f.oid")}`,
  });

/** Classes. */
export const operatorClasses = (scope: Scope, version: number): string =>
  select({
    class: "pg_opclass",
    oid: "c.oid",
    kind: "'operatorClass'",
    namespace: "n.nspname",
    name: "c.opcname",
    signature: "am.amname",
    definition: `CASE WHEN c.opcdefault THEN 'DEFAULT ' ELSE '' END || 'FOR TYPE ' || format_type(c.opcintype, NULL) || ' USING ' || quote_ident(am.amname)
      || ' FAMILY ' || ${familyName("c.opcfamily")} || ' AS ' || concat_ws(', ',
        (SELECT string_agg(m.said, ', ' ORDER BY m.part, m.number, m.said) FROM ${members("class", version)}),
        CASE WHEN c.opckeytype <> 0 THEN 'STORAGE ' || format_type(c.opckeytype, NULL)
          WHEN NOT EXISTS (SELECT FROM ${members("class", version)}) THEN 'STORAGE ' || format_type(c.opcintype, NULL) END)`,
    owner: ownerOf("c.opcowner"),
    from: `FROM pg_opclass c JOIN pg_am am ON am.oid = c.opcmethod JOIN (${namespaces(scope)}) n ON n.oid = c.opcnamespace
  WHERE ${notOfExtension("pg_opclass", "c.oid")}`,
  });
