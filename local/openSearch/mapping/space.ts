/** How near two vectors are, as a score: the nearer, the higher. */
export interface Space {
  name: string;
  score: (query: Float32Array, vectors: Float32Array, at: number) => number;
}

const dot = (query: Float32Array, vectors: Float32Array, at: number): number => {
  let sum = 0;
  for (let one = 0; one < query.length; one++) sum += (query[one] as number) * (vectors[at + one] as number);
  return sum;
};

const squaredLength = (vector: Float32Array, at: number, length: number): number => {
  let sum = 0;
  for (let one = at; one < at + length; one++) sum += (vector[one] as number) ** 2;
  return sum;
};

const l2: Space["score"] = (query, vectors, at) => {
  let sum = 0;
  for (let one = 0; one < query.length; one++) sum += ((query[one] as number) - (vectors[at + one] as number)) ** 2;
  return 1 / (1 + sum);
};

const cosine: Space["score"] = (query, vectors, at) => {
  const lengths = squaredLength(query, 0, query.length) * squaredLength(vectors, at, query.length);
  return (1 + dot(query, vectors, at) / Math.sqrt(lengths)) / 2;
};

const innerProduct: Space["score"] = (query, vectors, at) => {
  const product = dot(query, vectors, at);
  return product > 0 ? product + 1 : 1 / (1 - product);
};

export const spaces: ReadonlyMap<string, Space> = new Map(
  Object.entries({ l2, cosinesimil: cosine, innerproduct: innerProduct }).map(([name, score]) => [
    name,
    { name, score },
  ]),
);
