import { unsupported } from "../../cloud/awsError";
import type { Access, Cloud } from "../../cloud/cloud";
import type { Operation } from "../../cloud/service";
import { invalidParameter, missing, notAuthorized, userNotFound, wrongPassword } from "../errors";
import { refresh, signIn } from "../issue";
import { checkPassword, hashPassword, isPassword } from "../password";
import { type Client, type Pool, poolArn, type User } from "../pool";
import type { Pools } from "../pools";
import { attributeList, type Input, textIn, textsIn } from "./input";

const passwordFlows: Record<string, string> = {
  USER_PASSWORD_AUTH: "ALLOW_USER_PASSWORD_AUTH",
  ADMIN_USER_PASSWORD_AUTH: "ALLOW_ADMIN_USER_PASSWORD_AUTH",
};
const refreshFlows = ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"];
const challengeName = "NEW_PASSWORD_REQUIRED";
const challengeSeconds = 180;

interface Asked {
  pool: Pool;
  client: Client;
  input: Input;
  /** By somebody whom AWS knows, instead of by the user. */
  admin: boolean;
}

/** How users come by tokens. */
export const signInOperations = (cloud: Cloud, pools: Pools): Record<string, Operation> => {
  const asked = (input: Input, admin: boolean): Asked => {
    const { pool, client } = pools.client(textIn(input, "ClientId"));
    if (admin && pool.id !== textIn(input, "UserPoolId")) throw invalidParameter("ClientId is not of this user pool");
    return { pool, client, input, admin };
  };

  const userFor = ({ pool, client }: Asked, username: string): User => {
    const user = pool.find(username);
    if (user) return user;
    throw client.hidesUsers ? wrongPassword() : userNotFound();
  };

  const challenge = ({ pool, client }: Asked, user: User) => ({
    ChallengeName: challengeName,
    Session: pool.signing.sign("id", {
      challenge: challengeName,
      sub: user.attributes["sub"],
      client: client.id,
      until: cloud.clock.now() + challengeSeconds * 1_000,
    }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: "[]",
      userAttributes: JSON.stringify(Object.fromEntries(Object.entries(user.attributes).filter(([n]) => n !== "sub"))),
    },
  });

  const byPassword = (one: Asked) => {
    const { USERNAME, PASSWORD } = textsIn(one.input, "AuthParameters");
    if (!USERNAME) throw missing("USERNAME");
    if (!PASSWORD) throw missing("PASSWORD");
    const user = userFor(one, USERNAME);
    if (!isPassword(PASSWORD, user.password)) throw wrongPassword();
    if (!user.enabled) throw notAuthorized("User is disabled.");
    if (user.status === "CONFIRMED") {
      return { AuthenticationResult: signIn(cloud, one.pool, one.client, user), ChallengeParameters: {} };
    }
    if ((user.temporaryUntil ?? 0) <= cloud.clock.now()) {
      throw notAuthorized("Temporary password has expired and must be reset by an administrator.");
    }
    return challenge(one, user);
  };

  const initiate = (one: Asked) => {
    const flow = textIn(one.input, "AuthFlow");
    const { client, pool, admin, input } = one;
    if (refreshFlows.includes(flow)) {
      if (!client.flows.includes("ALLOW_REFRESH_TOKEN_AUTH")) {
        throw invalidParameter("Auth flow not enabled for this client");
      }
      const { REFRESH_TOKEN } = textsIn(input, "AuthParameters");
      if (!REFRESH_TOKEN) throw missing("REFRESH_TOKEN");
      return { AuthenticationResult: refresh(cloud, pool, client, REFRESH_TOKEN), ChallengeParameters: {} };
    }
    const needed = passwordFlows[flow];
    if (needed === undefined) throw unsupported(`the flow ${flow} of cognito-idp`);
    if (flow.startsWith("ADMIN_") && !admin) throw invalidParameter("Initiate Auth method not supported.");
    if (!client.flows.includes(needed)) {
      throw invalidParameter(
        admin ? "Auth flow not enabled for this client" : `${flow} flow not enabled for this client`,
      );
    }
    return byPassword(one);
  };

  const respond = (one: Asked) => {
    const { pool, client, input } = one;
    if (input["ChallengeName"] !== challengeName) throw unsupported(`the challenge ${input["ChallengeName"]}`);
    const session = pool.signing.read("id", textIn(input, "Session"));
    const user =
      session?.["challenge"] === challengeName && session["client"] === client.id && pool.find(`${session["sub"]}`);
    if (!session || !user) throw notAuthorized("Invalid session for the user.");
    if (Number(session["until"]) <= cloud.clock.now()) {
      throw notAuthorized("Invalid session for the user, session is expired.");
    }
    const { NEW_PASSWORD } = textsIn(input, "ChallengeResponses");
    if (!NEW_PASSWORD) throw missing("NEW_PASSWORD");
    checkPassword(NEW_PASSWORD, pool.settings.passwords);
    const { temporaryUntil: _, ...kept } = user;
    const confirmed: User = {
      ...kept,
      status: "CONFIRMED",
      password: hashPassword(NEW_PASSWORD),
      modifiedAt: cloud.clock.now(),
    };
    pool.put(confirmed);
    return { AuthenticationResult: signIn(cloud, pool, client, confirmed), ChallengeParameters: {} };
  };

  /** As the user, whom AWS does not know, and as somebody whom it does. */
  const both = (name: string, run: (one: Asked) => unknown): [string, Operation][] => [
    [
      name,
      {
        access: () => [],
        run: (input: Input) => run(asked(input, false)),
      },
    ],
    [
      `Admin${name}`,
      {
        access: (input: Input): Access => ({
          action: `cognito-idp:Admin${name}`,
          resource: poolArn(pools.get(textIn(input, "UserPoolId")).id),
        }),
        run: (input: Input) => run(asked(input, true)),
      },
    ],
  ];

  const getUser = (input: Input) => {
    const token = textIn(input, "AccessToken");
    for (const pool of pools.all()) {
      const claims = pool.signing.read("access", token);
      if (!claims) continue;
      if (Number(claims["exp"]) * 1_000 <= cloud.clock.now()) throw notAuthorized("Access Token has expired");
      const { username, attributes } = pool.get(String(claims["username"]));
      return { Username: username, UserAttributes: attributeList(attributes) };
    }
    throw notAuthorized("Invalid Access Token");
  };

  return {
    ...Object.fromEntries([...both("InitiateAuth", initiate), ...both("RespondToAuthChallenge", respond)]),
    GetUser: { access: () => [], run: getUser },
  };
};
