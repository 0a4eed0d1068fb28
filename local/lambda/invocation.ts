import { createHash } from "node:crypto";
import type { Declared, Realised } from "../engine/program";
import { inWords, reportIn } from "./failures";
import type { LambdaFunction } from "./function";
import { checkPayload } from "./payload";
import { knownProperties, refusal } from "./properties";

/** Triggers say when AWS invokes again; here every start does. */
const known = ["functionName", "input", "lifecycleScope", "qualifier", "triggers", "region"];

const invoker = "the program";

/** Invokes a function as part of the deployment, which fails where the function does. */
export const declareInvocation = async (
  find: (named: string, qualifier?: string) => LambdaFunction,
  declared: Declared,
): Promise<Realised> => {
  const inputs = knownProperties(declared, known);
  const { functionName, input, qualifier, lifecycleScope = "CREATE_ONLY" } = inputs;
  if (typeof functionName !== "string") throw refusal(declared, "property functionName must be set");
  if (typeof input !== "string") throw refusal(declared, "property input must be set");
  if (lifecycleScope !== "CREATE_ONLY") {
    throw refusal(
      declared,
      `lifecycleScope must be "CREATE_ONLY" on the embedded cloud, not ${JSON.stringify(lifecycleScope)}`,
    );
  }
  const target = find(functionName, qualifier === undefined ? undefined : String(qualifier));
  const payload = Buffer.from(input);
  checkPayload(payload, "RequestResponse");
  const result = await target.invoke(payload, { invoker });
  const { name } = target.settings;
  if (result.kind === "throttled") throw refusal(declared, `${name} was throttled: ${result.message}`);
  if (result.kind === "error") throw refusal(declared, `${name} failed with ${inWords(reportIn(result.payload))}`);
  const id = `${name}_$LATEST_${createHash("md5").update(input).digest("hex")}`;
  return { id, outputs: { ...declared.inputs, result: result.payload.toString("utf8") } };
};
