import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";

/** A mistake of the user's: said in one clear message, without a stack trace. */
export class UserError extends Error {
  override name = "UserError";
}

export interface StackConfig {
  project: string;
  /** As Pulumi hands it to the program: every value a string. */
  config: Record<string, string>;
  secretKeys: string[];
}

interface Declaration {
  default?: unknown;
  secret?: boolean;
}

interface ProjectFile {
  name: string;
  config: Record<string, Declaration>;
}

type Named = Record<string, unknown>;

/** What Pulumi writes beside the settings, of which nothing is needed offline. */
const besides = ["encryptedkey", "encryptionsalt", "environment", "secretsprovider"];

const readYaml = <T>(path: string): T => {
  try {
    return parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
};

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const isMap = (value: unknown): value is Named => typeof value === "object" && value !== null && !Array.isArray(value);

/** The stack's own settings, as they stand in its file. */
const readSettings = (path: string): Named => {
  const file = readYaml<unknown>(path) ?? {};
  if (!isMap(file)) throw new UserError(`${path}: must be a map, such as config: with settings below it`);
  const { config, ...rest } = file;
  const settings = config ?? {};
  const unknown = Object.keys(rest).filter((name) => !besides.includes(name));
  if (unknown.length > 0) {
    throw new UserError(`${path}: ${unknown.join(", ")}: not known here. Settings stand below config`);
  }
  if (!isMap(settings)) throw new UserError(`${path}: config must be a map of settings`);
  return settings;
};

const isSecure = (value: unknown): value is { secure: string } =>
  typeof value === "object" && value !== null && typeof (value as { secure?: unknown }).secure === "string";

/** Only the stack's own key can read an encrypted value; offline, this stands in for it. */
const standIn = (key: string): string => `stand-in-for-${key.replace(/\W/g, "-")}`;

export const stacks = (root: string): string[] =>
  readdirSync(root).flatMap((file) => {
    const name = /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1];
    return name ? [name] : [];
  });

/** Reads a stack's configuration as the Pulumi CLI would: its file over the defaults of Pulumi.yaml. */
export const readStack = (root: string, stack: string): StackConfig => {
  const path = resolve(root, `Pulumi.${stack}.yaml`);
  if (!existsSync(path)) {
    throw new UserError(`There is no stack "${stack}". Stacks here: ${stacks(root).join(", ")}.`);
  }
  const project = readYaml<ProjectFile>(resolve(root, "Pulumi.yaml"));
  const given = readSettings(path);
  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [name, declared] of Object.entries(project.config)) {
    const key = `${project.name}:${name}`;
    if (declared.default !== undefined) config[key] = asText(declared.default);
    if (declared.secret) secretKeys.push(key);
  }
  for (const [name, value] of Object.entries(given)) {
    const key = name.includes(":") ? name : `${project.name}:${name}`;
    config[key] = isSecure(value) ? standIn(key) : asText(value);
    if (isSecure(value) && !secretKeys.includes(key)) secretKeys.push(key);
  }
  return { project: project.name, config, secretKeys };
};
