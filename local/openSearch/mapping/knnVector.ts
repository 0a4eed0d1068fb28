import { illegalArgument, knownOnly, mapperParsing, notHere } from "../errors";
import { isObject, type Json } from "../json";
import type { VectorField } from "./field";
import { common, type Declaration } from "./parameters";
import { type Space, spaces } from "./space";

const largestDimension = 16_000;
const engines = ["lucene", "faiss"];

const dimensionOf = ({ path, parameters }: Declaration): number => {
  const dimension = Number(parameters["dimension"]);
  if (parameters["dimension"] === undefined) throw mapperParsing(`Dimension value missing for vector: ${path}`);
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > largestDimension) {
    throw mapperParsing(`Dimension value must be 1 to ${largestDimension} for vector: ${path}`);
  }
  return dimension;
};

/** Here every search is exact, so that all that counts of a method is the space. */
const spaceOf = ({ path, parameters }: Declaration, knn: boolean): Space => {
  const method: Json = isObject(parameters["method"]) ? parameters["method"] : {};
  if (parameters["method"] !== undefined && !knn) {
    throw mapperParsing("Cannot set modelId or method parameters when index.knn setting is false");
  }
  knownOnly(method, ["name", "engine", "space_type", "parameters"], `the method of [${path}]`);
  const { name = "hnsw", engine = "faiss", parameters: tuning = {} } = method;
  if (name !== "hnsw") throw notHere(`the method [${name}] of [${path}]`);
  if (!engines.includes(String(engine))) throw notHere(`the engine [${engine}] of [${path}]`);
  knownOnly(isObject(tuning) ? tuning : {}, ["ef_construction", "m"], `the method's parameters of [${path}]`);
  const wanted = method["space_type"] ?? parameters["space_type"] ?? "l2";
  const space = spaces.get(String(wanted));
  if (!space) throw notHere(`the space_type [${wanted}] of [${path}]`);
  return space;
};

/** As it is compared; throws where it has no direction, and only that counts. */
export const preparedVector = (vector: Float32Array, { name, prepare }: Space): Float32Array => {
  if (name === "cosinesimil" && vector.every((one) => one === 0)) {
    throw illegalArgument(`zero vector is not supported when space type is [${name}]`);
  }
  return prepare(vector);
};

export const knnVector = (declaration: Declaration, knn: boolean): VectorField => {
  const dimension = dimensionOf(declaration);
  const space = spaceOf(declaration, knn);
  return {
    ...common(declaration, ["dimension", "method", "space_type"]),
    indexed: knn,
    columnar: false,
    kind: "vector",
    dimension,
    space,
    read: (value) => {
      const given: readonly unknown[] = Array.isArray(value) ? value : [value];
      if (given.length !== dimension) {
        throw illegalArgument(`Vector dimension mismatch. Expected: ${dimension}, Given: ${given.length}`);
      }
      const vector = Float32Array.from(given, Number);
      if (given.some((one) => typeof one !== "number") || !vector.every(Number.isFinite)) {
        throw illegalArgument("KNN vector values must be finite numbers");
      }
      return preparedVector(vector, space);
    },
  };
};
