import type { Declared } from "../engine/program";
import type { LogLevel } from "./contract";
import { noRoomFor } from "./environment";
import { knownParts, knownProperties, refusal, unsupportedProperty, wholeNumber } from "./properties";

/** A function as it was declared, without its code. */
export interface FunctionSettings {
  name: string;
  description: string;
  roleArn: string;
  handler: string;
  timeoutSeconds: number;
  memoryMb: number;
  environment: Record<string, string>;
  architectures: string[];
  tracingMode: string;
  logGroup: string;
  logLevel: LogLevel;
  reservedConcurrency: number | undefined;
}

const effective = [
  "name",
  "role",
  "code",
  "handler",
  "runtime",
  "packageType",
  "timeout",
  "memorySize",
  "environment",
  "loggingConfig",
  "reservedConcurrentExecutions",
  "publish",
];
/** Understood, and without a local effect: code runs on this machine, in no network of its own. */
const withoutEffect = [
  "architectures",
  "description",
  "kmsKeyArn",
  "replaceSecurityGroupsOnDestroy",
  "replacementSecurityGroupIds",
  "skipDestroy",
  "sourceCodeHash",
  "tags",
  "tagsAll",
  "tracingConfig",
  "vpcConfig",
];
const logLevels: readonly LogLevel[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

const only = (declared: Declared, property: string, value: unknown, supported: unknown): void => {
  if (value !== supported) {
    const found = JSON.stringify(value);
    throw refusal(declared, `${property} must be ${JSON.stringify(supported)} on the embedded cloud, not ${found}`);
  }
};

const required = (declared: Declared, property: string): string => {
  const value = declared.inputs[property];
  if (typeof value === "string" && value !== "") return value;
  throw refusal(declared, `property ${property} must be set`);
};

const logging = (declared: Declared, name: string): Pick<FunctionSettings, "logGroup" | "logLevel"> => {
  const config = knownParts(declared, "loggingConfig", [
    "logFormat",
    "logGroup",
    "applicationLogLevel",
    "systemLogLevel",
  ]);
  // AWS's default is Text, which the runtime here does not write.
  only(declared, "loggingConfig.logFormat", config?.["logFormat"], "JSON");
  only(declared, "loggingConfig.systemLogLevel", config?.["systemLogLevel"] ?? "INFO", "INFO");
  const logLevel = logLevels.find((level) => level === (config?.["applicationLogLevel"] ?? "INFO"));
  if (!logLevel) throw refusal(declared, `loggingConfig.applicationLogLevel must be one of ${logLevels.join(", ")}`);
  return { logGroup: String(config?.["logGroup"] ?? `/aws/lambda/${name}`), logLevel };
};

const variables = (declared: Declared): Record<string, string> => {
  const given = knownParts(declared, "environment", ["variables"])?.["variables"] ?? {};
  const environment = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
  const why = noRoomFor(environment);
  if (why !== undefined) throw refusal(declared, `InvalidParameterValueException: ${why}`);
  return environment;
};

export const readFunction = (declared: Declared): FunctionSettings => {
  const inputs = knownProperties(declared, [...effective, ...withoutEffect]);
  only(declared, "runtime", inputs["runtime"], "nodejs24.x");
  only(declared, "packageType", inputs["packageType"] ?? "Zip", "Zip");
  if (inputs["publish"] === true) throw unsupportedProperty(declared, "publish");
  const name = String(inputs["name"] ?? declared.name);
  const reserved = inputs["reservedConcurrentExecutions"];
  return {
    name,
    description: String(inputs["description"] ?? ""),
    roleArn: required(declared, "role"),
    handler: required(declared, "handler"),
    timeoutSeconds: wholeNumber(declared, "timeout", inputs["timeout"] ?? 3, [1, 900]),
    memoryMb: wholeNumber(declared, "memorySize", inputs["memorySize"] ?? 128, [128, 10_240]),
    environment: variables(declared),
    architectures: (inputs["architectures"] ?? ["x86_64"]) as string[],
    tracingMode: String(knownParts(declared, "tracingConfig", ["mode"])?.["mode"] ?? "PassThrough"),
    ...logging(declared, name),
    // Pulumi's -1 is AWS's none.
    reservedConcurrency:
      reserved === undefined || reserved === -1
        ? undefined
        : wholeNumber(declared, "reservedConcurrentExecutions", reserved, [0, 1_000]),
  };
};
