import { missing } from "../errors";

export type Input = Record<string, unknown>;

const ofSignIn = ["ClientId", "AuthFlow", "AuthParameters"];
const ofChallenge = ["ClientId", "ChallengeName", "ChallengeResponses", "Session"];
const ofUser = ["UserPoolId", "Username"];

/** The parameters of each operation that mean something here. */
export const parameters: Record<string, readonly string[]> = {
  InitiateAuth: ofSignIn,
  AdminInitiateAuth: ["UserPoolId", ...ofSignIn],
  RespondToAuthChallenge: ofChallenge,
  AdminRespondToAuthChallenge: ["UserPoolId", ...ofChallenge],
  GetUser: ["AccessToken"],
  // No mail is sent from here: whoever makes a user tells them.
  AdminCreateUser: [...ofUser, "TemporaryPassword", "UserAttributes", "MessageAction"],
  AdminSetUserPassword: [...ofUser, "Password", "Permanent"],
  AdminGetUser: ofUser,
  AdminDeleteUser: ofUser,
  AdminDisableUser: ofUser,
  AdminEnableUser: ofUser,
  ListUsers: ["UserPoolId"],
  ListUserPools: ["MaxResults"],
  ListUserPoolClients: ["UserPoolId"],
  DescribeUserPool: ["UserPoolId"],
};

/** What a call was given: null is as good as nothing. */
export const parametersIn = (input: Input): string[] => Object.keys(input).filter((name) => input[name] !== null);

export const textIn = (input: Input, name: string): string => {
  const value = input[name];
  if (typeof value !== "string" || value === "") throw missing(name);
  return value;
};

export const textsIn = (input: Input, name: string): Record<string, string> => {
  const value = input[name];
  return typeof value === "object" && value !== null ? (value as Record<string, string>) : {};
};

/** `[{ Name, Value }]` as a record. */
export const attributesIn = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    ((value ?? []) as { Name: string; Value?: string }[]).map(({ Name, Value = "" }) => [Name, Value]),
  );

export const attributeList = (attributes: Record<string, string>) =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
