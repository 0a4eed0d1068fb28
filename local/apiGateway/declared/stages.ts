import type { Cloud } from "../../cloud/cloud";
import type { Declared, Realised } from "../../engine/program";
import { apiArn, endpointOf, executionArn } from "../api";
import { accountLimit, type Limit, Throttle } from "../request/throttle";
import { unknownVariable } from "../watching/accessLog";
import { type Apis, apiOf } from "./apis";
import { known, only, refusal, withoutEffect } from "./properties";

const settingNames = ["throttlingRateLimit", "throttlingBurstLimit", "detailedMetricsEnabled"];

const limitOf = (settings: Record<string, unknown>): Limit => ({
  rate: Number(settings["throttlingRateLimit"] ?? accountLimit.rate),
  burst: Number(settings["throttlingBurstLimit"] ?? accountLimit.burst),
});

const logOf = (declared: Declared, given: unknown): { group: string; format: string } | undefined => {
  if (given === undefined) return undefined;
  const { destinationArn, format } = known(declared, given, ["destinationArn", "format"], "accessLogSettings.");
  const [, group] = /^arn:aws:logs:[^:]*:\d*:log-group:([^:]+)(:\*)?$/.exec(String(destinationArn)) ?? [];
  if (group === undefined || typeof format !== "string") {
    throw refusal(declared, "accessLogSettings must have the ARN of a log group, and a format");
  }
  const unknown = unknownVariable(format);
  if (unknown !== undefined) throw refusal(declared, `$context.${unknown} is not supported by the embedded cloud`);
  if (!format.includes("$context.requestId")) throw refusal(declared, "the format must include $context.requestId");
  return { group, format };
};

/** A stage that deploys by itself: what is declared is what answers. */
export const realiseStage = (cloud: Cloud, apis: Apis, declared: Declared): Realised => {
  const names = ["apiId", "name", "autoDeploy", "accessLogSettings", "defaultRouteSettings", "routeSettings"];
  const inputs = known(declared, declared.inputs, [...names, "stageVariables", ...withoutEffect]);
  if (inputs["autoDeploy"] !== true) only(declared, { autoDeploy: inputs["autoDeploy"] ?? false }, "autoDeploy", true);
  const byDefault = known(declared, inputs["defaultRouteSettings"], settingNames, "defaultRouteSettings.");
  const routeSettings = ((inputs["routeSettings"] ?? []) as unknown[]).map((one) =>
    known(declared, one, ["routeKey", ...settingNames], "routeSettings."),
  );
  const api = apiOf(apis, declared);
  const name = String(inputs["name"] ?? declared.name);
  api.stages.set(name, {
    name,
    log: logOf(declared, inputs["accessLogSettings"]),
    throttle: new Throttle(
      limitOf(byDefault),
      new Map(routeSettings.map((one) => [String(one["routeKey"]), limitOf({ ...byDefault, ...one })])),
    ),
    settings: {
      defaultRouteSettings: { detailedMetricsEnabled: false, ...byDefault },
      routeSettings: Object.fromEntries(routeSettings.map(({ routeKey, ...settings }) => [routeKey, settings])),
    },
    detailedMetrics: byDefault["detailedMetricsEnabled"] === true,
    variables: inputs["stageVariables"] as Record<string, string> | undefined,
  });
  const under = name === "$default" ? "/" : `/${name}`;
  return {
    id: name,
    outputs: {
      ...inputs,
      name,
      arn: `${apiArn(api)}/stages/${name}`,
      executionArn: `${executionArn(api)}/${name}`,
      invokeUrl: `${endpointOf(cloud.endpoint, api)}${under}`,
    },
  };
};
