import { illegalArgument, knownOnly, mapperParsing, notHere } from "../errors";
import { equalJson, isObject, type Json } from "../json";
import type { Field } from "./field";
import { knnVector } from "./knnVector";
import { date, numbers } from "./numberFields";
import type { Declaration } from "./parameters";
import { boolean, keyword, text } from "./termFields";

/** What an object does with names it does not know. */
type Dynamic = "strict" | "false";

export interface ObjectNode {
  kind: "object";
  path: string;
  nested: boolean;
  dynamic: Dynamic;
  /** What is not enabled is kept, and not looked at. */
  enabled: boolean;
  properties: ReadonlyMap<string, Node>;
}

export interface LeafNode {
  kind: "leaf";
  field: Field;
  /** The same value, indexed otherwise: `title.keyword`. */
  multi: readonly Field[];
}

export type Node = ObjectNode | LeafNode;

export const isKnn = (settings: Json): boolean => String(settings["knn"]) === "true";

const makers: Readonly<Record<string, (declaration: Declaration) => Field>> = {
  keyword,
  text,
  boolean,
  date,
  ...numbers,
};

const fieldOf = (path: string, parameters: Json, knn: boolean): Field => {
  const type = String(parameters["type"]);
  if (type === "knn_vector") return knnVector({ path, type, parameters }, knn);
  const make = makers[type];
  if (!make) throw mapperParsing(`The embedded cloud does not support type [${type}] declared on field [${path}]`);
  return make({ path, type, parameters });
};

const dynamicOf = (value: unknown, path: string): Dynamic => {
  if (value === "strict") return "strict";
  if (value === false || value === "false") return "false";
  throw notHere(`dynamic mapping of [${path}]: [dynamic] must be "strict" or false, not ${JSON.stringify(value)}`);
};

const leafOf = (path: string, declared: Json, knn: boolean): LeafNode => {
  const fields = declared["fields"] ?? {};
  if (!isObject(fields)) throw mapperParsing(`expected map for property [fields] on field [${path}]`);
  const multi = Object.entries(fields).map(([name, one]) => {
    if (!isObject(one)) throw mapperParsing(`expected map for field [${path}.${name}]`);
    if (one["fields"]) throw notHere(`fields within the fields of [${path}]`);
    return fieldOf(`${path}.${name}`, one, knn);
  });
  return { kind: "leaf", field: fieldOf(path, declared, knn), multi };
};

export const objectOf = (path: string, declared: Json, inherited: Dynamic | undefined, knn: boolean): ObjectNode => {
  const root = path === "";
  const place = root ? "the mapping" : `the mapping of [${path}]`;
  knownOnly(declared, ["dynamic", "properties", ...(root ? ["_meta"] : ["type", "enabled"])], place);
  const asked = declared["dynamic"];
  const dynamic = asked === undefined && inherited ? inherited : dynamicOf(asked, path || "_doc");
  const properties = declared["properties"] ?? {};
  if (!isObject(properties)) throw mapperParsing(`Expected map for property [properties] on field [${path || "_doc"}]`);
  return {
    kind: "object",
    path,
    nested: declared["type"] === "nested",
    dynamic,
    enabled: declared["enabled"] !== false && declared["enabled"] !== "false",
    properties: new Map(
      Object.entries(properties).map(([name, one]) => [
        name,
        nodeOf(root ? name : `${path}.${name}`, one, dynamic, knn),
      ]),
    ),
  };
};

const nodeOf = (path: string, declared: unknown, dynamic: Dynamic, knn: boolean): Node => {
  if (!isObject(declared)) throw mapperParsing(`Expected map for property [${path}]`);
  const { type = declared["properties"] === undefined ? undefined : "object" } = declared;
  if (type === undefined) throw mapperParsing(`No type specified for field [${path}]`);
  return type === "object" || type === "nested" ? objectOf(path, declared, dynamic, knn) : leafOf(path, declared, knn);
};

const typeOf = (declared: Json): unknown => declared["type"] ?? "object";

/** What is there stays as it is; only names can be added. */
export const mergeProperties = (old: Json, more: Json, path = ""): Json => {
  const merged: Record<string, unknown> = { ...old };
  for (const [name, declared] of Object.entries(more)) {
    const there = old[name];
    const place = path ? `${path}.${name}` : name;
    if (!isObject(there) || !isObject(declared)) {
      merged[name] = declared;
      continue;
    }
    if (typeOf(there) !== typeOf(declared)) {
      throw illegalArgument(
        `mapper [${place}] cannot be changed from type [${typeOf(there)}] to [${typeOf(declared)}]`,
      );
    }
    const inner = ["properties", "fields"].find((part) => isObject(declared[part])) ?? "fields";
    for (const parameter of Object.keys({ ...there, ...declared })) {
      if (parameter === inner || equalJson(there[parameter], declared[parameter])) continue;
      if (!(parameter in declared) && ["properties", "fields", "dynamic"].includes(parameter)) continue;
      throw illegalArgument(
        `Mapper for [${place}] conflicts with existing mapper:\n\tCannot update parameter [${parameter}] from [${there[parameter]}] to [${declared[parameter]}]`,
      );
    }
    const kept = isObject(there[inner]) ? there[inner] : {};
    const added = isObject(declared[inner]) ? declared[inner] : {};
    const together = mergeProperties(kept, added, place);
    merged[name] = { ...there, ...(Object.keys(together).length > 0 && { [inner]: together }) };
  }
  return merged;
};
