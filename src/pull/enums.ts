import { type ColumnType, type EnumType, type Schema, tableLabel } from "../schema/index.ts";
import { call, layout, text } from "../script/code.ts";
import { propertyName, unused } from "./names.ts";

/** The named enum types of a database, each a constant that models share. */
export class EnumNames {
  readonly #names = new Map<string, string>();
  readonly #types: EnumType[] = [];

  constructor(schema: Schema) {
    const found = [
      ...schema.enums,
      ...schema.tables.flatMap((table) => table.columns.flatMap((column) => enumsIn(column.type))),
    ];
    const taken = new Set<string>(["t", "z"]);
    for (const type of found.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
      if (type.name === null || this.#names.has(keyOf(type))) continue;
      const plain = propertyName(type.name);
      const name = unused(
        [plain, ...(type.schema === null ? [] : [propertyName(`${type.schema}_${type.name}`)])],
        taken,
      );
      taken.add(name);
      this.#names.set(keyOf(type), name);
      this.#types.push(type);
    }
  }

  /** Every constant. */
  names(): readonly string[] {
    return [...this.#names.values()];
  }

  /** The constant for a type; null where it has none. */
  nameOf(type: ColumnType | Schema["enums"][number]): string | null {
    return type.kind === "enum" && type.name !== null ? (this.#names.get(keyOf(type)) ?? null) : null;
  }

  /** The file of the constants that `used` names; null where there are none. */
  source(used: ReadonlySet<string>): string | null {
    const lines = this.#types.flatMap((type) => {
      const name = this.nameOf(type) ?? "";
      if (!used.has(name)) return [];
      const head = `export const ${name} = `;
      const code = call("z.enum", { kind: "array", items: type.values.map(text) });
      return [`${head}${layout(code, 0, head.length, 1)};\n`];
    });
    return lines.length === 0 ? null : `import { z } from "zod";\n\n${lines.join("\n")}`;
  }
}

function enumsIn(type: ColumnType): readonly EnumType[] {
  if (type.kind === "array") return enumsIn(type.of);
  return type.kind === "enum" ? [type] : [];
}

function keyOf(type: { readonly schema: string | null; readonly name: string | null }): string {
  return tableLabel({ schema: type.schema, name: type.name ?? "" });
}
