import { AthanorError } from "../errors/index.ts";
import type { RelationMetadata } from "./metadata.ts";

/** Whether a value can be assigned to a relation. */
export function fits(relation: RelationMetadata, value: unknown): boolean {
  const one = (item: unknown): boolean => item instanceof relation.target.model;
  if (relation.kind === "one") return value === null || one(value);
  return Array.isArray(value) && value.every(one);
}

/** What a relation takes, in words. */
export function expectedValue(relation: RelationMetadata): string {
  const { name } = relation.target;
  return relation.kind === "one" ? `a ${name} or null` : `an array of ${name}`;
}

/** Refuses a value that is no object of the relation's model. */
export function demandFit(
  model: { readonly name: string },
  relation: RelationMetadata,
  value: unknown,
): void {
  if (fits(relation, value)) return;
  const expected = expectedValue(relation);
  throw new AthanorError("MODEL.RELATION_VALUE", {
    model: model.name,
    property: relation.property,
    expected,
  });
}
