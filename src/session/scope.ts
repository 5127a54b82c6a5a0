import { AthanorError } from "../errors/index.ts";
import { allTenants, currentActor, guardedTables, type Roles, rolesOfTable } from "../model/index.ts";
import type { TableRef } from "../schema/index.ts";
import { prefixed } from "../schema/place.ts";
import type {
  Assignment,
  DeleteStatement,
  Expression,
  FromItem,
  InsertStatement,
  OnConflict,
  ParameterExpression,
  SelectStatement,
  UpdateStatement,
} from "../sql/index.ts";
import { actorOf, type SessionOptions } from "./options.ts";

type Field = NonNullable<Roles["tenant"]>;

/**
 * What a Session sees and may write of tables that belong to tenants or keep what was deleted. Every statement that a
 * Session compiles goes through here, with every query inside it; what cannot be looked into is refused.
 */
export class Scope {
  readonly tenant: unknown;
  readonly user: string | null;
  readonly showsDeleted: boolean;

  constructor(options: SessionOptions) {
    const actor = { ...currentActor(), ...actorOf(options) };
    this.tenant = actor.tenant;
    this.user = actor.user ?? null;
    this.showsDeleted = actor.deleted === "show";
  }

  /** The same, to which deleted rows are shown. */
  withDeleted(): Scope {
    return new Scope({ tenant: this.tenant, user: this.user, deleted: "show" });
  }

  /** A query that sees what it may. */
  select(statement: SelectStatement): SelectStatement {
    if (guardedTables().length === 0) return statement;
    const inside = this.#inside(statement);
    const { from } = inside;
    const joins = inside.joins.map((join) => ({
      ...join,
      on: both(join.on, this.#visible(join.item)) ?? join.on,
    }));
    return {
      ...inside,
      joins,
      where: from === null ? inside.where : both(inside.where, this.#visible(from)),
    };
  }

  update(statement: UpdateStatement): UpdateStatement {
    if (guardedTables().length === 0) return statement;
    const { model, tenant, updatedBy } = this.#rolesOf(statement.table);
    const set = statement.set.map(({ column, value }) => ({ column, value: this.#inside(value) }));
    if (
      tenant !== undefined &&
      this.tenant !== allTenants &&
      set.some(({ column }) => column === tenant.column)
    )
      throw new AthanorError("SESSION.OTHER_TENANT", { model });
    if (updatedBy !== undefined && !set.some(({ column }) => column === updatedBy.column))
      set.push({ column: updatedBy.column, value: parameter(updatedBy, this.user) });
    return { ...statement, set, where: this.#where(statement.table, statement.where) };
  }

  /** Rows that are kept when they are deleted are marked. */
  delete(statement: DeleteStatement): DeleteStatement | UpdateStatement {
    if (guardedTables().length === 0) return statement;
    const { deletedAt, deletedBy } = this.#rolesOf(statement.from);
    const where = this.#where(statement.from, statement.where);
    if (deletedAt === undefined) return { ...statement, where };
    const set = [{ column: deletedAt.column, value: parameter(deletedAt, new Date()) }];
    if (deletedBy !== undefined)
      set.push({ column: deletedBy.column, value: parameter(deletedBy, this.user) });
    const { returning } = statement;
    return { kind: "update", table: statement.from, set, where, returning };
  }

  /** New rows are the tenant's own; a row that is there is changed only where it is too. */
  insert(statement: InsertStatement): InsertStatement {
    if (guardedTables().length === 0) return statement;
    const { model, tenant, createdBy } = this.#rolesOf(statement.into);
    let stamped = "kind" in statement.rows ? { ...statement, rows: this.select(statement.rows) } : statement;
    if (createdBy !== undefined)
      stamped = withColumn(stamped, createdBy.column, parameter(createdBy, this.user));
    const upsert = { onConflict: this.#onConflict(stamped) };
    if (tenant === undefined || this.tenant === allTenants) return { ...stamped, ...upsert };
    const own = this.#tenantParameter(model, tenant);
    const at = stamped.columns.indexOf(tenant.column);
    if (at >= 0) {
      const rows = "kind" in stamped.rows ? null : stamped.rows;
      const isOwn = (value: Expression | null | undefined): boolean =>
        value?.kind === "parameter" && value.value === own.value;
      if (rows === null || !rows.every((row) => isOwn(row[at])))
        throw new AthanorError("SESSION.OTHER_TENANT", { model });
    } else stamped = withColumn(stamped, tenant.column, own);
    return { ...stamped, ...upsert };
  }

  #onConflict({ onConflict, into }: InsertStatement): OnConflict | null {
    if (onConflict === null || onConflict.set.length === 0) return onConflict;
    const { tenant, model } = this.#rolesOf(into);
    const isMoved = ({ column, value }: Assignment): boolean =>
      column === tenant?.column && value.kind !== "excluded";
    if (this.tenant !== allTenants && onConflict.set.some(isMoved))
      throw new AthanorError("SESSION.OTHER_TENANT", { model });
    const set = onConflict.set.map(({ column, value }) => ({ column, value: this.#inside(value) }));
    return { ...onConflict, set, where: both(onConflict.where, this.#visible({ table: into, alias: null })) };
  }

  /** SQL written by hand cannot be looked into: it may not name what not everybody may see. */
  demandUnguarded(sql: string): void {
    if (this.tenant === allTenants && this.showsDeleted) return;
    for (const ref of guardedTables()) {
      const { roles, model } = rolesOfTable(ref)!;
      const isFree =
        (roles.tenant === undefined || this.tenant === allTenants) &&
        (roles.deletedAt === undefined || this.showsDeleted);
      if (isFree) continue;
      const names = [ref.name, prefixed(ref).name].map((name) =>
        name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"),
      );
      if (new RegExp(`(?<![\\w$])(?:${names.join("|")})(?![\\w$])`, "i").test(sql))
        throw new AthanorError("SESSION.RAW_SCOPE", { model });
    }
  }

  /**
   * Whether an object, or a row with these values, may be seen; `evenDeleted` where it was deleted, too. Throws where
   * nobody's rows may be seen.
   */
  sees(table: TableRef, held: (field: Field) => unknown, evenDeleted = false): boolean {
    const guard = rolesOfTable(table);
    if (guard === null) return true;
    const { tenant, deletedAt } = guard.roles;
    const hides = deletedAt !== undefined && !this.showsDeleted && !evenDeleted;
    if (hides && (held(deletedAt) ?? null) !== null) return false;
    if (tenant === undefined || this.tenant === allTenants) return true;
    this.#tenantParameter(guard.model, tenant);
    return String(held(tenant)) === String(this.tenant);
  }

  /** Throws `SESSION.NO_TENANT` where nobody is known whose rows of a table could be seen. */
  demandTenant(table: TableRef): void {
    const guard = rolesOfTable(table);
    if (guard?.roles.tenant !== undefined && this.tenant !== allTenants)
      this.#tenantParameter(guard.model, guard.roles.tenant);
  }

  #rolesOf(table: TableRef): Roles & { readonly model: string } {
    const guard = rolesOfTable(table);
    return { ...guard?.roles, model: guard?.model ?? table.name };
  }

  #where(table: TableRef, where: Expression | null): Expression | null {
    const inside = where === null ? null : this.#inside(where);
    return both(inside, this.#visible({ table, alias: null }));
  }

  /** What has to hold for a row to be seen; null for a table that everybody sees all of. */
  #visible({ table, alias, cte }: FromItem): Expression | null {
    const guard = cte === undefined ? rolesOfTable(table) : null;
    if (guard === null) return null;
    const { tenant, deletedAt } = guard.roles;
    const column = (field: Field): Expression => ({
      kind: "column",
      table,
      alias,
      name: field.column,
      type: field.type,
    });
    const own: Expression | null =
      tenant === undefined || this.tenant === allTenants
        ? null
        : {
            kind: "binary",
            operator: "=",
            left: column(tenant),
            right: this.#tenantParameter(guard.model, tenant),
          };
    const kept: Expression | null =
      deletedAt === undefined || this.showsDeleted
        ? null
        : { kind: "isNull", operand: column(deletedAt), negated: false };
    return both(own, kept);
  }

  #tenantParameter(model: string, field: Field): ParameterExpression {
    if (this.tenant === undefined || this.tenant === null)
      throw new AthanorError("SESSION.NO_TENANT", { model });
    return parameter(field, this.tenant);
  }

  /** The same with every query in it seeing what it may. Values and models are no part of the statement. */
  #inside<T>(value: T): T {
    if (Array.isArray(value)) {
      const list = value.map((item) => this.#inside(item));
      return (list.every((item, at) => item === value[at]) ? value : list) as T;
    }
    if (typeof value !== "object" || value === null) return value;
    const { kind } = value as { readonly kind?: string };
    if (kind === "parameter" || kind === "column") return value;
    if (kind === "raw") this.#demandReadable(value as unknown as Extract<Expression, { kind: "raw" }>);
    let changed = false;
    const made: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(value)) {
      const isQuery = (inner as { kind?: string } | null)?.kind === "select";
      made[key] = isQuery ? this.select(inner as SelectStatement) : this.#inside(inner);
      changed ||= made[key] !== inner;
    }
    return changed ? (made as T) : value;
  }

  #demandReadable({ parts }: Extract<Expression, { kind: "raw" }>): void {
    this.demandUnguarded(parts.map((part) => (typeof part === "string" ? part : "")).join(" "));
    const reads = parts.some((part) => typeof part === "string" && /\b(?:from|join)\b/i.test(part));
    const names = parts.some((part) => typeof part !== "string" && part.kind === "name");
    const [first] = guardedTables();
    if (reads && names && first !== undefined && !(this.tenant === allTenants && this.showsDeleted))
      throw new AthanorError("SESSION.RAW_SCOPE", { model: rolesOfTable(first)!.model });
  }
}

/** A value of a field as a parameter. */
export function parameter(field: Field, value: unknown): ParameterExpression {
  return { kind: "parameter", value: value === null ? null : field.toStored(value), type: field.type };
}

/** A field's column of a table that goes by its own name. */
export function columnIn(table: TableRef, field: Field): Expression {
  return { kind: "column", table, alias: null, name: field.column, type: field.type };
}

function both(a: Expression | null, b: Expression | null): Expression | null {
  if (a === null || b === null) return a ?? b;
  return { kind: "logical", operator: "and", operands: [a, b] };
}

/** An insert with one column more, the same in all rows; one that says it itself stays. */
function withColumn(statement: InsertStatement, column: string, value: Expression): InsertStatement {
  const at = statement.columns.indexOf(column);
  if (at >= 0) {
    if ("kind" in statement.rows) return statement;
    const isOpen = (cell: Expression | null | undefined): boolean =>
      cell == null || (cell.kind === "parameter" && cell.value === null);
    return { ...statement, rows: statement.rows.map((row) => (isOpen(row[at]) ? row.with(at, value) : row)) };
  }
  const columns = [...statement.columns, column];
  const { rows } = statement;
  if ("kind" in rows)
    return {
      ...statement,
      columns,
      rows: { ...rows, columns: [...rows.columns, { expression: value, alias: null }] },
    };
  return { ...statement, columns, rows: rows.map((row) => [...row, value]) };
}
