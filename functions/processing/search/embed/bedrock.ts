import { BedrockRuntimeClient, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import * as v from "valibot";
import { classify } from "../../aws/classify";
import { clientSettings, once } from "../../aws/client";
import type { Run } from "../../consume/run";
import { Failure, treatment } from "../../failure";
import { oneTry } from "../../retry";
import { vectorLength } from "../indices";
import type { Embedder } from "./embedder";
import { embeddingModel } from "./model";
import { unit } from "./unit";

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
  const { body } = await client().send(
    new InvokeModelCommand({
      modelId: embeddingModel,
      contentType: "application/json",
      accept: "application/json",
      body: JSON.stringify({ inputText, dimensions: vectorLength, normalize: true }),
    }),
  );
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), answer), new TextDecoder().decode(body));
  const vector = parsed.success ? unit(parsed.output.embedding) : undefined;
  if (!vector) throw new Failure("permanent", `${embeddingModel} answered no vector`, { origin: "aws" });
  return vector;
};

const askOnce = async (text: string, run: Run): Promise<number[] | undefined> =>
  text.trim() === "" ? undefined : run.call("InvokeModel", "aws", () => ask(text), oneTry);

/** Where all texts are refused, it may be for something that has nothing to do with them, such as a model not there. */
const takesTexts = (run: Run): Promise<boolean> =>
  askOnce("A company", run).then(
    () => true,
    () => false,
  );

/**
 * Amazon Titan's text embeddings. A text that it refuses costs the others nothing; a service that does not answer is left
 * alone.
 */
export const bedrock: Embedder = {
  name: embeddingModel,
  floor: 0.2,
  embed: async (texts, run) => {
    const vectors: (number[] | undefined)[] = new Array(texts.length).fill(undefined);
    const waiting = texts.entries();
    const refused: number[] = [];
    let failure: Failure | undefined;
    let goesOn = true;
    const takeTurns = async (): Promise<void> => {
      for (const [at, text] of waiting) {
        if (!goesOn) return;
        if (text.trim() === "") continue;
        try {
          vectors[at] = await run.call("InvokeModel", "aws", () => ask(text));
        } catch (error) {
          failure = classify(error, "aws");
          if (treatment[failure.category].end === "redeliver") goesOn = false;
          else refused.push(at);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(callsAtOnce, texts.length) }, takeTurns));
    const known = refused.length > 0 && (vectors.some((vector) => vector) || (goesOn && (await takesTexts(run))));
    return { vectors, refused: known ? refused : [], ...(failure && { failure }) };
  },
  embedQuery: askOnce,
};
