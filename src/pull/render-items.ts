import { isDeepStrictEqual } from "node:util";
import {
  type Check,
  conventionalName,
  type Exclusion,
  type ForeignKey,
  type Index,
  type IndexPart,
  indexPart,
  type NamingConvention,
  type PrimaryKey,
  type Unique,
} from "../schema/index.ts";
import { prefixed } from "../schema/place.ts";
import { arrow, type Code, call, list, object, text } from "../script/code.ts";
import { json } from "../script/render-values.ts";
import { isConventional } from "./conventional.ts";
import { type FieldConstraints, member } from "./render-field.ts";
import type { ShapedModel } from "./shape.ts";

/** What the file needs for the items: functions of Athanor's, and other models. */
export interface ItemNeeds {
  uses(model: ShapedModel): void;
  imports(name: string): void;
}

/** The third argument of `Model`: what belongs to the table, and what no field says. */
export class Items {
  readonly #model: ShapedModel;
  readonly #naming: NamingConvention;
  readonly #needs: ItemNeeds;

  constructor(model: ShapedModel, naming: NamingConvention, needs: ItemNeeds) {
    this.#model = model;
    this.#naming = naming;
    this.#needs = needs;
  }

  /** The items, in the order in which people look for them. */
  all(
    fields: ReadonlyMap<string, FieldConstraints>,
    targetOf: (key: ForeignKey) => ShapedModel | undefined,
  ): readonly Code[] {
    const { table } = this.#model;
    const naming = this.#naming;
    const single = (columns: readonly (string | null)[]): FieldConstraints | undefined =>
      columns.length === 1 ? fields.get(columns[0] ?? "") : undefined;
    return [
      ...(table.primaryKey === null ? [this.#call("noPrimaryKey")] : this.#primaryKey(table.primaryKey)),
      ...table.foreignKeys
        .filter((key) => single(key.columns)?.foreignKey?.key !== key)
        .flatMap((key) => this.#foreignKey(key, targetOf(key))),
      ...table.uniques
        .filter(
          (each) =>
            !(
              isConventional.unique(each, table, naming) &&
              single(each.columns)?.unique === true &&
              single(each.columns)?.index === false
            ),
        )
        .map((each) => this.#unique(each)),
      ...table.indexes
        .filter((each) => !isConventional.index(each, table, naming))
        .map((each) => this.#index(each)),
      ...this.#rest(),
    ];
  }

  /** The items of what has no fields of its own that could say any of it. */
  every(targetOf: (key: ForeignKey) => ShapedModel | undefined): readonly Code[] {
    const { table } = this.#model;
    return [
      ...(table.primaryKey === null ? [] : this.#primaryKey(table.primaryKey, true)),
      ...table.foreignKeys.flatMap((key) => this.#foreignKey(key, targetOf(key))),
      ...table.uniques.map((each) => this.#unique(each)),
      ...table.indexes.map((each) => this.#index(each)),
      ...this.#rest(),
    ];
  }

  #rest(): readonly Code[] {
    const { table } = this.#model;
    return [
      ...table.checks.map((each) => this.#check(each)),
      ...table.exclusions.map((each) => this.#exclusion(each)),
      ...(table.comment === null ? [] : [this.#call("comment", text(table.comment))]),
      ...(Object.keys(table.options).length === 0 ? [] : [this.#call("tableOptions", json(table.options))]),
    ];
  }

  #call(name: string, ...args: readonly (Code | null)[]): Code {
    this.#needs.imports(name);
    return call(name, ...args);
  }

  #column(name: string): string {
    return member("c", this.#model.columns.get(name)?.property ?? name);
  }

  #columns(names: readonly string[]): Code {
    return list(names.map((name) => this.#column(name)));
  }

  #name(
    kind: keyof NamingConvention,
    parts: { columns?: readonly string[]; referredTable?: string },
  ): string {
    return conventionalName(this.#naming, kind, { table: prefixed(this.#model.table).name, ...parts });
  }

  #primaryKey(key: PrimaryKey, alone = false): readonly Code[] {
    const order = this.#model.table.columns
      .map(({ name }) => name)
      .filter((name) => key.columns.includes(name));
    const usual = key.name === null || key.name === this.#name("pk", { columns: order });
    const options = Object.keys(key.options).length === 0 ? null : json(key.options);
    if (!alone && usual && options === null && isDeepStrictEqual(order, key.columns)) return [];
    const name = usual ? (options === null ? null : "undefined") : text(key.name ?? "");
    return [this.#call("primaryKey", this.#columns(key.columns), name, options)];
  }

  #foreignKey(key: ForeignKey, target: ShapedModel | undefined): readonly Code[] {
    if (target !== undefined) this.#needs.uses(target);
    const usual = this.#name("fk", { columns: key.columns, referredTable: prefixed(key.references).name });
    const { schema, name: table, columns } = key.references;
    const others =
      target === undefined
        ? `({ schema: ${schema === null ? "null" : text(schema)}, name: ${text(table)}, columns: [${columns.map(text).join(", ")}] })`
        : list(
            columns.map((name) =>
              member(`${target.className}.c`, target.columns.get(name)?.property ?? name),
            ),
          );
    const options = entries([
      ["name", key.name !== null && key.name !== usual && text(key.name)],
      ["onDelete", key.onDelete !== "no action" && text(key.onDelete)],
      ["onUpdate", key.onUpdate !== "no action" && text(key.onUpdate)],
      ["deferrable", key.deferrable !== null && text(key.deferrable)],
      ["match", key.match !== "simple" && text(key.match)],
      ["options", Object.keys(key.options).length > 0 && json(key.options)],
    ]);
    return [this.#call("foreignKey", this.#columns(key.columns), arrow("", others), options)];
  }

  #unique(unique: Unique): Code {
    const options = entries([
      [
        "name",
        unique.name !== null &&
          unique.name !== this.#name("uq", { columns: unique.columns }) &&
          text(unique.name),
      ],
      ["nullsNotDistinct", unique.nullsNotDistinct && "true"],
      ["deferrable", unique.deferrable !== null && text(unique.deferrable)],
      ["options", Object.keys(unique.options).length > 0 && json(unique.options)],
    ]);
    return this.#call("unique", ...unique.columns.map((name) => this.#column(name)), options);
  }

  #index(index: Index): Code {
    const usual = this.#name("ix", { columns: index.parts.map((part) => part.column ?? "expr") });
    const options = entries([
      ["name", index.name !== usual && text(index.name)],
      ["where", index.where !== null && text(index.where)],
      ["include", index.include.length > 0 && this.#columns(index.include)],
      ["method", index.method !== null && text(index.method)],
      ["nullsNotDistinct", index.nullsNotDistinct && "true"],
      ["comment", index.comment !== null && text(index.comment)],
      ["options", Object.keys(index.options).length > 0 && json(index.options)],
    ]);
    return this.#call(
      index.unique ? "uniqueIndex" : "index",
      ...index.parts.map((part) => this.#part(part)),
      options,
    );
  }

  #part(part: IndexPart): Code {
    const plain = part.column !== null && isDeepStrictEqual(part, indexPart(part.column));
    if (part.column === null) this.#needs.imports("sql");
    const key = part.column === null ? sqlTemplate(part.expression ?? "") : this.#column(part.column);
    if (plain) return key;
    const { column: _, expression: __, ...rest } = part;
    const said = Object.entries(rest).filter(
      ([name, value]) => value !== null && !(name === "order" && value === "asc"),
    );
    return said.length === 0
      ? key
      : object([["key", key], ...said.map(([name, value]) => [name, json(value)] as const)]);
  }

  #check(check: Check): Code {
    const [before = "", after = ""] = conventionalName(this.#naming, "ck", {
      table: prefixed(this.#model.table).name,
      constraint: "\0",
    }).split("\0");
    const name = check.name ?? `${before}check${after}`;
    const own =
      name.startsWith(before) && name.endsWith(after)
        ? name.slice(before.length, name.length - after.length)
        : null;
    if (own === null || own === "") this.#needs.imports("conv");
    const said = own === null || own === "" ? call("conv", text(name)) : text(own);
    const options = Object.keys(check.options).length === 0 ? null : json(check.options);
    return this.#call("check", said, text(check.expression), options);
  }

  #exclusion(exclusion: Exclusion): Code {
    const elements = exclusion.elements.map(({ part, operator }) =>
      object([
        ["key", this.#part(part)],
        ["operator", text(operator)],
      ]),
    );
    const options = entries([
      ["name", exclusion.name !== null && text(exclusion.name)],
      ["method", exclusion.method !== "gist" && text(exclusion.method)],
      ["where", exclusion.where !== null && text(exclusion.where)],
      ["deferrable", exclusion.deferrable !== null && text(exclusion.deferrable)],
      ["options", Object.keys(exclusion.options).length > 0 && json(exclusion.options)],
    ]);
    return this.#call("exclude", list(elements), options);
  }
}

function sqlTemplate(expression: string): string {
  return `sql\`${expression.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")}\``;
}

function entries(list: readonly (readonly [string, Code | false])[]): Code | null {
  const said = list.filter((entry): entry is readonly [string, Code] => entry[1] !== false);
  return said.length === 0 ? null : object(said);
}
