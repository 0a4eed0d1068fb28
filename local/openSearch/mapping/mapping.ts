import { mapperParsing, OpenSearchError, refuse } from "../errors";
import { isObject, type Json } from "../json";
import type { Field, Value } from "./field";
import { type LeafNode, mergeProperties, type Node, type ObjectNode, objectOf } from "./properties";

/** A document's values by field. */
export type Values = ReadonlyMap<string, readonly Value[]>;

const metadata = new Set(["_id", "_index", "_source", "_type", "_routing", "_seq_no", "_version", "_field_names"]);

const preview = (value: unknown): string => (typeof value === "object" ? "null" : String(value));

const fieldsBelow = (node: Node): Field[] => {
  if (node.kind === "leaf") return [node.field, ...node.multi];
  // What is nested is a document of its own to OpenSearch, which only a nested query finds.
  return node.nested ? [] : [...node.properties.values()].flatMap(fieldsBelow);
};

/** What an index's documents may be like, and how they are read. */
export class Mapping {
  readonly fields: ReadonlyMap<string, Field>;
  readonly #root: ObjectNode;

  constructor(
    readonly declared: Json,
    private readonly knn: boolean,
  ) {
    this.#root = objectOf("", declared, undefined, knn);
    this.fields = new Map(fieldsBelow(this.#root).map((field) => [field.path, field]));
  }

  /** With what `more` adds; throws where it would change what is there. */
  merged(more: Json): Mapping {
    const properties = mergeProperties(
      (this.declared["properties"] ?? {}) as Json,
      isObject(more["properties"]) ? more["properties"] : {},
    );
    return new Mapping({ ...this.declared, ...more, properties }, this.knn);
  }

  /** Throws what OpenSearch says of a document that does not fit. */
  read(source: Json, id: string): Values {
    const values = new Map<string, Value[]>();
    this.#readObject(this.#root, source, id, values);
    return values;
  }

  #readObject(node: ObjectNode, source: Json, id: string, values: Map<string, Value[]> | undefined): void {
    for (const [name, value] of Object.entries(source)) {
      if (node.path === "" && metadata.has(name)) {
        throw mapperParsing(
          `Field [${name}] is a metadata field and cannot be added inside a document. Use the index API request parameters.`,
        );
      }
      const cut = name.indexOf(".");
      const known = node.properties.get(cut < 0 ? name : name.slice(0, cut));
      if (known) this.#readNode(known, cut < 0 ? value : { [name.slice(cut + 1)]: value }, id, values);
      else if (node.dynamic === "strict") {
        throw refuse({
          type: "strict_dynamic_mapping_exception",
          reason: `mapping set to strict, dynamic introduction of [${name}] within [${node.path || "_doc"}] is not allowed`,
        });
      }
    }
  }

  #readNode(node: Node, value: unknown, id: string, values: Map<string, Value[]> | undefined): void {
    if (value === null || value === undefined) return;
    if (node.kind === "leaf") {
      this.#readLeaf(node, value, id, values);
      return;
    }
    if (!node.enabled) return;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === null) continue;
      if (!isObject(one)) {
        const name = node.path.split(".").at(-1);
        throw mapperParsing(
          `object mapping for [${node.path}] tried to parse field [${name}] as object, but found a concrete value`,
        );
      }
      this.#readObject(node, one, id, node.nested ? undefined : values);
    }
  }

  #readLeaf({ field, multi }: LeafNode, value: unknown, id: string, values: Map<string, Value[]> | undefined): void {
    for (const one of [field, ...multi]) {
      const read = readValues(one, value, id);
      const known = values?.get(one.path);
      if (known) known.push(...read);
      else if (read.length > 0) values?.set(one.path, read);
    }
  }
}

const readValues = (field: Field, value: unknown, id: string): Value[] => {
  const given: readonly unknown[] =
    field.kind === "vector" || !Array.isArray(value) ? [value] : value.flat(Number.POSITIVE_INFINITY);
  return given.flatMap((one) => {
    if (one === null) return [];
    try {
      return field.read(one) ?? [];
    } catch (error) {
      if (!(error instanceof OpenSearchError)) throw error;
      throw mapperParsing(
        `failed to parse field [${field.path}] of type [${field.type}] in document with id '${id}'. Preview of field's value: '${preview(one)}'`,
        error.detail,
      );
    }
  });
};
