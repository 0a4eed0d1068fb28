import { BedrockRuntimeClient, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import * as v from "valibot";
import { classify } from "../../aws/classify";
import { clientSettings, once } from "../../aws/client";
import { Failure } from "../../failure";
import { vectorLength } from "../indices";
import type { Embedder } from "./embedder";
import { embeddingModel } from "./model";

/** Characters. The model takes 8,192 tokens, and a document's sense is in its beginning. */
const longestText = 8_000;
/** The model takes one text a call. */
const callsAtOnce = 8;

// By default this client speaks HTTP/2, whose one connection does not outlive a function's sleep, and takes no such time limits.
const client = once(
  () =>
    new BedrockRuntimeClient({ ...clientSettings, requestHandler: new NodeHttpHandler(clientSettings.requestHandler) }),
);

const answer = v.object({ embedding: v.pipe(v.array(v.number()), v.length(vectorLength)) });

const ask = async (text: string): Promise<number[]> => {
  const inputText = text.slice(0, longestText);
  const { body } = await client()
    .send(
      new InvokeModelCommand({
        modelId: embeddingModel,
        contentType: "application/json",
        accept: "application/json",
        body: JSON.stringify({ inputText, dimensions: vectorLength, normalize: true }),
      }),
    )
    .catch((error) => {
      throw classify(error, "aws");
    });
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), answer), new TextDecoder().decode(body));
  if (!parsed.success) throw new Failure("permanent", `${embeddingModel} answered no vector`, { origin: "aws" });
  return parsed.output.embedding;
};

/** Amazon Titan's text embeddings. */
export const bedrock: Embedder = {
  name: embeddingModel,
  floor: 0.2,
  embed: async (texts) => {
    const vectors: (number[] | undefined)[] = new Array(texts.length).fill(undefined);
    const waiting = texts.entries();
    let refused = false;
    const takeTurns = async (): Promise<void> => {
      for (const [at, text] of waiting) {
        if (refused) return;
        if (text.trim() === "") continue;
        vectors[at] = await ask(text).catch((error) => {
          refused = true;
          throw error;
        });
      }
    };
    await Promise.all(Array.from({ length: Math.min(callsAtOnce, texts.length) }, takeTurns));
    return vectors;
  },
};
