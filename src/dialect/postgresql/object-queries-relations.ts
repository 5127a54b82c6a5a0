import { namespaces, notOfExtension, type Scope } from "./catalog-queries.ts";
import {
  after,
  columnNotes,
  columnsOf,
  enabled,
  operatorName,
  ownerOf,
  routineName,
  seen,
  select,
  storage,
} from "./object-query.ts";

/** The queries that views, routines, and what hangs on tables is read with. */

/** Views and materialized views. */
export const views = (scope: Scope): string =>
  select({
    class: "pg_class",
    oid: "c.oid",
    kind: "CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materializedView' END",
    namespace: "n.nspname",
    name: "c.relname",
    definition: `${storage("c.reloptions")} || 'AS ' || btrim(pg_get_viewdef(c.oid), E' \\n;')`,
    owner: ownerOf("c.relowner"),
    options: columnNotes("c.oid"),
    columns: columnsOf("c.oid"),
    from: `FROM pg_class c JOIN (${namespaces(scope)}) n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('v', 'm') AND ${notOfExtension("pg_class", "c.oid")}`,
  });

/** Indexes of materialized views. */
export const indexes = (scope: Scope): string =>
  select({
    class: "pg_class",
    oid: "x.oid",
    kind: "'index'",
    namespace: "n.nspname",
    name: "x.relname",
    tableNamespace: "n.nspname",
    table: "c.relname",
    definition: after(
      seen("pg_get_indexdef(x.oid)", "ON", "c.oid"),
      "'CREATE '",
      "CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END",
      "'INDEX '",
      "quote_ident(x.relname)",
    ),
    options:
      "NULLIF(json_strip_nulls(json_build_object('unique', NULLIF(i.indisunique, false), 'clustered', NULLIF(i.indisclustered, false)))::text, '{}')",
    from: `FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid AND c.relkind = 'm'
  JOIN (${namespaces(scope)}) n ON n.oid = c.relnamespace
  WHERE ${notOfExtension("pg_class", "c.oid")} AND i.indisvalid`,
  });

/** Functions and procedures. */
export const routines = (scope: Scope): string =>
  select({
    class: "pg_proc",
    oid: "p.oid",
    kind: "CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END",
    namespace: "n.nspname",
    name: "p.proname",
    signature: "oidvectortypes(p.proargtypes)",
    definition: after(
      "pg_get_functiondef(p.oid)",
      "'CREATE OR REPLACE '",
      "CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END",
      "quote_ident(n.nspname)",
      "'.'",
      "quote_ident(p.proname)",
    ),
    owner: ownerOf("p.proowner"),
    from: `FROM pg_proc p JOIN (${namespaces(scope)}) n ON n.oid = p.pronamespace
  WHERE p.prokind <> 'a' AND ${notOfExtension("pg_proc", "p.oid")}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')`,
  });

/** Aggregates, put together as CREATE AGGREGATE has them. */
export const aggregates = (scope: Scope): string => {
  const routine = (name: string, column: string): string =>
    `CASE WHEN ${column} <> 0 THEN '${name} = ' || ${routineName(column)} END`;
  const modify = (name: string, column: string, usual: string): string =>
    `CASE WHEN ${column} <> ${usual} THEN '${name} = ' || CASE ${column} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END`;
  const usual = "CASE WHEN a.aggkind = 'n' THEN 'r'::\"char\" ELSE 'w'::\"char\" END";
  const parts = [
    `'SFUNC = ' || ${routineName("a.aggtransfn")}`,
    "'STYPE = ' || format_type(a.aggtranstype, NULL)",
    "CASE WHEN a.aggtransspace <> 0 THEN 'SSPACE = ' || a.aggtransspace END",
    routine("FINALFUNC", "a.aggfinalfn"),
    "CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END",
    modify("FINALFUNC_MODIFY", "a.aggfinalmodify", usual),
    routine("COMBINEFUNC", "a.aggcombinefn"),
    routine("SERIALFUNC", "a.aggserialfn"),
    routine("DESERIALFUNC", "a.aggdeserialfn"),
    "'INITCOND = ' || quote_literal(a.agginitval)",
    routine("MSFUNC", "a.aggmtransfn"),
    routine("MINVFUNC", "a.aggminvtransfn"),
    "CASE WHEN a.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(a.aggmtranstype, NULL) END",
    "CASE WHEN a.aggmtransspace <> 0 THEN 'MSSPACE = ' || a.aggmtransspace END",
    routine("MFINALFUNC", "a.aggmfinalfn"),
    "CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END",
    modify("MFINALFUNC_MODIFY", "a.aggmfinalmodify", usual),
    "'MINITCOND = ' || quote_literal(a.aggminitval)",
    `CASE WHEN a.aggsortop <> 0 THEN 'SORTOP = ' || ${operatorName("a.aggsortop")} END`,
    "CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END",
    "CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END",
  ];
  return select({
    class: "pg_proc",
    oid: "p.oid",
    kind: "'aggregate'",
    namespace: "n.nspname",
    name: "p.proname",
    signature: "COALESCE(NULLIF(oidvectortypes(p.proargtypes), ''), '*')",
    definition: `'(' || COALESCE(NULLIF(pg_get_function_arguments(p.oid), ''), '*') || ') (' || concat_ws(', ', ${parts.join(",\n      ")}) || ')'`,
    owner: ownerOf("p.proowner"),
    from: `FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid JOIN (${namespaces(scope)}) n ON n.oid = p.pronamespace
  WHERE ${notOfExtension("pg_proc", "p.oid")}`,
  });
};

/** Triggers of tables and views, but those that a partition has of its table. */
export const triggers = (scope: Scope, version: number): string =>
  select({
    class: "pg_trigger",
    oid: "g.oid",
    kind: "'trigger'",
    namespace: "n.nspname",
    name: "g.tgname",
    tableNamespace: "n.nspname",
    table: "c.relname",
    definition: after(
      `CASE WHEN g.tgconstrrelid <> 0 THEN pg_get_triggerdef(g.oid, true) ELSE ${seen("pg_get_triggerdef(g.oid)", "ON", "c.oid")} END`,
      "'CREATE '",
      "CASE WHEN g.tgconstraint <> 0 THEN 'CONSTRAINT ' ELSE '' END",
      "'TRIGGER '",
      "quote_ident(g.tgname)",
    ),
    options: `NULLIF(json_strip_nulls(json_build_object('constraint', CASE WHEN g.tgconstraint <> 0 THEN true END,
      'enabled', ${enabled("g.tgenabled")}))::text, '{}')`,
    from: `FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN (${namespaces(scope)}) n ON n.oid = c.relnamespace
  WHERE NOT g.tgisinternal AND ${version >= 130000 ? "g.tgparentid = 0" : "true"} AND ${notOfExtension("pg_class", "c.oid")}
    AND ${notOfExtension("pg_trigger", "g.oid")}`,
  });

/** Rules, but those that make views. */
export const rules = (scope: Scope): string =>
  select({
    class: "pg_rewrite",
    oid: "r.oid",
    kind: "'rule'",
    namespace: "n.nspname",
    name: "r.rulename",
    tableNamespace: "n.nspname",
    table: "c.relname",
    definition: after(
      seen("pg_get_ruledef(r.oid)", "TO", "c.oid"),
      "'CREATE RULE '",
      "quote_ident(r.rulename)",
    ),
    options: `NULLIF(json_strip_nulls(json_build_object('enabled', ${enabled("r.ev_enabled")}))::text, '{}')`,
    from: `FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN (${namespaces(scope)}) n ON n.oid = c.relnamespace
  WHERE r.rulename <> '_RETURN' AND ${notOfExtension("pg_class", "c.oid")}`,
  });

/** Policies of row-level security. */
export const policies = (scope: Scope): string =>
  select({
    class: "pg_policy",
    oid: "y.oid",
    kind: "'policy'",
    namespace: "n.nspname",
    name: "y.polname",
    tableNamespace: "n.nspname",
    table: "c.relname",
    definition: `'ON ' || c.oid::regclass::text || CASE WHEN y.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END
      || CASE y.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' ELSE '' END
      || CASE WHEN 0 = ANY (y.polroles) THEN '' ELSE ' TO ' || (SELECT string_agg(quote_ident(o.rolname), ', ' ORDER BY o.rolname) FROM pg_roles o WHERE o.oid = ANY (y.polroles)) END
      || COALESCE(' USING (' || pg_get_expr(y.polqual, y.polrelid) || ')', '')
      || COALESCE(' WITH CHECK (' || pg_get_expr(y.polwithcheck, y.polrelid) || ')', '')`,
    from: `FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid JOIN (${namespaces(scope)}) n ON n.oid = c.relnamespace
  WHERE ${notOfExtension("pg_class", "c.oid")}`,
  });

/** Extended statistics. */
export const statistics = (scope: Scope): string =>
  select({
    class: "pg_statistic_ext",
    oid: "s.oid",
    kind: "'statistics'",
    namespace: "n.nspname",
    name: "s.stxname",
    definition: after(
      "pg_get_statisticsobjdef(s.oid)",
      "'CREATE STATISTICS '",
      "quote_ident(n.nspname)",
      "'.'",
      "quote_ident(s.stxname)",
    ),
    owner: ownerOf("s.stxowner"),
    options: "CASE WHEN s.stxstattarget >= 0 THEN json_build_object('target', s.stxstattarget) END",
    from: `FROM pg_statistic_ext s JOIN (${namespaces(scope)}) n ON n.oid = s.stxnamespace
  WHERE ${notOfExtension("pg_statistic_ext", "s.oid")}`,
  });
