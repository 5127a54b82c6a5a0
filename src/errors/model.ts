interface Place {
  readonly model: string;
  readonly property: string;
}

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const at = (f: Place): string => `${f.model}.${f.property}`;

/** Errors of models and their definitions. */
export const modelErrors = {
  "MODEL.INVALID": {
    exit: 2 as const,
    message: (f: { readonly model: string; readonly issues: readonly Issue[] }): string =>
      `${f.model} is not valid: ${f.issues.map((issue) => `${issue.path.join(".") || "(input)"}: ${issue.message}`).join("; ")}`,
    remedy: (_: { readonly model: string; readonly issues: readonly Issue[] }): string =>
      "`issues` of the error lists every value that does not fit, with its path.",
  },
  "MODEL.NO_COLUMN_TYPE": {
    exit: 2 as const,
    message: (f: Place): string => `No column type can be inferred for ${at(f)}.`,
    remedy: (_: Place): string => "Say it: field(schema, { type: t.text() }).",
  },
  "MODEL.TYPE_MISMATCH": {
    exit: 2 as const,
    message: (f: Place & { readonly holds: string; readonly type: string }): string =>
      `${at(f)} holds ${f.holds}, which a column of type ${f.type} would give back as something else.`,
    remedy: (_: Place): string =>
      "Give a type that holds them, or say with z.codec how they become what the column holds: " +
      "field(z.codec(z.string(), z.date(), { decode, encode }), { type: t.text() }).",
  },
  "MODEL.NOT_JSON": {
    exit: 2 as const,
    message: (f: Place & { readonly path: string; readonly what: string }): string =>
      `${at(f)} holds ${f.what}${f.path === "" ? "" : ` at ${f.path}`}, which JSON has no word for.`,
    remedy: (_: Place): string =>
      "Say with z.codec how they become text: z.codec(z.iso.datetime(), z.date(), { decode, encode }).",
  },
  "MODEL.ONE_WAY_TRANSFORM": {
    exit: 2 as const,
    message: (f: Place): string =>
      `${at(f)} transforms its value in one direction only: what is read back could not be written again.`,
    remedy: (_: Place): string => "Use z.codec with both directions, or transform outside the model.",
  },
  "MODEL.EAGER_REFERENCE": {
    exit: 2 as const,
    message: (f: Place): string => `${at(f)} names another model that is not loaded yet.`,
    remedy: (f: Place): string =>
      `Make the whole field an arrow, so that it is read later: ${f.property}: () => one(Team) or () => field(…, { foreignKey: Team.c.id }).`,
  },
  "MODEL.NOT_A_FIELD": {
    exit: 2 as const,
    message: (f: Place): string => `${at(f)} is neither a field nor a relation.`,
    remedy: (_: Place): string => "Write field(schema), or an arrow that gives field(…), one(…) or many(…).",
  },
  "MODEL.NOT_A_MODEL": {
    exit: 2 as const,
    message: (f: { readonly what: string }): string => `${f.what} is not a model.`,
    remedy: (_: { readonly what: string }): string => "Give a class that extends Model(…).",
  },
  "MODEL.NO_PRIMARY_KEY": {
    exit: 2 as const,
    message: (f: { readonly model: string }): string => `${f.model} has no primary key.`,
    remedy: (_: { readonly model: string }): string =>
      "Mark one field, or several, with { primaryKey: true }. A table without a key says noPrimaryKey() among its items; its rows are for queries over columns, not for a Session.",
  },
  "MODEL.DUPLICATE_TABLE": {
    exit: 2 as const,
    message: (f: { readonly table: string; readonly models: readonly string[] }): string =>
      `Table "${f.table}" is defined by more than one model: ${f.models.join(", ")}.`,
    remedy: (_: { readonly table: string; readonly models: readonly string[] }): string =>
      "Give each model a table name of its own, or remove one.",
  },
  "MODEL.DUPLICATE_COLUMN": {
    exit: 2 as const,
    message: (f: Place & { readonly column: string }): string =>
      `${at(f)} has the column "${f.column}" that another field has already.`,
    remedy: (_: Place & { readonly column: string }): string =>
      "Give one of them another name with { column: … }.",
  },
  "MODEL.ABSTRACT": {
    exit: 2 as const,
    message: (f: { readonly model: string }): string =>
      `${f.model} has no table, and so no objects of its own.`,
    remedy: (f: { readonly model: string }): string =>
      `Make a model of it: class … extends ${f.model}.Model("table", { … }) {}.`,
  },
  "MODEL.NO_DISCRIMINATOR": {
    exit: 2 as const,
    message: (f: { readonly model: string }): string =>
      `${f.model} shares its table with other models, and no field tells their rows apart.`,
    remedy: (_: { readonly model: string }): string =>
      `Give it one: kind: field(z.string(), { discriminator: "…" }), with the value for its own objects.`,
  },
  "MODEL.SAME_DISCRIMINATOR": {
    exit: 2 as const,
    message: (f: { readonly value: string; readonly models: readonly string[] }): string =>
      `${f.models.join(" and ")} share a table and the value "${f.value}", so that their rows cannot be told apart.`,
    remedy: (_: { readonly value: string; readonly models: readonly string[] }): string =>
      "Give each model a value of its own.",
  },
  "MODEL.LATE_HEIR": {
    exit: 2 as const,
    message: (f: { readonly model: string; readonly value: string }): string =>
      `A model "${f.value}" wants to share the table of ${f.model}, which is in use already.`,
    remedy: (_: { readonly model: string; readonly value: string }): string =>
      "Import every model of a table before its rows are read or its schema is asked for.",
  },
  "MODEL.FOREIGN_KEY_TARGET": {
    exit: 2 as const,
    message: (f: Place & { readonly target: string }): string =>
      `${at(f)} references "${f.target}", which no model defines.`,
    remedy: (_: Place & { readonly target: string }): string =>
      "Foreign keys name database names, table.column. Check the spelling, and that the other model is discovered.",
  },
  "MODEL.RELATION_KEY": {
    exit: 2 as const,
    message: (f: Place & { readonly reason: string }): string =>
      `The relation ${at(f)} cannot be resolved: ${f.reason}.`,
    remedy: (_: Place & { readonly reason: string }): string =>
      "A relation follows a foreign key of one of both models, or those of the model given as `through`; where several fit, say which with { foreignKey: … }.",
  },
  "MODEL.SET_NULL": {
    exit: 2 as const,
    message: (f: Place): string => `${at(f)} says "set null", and does not take null.`,
    remedy: (_: Place): string => "Make the field nullable, or choose another action.",
  },
  "MODEL.UNLOADED": {
    exit: 2 as const,
    message: (f: Place & { readonly read: string }): string =>
      `The relation ${at(f)} is not loaded: "${f.read}" cannot be read from it.`,
    remedy: (f: Place & { readonly read: string }): string =>
      `Write (await object.${f.property}), or ask for it: select(${f.model}).with("${f.property}").`,
  },
  "MODEL.DETACHED": {
    exit: 2 as const,
    message: (f: Place): string =>
      `The relation ${at(f)} is not loaded, and the object belongs to no Session that could load it.`,
    remedy: (f: Place): string =>
      `Load it before: select(${f.model}).with("${f.property}"), or add the object to a Session.`,
  },
  "MODEL.RELATION_VALUE": {
    exit: 2 as const,
    message: (f: Place & { readonly expected: string }): string => `${at(f)} takes ${f.expected}.`,
    remedy: (_: Place & { readonly expected: string }): string => "Give an object of the right model.",
  },
  "MODEL.UNKNOWN_PROPERTY": {
    exit: 2 as const,
    message: (f: Place): string => `${f.model} has no "${f.property}".`,
    remedy: (_: Place): string => "Check the spelling against the model's fields.",
  },
};
