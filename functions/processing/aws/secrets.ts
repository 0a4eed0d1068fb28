import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import { Failure } from "../failure";
import { remember } from "../redact";
import { classify } from "./classify";
import { clientSettings, once } from "./client";

const client = once(() => new SecretsManagerClient(clientSettings));

const cache = new Map<string, { readAt: number; value: unknown }>();
const freshForMs = 5 * 60_000;

/**
 * Reads a secret that holds a JSON object, checks it, and remembers each of its strings for redaction. A rotated secret
 * is seen within five minutes.
 */
export const readSecret = async <Schema extends v.GenericSchema<Record<string, unknown>>>(
  secretArn: string,
  schema: Schema,
  now: () => number,
): Promise<v.InferOutput<Schema>> => {
  const cached = cache.get(secretArn);
  if (cached && now() - cached.readAt < freshForMs) return v.parse(schema, cached.value);
  const answer = await client()
    .send(new GetSecretValueCommand({ SecretId: secretArn }))
    .catch((error) => {
      throw classify(error, "aws");
    });
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), answer.SecretString);
  if (!result.success)
    throw new Failure("permanent", `secret ${secretArn} does not have the expected form`, { origin: "aws" });
  for (const value of Object.values(result.output)) if (typeof value === "string") remember(value);
  cache.set(secretArn, { readAt: now(), value: result.output });
  return result.output;
};
