import type { Declared } from "../../engine/program";
import { type CorsRule, checkRules } from "../cors/rule";
import type { BucketSettings } from "../store/settings";
import { type Properties, understand } from "./understood";

const known = ["id", "allowedOrigins", "allowedMethods", "allowedHeaders", "exposeHeaders", "maxAgeSeconds"];

const ruleOf = (declared: Declared, rule: unknown): CorsRule => {
  const inputs = understand(declared, rule, known, "corsRules.");
  const list = (name: string) => (inputs[name] ?? []) as string[];
  return {
    ...(inputs["id"] !== undefined && { id: String(inputs["id"]) }),
    origins: list("allowedOrigins"),
    methods: list("allowedMethods"),
    headers: list("allowedHeaders"),
    expose: list("exposeHeaders"),
    ...(inputs["maxAgeSeconds"] !== undefined && { maxAgeSeconds: Number(inputs["maxAgeSeconds"]) }),
  };
};

export const declaredCors = (declared: Declared): Partial<BucketSettings> => {
  const { corsRules = [] } = understand(declared, declared.inputs, [
    "bucket",
    "region",
    "expectedBucketOwner",
    "corsRules",
  ]);
  const cors = (corsRules as Properties[]).map((rule) => ruleOf(declared, rule));
  checkRules(cors);
  return { cors };
};
