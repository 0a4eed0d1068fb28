import type { Declared, Realised } from "../engine/program";
import type { LambdaFunction } from "./function";
import { knownProperties, refusal } from "./properties";

/** What becomes of a function that messages of its own call again and again. */
const recursiveLoops = ["Allow", "Terminate"] as const;
export type RecursiveLoop = (typeof recursiveLoops)[number];

export const declareRecursionConfig = (find: (named: string) => LambdaFunction, declared: Declared): Realised => {
  const { functionName, recursiveLoop } = knownProperties(declared, ["functionName", "recursiveLoop", "region"]);
  if (typeof functionName !== "string") throw refusal(declared, "property functionName must be set");
  const known = recursiveLoops.find((one) => one === recursiveLoop);
  if (!known) throw refusal(declared, `recursiveLoop must be ${recursiveLoops.join(" or ")}`);
  const target = find(functionName);
  target.recursiveLoop = known;
  return { id: target.settings.name, outputs: declared.inputs };
};
