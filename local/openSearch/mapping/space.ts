/** How near two vectors are, as a score: the nearer, the higher. */
export interface Space {
  name: string;
  /** As vectors are compared, of documents and of queries alike. */
  prepare: (vector: Float32Array) => Float32Array;
  /** Of a prepared query and one of many prepared vectors, which begins at `at`. */
  score: (query: Float32Array, vectors: Float32Array, at: number) => number;
}

const dot = (query: Float32Array, vectors: Float32Array, at: number): number => {
  let sum = 0;
  for (let one = 0; one < query.length; one++) sum += (query[one] as number) * (vectors[at + one] as number);
  return sum;
};

const l2: Space["score"] = (query, vectors, at) => {
  let sum = 0;
  for (let one = 0; one < query.length; one++) sum += ((query[one] as number) - (vectors[at + one] as number)) ** 2;
  return 1 / (1 + sum);
};

const innerProduct: Space["score"] = (query, vectors, at) => {
  const product = dot(query, vectors, at);
  return product > 0 ? product + 1 : 1 / (1 - product);
};

const asItIs: Space["prepare"] = (vector) => vector;

/** Of length 1, so that what is left to compare is the direction. */
const normalised: Space["prepare"] = (vector) => {
  const length = Math.sqrt(dot(vector, vector, 0));
  return vector.map((one) => one / length);
};

const all: readonly Space[] = [
  { name: "l2", prepare: asItIs, score: l2 },
  {
    name: "cosinesimil",
    prepare: normalised,
    score: (query, vectors, at) => Math.max(0, (1 + dot(query, vectors, at)) / 2),
  },
  { name: "innerproduct", prepare: asItIs, score: innerProduct },
];

export const spaces: ReadonlyMap<string, Space> = new Map(all.map((space) => [space.name, space]));
