import type { FunctionConfig } from "./contract";

/** Names that Lambda sets itself, and names that would lead a function past this cloud. */
const reserved = [
  /^_HANDLER$/,
  /^_X_AMZN_TRACE_ID$/,
  /^AWS_(DEFAULT_)?REGION$/,
  /^AWS_(ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/,
  /^AWS_EXECUTION_ENV$/,
  /^AWS_LAMBDA_/,
  /^AWS_ENDPOINT_URL/,
  /^NODE_EXTRA_CA_CERTS$/,
  /^LAMBDA_(TASK_ROOT|RUNTIME_DIR)$/,
  /^PATH$/,
  /^TZ$/,
];

export const reservedKeys = (environment: Record<string, string>): string[] =>
  Object.keys(environment).filter((key) => reserved.some((pattern) => pattern.test(key)));

const mostBytes = 4_096;

/** What Lambda says of variables that it has no room for: names, values and what JSON puts around them. */
export const noRoomFor = (environment: Record<string, string>): string | undefined => {
  const measured = JSON.stringify(environment);
  if (Buffer.byteLength(measured) <= mostBytes) return undefined;
  return `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${measured}`;
};

export const checkEnvironment = ({ name, environment }: FunctionConfig): void => {
  const refused = reservedKeys(environment);
  if (refused.length > 0) {
    throw new Error(`function ${name} may not set ${refused.join(", ")}: set by the Lambda runtime`);
  }
};

interface Place {
  folder: string;
  runtimeApi: string;
  stream: string;
  path: string | undefined;
}

/** Everything that a worker's process sees of the world. */
export const workerEnvironment = (config: FunctionConfig, place: Place): Record<string, string> => {
  const { access } = config;
  return {
    ...config.environment,
    ...(place.path !== undefined && { PATH: place.path }),
    TZ: ":UTC",
    _HANDLER: config.handler,
    LAMBDA_TASK_ROOT: place.folder,
    AWS_REGION: access.region,
    AWS_DEFAULT_REGION: access.region,
    AWS_ENDPOINT_URL: access.endpointUrl,
    AWS_ACCESS_KEY_ID: access.accessKeyId,
    AWS_SECRET_ACCESS_KEY: access.secretAccessKey,
    ...(access.sessionToken && { AWS_SESSION_TOKEN: access.sessionToken }),
    ...(access.certificate && { NODE_EXTRA_CA_CERTS: access.certificate }),
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    AWS_LAMBDA_LOG_GROUP_NAME: config.logGroup ?? `/aws/lambda/${config.name}`,
    AWS_LAMBDA_LOG_LEVEL: config.logLevel ?? "INFO",
    AWS_LAMBDA_LOG_STREAM_NAME: place.stream,
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
  };
};
