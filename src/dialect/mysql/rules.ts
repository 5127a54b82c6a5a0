import { equal } from "../../schema/equal.ts";
import type { ColumnType, DefaultValue, DialectOptions, Table } from "../../schema/index.ts";
import type { DiffRules } from "../design.ts";
import type { Binding } from "./flavor.ts";
import { sameBesides } from "./options.ts";
import { physicalType } from "./physical.ts";
import { beginsBeforeColumns } from "./table-options.ts";

/** Both sides are in the server's own canonical form, so texts are compared as they are. */
export function rulesFor(binding: Binding): DiffRules {
  return {
    sameType: (a: ColumnType, b: ColumnType): boolean =>
      physicalType(a, binding) === physicalType(b, binding),
    sameBesides,
    optionsBeforeColumns: (from: Table, to: Table): DialectOptions =>
      beginsBeforeColumns(from, to)
        ? { ...from.options, mysql: { ...from.options["mysql"], systemVersioned: true } }
        : from.options,
    sameDefault: (a: DefaultValue | null, b: DefaultValue | null): boolean => equal(a, b),
    sameExpression: (a: string, b: string): boolean => a === b,
    describeType: (type: ColumnType): string => physicalType(type, binding),
  };
}
