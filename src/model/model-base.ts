import { AthanorError } from "../errors/index.ts";
import { keepShape } from "../util/keep-shape.ts";
import { Constructor } from "./construct.ts";
import { define, definitionOf, type ModelDefinition } from "./definition.ts";
import type { StandardSchema } from "./field.ts";
import { fromRow, ModelInstance, type RowFiller } from "./instance-base.ts";
import { isLazyColumn } from "./lazy-relation.ts";
import type { AnyModel } from "./metadata.ts";
import { defineRelations } from "./relation-property.ts";
import { columnsOf, metadataOf, type ResolvedModel } from "./resolve.ts";
import { schemasOf } from "./schemas.ts";
import { ValidationError } from "./validation.ts";

/** What a base class is made from. */
export type BaseDefinition = Pick<ModelDefinition, "table" | "fields" | "items" | "registry">;

type Base = new (input: unknown, token?: symbol) => object;

/**
 * The class that a model extends: `parent` is what instances are beyond it, an abstract model or nothing in
 * particular. Its constructor fills new objects, whichever class of the table they are of.
 */
export function makeBase(definition: BaseDefinition, parent: Base = ModelInstance as Base): AnyModel {
  let last: unknown;
  let maker: Constructor;
  class ModelBase extends parent {
    constructor(input: unknown, token?: symbol) {
      super(input, token);
      if (new.target !== last) {
        maker = constructorOf(metadataOf(new.target));
        last = new.target;
        if (maker.isNew) {
          maker.isNew = false;
          keepShape(Reflect.construct(ModelBase, [maker, fromRow], new.target) as object);
        }
      }
      if (token === fromRow) (input as RowFiller).fill(this);
      else maker.construct(this as never, input);
    }
  }
  return complete(ModelBase as Base, { ...definition, inherits: null });
}

/** The class that a model extends which shares the table of `parent`. */
export function makeHeir(
  parent: AnyModel,
  value: string,
  fields: Readonly<Record<string, unknown>>,
  items: ModelDefinition["items"],
): AnyModel {
  const from = definitionOf(parent);
  if (from === undefined) throw new AthanorError("MODEL.NOT_A_MODEL", { what: String(parent) });
  for (let each: ModelDefinition | undefined = from; each !== undefined; each = each.inherits?.parent) {
    if (each.stored === undefined) continue;
    throw new AthanorError("MODEL.LATE_HEIR", { model: from.model.name, value });
  }
  const { table, registry } = from;
  class HeirBase extends (parent as Base) {}
  const heir = complete(HeirBase, {
    table,
    registry,
    fields: { ...from.fields, ...fields },
    items,
    inherits: { parent: from, value },
  });
  from.heirs.push(definitionOf(heir) as ModelDefinition);
  return heir;
}

/** Gives a base class what every model has, and makes it known. */
function complete(base: Base, given: BaseDefinition & Pick<ModelDefinition, "inherits">): AnyModel {
  for (const [name, get] of Object.entries(statics)) {
    Object.defineProperty(base, name, { get, configurable: true });
  }
  Object.defineProperty(base, "name", { value: "" });
  if (given.inherits === null)
    Object.defineProperty(base.prototype, "toJSON", { value: toJson, writable: true, configurable: true });
  const definition: ModelDefinition = {
    ...given,
    heirs: [],
    base,
    model: base,
    columns: undefined,
    metadata: undefined,
    stored: undefined,
  };
  define(base, definition);
  given.registry.add(definition);
  return base;
}

const constructors = new WeakMap<ResolvedModel, Constructor>();

/** Relations are put on the prototype of the model's own base when its first object is made. */
function constructorOf(model: ResolvedModel): Constructor {
  let maker = constructors.get(model);
  if (maker === undefined) {
    defineRelations(model, model.definition.base.prototype as object);
    maker = new Constructor(model);
    constructors.set(model, maker);
  }
  return maker;
}

/** The columns, in forms that JSON has: big integers and bytes have none of their own, and become text. */
function toJson(this: object): Record<string, unknown> {
  const json: Record<string, unknown> = { ...this };
  for (const [property, value] of Object.entries(json)) {
    if (typeof value === "bigint") json[property] = String(value);
    else if (value instanceof Uint8Array) json[property] = Buffer.from(value).toString("base64");
    else if (isLazyColumn(value)) delete json[property];
  }
  return json;
}

/** What a model's class has beyond its instances. */
const statics: Readonly<Record<string, (this: AnyModel) => unknown>> = {
  c() {
    return columnsOf(definitionOf(this) as ModelDefinition);
  },
  tableName() {
    return definitionOf(this)?.table.name;
  },
  schema() {
    return schemasOf(metadataOf(this)).row;
  },
  insertSchema() {
    return schemasOf(metadataOf(this)).insert;
  },
  updateSchema() {
    return schemasOf(metadataOf(this)).update;
  },
  "~standard"(): StandardSchema["~standard"] {
    return { version: 1, vendor: "athanor", validate: (value) => validate(this as never, value) };
  },
};

function validate(model: new (input: unknown) => object, value: unknown): unknown {
  try {
    return { value: value instanceof model ? value : new model(value) };
  } catch (error) {
    if (error instanceof ValidationError) return { issues: error.issues };
    throw error;
  }
}
