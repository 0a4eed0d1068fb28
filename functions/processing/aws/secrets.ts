import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import { Failure } from "../failure";
import { remember } from "../redact";
import { classify } from "./classify";
import { clientSettings, once } from "./client";

const client = once(() => new SecretsManagerClient(clientSettings));

interface Held {
  readAt: number;
  value: Promise<Record<string, unknown>>;
}

/** One reading for all who ask at the same time. One that failed is not kept. */
const cache = new Map<string, Held>();
const freshForMs = 5 * 60_000;

const read = async <Schema extends v.GenericSchema<Record<string, unknown>>>(
  secretArn: string,
  schema: Schema,
): Promise<v.InferOutput<Schema>> => {
  const answer = await client()
    .send(new GetSecretValueCommand({ SecretId: secretArn }))
    .catch((error) => {
      throw classify(error, "aws");
    });
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), answer.SecretString);
  if (!result.success)
    throw new Failure("permanent", `secret ${secretArn} does not have the expected form`, { origin: "aws" });
  for (const value of Object.values(result.output)) if (typeof value === "string") remember(value);
  return result.output;
};

/**
 * Reads a secret that holds a JSON object, checks it, and remembers each of its strings for redaction. A rotated secret
 * is seen within five minutes.
 */
export const readSecret = async <Schema extends v.GenericSchema<Record<string, unknown>>>(
  secretArn: string,
  schema: Schema,
  now: () => number,
): Promise<v.InferOutput<Schema>> => {
  const held = cache.get(secretArn);
  if (held && now() - held.readAt < freshForMs) return v.parse(schema, await held.value);
  const value = read(secretArn, schema);
  cache.set(secretArn, { readAt: now(), value });
  value.catch(() => cache.delete(secretArn));
  return value;
};
