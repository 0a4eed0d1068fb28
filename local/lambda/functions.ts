import { AwsError } from "../cloud/awsError";
import type { Cloud } from "../cloud/cloud";
import { region } from "../cloud/cloud";
import { type Files, readArchive } from "../engine/archive";
import type { Declared, Realised } from "../engine/program";
import { readFunction } from "./declaredFunction";
import { createFunction, type LambdaFunction, type Surroundings } from "./function";
import { functionNotFound, parseFunctionName } from "./functionName";
import { permittedFunction, readPermission } from "./permission";
import { refusal } from "./properties";

export interface Functions {
  realise: (declared: Declared) => Promise<Realised>;
  permit: (declared: Declared) => Realised;
  /** By name or ARN. Throws AWS's error if there is none. */
  find: (named: string, qualifier?: string | null) => LambdaFunction;
  all: () => LambdaFunction[];
  close: () => Promise<void>;
}

/** The functions that were declared. */
export const createFunctions = (cloud: Cloud, surroundings: Surroundings): Functions => {
  const byName = new Map<string, LambdaFunction>();
  const claimed = new Set<string>();

  const find = (named: string, qualifier?: string | null): LambdaFunction => {
    const name = parseFunctionName(named, qualifier);
    const found = byName.get(name);
    if (!found) throw functionNotFound(name);
    return found;
  };

  const filesOf = async (declared: Declared): Promise<Files> => {
    try {
      return await readArchive(declared.inputs["code"]);
    } catch (error) {
      throw refusal(declared, error instanceof Error ? error.message : String(error));
    }
  };

  return {
    find,
    realise: async (declared) => {
      const settings = readFunction(declared);
      if (claimed.has(settings.name)) {
        throw new AwsError("ResourceConflictException", `Function already exist: ${settings.name}`, 409);
      }
      claimed.add(settings.name);
      const made = await createFunction(cloud, settings, await filesOf(declared), surroundings);
      byName.set(settings.name, made);
      const { sha256, bytes, modifiedAt } = made.code();
      return {
        id: settings.name,
        outputs: {
          ...declared.inputs,
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
    all: () => [...byName.values()].sort((a, b) => a.settings.name.localeCompare(b.settings.name)),
    close: async () => {
      await Promise.all([...byName.values()].map((one) => one.close()));
    },
  };
};
