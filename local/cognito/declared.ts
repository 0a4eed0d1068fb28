import { createHash } from "node:crypto";
import type { Cloud } from "../cloud/cloud";
import { region } from "../cloud/cloud";
import type { Declared, Realised } from "../engine/program";
import type { PasswordPolicy } from "./password";
import { type Client, poolArn } from "./pool";
import type { Pools } from "./pools";

type Properties = Record<string, unknown>;

const known = (declared: Declared, given: unknown, names: readonly string[], place = ""): Properties => {
  const set = Object.entries((given ?? {}) as Properties).filter(([, value]) => value !== undefined && value !== null);
  const stranger = set.find(([name]) => !names.includes(name));
  if (stranger) {
    const { type, name } = declared;
    throw new Error(`${type} ${name}: property ${place}${stranger[0]} is not supported by the embedded cloud`);
  }
  return Object.fromEntries(set);
};

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

/** The same name has the same id at every start, so that tokens outlive a restart. */
const idOf = (length: number, ...names: string[]): string =>
  [...createHash("sha256").update(names.join("\0")).digest().subarray(0, length)]
    .map((byte) => alphabet[byte % alphabet.length])
    .join("");

const policyOf = (declared: Declared, given: unknown): PasswordPolicy => {
  const rules = ["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"];
  const policy = known(
    declared,
    given,
    ["minimumLength", "temporaryPasswordValidityDays", ...rules],
    "passwordPolicy.",
  );
  // A pool that is told nothing wants all of it.
  const rule = (name: string) => (given === undefined ? true : policy[name] === true);
  return {
    minimumLength: Number(policy["minimumLength"] ?? 8),
    requireLowercase: rule("requireLowercase"),
    requireUppercase: rule("requireUppercase"),
    requireNumbers: rule("requireNumbers"),
    requireSymbols: rule("requireSymbols"),
    temporaryDays: Number(policy["temporaryPasswordValidityDays"] ?? 7),
  };
};

/** Who may sign up or recover a password: nobody can here, since no mail leaves this machine. */
const withoutEffect = ["accountRecoverySetting", "deletionProtection", "region", "tags", "tagsAll"];

export const realisePool = async (cloud: Cloud, pools: Pools, declared: Declared): Promise<Realised> => {
  const names = ["name", "adminCreateUserConfig", "usernameConfiguration", "passwordPolicy", ...withoutEffect];
  const inputs = known(declared, declared.inputs, names);
  known(declared, inputs["adminCreateUserConfig"], ["allowAdminCreateUserOnly"], "adminCreateUserConfig.");
  const { caseSensitive } = known(
    declared,
    inputs["usernameConfiguration"],
    ["caseSensitive"],
    "usernameConfiguration.",
  );
  const name = String(inputs["name"] ?? declared.name);
  const id = `${region}_${idOf(9, name)}`;
  const endpoint = `${new URL(cloud.endpoint).host}/${id}`;
  await pools.declare(id, `https://${endpoint}`, {
    name,
    caseSensitive: caseSensitive === true,
    passwords: policyOf(declared, inputs["passwordPolicy"]),
  });
  return { id, outputs: { ...inputs, name, arn: poolArn(id), endpoint } };
};

const unitSeconds: Record<string, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

const flowsByDefault = ["ALLOW_CUSTOM_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];

export const realiseClient = (pools: Pools, declared: Declared): Realised => {
  const validities = ["accessTokenValidity", "idTokenValidity", "refreshTokenValidity"];
  const inputs = known(declared, declared.inputs, [
    "name",
    "userPoolId",
    "generateSecret",
    "explicitAuthFlows",
    "preventUserExistenceErrors",
    "enableTokenRevocation",
    "tokenValidityUnits",
    "region",
    ...validities,
  ]);
  if (inputs["generateSecret"] === true) {
    throw new Error(`${declared.type} ${declared.name}: generateSecret is not supported by the embedded cloud`);
  }
  const units = known(
    declared,
    inputs["tokenValidityUnits"],
    ["accessToken", "idToken", "refreshToken"],
    "tokenValidityUnits.",
  );
  const secondsOf = (token: string, otherwise: number, unit: string): number =>
    Number(inputs[`${token}Validity`] ?? otherwise) * (unitSeconds[String(units[token] ?? unit)] ?? 1);
  const pool = pools.get(String(inputs["userPoolId"]));
  const name = String(inputs["name"] ?? declared.name);
  const client: Client = {
    id: idOf(26, pool.id, name),
    name,
    flows: (inputs["explicitAuthFlows"] as string[] | undefined) ?? flowsByDefault,
    hidesUsers: inputs["preventUserExistenceErrors"] === "ENABLED",
    accessSeconds: secondsOf("accessToken", 1, "hours"),
    idSeconds: secondsOf("idToken", 1, "hours"),
    refreshSeconds: secondsOf("refreshToken", 30, "days"),
  };
  pool.clients.set(client.id, client);
  return { id: client.id, outputs: { ...inputs, name } };
};
