import type { ColumnType } from "../schema/index.ts";
import type { Place } from "../schema/place.ts";
import type { Arithmetic, QueryWords } from "../sql/index.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Columnwise } from "./columnwise.ts";
import type { Connection, ConnectionSource, ConnectOptions, DriverValue } from "./connection.ts";
import type { DesignDialect } from "./design.ts";

/** Turns values of a column type into what the driver takes, and back, without loss. */
export interface Codec {
  /** A stored value (the column type's own form, see `dialect/value.ts`) as the driver takes it. Never called with null. */
  readonly encode: (value: unknown) => DriverValue;
  /** What the driver gave, as a stored value. Never called with null. */
  readonly decode: (value: DriverValue) => unknown;
  /**
   * Whether a value, of whatever type, is seen to be what the driver gave without being encoded; where it is not, it may
   * be yet. Worth having where encoding costs.
   */
  readonly isSeenIn?: (value: unknown, given: DriverValue) => boolean;
}

/** What the compiler of queries asks a dialect. */
export interface QueryDialect {
  /** What is said in other words than the standard's. */
  readonly words?: Partial<QueryWords>;
  /** Where tables of named schemas are; absent where they are in schemas. */
  readonly place?: Place;
  quote(name: string): string;
  /** The placeholder of the n-th parameter, counted from 1. */
  placeholder(n: number): string;
  /** SQL around a column or parameter of `type` so that it compares and sorts as its type does; most give it back. */
  comparable(sql: string, type: ColumnType): string;
  /** A parameter that is compared or calculated with, where the database would not take it for a value of `type`. */
  typedParameter?(placeholder: string, type: ColumnType): string;
  /** Arithmetic with operands of `type`, where an operator between them is not it. */
  calculation?(left: string, operator: Arithmetic, right: string, type: ColumnType): string;
  /** The aggregate function for values of `type`, where it has another name. */
  aggregate?(name: string, type: ColumnType): string;
  /** A computed value as a column of `type` holds it, where the database does not see to that. */
  assigned?(sql: string, type: ColumnType): string;
  /** Case-insensitive LIKE. */
  ilike(left: string, right: string): string;
  /** LIKE that respects case. */
  like(left: string, right: string): string;
  limit(limit: string | null, offset: string | null): string;
  /** A column for which no index is looked up; there where the planner takes every range of an index for a small one. */
  unindexed?(column: string): string;
  /** The target type of a CAST. */
  castType(type: ColumnType): string;
}

/** One database. A dialect never sees another; nothing but the registry names it. */
export interface Dialect {
  /** The id that `op.on(…)` and options use. */
  readonly id: string;
  /** Ids of dialects whose `op.on(…)` blocks this one takes where it has none of its own. */
  readonly standsInFor?: readonly string[];
  /** The URL of an empty database in process, gone once it is closed: where something can be tried first. */
  readonly scratchUrl?: string;
  /**
   * The URL of an empty database in process, gone once it is closed, on a driver that users may or may not have: as
   * good for a trial as `scratchUrl`, and slower.
   */
  readonly understudyUrl?: string;
  readonly capabilities: Capabilities;
  readonly query: QueryDialect;
  /** How one statement takes many rows by columns; absent where none does. */
  readonly columnwise?: Columnwise;
  codec(type: ColumnType): Codec;
  /** Opens a database; the driver is loaded here and not before. Nothing connects until `acquire`. */
  open(url: string, options?: ConnectOptions): Promise<ConnectionSource>;
  /** The dialect of the very server behind `connection`, where servers of one scheme differ; else this one will do. */
  serverDialect?(connection: Connection): Promise<Dialect>;
  /** Loads the design-time half. */
  design(): Promise<DesignDialect>;
}
