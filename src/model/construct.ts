import type { ModelInstance } from "./instance-base.ts";
import { assignRelation } from "./relation-property.ts";
import { expectedValue, fits } from "./relation-value.ts";
import type { ResolvedModel } from "./resolve.ts";
import { schemasOf } from "./schemas.ts";
import { ValidationError, type ValidationIssue } from "./validation.ts";

/** Fills a new object from what its constructor was given: validated whole, then assigned. */
export function construct(model: ResolvedModel, instance: ModelInstance, input: unknown): void {
  const { columns, relations } = split(model, input ?? {});
  const withDefaults = { ...columns };
  for (const field of model.fields) {
    if (columns[field.property] === undefined && field.makeDefault !== undefined) {
      withDefaults[field.property] = field.makeDefault();
    }
  }
  const parsed = schemasOf(model).insert.safeParse(withDefaults);
  const issues: ValidationIssue[] = parsed.success ? [] : [...parsed.error.issues];
  issues.push(...relations.flatMap(([property, value]) => relationIssues(model, property, value)));
  if (issues.length > 0 || !parsed.success) throw new ValidationError(model.name, issues);
  const target = instance as unknown as Record<string, unknown>;
  for (const field of model.fields) {
    const value = parsed.data[field.property];
    target[field.property] = value === undefined && field.nullable && !field.serverGenerated ? null : value;
  }
  for (const [property, value] of relations) assignRelation(model, instance, property, value);
}

type Entries = Record<string, unknown>;

function split(model: ResolvedModel, input: unknown): { columns: Entries; relations: [string, unknown][] } {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new ValidationError(model.name, [
      { code: "invalid_type", path: [], message: "expected an object" },
    ]);
  }
  const columns: Entries = {};
  const relations: [string, unknown][] = [];
  const names = new Set(model.relationNames);
  for (const [key, value] of Object.entries(input)) {
    if (!names.has(key)) columns[key] = value;
    else if (value !== undefined) relations.push([key, value]);
  }
  return { columns, relations };
}

function relationIssues(model: ResolvedModel, property: string, value: unknown): ValidationIssue[] {
  const relation = model.relations.get(property);
  if (relation === undefined || fits(relation, value)) return [];
  const expected = expectedValue(relation);
  return [{ code: "invalid_type", path: [property], message: `expected ${expected}` }];
}

/** An object made of a row: `values` are the fields' values, in their order. Nothing is validated. */
export function fill(model: ResolvedModel, instance: ModelInstance, values: readonly unknown[]): void {
  const target = instance as unknown as Record<string, unknown>;
  const { fields } = model;
  for (let at = 0; at < fields.length; at++) target[fields[at]!.property] = values[at];
}
