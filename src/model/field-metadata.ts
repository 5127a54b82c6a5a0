import { z } from "zod";
import { AthanorError } from "../errors/index.ts";
import type { ColumnType, DefaultValue, Generated, Identity } from "../schema/index.ts";
import { inlineSql, SqlFragment } from "../sql/index.ts";
import { unrolled } from "../util/unrolled.ts";
import { bridge } from "./bridge.ts";
import type { Field, FieldOptions, StandardSchema } from "./field.ts";
import { heldBy, jsonFault, wordsOf } from "./held.ts";
import type { FieldMetadata } from "./metadata.ts";
import { snakeCase } from "./names.ts";
import { type Constants, testOf } from "./quick-test.ts";
import { asIs, composed, directionOf, type StoredForm, storedForm } from "./stored.ts";
import { conversionOf } from "./user-type.ts";
import type { ValidationIssue } from "./validation.ts";
import { definition } from "./zod-definition.ts";
import { inferColumn } from "./zod-type.ts";

/** A field as it is written down. */
export type AnyField = Field<z.core.$ZodType | StandardSchema, FieldOptions>;

/** A field with what only the table needs to know of it. */
export interface ResolvedField extends FieldMetadata {
  readonly options: FieldOptions;
  readonly generated: Generated | null;
  readonly identity: Identity | null;
  readonly schema: z.core.$ZodType | StandardSchema;
}

/** Whether a schema is Zod's. */
export function isZod(schema: unknown): schema is z.core.$ZodType {
  return typeof schema === "object" && schema !== null && "_zod" in schema;
}

/** Everything known of one field. `lone` says that it is the only column of the primary key. */
export function resolveField(model: string, property: string, field: AnyField, lone: boolean): ResolvedField {
  const { options, schema } = field;
  const inferred = isZod(schema) ? inferColumn(schema) : { type: null, nullable: acceptsNull(schema) };
  const type = options.type ?? inferred.type;
  if (type === null) throw new AthanorError("MODEL.NO_COLUMN_TYPE", { model, property });
  if (isZod(schema) && directionOf(schema) === "one way") {
    throw new AthanorError("MODEL.ONE_WAY_TRANSFORM", { model, property });
  }
  const primaryKey = options.primaryKey === true;
  const identity = identityOf(options);
  const generated = generatedOf(options);
  const makeDefault = defaultOf(options);
  const integer = type.kind === "integer" || type.kind === "bigint" || type.kind === "smallint";
  const numbers = lone && integer && options.foreignKey === undefined && makeDefault === undefined;
  const autoIncrement =
    identity === null && (options.autoIncrement ?? (numbers && options.serverDefault === undefined));
  const serverDefault = serverDefaultOf(options);
  const form = formOf({ model, property }, schema, type);
  const implied = impliedDefault(options, form);
  const nullable = options.nullable ?? (!primaryKey && inferred.nullable);
  return {
    property,
    column: options.column ?? snakeCase(property),
    type,
    nullable,
    primaryKey,
    autoIncrement,
    serverGenerated: autoIncrement || identity !== null || generated !== null || serverDefault !== null,
    computed: generated !== null,
    versionId: options.versionId === true,
    role: options.role ?? null,
    deferred:
      options.deferred === true && options.role === undefined && !primaryKey && options.versionId !== true,
    serverDefault,
    makeDefault: makeDefault ?? implied,
    schemaDefault: isZod(schema) && hasDefault(schema) ? () => z.parse(schema, undefined) : undefined,
    hasSharedDefault:
      options.defaultFactory === undefined && (makeDefault !== undefined || implied !== undefined),
    makeOnUpdate: onUpdateOf(options),
    ...form,
    validate: validator(schema),
    options,
    generated,
    identity,
    schema,
  };
}

function acceptsNull(schema: StandardSchema): boolean {
  const result = schema["~standard"].validate(null);
  return (
    typeof result === "object" && result !== null && !("issues" in result && result.issues !== undefined)
  );
}

/** Which field of which model. */
interface Place {
  readonly model: string;
  readonly property: string;
}

/** Whether a schema has a value of its own where it is given none. */
function hasDefault(schema: z.core.$ZodType): boolean {
  const { type, innerType } = definition(schema);
  if (type === "default" || type === "prefault") return true;
  return passing.has(type) && innerType !== undefined && hasDefault(innerType);
}

const passing: ReadonlySet<string> = new Set(["nullable", "optional", "readonly"]);

/** What a codec gives is what a type of the user's own takes, or what becomes the form of the column type. */
function formOf(place: Place, schema: z.core.$ZodType | StandardSchema, type: ColumnType): StoredForm {
  const own = conversionOf(type);
  if (!isZod(schema)) return own ?? asIs;
  const form = storedForm(schema);
  if (own !== undefined) return composed(form, own);
  const between = bridge(schema, type);
  if (between === null) {
    const holds = wordsOf(schema._zod.def.type, heldBy(schema));
    throw new AthanorError("MODEL.TYPE_MISMATCH", { ...place, holds, type: type.kind });
  }
  const fault = isJson(type) ? jsonFault(schema) : null;
  if (fault !== null) throw new AthanorError("MODEL.NOT_JSON", { ...place, ...fault });
  return composed(form, between);
}

function isJson({ kind }: ColumnType): boolean {
  return kind === "json" || kind === "jsonb";
}

function defaultOf(options: FieldOptions): (() => unknown) | undefined {
  if (options.defaultFactory !== undefined) return options.defaultFactory;
  return "default" in options ? () => structuredCloneOf(options.default) : undefined;
}

/** The first version, and what tells an object's model. */
function impliedDefault(
  { versionId, discriminator }: FieldOptions,
  { fromStored }: StoredForm,
): (() => unknown) | undefined {
  if (versionId === true) return () => fromStored(1);
  return discriminator === undefined ? undefined : () => discriminator;
}

function onUpdateOf({ onUpdateFactory: given }: FieldOptions): (() => unknown) | undefined {
  return given instanceof SqlFragment ? () => given : given;
}

/** One default object must not be shared by every row. */
function structuredCloneOf(value: unknown): unknown {
  return typeof value === "object" && value !== null ? structuredClone(value) : value;
}

function serverDefaultOf({ serverDefault }: FieldOptions): DefaultValue | null {
  if (serverDefault === undefined) return null;
  if (serverDefault instanceof SqlFragment)
    return { kind: "expression", sql: inlineSql(serverDefault.expression) };
  return typeof serverDefault === "string"
    ? { kind: "expression", sql: serverDefault }
    : { kind: "literal", value: serverDefault };
}

function generatedOf({ generated }: FieldOptions): Generated | null {
  if (generated === undefined) return null;
  const said =
    typeof generated === "string" || generated instanceof SqlFragment
      ? { as: generated, stored: true }
      : generated;
  const expression = typeof said.as === "string" ? said.as : inlineSql(said.as.expression);
  return { expression, stored: said.stored ?? true };
}

function identityOf({ identity }: FieldOptions): Identity | null {
  if (identity === undefined) return null;
  return typeof identity === "string" ? { generation: identity } : identity;
}

function validator(schema: z.core.$ZodType | StandardSchema): FieldMetadata["validate"] {
  if (!isZod(schema)) return (value) => standardIssues(schema["~standard"].validate(value));
  let passes: ((value: unknown) => boolean) | undefined;
  return (value) => {
    passes ??= quickTestOf(schema);
    if (passes(value)) return null;
    const result = z.safeEncode(schema, value as never);
    return result.success ? null : result.error.issues;
  };
}

function quickTestOf(schema: z.core.$ZodType): (value: unknown) => boolean {
  const constants: Constants = {};
  const test = testOf(schema, constants);
  const made = test === null ? null : unrolled(["value"], `return ${test("value")};`, constants);
  return (made as ((value: unknown) => boolean) | null) ?? (() => false);
}

/** The issues of a Standard Schema's answer. */
export function standardIssues(result: unknown): readonly ValidationIssue[] | null {
  if (typeof result !== "object" || result === null || !("issues" in result) || result.issues === undefined)
    return null;
  const issues = result.issues as readonly {
    message: string;
    path?: readonly (PropertyKey | { key: PropertyKey })[];
  }[];
  return issues.map((issue) => ({
    code: "custom",
    message: issue.message,
    path: (issue.path ?? []).map((step) => (typeof step === "object" ? step.key : step)),
  }));
}
