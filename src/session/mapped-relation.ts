import type { LinkMetadata, RelationMetadata } from "../model/index.ts";
import type { ReferentialAction } from "../schema/index.ts";
import type { MappedColumn } from "./mapped-column.ts";
import { type Mapper, mapperFor } from "./mapper.ts";

/** The third table of a many-to-many relation, with the columns of both its sides. */
export interface MappedLink {
  readonly mapper: Mapper;
  readonly meta: LinkMetadata;
  /** Columns of the link that hold this side's key, and the columns here they equal. */
  readonly local: readonly { readonly link: MappedColumn; readonly own: MappedColumn }[];
  /** Columns of the link that hold the other side's key, and the columns there they equal. */
  readonly remote: readonly { readonly link: MappedColumn; readonly own: MappedColumn }[];
  /** What the database does to the link's row when the row of this side goes. */
  readonly onDelete: ReferentialAction;
}

/** A relation of a mapper, its columns looked up. */
export interface MappedRelation {
  readonly meta: RelationMetadata;
  readonly property: string;
  /** The mapper of the side that this relation stands on. */
  readonly owner: Mapper;
  readonly target: Mapper;
  /** Columns here and there that are equal, pairwise; none where a link lies between. */
  readonly local: readonly MappedColumn[];
  readonly remote: readonly MappedColumn[];
  readonly link: MappedLink | null;
  /** What the database does to the other side's rows when the row of this side goes. */
  readonly onDelete: ReferentialAction;
}

const known = new WeakMap<Mapper, ReadonlyMap<string, MappedRelation>>();

/** The relations of a mapper. */
export function relationsOf(mapper: Mapper): ReadonlyMap<string, MappedRelation> {
  let relations = known.get(mapper);
  if (relations === undefined) {
    relations = new Map([...mapper.meta.relations].map(([name, meta]) => [name, mapRelation(mapper, meta)]));
    known.set(mapper, relations);
  }
  return relations;
}

function mapRelation(mapper: Mapper, meta: RelationMetadata): MappedRelation {
  const target = mapperFor(meta.target, mapper.dialect);
  return {
    meta,
    property: meta.property,
    owner: mapper,
    target,
    local: meta.pairs.map((pair) => mapper.column(pair.local)),
    remote: meta.pairs.map((pair) => target.column(pair.remote)),
    link: meta.link === null ? null : mapLink(mapper, target, meta.link),
    onDelete:
      meta.keyOn === "remote"
        ? actionOf(
            target,
            meta.pairs.map((pair) => pair.remote),
          )
        : "no action",
  };
}

function mapLink(mapper: Mapper, target: Mapper, meta: LinkMetadata): MappedLink {
  const link = mapperFor(meta.model, mapper.dialect);
  return {
    mapper: link,
    meta,
    local: meta.local.map((pair) => ({ link: link.column(pair.link), own: mapper.column(pair.local) })),
    remote: meta.remote.map((pair) => ({ link: link.column(pair.link), own: target.column(pair.remote) })),
    onDelete: actionOf(
      link,
      meta.local.map((pair) => pair.link),
    ),
  };
}

/** What the database does to rows of `mapper` when the row goes that these properties reference. */
function actionOf(mapper: Mapper, properties: readonly string[]): ReferentialAction {
  const key = mapper.meta.foreignKeys.find(
    (each) =>
      each.properties.length === properties.length && properties.every((p) => each.properties.includes(p)),
  );
  return key?.constraint === true ? key.onDelete : "no action";
}
