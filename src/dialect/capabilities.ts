/** What a database can do. Code outside a dialect asks these, never a database's name. */
export interface Capabilities {
  /** DDL takes part in transactions: a failed migration leaves nothing behind. */
  readonly transactionalDdl: boolean;
  /** INSERT, UPDATE and DELETE give rows back. */
  readonly returning: boolean;
  /** UPDATE gives rows back too; as `returning` says where this says nothing. */
  readonly updateReturning?: boolean;
  /** `UPDATE … FROM (VALUES …)`, whose values take the types of the columns they are compared with and assigned to. */
  readonly updateFromValues?: boolean;
  /** Tables live in named schemas. */
  readonly namespaces: boolean;
  /** Enums are types under a name of their own. */
  readonly namedEnums: boolean;
  readonly comments: boolean;
  readonly exclusionConstraints: boolean;
  /** Foreign keys can be made to wait for the end of the transaction. */
  readonly deferrableForeignKeys: boolean;
  /** Constraints and columns of a table that stands can be changed without making it anew. */
  readonly alterConstraints: boolean;
  /** Several connections can write at once. */
  readonly concurrentWriters: boolean;
  /** A statement that fails leaves a transaction that can only be rolled back. Default: it alone is undone. */
  readonly failureAborts?: boolean;
  /** `SELECT … FOR UPDATE`. */
  readonly rowLocks: boolean;
  /** A parameter can be a list, as in `= ANY($1)`. Default: lists, and objects, are bound as JSON. */
  readonly listParameters?: boolean;
  /** Savepoints in transactions. */
  readonly savepoints: boolean;
  /** Longest name of an object, in bytes. */
  readonly maxIdentifierBytes: number;
  /** Most parameters of one statement. */
  readonly maxParameters: number;
}
