import type { Connection } from "../dialect/index.ts";
import { AthanorError } from "../errors/index.ts";
import { allTenants, type FieldMetadata, type Roles, rolesOfTable } from "../model/index.ts";
import { compile, type Expression, type Statement } from "../sql/index.ts";
import type { Entry } from "./entry.ts";
import { defaulted, keyColumns, linkEntry } from "./link-columns.ts";
import type { MappedLink } from "./mapped-relation.ts";
import { encodeParameters } from "./parameters.ts";
import type { LinkChange } from "./reconcile.ts";
import { columnIn, parameter, type Scope } from "./scope.ts";
import type { Unit } from "./unit.ts";

/**
 * Tables between models that belong to tenants or keep what was deleted: their rows are written by statements that the
 * Session's scope goes over, like those that programs write.
 */

/** Rows with each statement. */
const atOnce = 100;

/** The fields of a link's table that Sessions look after. */
export function linkRoles(link: MappedLink): Roles | null {
  return rolesOfTable(link.mapper.meta.table)?.roles ?? null;
}

/** Inserts rows, or takes up again those that were deleted, where there can be no others with their keys. */
export async function insertGuarded(
  connection: Connection,
  unit: Unit,
  scope: Scope,
  link: MappedLink,
  changes: readonly LinkChange[],
): Promise<void> {
  const fresh: LinkChange[] = [];
  for (const change of changes)
    if (!(await takeUpAgain(connection, unit, scope, link, change))) fresh.push(change);
  const { tenant } = linkRoles(link) ?? {};
  const others = defaulted(link).filter(({ field }) => field.property !== tenant?.property);
  const named = tenant === undefined ? [] : [tenant.column];
  const columns = [...keyColumns(link), ...others].map(({ field }) => field.column);
  const rows = fresh.map((change) => [
    ...keysOf(link, change),
    ...others.map(({ field }) => parameter(field, field.makeDefault?.() ?? null)),
    ...(tenant === undefined ? [] : [tenantOf(scope, link, change, tenant)]),
  ]);
  const into = link.mapper.meta.table;
  for (let start = 0; start < rows.length; start += atOnce) {
    const chunk = rows.slice(start, start + atOnce);
    await send(
      connection,
      link,
      scope.insert({
        kind: "insert",
        into,
        columns: [...columns, ...named],
        rows: chunk,
        onConflict: null,
        returning: [],
      }),
    );
  }
}

/** Deletes rows, or marks them. */
export async function deleteGuarded(
  connection: Connection,
  unit: Unit,
  scope: Scope,
  link: MappedLink,
  changes: readonly LinkChange[],
): Promise<void> {
  const from = link.mapper.meta.table;
  for (let start = 0; start < changes.length; start += atOnce) {
    const chunk = changes.slice(start, start + atOnce);
    const where: Expression = {
      kind: "logical",
      operator: "or",
      operands: chunk.map((each) => isRow(link, each)),
    };
    await send(connection, link, scope.delete({ kind: "delete", from, where, returning: [] }));
  }
  for (const change of changes) readAnew(unit, link, change);
}

/** Whether a row was there that had been deleted: it is one again. */
async function takeUpAgain(
  connection: Connection,
  unit: Unit,
  scope: Scope,
  link: MappedLink,
  change: LinkChange,
): Promise<boolean> {
  const { deletedAt, deletedBy } = linkRoles(link) ?? {};
  const isKey = link.mapper.key.every((column) => keyColumns(link).includes(column));
  if (deletedAt === undefined || !isKey) return false;
  const { table } = link.mapper.meta;
  const set = [deletedAt, ...(deletedBy === undefined ? [] : [deletedBy])].map((field) => ({
    column: field.column,
    value: parameter(field, null),
  }));
  const wasDeleted: Expression = { kind: "isNull", operand: columnIn(table, deletedAt), negated: true };
  const where: Expression = { kind: "logical", operator: "and", operands: [isRow(link, change), wasDeleted] };
  const shown = scope.withDeleted();
  const changed = await send(
    connection,
    link,
    shown.update({ kind: "update", table, set, where, returning: [] }),
  );
  if (changed > 0) readAnew(unit, link, change);
  return changed > 0;
}

/** An object of the row, where there is one here, is read again when it is next asked for. */
function readAnew(unit: Unit, link: MappedLink, change: LinkChange): void {
  const entry = linkEntry(unit, link, change);
  if (entry !== undefined) entry.epoch = 0;
}

async function send(connection: Connection, { mapper }: MappedLink, statement: Statement): Promise<number> {
  const { sql, parameters } = compile(statement, mapper.dialect.query);
  return (await connection.query(sql, encodeParameters(parameters, mapper.dialect))).changes;
}

function isRow(link: MappedLink, change: LinkChange): Expression {
  const values = keysOf(link, change);
  const { table } = link.mapper.meta;
  const operands = keyColumns(link).map(
    ({ field }, at): Expression => ({
      kind: "binary",
      operator: "=",
      left: columnIn(table, field),
      right: values[at] as Expression,
    }),
  );
  return { kind: "logical", operator: "and", operands };
}

function keysOf(link: MappedLink, { own, other }: LinkChange): Expression[] {
  return [
    ...link.local.map((pair) => parameter(pair.link.field, own.values[pair.own.property])),
    ...link.remote.map((pair) => parameter(pair.link.field, other.values[pair.own.property])),
  ];
}

/** Whose a row is: the Session's tenant, or, where it works for all, the tenant of what the row is between. */
function tenantOf(
  scope: Scope,
  link: MappedLink,
  { own, other }: LinkChange,
  tenant: FieldMetadata,
): Expression {
  const held = (entry: Entry): unknown => {
    const field = rolesOfTable(entry.mapper.meta.table)?.roles.tenant;
    return field === undefined ? undefined : entry.values[field.property];
  };
  const whose = scope.tenant === allTenants ? (held(own) ?? held(other)) : scope.tenant;
  if (whose === undefined || whose === null)
    throw new AthanorError("SESSION.NO_TENANT", { model: link.mapper.meta.name });
  return parameter(tenant, whose);
}
