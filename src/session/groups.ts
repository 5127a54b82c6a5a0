import type { DriverValue } from "../dialect/index.ts";
import { ModelInstance } from "../model/index.ts";
import { keepShape } from "../util/keep-shape.ts";
import type { Entry } from "./entry.ts";
import { type IntegerRange, integerRangeOf } from "./integer-range.ts";
import { partText } from "./key-text.ts";
import type { MappedColumn } from "./mapped-column.ts";
import type { Key } from "./mapper.ts";

type Row = readonly DriverValue[];

/** Entries, each once, and at the same place the objects that each led to. */
export interface Found {
  readonly entries: readonly Entry[];
  readonly members: readonly object[][];
}

/** The entries of objects that were found. */
export function linkedEntries(members: readonly object[]): Entry[] {
  return members.map((member) => ModelInstance.linkOf(member as ModelInstance) as Entry);
}

/** Entries with the same values have what these lead to in common; each has a list of its own. */
class Group {
  readonly values: Row;
  readonly members: object[];
  others: object[][] | null = null;

  constructor(values: Row, members: object[]) {
    this.values = values;
    this.members = members;
  }

  add(other: object): void {
    this.members.push(other);
    if (this.others !== null) for (const members of this.others) members.push(other);
  }
}

/** Entries by the values that lead to others, and what they lead to. */
export class Groups implements Found {
  readonly entries: Entry[] = [];
  readonly members: object[][] = [];
  readonly #byValues = new Map<Key, Group>();
  /** Groups whose one values are consecutive integers, as keys most often are, in their order; else empty. */
  readonly #range: readonly Group[];
  readonly #first: number;

  /** `own` are the columns that hold the values. */
  constructor(entries: readonly Entry[], own: readonly MappedColumn[]) {
    for (const entry of new Set(entries)) {
      const members: object[] = [];
      this.entries.push(entry);
      this.members.push(members);
      const values = own.map((column) => column.encode(entry.values[column.property]));
      if (!values.includes(null)) this.#join(values, members);
    }
    const range = integerRangeOf(this.lists());
    this.#first = range?.first ?? 0;
    this.#range = range === null ? [] : this.#inOrder(range);
  }

  #inOrder({ first }: IntegerRange): readonly Group[] {
    const groups = new Array<Group>(this.#byValues.size);
    for (const group of this.#byValues.values()) groups[Number(group.values[0]) - first] = group;
    return groups;
  }

  #join(values: Row, members: object[]): void {
    const id = idOf(values);
    const group = this.#byValues.get(id);
    if (group === undefined) this.#byValues.set(id, new Group(values, members));
    else {
      group.others ??= [];
      group.others.push(members);
    }
  }

  /** The lists of values, each once. */
  lists(): readonly Row[] {
    return Array.from(this.#byValues.values(), ({ values }) => values);
  }

  /** `other` belongs to all entries that have the values which its row has in `columns`. */
  addRow(row: Row, columns: readonly MappedColumn[], other: object): void {
    const [only] = columns;
    const group =
      only !== undefined && columns.length === 1 ? this.#ofOne(row[only.index] as DriverValue) : undefined;
    if (group !== undefined) group.add(other);
    else
      this.add(
        columns.map((column) => row[column.index] as DriverValue),
        columns,
        other,
      );
  }

  #ofOne(value: DriverValue): Group | undefined {
    if (typeof value === "number" && this.#range.length > 0) return this.#range[value - this.#first];
    return this.#byValues.get(idOfOne(value));
  }

  /** The same by the values, which the driver may spell in its own way. */
  add(values: Row, columns: readonly MappedColumn[], other: object): void {
    const group =
      this.#byValues.get(idOf(values)) ??
      this.#byValues.get(idOf(values.map((value, i) => (columns[i] as MappedColumn).respell(value))));
    group?.add(other);
  }
}

keepShape(new Groups([], []));
keepShape(new Group([], []));

function idOf(values: Row): Key {
  const [first] = values;
  return values.length === 1 && first !== undefined ? idOfOne(first) : values.map(partText).join("\n");
}

/** A number, a bigint and the text of an integer are one value; numbers are found faster than texts. */
function idOfOne(value: DriverValue): Key {
  if (typeof value === "number") return value;
  if (typeof value === "object") return partText(value);
  const most = 17; // digits and a sign of an integer that any number holds
  const isShort = typeof value === "string" ? value.length <= most : typeof value === "bigint";
  if (!isShort) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) && String(number) === String(value) ? number : String(value);
}
