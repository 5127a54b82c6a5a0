import type { OperationNode } from "kysely";
import { RawNode, ValueNode } from "kysely";
import type { Dialect, DriverValue } from "../dialect/index.ts";
import type { FieldMetadata } from "../model/index.ts";
import { MappedColumn } from "../session/mapped-column.ts";
import { encodeParameters } from "../session/parameters.ts";
import { compileFragment, SqlFragment } from "../sql/index.ts";

/** Stands for what is put in afterwards; no SQL holds it. */
const hole = "\u0000";

/** Values of fields between programs and a driver of one dialect, as Kysely's nodes. */
export class Fields {
  readonly #dialect: Dialect;
  readonly #columns = new Map<FieldMetadata, MappedColumn>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  #column(field: FieldMetadata): MappedColumn {
    let column = this.#columns.get(field);
    if (column === undefined) {
      column = new MappedColumn(0, field, this.#dialect);
      this.#columns.set(field, column);
    }
    return column;
  }

  /** A value as the driver takes it; without a field as values of its kind usually are. */
  encode(value: unknown, field: FieldMetadata | null): DriverValue {
    if (field !== null) return this.#column(field).encode(value);
    const [encoded = null] = encodeParameters([{ kind: "parameter", value, type: null }], this.#dialect);
    return encoded;
  }

  /** What the driver gave, as the field's value. */
  decode(value: unknown, field: FieldMetadata): unknown {
    return this.#column(field).decode((value ?? null) as DriverValue);
  }

  /** A value, or what a field's default says in SQL, as a node. */
  node(value: unknown, field: FieldMetadata | null): OperationNode {
    if (!(value instanceof SqlFragment)) return ValueNode.create(this.encode(value, field));
    const query = Object.assign(Object.create(this.#dialect.query), { placeholder: () => hole });
    const { sql, parameters } = compileFragment(value.expression, query);
    const nodes = encodeParameters(parameters, this.#dialect).map((each) => ValueNode.create(each));
    return RawNode.create(sql.split(hole), nodes);
  }

  /** A node in the form in which values of the field compare and sort as they should. */
  comparable(node: OperationNode, field: FieldMetadata): OperationNode {
    const sql = this.#dialect.query.comparable(hole, field.type);
    return sql === hole ? node : RawNode.create(sql.split(hole), [node]);
  }
}
