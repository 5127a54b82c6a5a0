import type { z } from "zod";
import { unrolled } from "../util/unrolled.ts";
import type { ResolvedField } from "./field-metadata.ts";
import { ModelInstance, type RowFiller } from "./instance-base.ts";
import { filled, filledButRelations, type QuickFill, quickFill } from "./quick-object.ts";
import { assignRelation } from "./relation-property.ts";
import { expectedValue, fits } from "./relation-value.ts";
import type { ResolvedModel } from "./resolve.ts";
import { schemasOf } from "./schemas.ts";
import { ValidationError, type ValidationIssue } from "./validation.ts";

type Values = Record<string, unknown>;
type Given = Readonly<Values>;

/** What gives an object its values: one that has none is null; it is left undefined where the database fills it. */
function assigner(fields: readonly ResolvedField[]): (target: Values, values: Given) => void {
  const isNull = ({ nullable, serverGenerated }: ResolvedField): boolean => nullable && !serverGenerated;
  const lines = fields.map((field) => {
    const name = JSON.stringify(field.property);
    return `target[${name}] = values[${name}]${isNull(field) ? " ?? null" : ""};`;
  });
  const slow = (target: Values, values: Given): void => {
    for (const field of fields) {
      const value = values[field.property];
      target[field.property] = isNull(field) ? (value ?? null) : value;
    }
  };
  return unrolled(["target", "values"], lines.join("\n")) ?? slow;
}

/** Makes the objects of one model: what it needs to know is looked up once, since objects come by the thousand. */
export class Constructor implements RowFiller {
  readonly #model: ResolvedModel;
  readonly #schema: z.ZodObject;
  readonly #quickFill: QuickFill | null;
  readonly #assign: (target: Values, values: Given) => void;
  readonly #defaults: readonly ResolvedField[];
  readonly #relations: readonly string[];
  /** It has made no object yet. */
  isNew = true;

  constructor(model: ResolvedModel) {
    this.#model = model;
    this.#schema = schemasOf(model).construct;
    this.#assign = assigner(model.fields);
    this.#defaults = model.fields.filter(({ makeDefault }) => makeDefault !== undefined);
    this.#relations = model.relationNames;
    this.#quickFill = quickFill(model.fields, this.#schema.shape, model.relationNames);
  }

  /** Fills a new object from what its constructor was given: validated whole, then assigned. */
  construct(instance: ModelInstance, input: unknown): void {
    const given = this.#demandObject(input ?? {});
    const done = this.#quickFill === null ? 0 : this.#quickFill(instance, given);
    if (done === filled) return;
    const relations = this.#relationsIn(given);
    const isFit = relations === null || this.#fit(relations);
    if (done !== filledButRelations || !isFit) {
      this.#constructWhole(instance, given, relations, typeof done === "object" ? done : null);
    }
    if (relations === null) return;
    for (const [property, value] of relations) assignRelation(this.#model, instance, property, value);
  }

  /** By the model's whole schema, which knows what is wrong where something is. `made` are defaults that were made. */
  #constructWhole(
    instance: ModelInstance,
    given: Given,
    relations: readonly [string, unknown][] | null,
    made: Given | null,
  ): void {
    const parsed = this.#schema.safeParse(this.#columnsOf(given, relations, made));
    if (!parsed.success || (relations !== null && !this.#fit(relations))) {
      const issues: ValidationIssue[] = parsed.success ? [] : [...parsed.error.issues];
      issues.push(...(relations ?? []).flatMap(([property, value]) => this.#relationIssues(property, value)));
      throw new ValidationError(this.#model.name, issues);
    }
    this.#assign(instance as unknown as Values, parsed.data);
    ModelInstance.setChecked(instance, parsed.data);
  }

  /** Gives an object its properties, without values. */
  fill(instance: object): void {
    for (const { property } of this.#model.fields) (instance as Values)[property] = undefined;
  }

  #demandObject(input: unknown): Given {
    if (typeof input === "object" && input !== null && !Array.isArray(input)) return input as Given;
    throw new ValidationError(this.#model.name, [
      { code: "invalid_type", path: [], message: "expected an object" },
    ]);
  }

  /** The relations among what was given; null where none is even named. */
  #relationsIn(given: Given): [string, unknown][] | null {
    let relations: [string, unknown][] | null = null;
    for (const name of this.#relations) {
      if (!Object.hasOwn(given, name)) continue;
      relations ??= [];
      if (given[name] !== undefined) relations.push([name, given[name]]);
    }
    return relations;
  }

  /** What was given for columns, with defaults: the input itself where there is nothing to add or to leave out. */
  #columnsOf(given: Given, relations: readonly [string, unknown][] | null, made: Given | null): Given {
    const prototype = Object.getPrototypeOf(given) as unknown;
    const isPlain = relations === null && (prototype === Object.prototype || prototype === null);
    let columns: Values | null = isPlain ? null : { ...given };
    if (columns !== null) for (const name of this.#relations) delete columns[name];
    for (const { property, makeDefault } of this.#defaults) {
      if (given[property] !== undefined) continue;
      columns ??= { ...given };
      columns[property] = made === null ? makeDefault?.() : made[property];
    }
    return columns ?? given;
  }

  #fit(relations: readonly [string, unknown][]): boolean {
    return relations.every(([property, value]) => this.#relationIssues(property, value).length === 0);
  }

  #relationIssues(property: string, value: unknown): ValidationIssue[] {
    const relation = this.#model.relations.get(property);
    if (relation === undefined || fits(relation, value)) return [];
    const expected = expectedValue(relation);
    return [{ code: "invalid_type", path: [property], message: `expected ${expected}` }];
  }
}
