import type { ClientBase } from "pg";
import type { DriverValue, Result } from "../connection.ts";
import { parserOf } from "./text-parsers.ts";

/**
 * Runs statements that the server keeps prepared. The driver asks the server anew, each time, what columns a prepared
 * statement has, and looks up again how each is read; but a statement never has other columns than it had
 * (https://www.postgresql.org/docs/current/sql-prepare.html, "cached plan must not change result type"). This asks once.
 * It is what the driver calls a submittable, which `pg-cursor` is as well.
 */

/** The driver's end of the wire; there since version 8.0. */
interface Wire {
  readonly stream: { cork?(): void; uncork?(): void };
  /** The texts of what is prepared, by name; the driver keeps it. */
  readonly parsedStatements: Readonly<Record<string, string | undefined>>;
  parse(message: { readonly name: string; readonly text: string; readonly types: readonly number[] }): void;
  bind(message: {
    readonly portal: string;
    readonly statement: string;
    readonly values: readonly WireValue[];
    readonly binary: boolean;
  }): void;
  describe(message: { readonly type: "P"; readonly name: string }): void;
  execute(message: { readonly portal: string; readonly rows: number }): void;
  sync(): void;
  sendCopyFail?(message: string): void;
}

/** What travels: text, and bytes as they are. */
type WireValue = string | Buffer | null;

/** The columns of a statement's rows. */
export interface Description {
  readonly columns: readonly string[];
  /** Those that do not stay text, and what reads them. */
  readonly parsed: readonly { readonly at: number; readonly parse: (text: string) => DriverValue }[];
}

/** What runs statements that a client keeps prepared; null where the client is not the driver's own. */
export function keptQueries(client: ClientBase, descriptions: Map<string, Description>): KeptQueries | null {
  const { connection, pipeline } = client as { connection?: Partial<Wire>; pipeline?: boolean };
  const isWire =
    pipeline !== true &&
    typeof connection?.parsedStatements === "object" &&
    [connection.parse, connection.bind, connection.describe, connection.execute, connection.sync].every(
      (each) => typeof each === "function",
    );
  return isWire ? new KeptQueries(client, descriptions) : null;
}

/** The statements that one client keeps prepared. */
export class KeptQueries {
  readonly #client: ClientBase;
  readonly #known: Map<string, Description>;

  constructor(client: ClientBase, known: Map<string, Description>) {
    this.#client = client;
    this.#known = known;
  }

  /** Runs a statement; null where a parameter is none that can travel as it is. */
  run(sql: string, params: readonly DriverValue[], name: string): Promise<Result> | null {
    const values: WireValue[] = [];
    for (const param of params) {
      const value = wireValue(param);
      if (value === undefined) return null;
      values.push(value);
    }
    return new Promise<Result>((resolve, reject) => {
      const done: Done = (error, result) => (result === undefined ? reject(error) : resolve(result));
      this.#client.query(new KeptQuery(sql, values, name, this.#known, done) as never);
    });
  }
}

type Done = (error: unknown, result?: Result) => void;

/** What the driver calls while a statement runs. */
class KeptQuery {
  /** The driver notes by these what is prepared. */
  readonly name: string;
  readonly text: string;
  /** The driver puts its own in front where it watches the time. */
  callback: Done;
  readonly #values: readonly WireValue[];
  readonly #known: Map<string, Description>;
  #description: Description | undefined;
  readonly #rows: DriverValue[][] = [];
  #changes = 0;

  constructor(
    text: string,
    values: readonly WireValue[],
    name: string,
    known: Map<string, Description>,
    done: Done,
  ) {
    this.text = text;
    this.name = name;
    this.callback = done;
    this.#values = values;
    this.#known = known;
  }

  /** Sends all that there is to send in one piece. */
  submit(wire: Wire): Error | null {
    const { name, text } = this;
    const isPrepared = wire.parsedStatements[name] !== undefined;
    this.#description = isPrepared ? this.#known.get(name) : undefined;
    wire.stream.cork?.();
    try {
      if (!isPrepared) wire.parse({ name, text, types: [] });
      wire.bind({ portal: "", statement: name, values: this.#values, binary: false });
      if (this.#description === undefined) wire.describe({ type: "P", name: "" });
      wire.execute({ portal: "", rows: 0 });
      wire.sync();
    } finally {
      wire.stream.uncork?.();
    }
    return null;
  }

  handleRowDescription({
    fields,
  }: {
    readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  }): void {
    this.#description = {
      columns: fields.map(({ name }) => name),
      parsed: fields.flatMap(({ dataTypeID }, at) => {
        const parse = parserOf(dataTypeID);
        return parse === null ? [] : [{ at, parse }];
      }),
    };
  }

  handleDataRow({ fields }: { readonly fields: DriverValue[] }): void {
    const parsed = this.#description?.parsed ?? [];
    for (let i = 0; i < parsed.length; i += 1) {
      const { at, parse } = parsed[i] as Description["parsed"][number];
      const text = fields[at];
      if (typeof text === "string") fields[at] = parse(text);
    }
    this.#rows.push(fields);
  }

  /** `SELECT 3`, `INSERT 0 3`: the last word is how many. */
  handleCommandComplete({ text }: { readonly text: string }): void {
    if (!text.startsWith("SELECT")) this.#changes = Number(text.slice(text.lastIndexOf(" ") + 1)) || 0;
  }

  handleReadyForQuery(): void {
    const description = this.#description ?? nothing;
    this.#known.set(this.name, description);
    const { columns } = description;
    this.callback(null, { columns, rows: this.#rows, changes: this.#changes, lastInsertId: null });
  }

  handleError(error: unknown): void {
    this.callback(error);
  }

  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCopyData(): void {}
  handleCopyInResponse(wire: Wire): void {
    wire.sendCopyFail?.("there is nothing to copy");
  }
}

const nothing: Description = { columns: [], parsed: [] };

/** A parameter as it travels; undefined of what the driver has to print. */
function wireValue(value: DriverValue | undefined): WireValue | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "undefined":
      return null;
    default:
      if (value === null) return null;
      if (!(value instanceof Uint8Array)) return undefined;
      return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
}
