import * as v from "valibot";
import { readSecret } from "../aws/secrets";
import type { Run } from "../consume/run";
import { env } from "../environment";
import type { AlpacaAccess } from "./alpaca";
import type { AlphaVantageAccess } from "./alphaVantage";

const word = v.pipe(v.string(), v.minLength(1));
const alphaVantageSecret = v.object({ key: word });
const alpacaSecret = v.object({ keyId: word, secretKey: word });

/** A key that was not set is no fault: what needs it waits, and the rest of the platform works. */
const secretArn = (name: string): string | undefined => process.env[name];

export const alphaVantageAccess = async (run: Pick<Run, "now">): Promise<AlphaVantageAccess | undefined> => {
  const arn = secretArn("ALPHA_VANTAGE_SECRET_ARN");
  if (!arn) return undefined;
  return { baseUrl: env("ALPHA_VANTAGE_URL"), ...(await readSecret(arn, alphaVantageSecret, run.now)) };
};

export const alpacaAccess = async (run: Pick<Run, "now">): Promise<AlpacaAccess | undefined> => {
  const arn = secretArn("ALPACA_SECRET_ARN");
  if (!arn) return undefined;
  return { baseUrl: env("ALPACA_URL"), ...(await readSecret(arn, alpacaSecret, run.now)) };
};
