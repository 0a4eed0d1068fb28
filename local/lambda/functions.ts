import { AwsError } from "../cloud/awsError";
import type { Cloud } from "../cloud/cloud";
import { region } from "../cloud/cloud";
import type { Files } from "../engine/archive";
import type { Declared, Realised } from "../engine/program";
import { readFunction } from "./declaredFunction";
import { createFunction, type LambdaFunction, type Surroundings } from "./function";
import { functionNotFound, parseFunctionName } from "./functionName";
import { permittedFunction, readPermission } from "./permission";
import { refusal } from "./properties";
import { Reservations } from "./reservations";

export interface Functions {
  realise: (declared: Declared) => Promise<Realised>;
  permit: (declared: Declared) => Realised;
  /** By name or ARN. Throws AWS's error if there is none. */
  find: (named: string, qualifier?: string | null) => LambdaFunction;
  all: () => LambdaFunction[];
  /** Throws AWS's error where that leaves too little to others. */
  reserve: (target: LambdaFunction, concurrency: number) => void;
  close: () => Promise<void>;
}

const isFiles = (code: unknown): code is Files =>
  typeof code === "object" &&
  code !== null &&
  Object.values(code).every((content) => typeof content === "string" || Buffer.isBuffer(content));

const codeOf = (declared: Declared): Files => {
  const { code } = declared.inputs;
  if (isFiles(code)) return code;
  throw refusal(declared, "a function's code must be an archive of assets");
};

/** The functions that were declared. */
export const createFunctions = (cloud: Cloud, surroundings: Surroundings): Functions => {
  const byName = new Map<string, LambdaFunction>();
  const claimed = new Set<string>();
  const reservations = new Reservations();

  const find = (named: string, qualifier?: string | null): LambdaFunction => {
    const name = parseFunctionName(named, qualifier);
    const found = byName.get(name);
    if (!found) throw functionNotFound(name);
    return found;
  };

  return {
    find,
    realise: async (declared) => {
      const settings = readFunction(declared);
      if (claimed.has(settings.name)) {
        throw new AwsError("ResourceConflictException", `Function already exist: ${settings.name}`, 409);
      }
      if (settings.reservedConcurrency !== undefined) reservations.reserve(settings.name, settings.reservedConcurrency);
      claimed.add(settings.name);
      const made = await createFunction(cloud, settings, codeOf(declared), surroundings);
      byName.set(settings.name, made);
      const { sha256, bytes, modifiedAt } = made.code();
      const { code: _, ...inputs } = declared.inputs;
      return {
        id: settings.name,
        outputs: {
          ...inputs,
          name: settings.name,
          arn: made.arn,
          invokeArn: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${made.arn}/invocations`,
          qualifiedArn: `${made.arn}:$LATEST`,
          version: "$LATEST",
          codeSha256: sha256,
          sourceCodeSize: bytes,
          lastModified: new Date(modifiedAt).toISOString(),
        },
      };
    },
    permit: (declared) => {
      const permitted = find(permittedFunction(declared));
      const statement = readPermission(declared, permitted.arn);
      permitted.permissions.add(statement);
      return { id: statement.Sid, outputs: { ...declared.inputs, statementId: statement.Sid } };
    },
    reserve: (target, concurrency) => {
      reservations.reserve(target.settings.name, concurrency);
      target.reserve(concurrency);
    },
    all: () => [...byName.values()].sort((a, b) => a.settings.name.localeCompare(b.settings.name)),
    close: async () => {
      await Promise.all([...byName.values()].map((one) => one.close()));
    },
  };
};
