import { type ForeignKey, sameTable } from "../schema/index.ts";
import { asMany, asOne, stemOf, unused } from "./names.ts";
import type { ShapedModel, ShapedRelation } from "./shape.ts";

/** A foreign key between two models. */
interface Link {
  readonly key: ForeignKey;
  readonly from: ShapedModel;
  readonly to: ShapedModel;
}

/** Gives every model its relations: both sides of each foreign key, and the far sides of tables between. */
export function shapeRelations(models: readonly ShapedModel[]): void {
  const links = models.flatMap((from) =>
    from.table.foreignKeys.flatMap((key): Link[] => {
      const to = models.find((each) => sameTable(each.table, key.references));
      return to === undefined ? [] : [{ key, from, to }];
    }),
  );
  const names = new Map(
    models.map((model) => [model, new Set([...model.columns.values()].map((column) => column.property))]),
  );
  const take = (model: ShapedModel, candidates: readonly string[]): string => {
    const taken = names.get(model) ?? new Set();
    const name = unused(candidates, taken);
    taken.add(name);
    return name;
  };
  // First the sides that hold a key, whose names are the plainest.
  const near = new Map(links.map((link) => [link, take(link.from, nearNames(link))]));
  for (const link of links) {
    const { key, from, to } = link;
    const property = near.get(link) ?? "";
    const alone = links.filter((each) => between(each, from, to)).length === 1;
    const foreignKey = alone ? null : key.columns.map((column) => propertyOf(from, column));
    const back = backNames(link, alone, isUnique(from, key.columns));
    const backProperty = back === null ? null : take(to, back);
    const add = (model: ShapedModel, relation: Omit<ShapedRelation, "through" | "foreignKey">): void => {
      model.relations.push({ ...relation, through: null, foreignKey });
    };
    add(from, { property, cardinality: "one", target: to, backPopulates: backProperty });
    if (backProperty === null) continue;
    const cardinality = isUnique(from, key.columns) ? "one" : "many";
    add(to, { property: backProperty, cardinality, target: from, backPopulates: property });
  }
  for (const model of models) shapeThrough(model, links, take);
}

function between(link: Link, a: ShapedModel, b: ShapedModel): boolean {
  return (link.from === a && link.to === b) || (link.from === b && link.to === a);
}

function propertyOf(model: ShapedModel, column: string): string {
  return model.columns.get(column)?.property ?? column;
}

function nearNames({ key, to }: Link): readonly string[] {
  const stem = key.columns.length === 1 ? stemOf(key.columns[0] ?? "") : null;
  const target = asOne(to.className);
  return stem === null ? [target, `${target}Object`] : [stem, target, `${stem}Object`];
}

/** Names for the other side: `heroes`, or `heroesByHomeTeam` where several keys lead there. */
function backNames({ key, from, to }: Link, alone: boolean, single: boolean): readonly string[] | null {
  const self = from === to;
  if (self && single) return null;
  const plain = single ? asOne(from.className) : asMany(from.className);
  const stem =
    stemOf(key.columns[0] ?? "") ?? key.columns.map((column) => propertyOf(from, column)).join("And");
  const by = `${plain}By${stem.charAt(0).toUpperCase()}${stem.slice(1)}`;
  if (self && alone) return stem === "parent" ? ["children", by] : [by];
  return alone ? [plain, by] : [by];
}

function isUnique(model: ShapedModel, columns: readonly string[]): boolean {
  const { primaryKey, uniques, indexes } = model.table;
  const same = (list: readonly (string | null)[]): boolean =>
    list.length === columns.length && columns.every((column) => list.includes(column));
  return (
    (primaryKey !== null && same(primaryKey.columns)) ||
    uniques.some((each) => same(each.columns)) ||
    indexes.some((each) => each.unique && each.where === null && same(each.parts.map((part) => part.column)))
  );
}

/** Both far sides of a table that is a pair of keys and has little else. */
function shapeThrough(
  link: ShapedModel,
  links: readonly Link[],
  take: (model: ShapedModel, candidates: readonly string[]) => string,
): void {
  const keys = links.filter((each) => each.from === link);
  const [left, right] = keys;
  if (left === undefined || right === undefined || keys.length !== 2 || left.to === right.to) return;
  const paired = [...left.key.columns, ...right.key.columns];
  const primary = link.table.primaryKey?.columns ?? [];
  if (primary.length !== paired.length || !paired.every((column) => primary.includes(column))) return;
  const leftName = take(left.to, [
    asMany(right.to.className),
    `${asMany(right.to.className)}By${link.className}`,
  ]);
  const rightName = take(right.to, [
    asMany(left.to.className),
    `${asMany(left.to.className)}By${link.className}`,
  ]);
  const add = (model: ShapedModel, property: string, target: ShapedModel, backPopulates: string): void => {
    model.relations.push({
      property,
      cardinality: "many",
      target,
      backPopulates,
      through: link,
      foreignKey: null,
    });
  };
  add(left.to, leftName, right.to, rightName);
  add(right.to, rightName, left.to, leftName);
}
