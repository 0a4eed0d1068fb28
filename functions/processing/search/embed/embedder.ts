import type { Run } from "../../consume/run";
import { env } from "../../environment";
import { Failure } from "../../failure";
import { bedrock } from "./bedrock";
import { local } from "./local";

/** What came of texts. */
export interface Embedded {
  /** One for each text, of length one; undefined for a text that says nothing, or that has none because of the failure. */
  vectors: (number[] | undefined)[];
  /** Places of the texts that would be refused again. */
  refused: readonly number[];
  /** Why texts that say something have no vector, if any has none. */
  failure?: Failure;
}

/** Turns texts into vectors of which the near ones mean something alike. */
export interface Embedder {
  /** Under this name its vectors are kept: those of another cannot be compared with them. */
  name: string;
  /** Texts whose vectors have a smaller cosine are alike by chance. */
  floor: number;
  /** Of documents: it may take its time. */
  embed: (texts: readonly string[], run: Run) => Promise<Embedded>;
  /** Of a query, which somebody waits for: one try. Throws a Failure where there is no vector for that. */
  embedQuery: (text: string, run: Run) => Promise<number[] | undefined>;
}

export const embedders = { bedrock, local } as const satisfies Record<string, Embedder>;

/** The one that the infrastructure chose. */
export const embedder = (): Embedder => {
  const chosen = env("EMBEDDER");
  if (chosen === "bedrock" || chosen === "local") return embedders[chosen];
  throw new Failure("permanent", "environment variable EMBEDDER must be bedrock or local");
};
