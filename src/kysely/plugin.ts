import type {
  KyselyPlugin,
  OperationNode,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryId,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from "kysely";
import type { FieldMetadata, ModelMetadata } from "../model/index.ts";
import type { Fields } from "./fields.ts";
import { Translator } from "./translate.ts";

/** Puts queries into the words of the database, and rows into those of the models. */
export class ModelPlugin implements KyselyPlugin {
  readonly #models: ReadonlyMap<string, ModelMetadata>;
  readonly #fields: Fields;
  readonly #decoders = new WeakMap<QueryId, ReadonlyMap<string, FieldMetadata>>();
  /** Queries inside others come translated already, and have to be translated where they stand. */
  readonly #originals = new WeakMap<OperationNode, OperationNode>();

  constructor(models: ReadonlyMap<string, ModelMetadata>, fields: Fields) {
    this.#models = models;
    this.#fields = fields;
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    const translator = new Translator(this.#models, this.#fields, this.#originals);
    this.#decoders.set(queryId, translator.fieldsOf(node));
    const translated = translator.transformNode(node, queryId);
    this.#originals.set(translated, node);
    return translated;
  }

  async transformResult({ queryId, result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    const fields = [...(this.#decoders.get(queryId) ?? [])];
    if (fields.length === 0) return result;
    const rows = result.rows.map((row) => {
      const decoded = { ...row };
      for (const [name, field] of fields) {
        if (name in decoded) decoded[name] = this.#fields.decode(decoded[name], field);
      }
      return decoded;
    });
    return { ...result, rows };
  }
}
