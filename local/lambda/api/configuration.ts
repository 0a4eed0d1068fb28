import { AwsError, unsupported } from "../../cloud/awsError";
import { inconvertible } from "../../gateway/conversion";
import { parseJsonBody } from "../../gateway/restJson";
import { noRoomFor, reservedKeys } from "../environment";
import type { ChangeableSettings } from "../function";
import { within } from "./wellFormed";

const string = (value: unknown): string => {
  if (typeof value !== "string") throw inconvertible(value, "String");
  return value;
};

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What Lambda says of variables that it sets itself. */
const reservedIn = (environment: Record<string, string>): string | undefined => {
  const reserved = reservedKeys(environment);
  if (reserved.length === 0) return undefined;
  return `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`;
};

/** All of them: variables that are not named are gone. */
const variablesIn = (value: unknown): Record<string, string> => {
  if (!isMap(value)) throw inconvertible(value, "structure");
  const { Variables: variables = {}, ...more } = value;
  const [unknown] = Object.keys(more);
  if (unknown) throw unsupported(`Environment.${unknown} of lambda:UpdateFunctionConfiguration`);
  if (!isMap(variables)) throw inconvertible(variables, "structure");
  const environment = Object.fromEntries(Object.entries(variables).map(([key, text]) => [key, string(text)]));
  const why = reservedIn(environment) ?? noRoomFor(environment);
  if (why === undefined) return environment;
  throw new AwsError("InvalidParameterValueException", why, 400, { Type: "User" });
};

const members: Record<string, (value: unknown) => Partial<ChangeableSettings>> = {
  Description: (value) => ({ description: string(value) }),
  Environment: (value) => ({ environment: variablesIn(value) }),
  MemorySize: (value) => ({ memoryMb: within("memorySize", value, 128, 10_240) }),
  Timeout: (value) => ({ timeoutSeconds: within("timeout", value, 1, 900) }),
};

/** What a request wants to be other. */
export const configurationIn = (body: Buffer): Partial<ChangeableSettings> =>
  Object.assign(
    {},
    ...Object.entries(parseJsonBody(body)).map(([member, value]) => {
      const read = members[member];
      if (!read) throw unsupported(`${member} of lambda:UpdateFunctionConfiguration`);
      return read(value);
    }),
  );
