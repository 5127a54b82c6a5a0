/**
 * Templates that name constraints and indexes, in SQLAlchemy's notation. Tokens: `%(table_name)s`,
 * `%(referred_table_name)s`, `%(constraint_name)s`, `%(column_0_name)s`, `%(column_0_N_name)s` (all, joined
 * with `_`), `%(column_0_label)s` (`table_column`), `%(column_0_N_label)s`.
 */
export interface NamingConvention {
  readonly ix: string;
  readonly uq: string;
  readonly ck: string;
  readonly fk: string;
  readonly pk: string;
}

/**
 * The names given unless a project overrides them. All columns take part (`column_0_N`), since two constraints
 * that begin with the same column would otherwise share a name.
 */
export const defaultNaming: NamingConvention = {
  ix: "ix_%(table_name)s_%(column_0_N_name)s",
  uq: "uq_%(table_name)s_%(column_0_N_name)s",
  ck: "ck_%(table_name)s_%(constraint_name)s",
  fk: "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
  pk: "pk_%(table_name)s",
};

/** What a name is made from. */
export interface NameParts {
  readonly table: string;
  readonly columns?: readonly string[];
  readonly referredTable?: string;
  readonly constraint?: string;
}

/** The name that `convention` gives to a constraint or index of `kind`. Unknown tokens are left as they are. */
export function conventionalName(
  convention: NamingConvention,
  kind: keyof NamingConvention,
  parts: NameParts,
): string {
  const columns = parts.columns ?? [];
  const tokens: Readonly<Record<string, string | undefined>> = {
    table_name: parts.table,
    referred_table_name: parts.referredTable,
    constraint_name: parts.constraint,
    column_0_name: columns[0],
    column_0_N_name: columns.join("_"),
    column_0N_name: columns.join(""),
    column_0_label: columns[0] === undefined ? undefined : `${parts.table}_${columns[0]}`,
    column_0_N_label: columns.map((name) => `${parts.table}_${name}`).join("_"),
  };
  return convention[kind].replaceAll(/%\((\w+)\)s/g, (token, name: string) => tokens[name] ?? token);
}
