import { AthanorError } from "../errors/index.ts";
import type { ForeignKeyMetadata, LinkMetadata, ModelMetadata, RelationMetadata } from "./metadata.ts";
import type { Relation, RelationOptions } from "./relation.ts";

/** How a relation names its target's metadata. */
export type MetadataOf = (model: unknown) => ModelMetadata;

/** A relation with its keys found: on this side, on the other, or in the table of `through` between them. */
export function resolveRelation(
  owner: ModelMetadata,
  property: string,
  relation: Relation<unknown, "one" | "many">,
  metadataOf: MetadataOf,
  through: unknown,
): RelationMetadata {
  if (relation.target === undefined)
    throw new AthanorError("MODEL.EAGER_REFERENCE", { model: owner.name, property });
  const target = metadataOf(relation.target);
  const { options } = relation;
  const keys =
    through === undefined
      ? directKeys(owner, property, relation, target)
      : linkKeys(owner, property, target, metadataOf(through), fitting(options));
  return {
    property,
    kind: relation.cardinality,
    target,
    backPopulates: options.backPopulates ?? null,
    ...keys,
    cascadeDelete: options.cascadeDelete ?? false,
    passiveDeletes: options.passiveDeletes ?? false,
    deleteOrphan: options.deleteOrphan ?? false,
    orderBy: orderings(options),
  };
}

type Keys = Pick<RelationMetadata, "keyOn" | "pairs" | "link">;

function orderings({ orderBy }: RelationOptions): RelationMetadata["orderBy"] {
  const list = orderBy === undefined ? [] : typeof orderBy === "string" ? [orderBy] : orderBy;
  return list.map((key) =>
    key.startsWith("-") ? { property: key.slice(1), direction: "desc" } : { property: key, direction: "asc" },
  );
}

function pointsTo(key: ForeignKeyMetadata, target: ModelMetadata): boolean {
  return key.target.name === target.table.name && key.target.schema === target.table.schema;
}

function refuse(owner: ModelMetadata, property: string, reason: string): AthanorError {
  return new AthanorError("MODEL.RELATION_KEY", { model: owner.name, property, reason });
}

function directKeys(
  owner: ModelMetadata,
  property: string,
  { cardinality, options }: Relation<unknown, "one" | "many">,
  target: ModelMetadata,
): Keys {
  const fits = fitting(options);
  const local = owner.foreignKeys.filter((key) => pointsTo(key, target) && fits(key));
  const remote = target.foreignKeys.filter((key) => pointsTo(key, owner) && fits(key));
  const candidates = cardinality === "many" ? remote : local.length > 0 ? local : remote;
  const [only] = candidates;
  if (only === undefined)
    throw refuse(owner, property, `neither ${owner.name} nor ${target.name} has a foreign key for it`);
  if (candidates.length > 1) {
    const named = candidates.map((key) => key.properties.join("+")).join(", ");
    throw refuse(owner, property, `several foreign keys fit (${named})`);
  }
  const keyOn = candidates === remote ? "remote" : "local";
  const [holder, other] = keyOn === "local" ? [owner, target] : [target, owner];
  const pairs = only.properties.map((held, at) => {
    const referenced = propertyOf(other, only.targetColumns[at]!, holder, property);
    return keyOn === "local" ? { local: held, remote: referenced } : { local: referenced, remote: held };
  });
  return { keyOn, pairs, link: null };
}

function propertyOf(model: ModelMetadata, column: string, owner: ModelMetadata, property: string): string {
  const field = model.fields.find((each) => each.column === column);
  if (field !== undefined) return field.property;
  throw new AthanorError("MODEL.FOREIGN_KEY_TARGET", {
    model: owner.name,
    property,
    target: `${model.table.name}.${column}`,
  });
}

/** Whether a foreign key is the one that the options name, if they name one. */
function fitting({ foreignKey }: RelationOptions): (key: ForeignKeyMetadata) => boolean {
  if (foreignKey === undefined) return () => true;
  const wanted = [foreignKey].flat();
  return ({ properties }) =>
    wanted.length === properties.length && wanted.every((name) => properties.includes(name));
}

/** The link's keys to both sides; of several, options name the one that holds this side's key. */
function linkKeys(
  owner: ModelMetadata,
  property: string,
  target: ModelMetadata,
  link: ModelMetadata,
  fits: (key: ForeignKeyMetadata) => boolean,
): Keys {
  const own = link.foreignKeys.filter((key) => pointsTo(key, owner) && fits(key));
  const theirs = link.foreignKeys.filter((key) => pointsTo(key, target) && key !== own[0]);
  const [toOwner] = own;
  const [toTarget] = theirs;
  if (toOwner === undefined || toTarget === undefined) {
    throw refuse(
      owner,
      property,
      `${link.name} needs a foreign key to ${owner.name} and one to ${target.name}`,
    );
  }
  const metadata: LinkMetadata = {
    model: link,
    local: toOwner.properties.map((held, at) => ({
      local: propertyOf(owner, toOwner.targetColumns[at]!, link, held),
      link: held,
    })),
    remote: toTarget.properties.map((held, at) => ({
      remote: propertyOf(target, toTarget.targetColumns[at]!, link, held),
      link: held,
    })),
  };
  return { keyOn: "link", pairs: [], link: metadata };
}
